"""A restricted operation, looked for by every way there is: the named reader sees it, and nobody else.

The ways are the console's own routes, so a route that is added later is walked too; a parameter that nobody
has named a value for fails the test. A word that stands in everything about the operation gives it away.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product
from typing import Any

import aiohttp
from msgspec.structs import replace

from controlroom.access.permissions import Person, Role
from controlroom.commands.crews import StepTaken
from controlroom.commands.entries import Operation, Radio
from controlroom.commands.entry_words import Channel, OperationNature
from controlroom.commands.log_book import EntryWritten
from controlroom.commands.referrals import ReferralResent, Referred
from controlroom.commands.work import EscalatedByHand, Noted, ReadersNamed
from controlroom.console.looking import guarded, looks
from controlroom.console.routes import Declared
from controlroom.console.seen import NOBODY, hidden_from
from controlroom.console.seen import told as seen_record
from controlroom.estate.partners import Category
from controlroom.events import Closed, Owned
from controlroom.measures.periods import parse
from controlroom.measures.report.making import Form, report
from controlroom.measures.scorecard import Asked, scorecard
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.managed_room import PLAN, ManagedRoom
from tests.console.small_room import SmallRoom
from tests.console.spread_city import spread_room
from tests.incidents.referrals.test_referring import PARTNERS
from tests.integration.console.looks import QUICK
from tests.integration.console.served import Served, served
from tests.integration.console.test_api import V1, asked
from tests.integration.console.test_doors import doors, told_to

CANARY = "wolverine"
READER = "nan"
SECRET, OVER = "INC-1", "INC-2"
REFERRED = "REF-7"
EVERYTHING = tuple(role for role in Role if role is not Role.CREW)
PLACES = {
    "id": (SECRET, OVER, "INC-3", REFERRED, "REF-11", "LOG-16", "LOG-17"),
    "site": ("S1",),
    "key": ("C1", "W1", "S1"),
    "area": ("inner-east",),
    "kind": ("lone-worker",),
    "unit": ("MR-01",),
    "name": ("report", "nan"),
    "quarter": ("2026Q3",),
    "measure": ("alarms_handled", "alarms_responded"),
    "position": tuple(str(one) for one in range(1, 20)),
    "digest": ("none",),
}
"""What stands in an address for each of its parameters."""

ASKED: dict[str, tuple[str, ...]] = {
    "/api/v1/search": (f"words={CANARY}", f"words={CANARY}*&limit=1", f"words=panic&person={READER}"),
    "/api/v1/incidents": ("", "status=closed", "status=owned", "status=escalated"),
    "/api/v1/log-entries": ("", "open=true", "kind=operation"),
    "/api/v1/watches": ("", "limit=500"),
    "/api/v1/past": tuple(f"position={one}" for one in range(1, 20)),
    "/api/v1/plan/measures/{measure}/events": ("period=2026Q3", "period=2026"),
}
"""What is asked at an address besides nothing."""


class Covert(ManagedRoom):
    """A room for one operation that goes on, one that is over, both for few, and an ordinary incident."""

    def acts(self) -> None:
        """Let all of it happen."""
        self.handbook = replace(self.handbook, partners=PARTNERS)
        self.happens(
            *(signal(Kind.ARC_ALARM, f"a{one}", event="panic", zone=f"{CANARY}-{one}") for one in range(2)),
            signal(Kind.ARC_ALARM, "a3", event="other"),
        )
        ref = (Category.ASB, f"for {CANARY}")
        for incident in (SECRET, OVER):
            self.about(Owned, incident)
            self.about(Noted, incident, text=f"{CANARY} in sight")
            self.about(EscalatedByHand, incident, reason=f"{CANARY} moves")
            self.about(Referred, incident, partner="lasbt", category=ref[0], reason=ref[1])
        self.about(Closed, OVER, outcome=Outcome.MADE_SAFE)
        for incident in (SECRET, OVER):
            self.about(ReadersNamed, incident, readers=(READER,), reason=f"covert: {CANARY}")
        self.about(Noted, SECRET, text=f"{CANARY} again")
        said = Operation(OperationNature.COVERT, CANARY, f"{CANARY} at large", begins=self.now)
        self.happens(
            EntryWritten(READER, self.now, said, None, None, ("bo",)),
            EntryWritten(READER, self.now, Radio(Channel.AIRWAVE, "LK1", CANARY), None, SECRET),
            ReferralResent(REFERRED, READER),
            StepTaken("ORD-1", "MR-01", Step.ON_SCENE, READER, b"there"),
        )

    def about(self, command: Any, incident: str, **said: Any) -> None:
        """Tell the room this of an incident, as of the version that it has; it is taken."""
        known = self.state.incidents.get(incident) or self.state.closed[incident]
        [record] = self.happens(command(incident=incident, version=known.version, author=READER, **said))
        assert record.decision.changes, record.decision.reasons


def addresses(door: Declared) -> Iterator[str]:
    """Yield every address of this route that could tell of the operation."""
    names = re.findall(r"\{(\w+)[^}]*\}", door.path)
    unknown = [name for name in names if name not in PLACES]
    assert unknown == [], f"{door.path}: say in PLACES what stands for {unknown}"
    for values in product(*(PLACES[name] for name in names)):
        path = door.path
        for value in values:
            path = re.sub(r"\{[^}]*\}", value, path, count=1)
        for question in ASKED.get(door.path, ("",)):
            yield f"{path}?{question}" if question else path


async def walked(server: Served, headers: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Return what every address answers to this person: the status, and the text with its headers."""
    found: dict[str, tuple[int, str]] = {}
    async with aiohttp.ClientSession(headers=headers) as session:
        for door in doors(server.console):
            if door.method != "GET" or door.path in {"/api/v1/stream", "/static/{digest}/{name:.+}"}:
                continue
            for address in addresses(door):
                async with session.get(server.address + address, allow_redirects=False) as answer:
                    found[address] = (answer.status, f"{await answer.text()} {answer.headers}")
    return found


