"""What the past shows beside queue and boards: log, map, sheet, counts; and what is said of a look."""

import json
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from controlroom.access.permissions import Person, Role
from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.handovers import HandoverWritten
from controlroom.commands.log_book import EntryCorrected, EntryWritten
from controlroom.commands.work import ReadersNamed
from controlroom.console.past import came
from controlroom.console.past.books import AsOf, Then
from controlroom.console.past.desk import PastAsked, PastTold
from controlroom.console.past.reader import Known
from controlroom.events import RoomOpened
from controlroom.incidents.rule_changes.state import InForce
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, signal
from tests.console.small_past import SmallJournal, SmallPast
from tests.console.small_room import CITY, EPOCH, LENS, ROOM, SmallRoom

ANA = Person("ana", "Ana", frozenset({Role.OPERATOR}))
SUE = Person("sue", "Sue", frozenset({Role.SUPERVISOR}))
AUDITOR = Person("aud", "Aud", frozenset({Role.AUDITOR}))
V1 = "/api/v1"


def written(text: str, *readers: str) -> EntryWritten:
    """Return an entry of ana's for these readers."""
    return EntryWritten("ana", NOON, Radio(Channel.AIRWAVE, "LK1", text), None, None, readers)


def a_shift() -> SmallRoom:
    """Return a room after some minutes: 1 an alarm, 2 and 3 entries, 4 a handover, 5 the correction of 2."""
    room = SmallRoom()
    corrected = EntryCorrected(
        "LOG-2", 1, "ana", "named", NOON, Radio(Channel.AIRWAVE, "LK1", "second words"), None, None, ("ana",)
    )
    for event in (
        signal(Kind.ARC_ALARM, "a1", event="panic"),
        written("first words"),
        written("for ana alone", "ana"),
        HandoverWritten("ana", "mind the park", ()),
        corrected,
        signal(Kind.GUARD, "g1"),
    ):
        room.happens(event)
        room.passes(60)
    return room


async def told(room: SmallRoom, address: str, person: Person, position: int, *hidden: str) -> PastTold:
    """Return what somebody is answered about a position."""
    return await room.past.ask(PastAsked(address, person, position, frozenset(hidden)))


async def read(room: SmallRoom, address: str, person: Person, position: int, *hidden: str) -> Any:
    """Return the answer to a question that is answered."""
    said = await told(room, address, person, position, *hidden)
    assert said.status == 200, said.body
    return json.loads(said.body)


async def test_the_log_is_read_as_it_stood_then() -> None:
    """An entry reads as it was before its correction; one not yet written is not there."""
    room = a_shift()
    try:
        entries = (await read(room, f"{V1}/log-entries", ANA, 4))["entries"]
        assert [(one["id"], one["version"]) for one in entries] == [("LOG-3", 1), ("LOG-2", 1)]
        assert (await read(room, f"{V1}/log-entries/LOG-2", ANA, 4))["said"]["text"] == "first words"
        assert (await read(room, f"{V1}/log-entries/LOG-2", ANA, 5))["said"]["text"] == "second words"
        assert (await told(room, f"{V1}/log-entries/LOG-2", ANA, 1)).status == 404
        assert (await read(room, f"{V1}/log-entries", ANA, 1))["entries"] == []
    finally:
        await room.past.close()


async def test_an_entry_that_was_closed_off_later_was_never_for_others() -> None:
    """Who may not read it now does not read it as it was before: no list, no entry, no record of it."""
    room = a_shift()
    try:
        listed = await read(room, f"{V1}/log-entries", SUE, 4, "LOG-2", "LOG-3")
        assert listed["entries"] == []
        for address, person in ((f"{V1}/log-entries/LOG-2", SUE), (f"{V1}/record", AUDITOR)):
            said = await told(room, address, person, 2, "LOG-2", "LOG-3")
            assert (said.status, b"first words" in said.body) == (404, False)
        view = await told(room, f"{V1}/past?position=2", SUE, 2, "LOG-2", "LOG-3")
        assert (view.status, b"first words" in view.body) == (200, False)
    finally:
        await room.past.close()


