"""The past of a small room: at every position what its live console showed; found by moment and by step."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from controlroom.access.permissions import Permission, Person, Role
from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.log_book import EntryWritten
from controlroom.console.feed import Feed
from controlroom.console.past import fold, library
from controlroom.console.past.boards import BOARDS, EXPLANATION, PAST, RECORD
from controlroom.console.past.desk import PastAsked, PastTold
from controlroom.console.past.explained import ExplanationView
from controlroom.console.past.library import Busy
from controlroom.console.past.scene import PastView
from controlroom.console.past.seek import meant, position_at, reach
from controlroom.console.sight import sight_of
from controlroom.console.snapshot import Snapshot, snapshot
from controlroom.events import Event, Owned, Tick
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.rules.compile import Compiled
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, signal
from tests.console.small_room import EPOCH, LENS, SmallRoom, garbage
from tests.fundamentals.shipped_room import shipped_rules

ANA = Person("ana", "Ana", frozenset({Role.OPERATOR}))
MANAGER = Person("max", "Max", frozenset({Role.MANAGER}))
EVERY_S = 7
JS = Path("controlroom/console/static/js")
NEVER_OF_THE_PAST = {"/api/v1/second-people", "/api/v1/log-forms", "/api/v1/sites/{}/keyholders"}
"""Asked by dialogs and forms of commands, which are not in the past, and by whoever rings keyholders now."""


def a_night(room: SmallRoom) -> list[Event]:
    """Return what happens in the room, one event each seven seconds."""
    secret = EntryWritten("ana", NOON, Radio(Channel.AIRWAVE, "LK1", "a secret"), None, None, ("ana",))
    return [
        signal(Kind.ARC_ALARM, "a1", event="panic"),
        signal(Kind.GUARD, "g1"),
        Owned("INC-1", 1, "ana"),
        garbage(b"{"),
        signal(Kind.ARC_ALARM, "a2", event="other"),
        Tick(),
        secret,
        signal(Kind.ARC_ALARM, "d1", source="GHOST"),
        signal(Kind.CAMERA_FAULT, "c1"),
        *room.signals(12),
        signal(Kind.ARC_ALARM, "a3", event="panic"),
    ]


def lived() -> tuple[SmallRoom, dict[tuple[int, str], Snapshot]]:
    """Return a room after its night, and what its live console showed each of two people at each position."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 0)
    room = SmallRoom(feed.released)
    shown = {}
    for event in a_night(room):
        (record,) = room.happens(event)
        for person in (ANA, MANAGER):
            parts = room.parts()
            shown[record.position, person.name] = snapshot(parts, feed, sight_of(person))
        room.passes(EVERY_S)
    return room, shown


@asynccontextmanager
async def asking(room: SmallRoom) -> AsyncIterator["Asking"]:
    """Have somebody who asks about the room's past."""
    try:
        yield Asking(room)
    finally:
        await room.past.close()


class Asking:
    """Asks the reader of a small room."""

    def __init__(self, room: SmallRoom) -> None:
        self._room = room

    async def told(self, query: str, person: Person = ANA) -> PastTold:
        """Return the answer as it is."""
        return await self._room.past.ask(PastAsked(f"/api/v1/past?{query}", person))

    async def view(self, query: str, person: Person = ANA) -> PastView:
        """Return the console as it was."""
        told = await self.told(query, person)
        assert told.status == 200, told.body
        return msgspec.json.decode(told.body, type=PastView)

    async def explained(self, position: int) -> ExplanationView:
        """Return why the record at this position was decided so."""
        told = await self._room.past.ask(PastAsked(EXPLANATION, ANA, position - 1))
        assert told.status == 200, told.body
        return msgspec.json.decode(told.body, type=ExplanationView)

    async def refused(self, position: int) -> tuple[int, bytes]:
        """Return status and words where nothing is explained."""
        told = await self._room.past.ask(PastAsked(EXPLANATION, ANA, position - 1))
        return told.status, told.body

    async def problem(self, query: str) -> tuple[int, str]:
        """Return status and words of a refusal."""
        told = await self.told(query)
        assert told.content_type == "application/problem+json"
        return told.status, msgspec.json.decode(told.body)["detail"]


async def test_at_every_position_the_past_is_what_the_live_console_showed() -> None:
    """To the last field, for each person what this person saw: forwards, backwards and in any order."""
    room, shown = lived()
    places = sorted(shown)
    order = [*places, *reversed(places), *random.Random(5).sample(places, len(places))]
    async with asking(room) as ask:
        for position, name in order:
            person = ANA if name == "ana" else MANAGER
            view = await ask.view(f"position={position}", person)
            live = msgspec.json.encode(shown[position, name]).replace(b'"test-rules"', b'"none"')
            then = msgspec.json.encode(view.snapshot)
            assert then == live.replace(b'"none"', f'"{view.snapshot.status.rule_set}"'.encode())
            assert view.previous == (position - 1 or None)
    assert room.past.library.folds == 1