def mentioned(told: dict[str, tuple[int, str]]) -> set[str]:
    """Return the addresses at which the word stands, besides those that only repeat the question."""
    return {address for address, (_, text) in told.items() if CANARY in text.replace(f"words={CANARY}", "")}


async def test_nobody_else_finds_a_restricted_operation_by_any_route_or_the_stream() -> None:
    """A manager and somebody with every role ask every address and follow the stream: nothing of it."""
    room = Covert()
    async with served(room, pace=QUICK) as server:
        room.acts()
        last = room.state.position
        for name, roles in (("max", (Role.MANAGER,)), ("all", EVERYTHING)):
            headers = await server.cookies(name, *roles)
            told = await walked(server, headers)
            assert sum(status == 200 for status, _ in told.values()) > 40, name
            assert mentioned(told) == set(), name
            assert [address for address, (status, _) in told.items() if status >= 500] == [], name
            assert CANARY not in str(await told_to(server, headers, last)), name
            for incident in (SECRET, OVER):
                assert told[f"{V1}/incidents/{incident}"][0] == 404
                assert f'"{incident}"' not in told[f"{V1}/snapshot"][1]
            assert '"INC-3"' in told[f"{V1}/snapshot"][1]
            named = {address for address, (_, text) in told.items() if REFERRED in text}
            assert {address for address in named if REFERRED not in address} == set(), name
            _, there, _ = await asked(server.address, f"{V1}/crews/MR-01", who=name)
            assert (there["status"], there["site"]) == ("on_scene", None), name
        for verb, said in (("own", {}), ("note", {"text": "?"}), ("readers", {"readers": [], "reason": "?"})):
            body = {"version": room.state.incidents[SECRET].version, **said}
            answer = await asked(server.address, f"{V1}/incidents/{SECRET}/{verb}", body, who="all")
            assert answer[0] == 404, verb