async def test_the_map_and_the_sheet_stand_as_they_did() -> None:
    """Going to and fro, nothing of another moment is told; whoever may look back reads the sheet."""
    room = a_shift()
    try:
        for position in (6, 1, 4, 2):
            assert (await read(room, f"{V1}/map/now", ANA, position))["position"] == position
        assert (await read(room, f"{V1}/map", AUDITOR, 1))["points"]
        sheet = (await read(room, f"{V1}/handover-draft", AUDITOR, 2))["sheet"]
        assert [(line[0], line[1]) for line in sheet if line[0] == "Open"] == [("Open", "INC-1")]
        assert (await read(room, f"{V1}/handovers", ANA, 3))["handovers"] == []
        (kept,) = (await read(room, f"{V1}/handovers", ANA, 4))["handovers"]
        assert (kept["expect"], kept["taken_by"]) == ("mind the park", None)
    finally:
        await room.past.close()


@pytest.mark.parametrize(("records", "since"), [(2_500, timedelta(0)), (2, timedelta(seconds=240))])
async def test_what_came_is_counted_over_the_last_minutes(
    monkeypatch: pytest.MonkeyPatch, records: int, since: timedelta
) -> None:
    """By kind and route from a moment that is told: ten minutes back, or as far as the records reach."""
    monkeypatch.setattr(came, "COUNTED", records)
    room = a_shift()
    try:
        view = await read(room, f"{V1}/past?position=6", ANA, 6)
        assert view["came_since"] == f"{NOON + since:%Y-%m-%dT%H:%M:%SZ}"
        counts = view["snapshot"]["status"]["counts"]
        assert counts["guard"] == {"log": 1, "mobile_response": 0}
        assert counts["arc-alarm"]["mobile_response"] == (1 if not since else 0)
    finally:
        await room.past.close()


async def test_an_answer_says_which_moment_and_which_restricted_matters_it_tells() -> None:
    """For the one who may read them: the operation in the queue and by its id, the entries of the log."""
    room = a_shift()
    room.happens(ReadersNamed("INC-1", 1, "sue", ("ana",), "covert"))
    try:
        asks = {
            f"{V1}/past?position=6": ("INC-1",),
            f"{V1}/incidents/INC-1": ("INC-1",),
            f"{V1}/log-entries": ("LOG-2", "LOG-3"),
            f"{V1}/log-entries/LOG-3": ("LOG-3",),
            f"{V1}/crews": (),
        }
        for address, matters in asks.items():
            stands = (await told(room, address, ANA, 7)).stands
            assert stands is not None
            position = 6 if "position" in address else 7
            assert stands.position == position
            assert stands.restricted == (matters if position == 7 or not matters else ())
        shown = (await told(room, f"{V1}/past?position=7", ANA, 7)).stands
        assert shown is not None
        assert shown.restricted == ("INC-1",)
        gone = (await told(room, f"{V1}/past?position=7", SUE, 7, "INC-1", "LOG-2", "LOG-3")).stands
        assert gone is not None
        assert gone.restricted == ()
        assert (await told(room, f"{V1}/log-entries/LOG-3", SUE, 7)).stands is None
    finally:
        await room.past.close()


async def test_the_names_of_then_are_shown_where_they_are_kept_and_said_where_not() -> None:
    """By the books that the journal names at that position: read once, and used by every board."""
    room, asked = SmallRoom(), []
    places = {topic: replace(place, name="Old name") for topic, place in CITY.places.items()}
    of_old = replace(CITY, places=places)

    def books(by: InForce) -> Then:
        asked.append(by)
        handbook = replace(room.handbook, estate=of_old)
        lens = replace(LENS, estate=lambda: of_old)
        return Then(handbook, lens, by.rule_set, AsOf.LOST, by.estate, AsOf.KEPT)

    known = Known(lambda: room.handbook, LENS, lambda: room.now, ROOM, books=books)
    room.past = SmallPast(known, SmallJournal(lambda: list(room.journal.values()), EPOCH))
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    room.happens(RoomOpened("w", 2, "set-2", demonstration=True, estate="of spring"))
    try:
        before = await read(room, f"{V1}/past?position=1", ANA, 1)
        assert before["books"] == {"rule_set": "", "rules": "unsaid", "estate": "", "places": "unsaid"}
        assert before["snapshot"]["incidents"][0]["name"] == "Library of S1"
        after = await read(room, f"{V1}/past?position=2", ANA, 2)
        assert after["books"] == {
            "rule_set": "set-2",
            "rules": "lost",
            "estate": "of spring",
            "places": "kept",
        }
        assert after["snapshot"]["incidents"][0]["name"] == "Old name"
        points = (await read(room, f"{V1}/map", ANA, 2))["points"]
        assert {one["name"] for one in points if one["kind"] == "site"} == {"Old name"}
        assert set(asked) == {InForce("set-2", "of spring")}
    finally:
        await room.past.close()