async def test_a_long_journal_is_folded_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is let go, read on or begun from a mark: the state is the same as that of the room then."""
    for where, name, few in (
        (fold, "STEPS_BACK", 5),
        (fold, "SHOWN_BEFORE", 10),
        (fold, "STRETCH", 30),
        (fold, "MARK_EVERY", 40),
        (library, "READ_ON", 12),
        (library, "MARKS_HELD", 3),
    ):
        monkeypatch.setattr(where, name, few)
    room = SmallRoom()
    states = {}
    for event in [*a_night(room), *room.signals(120), *[signal(Kind.ARC_ALARM, f"b{n}") for n in range(30)]]:
        (record,) = room.happens(event)
        room.passes(EVERY_S)
        states[record.position] = fold.kept(from_bytes(to_bytes(room.state)))
    held = room.past.library
    places = sorted(states)
    for position in [*places, *reversed(places), *random.Random(7).sample(places, 60)]:
        async with held.at(position) as past:
            assert fold.kept(past.state) == states[position]
            assert past.record.position == position
            assert len(past.records) < 80
    assert held.folds > 10


async def test_a_moment_is_found_wherever_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the last record at or before it; a moment between two belongs to the earlier."""
    monkeypatch.setattr("controlroom.console.past.seek.READ_THROUGH", 2)
    room, _ = lived()
    journal = room.past.library.store
    over = await reach(journal)
    assert over is not None
    for position in range(over.first.position, over.last.position + 1):
        at = NOON + timedelta(seconds=EVERY_S * (position - 1))
        assert await position_at(journal, at, over) == position
        assert await position_at(journal, at + timedelta(seconds=6), over) == position


