"""Tests of the log book over the API, of a room that decides."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from controlroom.access import registry
from controlroom.access.permissions import Role
from controlroom.incidents.log_book import state as book_state
from tests.build import NOON
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

ENTRIES = f"{V1}/log-entries"
CASE = {"kind": "asb_case", "reference": "A-1", "text": "stones thrown", "resolved_by_cctv": True}
BODY: dict[str, Any] = {
    "author": "desk one",
    "happened_at": NOON.isoformat(),
    "entry": CASE,
    "area": "inner-east",
}
REQUEST = {
    "kind": "footage_request",
    "requester": "insurer",
    "reference": "R-1",
    "text": "a crash",
    "deadline": (NOON + timedelta(days=20)).isoformat(),
}


async def test_an_entry_is_written_corrected_and_withdrawn() -> None:
    """Each step answers with the entry as it stands; a stale version is told so."""
    async with served(SmallRoom()) as server:
        status, written, answer = await asked(server.address, ENTRIES, BODY)
        assert (status, written["entry"]["said"]["kind"]) == (201, "asb_case")
        assert answer.headers["Location"] == f"{ENTRIES}/{written['entry']['id']}"
        one = f"{ENTRIES}/{written['entry']['id']}"

        fix = BODY | {"version": 1, "reason": "not by CCTV", "entry": CASE | {"resolved_by_cctv": False}}
        status, corrected, _ = await asked(server.address, f"{one}/correct", fix)
        assert (status, corrected["entry"]["version"]) == (200, 2)
        status, problem, _ = await asked(server.address, f"{one}/correct", fix)
        assert (status, problem["reason"]) == (409, "command_saw_an_old_version")

        gone = {"author": "desk two", "version": 2, "reason": "twice"}
        status, withdrawn, _ = await asked(server.address, f"{one}/withdraw", gone)
        assert (status, withdrawn["entry"]["withdrawn"]) == (200, True)
        _, listed, _ = await asked(server.address, ENTRIES)
        assert [(entry["id"], entry["withdrawn"]) for entry in listed["entries"]] == [("LOG-1", True)]


async def test_open_matters_are_listed_by_their_deadline_and_end() -> None:
    """A request is fulfilled and a search ends; both leave the list of what is open."""
    async with served(SmallRoom()) as server:
        missing = {"kind": "misper", "reference": "M-1", "text": "a boy of nine", "vulnerable": True}
        await asked(server.address, ENTRIES, BODY | {"entry": missing})
        await asked(server.address, ENTRIES, BODY | {"entry": REQUEST})
        _, listed, _ = await asked(server.address, f"{ENTRIES}?open=true")
        assert [entry["id"] for entry in listed["entries"]] == ["LOG-2", "LOG-1"]

        handed = {
            "author": "desk two",
            "version": 1,
            "evidence": True,
            "acquisitive": False,
            "income_pence": 8500,
        }
        status, done, _ = await asked(server.address, f"{ENTRIES}/LOG-2/fulfil", handed)
        assert (status, done["entry"]["said"]["fulfilled"]["income_pence"]) == (200, 8500)
        over = {"author": "desk two", "version": 1, "outcome": "found_safe", "contributed": True}
        status, ended, _ = await asked(server.address, f"{ENTRIES}/LOG-1/end", over)
        assert (status, ended["entry"]["said"]["outcome"]) == (200, "found_safe")
        _, listed, _ = await asked(server.address, f"{ENTRIES}?open=true")
        assert listed["entries"] == []
        status, problem, _ = await asked(server.address, f"{ENTRIES}/LOG-1/fulfil", handed | {"version": 2})
        assert (status, problem["reason"]) == (409, "entry_is_not_open")


async def test_every_fault_of_an_entry_is_answered_at_once() -> None:
    """What is wrong is named by its place in the body; what has not happened yet is refused by the room."""
    async with served(SmallRoom()) as server:
        wrong = BODY | {"happened_at": "2026-03-02T12:00:00", "entry": CASE | {"text": "", "x": 1}}
        status, problem, _ = await asked(server.address, ENTRIES, wrong)
        assert status == 400
        places = {fault["pointer"] for fault in problem["errors"]}
        assert places == {"/happened_at", "/entry/asb_case/text", "/entry/asb_case/x"}
        later = BODY | {"happened_at": (NOON + timedelta(seconds=1)).isoformat()}
        status, problem, _ = await asked(server.address, ENTRIES, later)
        assert (status, problem["reason"]) == (409, "entry_says_what_has_not_happened")


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1999-12-31T23:59:59Z",
    ],
)
async def test_a_moment_that_no_calendar_holds_is_refused_wherever_one_is_sent(moment: str) -> None:
    """It is a fault of the body or query that names its place, in every field that takes a moment."""
    words = {"reason": "r", "owner": "o"}
    goal = {"kind": "milestone", "goal": "dv_charter_mark", "state": "in_progress", "text": "t"}
    asks: list[tuple[str, dict[str, Any] | None, str]] = [
        (ENTRIES, BODY | {"happened_at": moment}, "/happened_at"),
        (ENTRIES, BODY | {"entry": REQUEST | {"deadline": moment}}, "/entry/footage_request/deadline"),
        (ENTRIES, BODY | {"entry": goal | {"due": moment}}, "/entry/milestone/due"),
        (f"{ENTRIES}/LOG-1/fulfil", {"version": 1, "evidence": True, "at": moment}, "/at"),
        (f"{ENTRIES}/LOG-1/end", {"version": 1, "at": moment}, "/at"),
        (f"{V1}/tests", words | {"target": "t", "until": moment}, "/until"),
        (f"{V1}/incidents/INC-1/park", {"version": 1, "reason": "r", "until": moment}, "/until"),
        (f"{V1}/watches?before={quote(moment)}", None, "/before"),
    ]
    async with served(SmallRoom()) as server:
        for path, body, place in asks:
            status, problem, _ = await asked(server.address, path, body)
            assert status == 400, path
            assert place in {fault["pointer"] for fault in problem["errors"]}, path


async def test_a_restricted_entry_is_there_for_nobody_who_is_not_named() -> None:
    """Somebody without a name finds it in no list, by no id, and in no refusal."""
    async with served(SmallRoom()) as server:
        await server.let_in("desk nine")
        await asked(server.address, ENTRIES, BODY | {"restricted": ["desk nine"]})
        _, listed, _ = await asked(server.address, ENTRIES, who="desk two")
        assert listed["entries"] == []
        status, unknown, _ = await asked(server.address, f"{ENTRIES}/LOG-1", who="desk two")
        other, nothing, _ = await asked(server.address, f"{ENTRIES}/LOG-99", who="desk two")
        assert (status, other) == (404, 404)
        assert unknown["detail"] == nothing["detail"]
        await asked(server.address, ENTRIES, BODY | {"entry": REQUEST, "restricted": ["desk nine"]})
        for who, subjects in (("desk nine", ["LOG-2"]), ("desk one", ["LOG-2"]), ("desk two", [])):
            _, due, _ = await asked(server.address, f"{V1}/watches?kind=footage_due", who=who)
            assert [one["subject"] for one in due["watches"]] == subjects
        strike = {"author": "desk two", "version": 1, "reason": "curious"}
        status, refused, _ = await asked(server.address, f"{ENTRIES}/LOG-1/withdraw", strike)
        assert (status, refused["detail"]) == (404, unknown["detail"])


async def test_an_old_entry_is_read_from_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept whole no longer can be read all the same, and pages lead through the rest."""
    monkeypatch.setattr(book_state, "RECENT_KEPT", 2)
    async with served(SmallRoom()) as server:
        for _ in range(3):
            await asked(server.address, ENTRIES, BODY)
        status, old, _ = await asked(server.address, f"{ENTRIES}/LOG-1")
        assert (status, old["said"]["text"]) == (200, "stones thrown")
        _, first, _ = await asked(server.address, f"{ENTRIES}?limit=1")
        _, second, _ = await asked(server.address, f"{ENTRIES}?limit=1&cursor={first['next']}")
        names = [entry["id"] for page in (first, second) for entry in page["entries"]]
        assert (names, second["next"], second["left_off"]) == (["LOG-3", "LOG-2"], None, 1)