def read_whole(form: Form, made: bytes) -> str:
    """Return the text of a report, of a spreadsheet all that is packed into it."""
    if form is not Form.ODS:
        return made.decode()
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def test_a_report_counts_a_restricted_operation_and_names_nothing_of_it() -> None:
    """In each form that has text, for the team and for all others; the paper is made of the same lines."""
    room = Covert()
    room.acts()
    assert CANARY in str(room.journal)
    for in_team in (True, False):
        card = scorecard(room.ledger, PLAN, Asked(parse("2026Q3"), room.now.date(), None, in_team))
        assert str(card).count("alarms_handled") > 0
        for form in (Form.CSV, Form.HTML, Form.ODS):
            text = read_whole(form, report(card, form, room.now, demonstration=True))
            assert "alarms handled" in text, form
            assert re.findall(f"{CANARY}|{READER}\\b|(?:INC|LOG|REF)-[0-9]", text) == [], form


def test_a_signal_of_a_restricted_operation_is_known_by_what_it_led_to() -> None:
    """Also where the room no longer knows its position: of more than it lists, or long after the end."""
    room = Covert()
    room.acts()
    hidden = hidden_from(room.state, NOBODY)
    forgotten = replace(hidden, positions=frozenset())
    for position in (1, 2):
        assert seen_record(room.journal[position], hidden) is None
        assert seen_record(room.journal[position], forgotten) is None
    assert seen_record(room.journal[3], hidden) is room.journal[3]


def test_the_room_is_made_for_a_looker_once_until_it_moves_on() -> None:
    """A board asks for each of its places: the same room, another one for somebody else or later."""
    room = Covert()
    room.acts()
    parts = guarded(room.parts())
    looks(Person("bo", "Bo", frozenset()))
    first = parts.state()
    assert first is not room.state
    assert parts.state() is first
    looks(Person(READER, "Nan", frozenset()))
    assert SECRET in parts.state().incidents
    looks(Person("bo", "Bo", frozenset()))
    assert parts.state() is first
    room.happens(signal(Kind.ARC_ALARM, "a9", event="other"))
    assert len(parts.state().incidents) == len(first.incidents) + 1


async def test_the_named_reader_sees_all_of_it() -> None:
    """In the queue, the incident, its timeline, the log, the search, the past and the stream."""
    room = Covert()
    async with served(room, pace=QUICK) as server:
        room.acts()
        headers = await server.cookies(READER, *EVERYTHING)
        told = await walked(server, headers)
        shown = mentioned(told)
        assert {
            f"{V1}/incidents/{SECRET}",
            f"{V1}/incidents/{SECRET}/timeline",
            f"{V1}/incidents/{OVER}",
            f"{V1}/search?words={CANARY}",
            f"{V1}/log-entries",
            f"{V1}/referrals",
            f"{V1}/past?position=5",
            f"{V1}/past/9/incidents/{SECRET}",
        } <= shown
        assert f'"{SECRET}"' in told[f"{V1}/snapshot"][1]
        heard = str(await told_to(server, headers, room.state.position))
        assert CANARY in heard
        assert "'gone'" not in heard


async def test_an_answer_that_was_made_for_a_reader_is_given_to_nobody_else() -> None:
    """The map is made twice a second for all pages: a restricted matter at a home is on its reader's alone.

    A clock that is put back keeps no answer for longer.
    """
    room = spread_room()
    async with served(room) as server:
        room.happens(signal(Kind.TELECARE, "t1", event="panic"))
        room.happens(ReadersNamed("INC-1", 1, READER, (READER,), "covert"))
        for _ in range(2):
            for who, shown in ((READER, ["INC-1"]), ("bo", [])):
                _, told, _ = await asked(server.address, f"{V1}/map/now", who=who)
                assert [one["incident"] for one in told["incidents"]] == shown, who
        room.passes(-3600)
        room.happens(Closed("INC-1", 2, READER, Outcome.MADE_SAFE))
        _, told, _ = await asked(server.address, f"{V1}/map/now", who=READER)
        assert told["incidents"] == []