@pytest.mark.parametrize(
    ("text", "at", "other"),
    [
        ("2026-11-29T02:14", datetime(2026, 11, 29, 2, 14, tzinfo=UTC), None),
        ("2026-07-01T02:14:30", datetime(2026, 7, 1, 1, 14, 30, tzinfo=UTC), None),
        ("2026-07-01T02:14Z", datetime(2026, 7, 1, 2, 14, tzinfo=UTC), None),
        (
            "2026-10-25T01:30",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),
        ("2026-10-25T01:30+00:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), None),
        ("2026-03-29T01:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), None),
    ],
)
def test_a_time_on_the_wall_is_that_of_leeds(text: str, at: datetime, other: datetime | None) -> None:
    """Of an hour that comes twice the first counts, the second is told; one that never comes is later."""
    found = meant(text)
    assert found is not None
    assert (found.at, found.other) == (at, other)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-02-30T01:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Nonsense names none, and the edges of the calendar do not break anything."""
    found = meant(text)
    assert found is None or found.at.year > 9000


async def test_a_moment_outside_the_journal_is_refused_with_what_there_is() -> None:
    """Before its first record, in the future, or a position that it does not have: the range is told."""
    room, _ = lived()
    async with asking(room) as ask:
        for query in ("at=2026-03-02T11:59", "at=2027-03-02T11:59", "position=99"):
            status, detail = await ask.problem(query)
            assert status == 404
            assert (
                "reaches from 02 March 2026 12:00:00 GMT (position 1) to 02 March 2026 12:02:27 GMT" in detail
            )
        assert (await ask.problem("at=in%20the%20night"))[0] == 400
        assert (await ask.problem("at=2026-03-02T12:00&position=1"))[0] == 400
        assert (await ask.view("at=2026-03-02T12:02:29")).position == 22


async def test_steps_lead_to_what_they_are_about() -> None:
    """One record, what a screen shows, a kind, an incident; both ways, as far as there is something."""
    room, _ = lived()
    async with asking(room) as ask:
        assert (await ask.view("position=5&step=next")).position == 6
        assert (await ask.view("position=5&step=next&shown=true")).position == 8
        assert (await ask.view("position=8&step=previous&shown=true")).position == 5
        assert (await ask.view("position=2&step=next&kind=arc-alarm")).position == 5
        assert (await ask.view("position=22&step=previous&kind=camera-fault")).position == 9
        owned = await ask.view("position=1&step=next&incident=INC-1")
        assert owned.position == 3
        assert owned.led is not None
        assert owned.snapshot.incidents[0].owner == "ana"
        status, detail = await ask.problem("position=3&step=next&incident=INC-1")
        assert (status, "within 40000 records after position 3" in detail) == (404, True)
        assert (await ask.problem("position=22&step=next"))[0] == 404


async def test_what_is_restricted_stays_so_in_the_past() -> None:
    """Nobody else's record, list or step tells of it; who may read it reads it as it was."""
    room, _ = lived()

    async def told(address: str, person: Person) -> PastTold:
        return await room.past.ask(PastAsked(address, person, 7))

    auditor = Person("aud", "Aud", frozenset({Role.AUDITOR}))
    async with asking(room) as ask:
        hidden, open_to = await ask.view("position=7", MANAGER), await ask.view("position=7", ANA)
        assert (hidden.led, hidden.said) == (None, "")
        assert open_to.said
        assert b"secret" in (await told("/api/v1/log-entries", ANA)).body
        assert b"secret" not in (await told("/api/v1/log-entries", MANAGER)).body
        assert (await told("/api/v1/record", auditor)).status == 404
        assert (await told("/api/v1/record", ANA)).status == 403
        assert (await room.past.ask(PastAsked("/api/v1/record", auditor, 3))).status == 200


async def test_a_decision_is_explained_from_the_state_before_it() -> None:
    """The facts are those that the rules were asked then; the smallest change leads to another sending."""
    room = SmallRoom()
    room.rule_set = shipped_rules()
    room.handbook = msgspec.structs.replace(room.handbook, rules=Compiled(room.rule_set))
    words = ({"event": "closed", "set_state": "set"}, {"event": "hold_up"}, {"event": "intruder"})
    for number, data in enumerate(words):
        room.happens(signal(Kind.ARC_ALARM, f"a{number}", **data))
        room.passes(EVERY_S)
    async with asking(room) as asker:
        told = await asker.explained(2)
        assert (told.decided, told.rule, told.as_then) == ("hold-up", "hold-up", True)
        assert told.says.startswith("mobile_response")
        assert told.otherwise
        assert {one.rule for one in told.otherwise} - {"hold-up"}
        steps = [one.steps[0] for one in (await asker.explained(3)).otherwise]
        assert ("set_state", "set", "unset") in {(one.field, one.before, one.after) for one in steps}
        room.rule_set = None
        assert (await asker.refused(2))[0] == 404
        assert (await asker.refused(99))[0] == 404


async def test_one_fold_runs_at_a_time() -> None:
    """Who asks for another past meanwhile is told to come again; steps in a past that is held go on."""
    room, _ = lived()
    held = room.past.library
    async with held.at(20):
        pass
    waits, goes = asyncio.Event(), asyncio.Event()

    async def slow() -> list[fold.Kept]:
        waits.set()
        await goes.wait()
        return []

    held._snapshots = slow
    held._held[0].base = fold.Kept(15, held._held[0].base.body)  # it goes back no further
    folding = asyncio.create_task(_stand_at(held, 2))
    await waits.wait()
    with pytest.raises(Busy):
        await _stand_at(held, 1)
    async with asking(room) as ask:
        told = await ask.told("position=1")
        assert (told.status, told.retry_after) == (503, "3")
    goes.set()
    assert await folding == 2


async def test_a_fold_that_nobody_waits_for_ends() -> None:
    """Whoever gives up frees the way for the next, in the middle of a fold."""
    room, _ = lived()
    held = room.past.library
    waits = asyncio.Event()

    async def endless() -> list[fold.Kept]:
        waits.set()
        never: asyncio.Future[list[fold.Kept]] = asyncio.get_running_loop().create_future()
        return await never

    whole, held._snapshots = held._snapshots, endless
    async with asking(room) as ask:
        asked = asyncio.create_task(ask.told("position=3"))
        await waits.wait()
        asked.cancel()
        held._snapshots = whole
        while held._folding:  # noqa: ASYNC110 - the line has to be hung up first
            await asyncio.sleep(0)
        assert (await ask.view("position=3")).position == 3


def test_all_that_the_page_asks_is_answered_about_the_past() -> None:
    """Every question of the views that the page of the past draws has its past address, and no other."""
    asked, seen, todo = set(), set(), [JS / "past" / "main.js"]
    while todo:
        file = todo.pop().resolve()
        if file in seen:
            continue
        seen.add(file)
        text = file.read_text(encoding="utf-8")
        todo += [file.parent / name for name in re.findall(r'from "(\.[^"]+)"', text)]
        asked |= set(re.findall(r'(?:usePolled|asOf)\([^`"]*[`"](/api/v1/[^`"?]+)', text))
    named = {re.sub(r"\{\w+\}", "{}", board) for board in BOARDS}
    assert {re.sub(r"\$\{[^}]*\}", "{}", one) for one in asked} - named == NEVER_OF_THE_PAST
    room = SmallRoom()
    answered = {one.path for one in room.past._reader.declarations.values()}
    assert answered == BOARDS | {PAST, RECORD, EXPLANATION}
    doors = [one for one in room.console().declarations.values() if "/past" in one.path]
    assert {one.method for one in doors} == {"GET"}  # nothing can be done in the past
    assert {one.permission for one in doors} == {Permission.PAST, Permission.AUDIT, Permission.SEE}


async def _stand_at(held: library.Library, position: int) -> int:
    async with held.at(position) as past:
        return past.position