async def test_a_page_goes_on_although_its_last_entry_has_left_the_list() -> None:
    """Footage is handed over while somebody leafs through what is open: the next page is the next page."""
    async with served(SmallRoom()) as server:
        for day in (5, 6, 7):
            request = REQUEST | {"deadline": f"2026-03-0{day}T12:00:00Z"}
            await asked(server.address, ENTRIES, BODY | {"entry": request})
        _, first, _ = await asked(server.address, f"{ENTRIES}?open=true&limit=1")
        done = {"version": 1, "evidence": True, "acquisitive": False}
        await asked(server.address, f"{ENTRIES}/LOG-1/fulfil", done)
        status, second, _ = await asked(server.address, f"{ENTRIES}?open=true&limit=1&cursor={first['next']}")
        assert (status, [entry["id"] for entry in second["entries"]]) == (200, ["LOG-2"])
        _, third, _ = await asked(server.address, f"{ENTRIES}?open=true&cursor={second['next']}")
        assert ([entry["id"] for entry in third["entries"]], third["next"]) == (["LOG-3"], None)
        assert (await asked(server.address, f"{ENTRIES}?cursor=LOG-1"))[0] == 400


async def test_readers_of_an_entry_are_accounts_that_may_read_the_log() -> None:
    """A name that nobody has, or a crew's, is refused; who was named stays through a correction."""
    async with served(SmallRoom()) as server:
        await server.let_in("nan")
        await server.let_in("mr-01", Role.CREW, unit="MR-01")
        for name in ("nobody", "mr-01"):
            status, refused, _ = await asked(server.address, ENTRIES, BODY | {"restricted": ["nan", name]})
            assert (status, refused["type"]) == (409, "urn:controlroom:problem:no-such-reader")
            assert name in refused["detail"]
        status, told, _ = await asked(server.address, ENTRIES, BODY | {"restricted": [" Nan "]})
        assert (status, told["entry"]["restricted"]) == (201, ["nan"])
        desk = server.room.desk
        await registry.disable(desk.book, "nan", "a test", desk.now())
        path, change = f"{ENTRIES}/LOG-1/correct", {"version": 1, "reason": "r"}
        for named, expected in ((["nan"], 200), (["nobody"], 409)):
            status, _, _ = await asked(server.address, path, BODY | change | {"restricted": named})
            assert status == expected