async def test_a_page_that_is_open_loses_what_becomes_restricted_and_gets_it_back() -> None:
    """Who is not named hears that it is gone and no more; opened to all it is there again.

    Meanwhile its last reader who could work on it keeps account and role.
    """
    room = SmallRoom()
    async with served(room, pace=QUICK) as server:
        room.happens(signal(Kind.ARC_ALARM, "a1", event="other"))
        for name in ("nan", "bo"):
            await server.let_in(name, Role.SUPERVISOR)
        headers = await server.cookies("max", Role.MANAGER)
        path = f"{V1}/incidents/INC-1/readers"
        for readers, refused in ((["nobody"], "no-such-reader"), (["max"], None)):
            body = {"version": 1, "readers": readers, "reason": "covert"}
            status, told, _ = await asked(server.address, path, body, who="nan")
            assert (status == 200) is (refused is None), told
        assert told["incident"]["restricted"] == ["nan", "max"]
        last = f"{V1}/accounts/nan"
        for verb, more in (("disable", {}), ("roles", {"roles": ["manager"]})):
            status, told, _ = await asked(server.address, f"{last}/{verb}", more, who="bo")
            assert (status, "nan is the last who may see" in told["detail"]) == (409, True)
        room.happens(Noted("INC-1", 2, "nan", "hush"))
        bo = await server.cookies("bo", Role.SUPERVISOR)
        heard = await told_to(server, bo, room.state.position)
        assert [step["do"] for one in heard for step in one.get("steps", ())] == ["gone"]
        assert "hush" in str(await told_to(server, headers, room.state.position))
        body = {"version": 3, "readers": [], "reason": "it is over"}
        assert (await asked(server.address, path, body, who="nan"))[0] == 200
        heard = await told_to(server, bo, room.state.position)
        assert [step["do"] for one in heard for step in one.get("steps", ())][-1] == "opened"


async def test_a_supervisor_is_let_in_to_what_nobody_who_is_there_may_see() -> None:
    """Told is that something waits, and not what; nobody is let in while a reader is there, then one is."""
    room = Covert()
    async with served(room, pace=QUICK) as server:
        room.acts()
        key = await server.let_in(READER, Role.OPERATOR)
        waits, attend = f"{V1}/unattended", f"{V1}/unattended/attend"
        why = {"reason": "it rings and nobody is there"}
        assert (await asked(server.address, waits, who="sam"))[1] == {"unattended": 0}
        status, told, _ = await asked(server.address, attend, why, who="sam")
        assert (status, told["type"].rpartition(":")[2]) == (409, "somebody-there")
        badge = room.desk.known(key)
        assert badge is not None
        assert badge.session is not None
        headers = await server.cookies(READER, Role.OPERATOR) | {"Origin": server.address}
        for anyway, told_of in (({}, "you are the last one signed in"), ({"anyway": "yes"}, "")):
            async with aiohttp.ClientSession(headers=headers) as client:
                form = {"form": badge.session.form} | anyway
                async with client.get(f"{server.address}/sign-in") as page:
                    assert f"{READER} is the last one signed in" in await page.text()
                out = client.post(f"{server.address}/sign-out", data=form, allow_redirects=False)
                async with out as answer:
                    said = await answer.text()
            assert told_of in said
            assert CANARY not in said
            assert answer.status == (303 if anyway else 200)
        assert (await asked(server.address, waits, who="sam"))[1] == {"unattended": 1}
        assert (await asked(server.address, f"{V1}/incidents/{SECRET}", who="sam"))[0] == 404
        status, told, _ = await asked(server.address, attend, why, who="sam")
        assert (status, told["incident"]["id"], told["incident"]["restricted"]) == (
            200,
            SECRET,
            [READER, "sam"],
        )
        _, told, _ = await asked(server.address, f"{V1}/incidents/{SECRET}/timeline", who="sam")
        assert (told["entries"][-1]["what"], told["entries"][-1]["by"]) == ("let in", "sam")
        assert (await asked(server.address, waits, who="sam"))[1] == {"unattended": 0}
        assert (await asked(server.address, f"{V1}/incidents/{OVER}", who="sam"))[0] == 404
