"""The log book: what may be written, how it is corrected, what stays open, and who may see it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.entries import (
    KINDS,
    TYPES,
    AsbCase,
    FootageRequest,
    Fulfilment,
    Milestone,
    Misper,
    Operation,
    Said,
)
from controlroom.commands.entry_words import (
    EntryKind,
    Goal,
    GoalState,
    MisperOutcome,
    OperationNature,
    Requester,
)
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    MisperEnded,
)
from controlroom.estate.areas import Area
from controlroom.events import Event, Tick
from controlroom.incidents.log_book import state as book_state
from controlroom.incidents.log_book.changes import EntryKept
from controlroom.incidents.log_book.entry import LogEntry, may_see
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from tests.build import NOON, after, handbook
from tests.incidents.test_decide import Told

DAY_S = 86_400
CASE = EntryWritten("op-1", NOON, AsbCase("A-1", "stones thrown", resolved_by_cctv=True), Area.INNER_EAST)
ASKED = EntryWritten("op-1", NOON, FootageRequest(Requester.SOLICITOR, "R-1", "crash", deadline=after(DAY_S)))
MISSING = EntryWritten("op-1", NOON, Misper("M-1", "a boy of nine", vulnerable=True))
DONE = Fulfilment(after(60), evidence=True, acquisitive=True, income_pence=8_500)

YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)
YEAR_9999 = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)


def entry(room: Told, name: str = "LOG-1") -> LogEntry:
    """Return an entry as the room has it."""
    found = room.state.log_book.entry(name)
    assert found is not None
    return found


def test_every_kind_has_its_word() -> None:
    """The words of `EntryKind` are the tags of the union, no more and no less."""
    assert {kind.value for kind in EntryKind} == {one.__struct_config__.tag for one in get_args(Said)}
    assert len(TYPES) == len(KINDS) == len(EntryKind)


def test_an_entry_is_kept_with_its_author_and_the_rooms_mark() -> None:
    """It has a name, a version, both times, and the mark of a demonstration in a demonstration alone."""
    real, demonstration = Told(), Told(handbook(demonstration=True))
    for room in (real, demonstration):
        assert room.tell(CASE, 60).reasons == (Reason.COMMAND,)

    kept = entry(real)
    assert (kept.id, kept.version, kept.author, kept.written_at) == ("LOG-1", 1, "op-1", after(60))
    assert (kept.kind, kept.area, kept.simulated) == (EntryKind.ASB_CASE, Area.INNER_EAST, False)
    assert entry(demonstration).simulated


@pytest.mark.parametrize(
    "said",
    [
        CASE.said,
        FootageRequest(Requester.POLICE, "R", "t", fulfilled=replace(DONE, at=after(601))),
        Misper("M", "t", outcome=MisperOutcome.RETURNED, ended_at=after(601)),
    ],
    ids=lambda said: type(said).__name__,
)
def test_what_has_not_happened_yet_is_not_written(said: Said) -> None:
    """No entry says of a later moment that something happened then."""
    late = after(601) if isinstance(said, AsbCase) else NOON
    assert Told().tell(replace(CASE, said=said, happened_at=late), 600).reasons == (Reason.ENTRY_IN_FUTURE,)
    assert Told().tell(replace(CASE, said=said, happened_at=late), 601).reasons == (Reason.COMMAND,)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CASE, happened_at=YEAR_1),
        replace(CASE, happened_at=YEAR_1.replace(tzinfo=timezone(timedelta(hours=14)))),
        replace(ASKED, said=replace(ASKED.said, deadline=YEAR_9999)),
        replace(ASKED, said=replace(ASKED.said, fulfilled=replace(DONE, at=YEAR_1))),
        replace(MISSING, said=Misper("M", "t", outcome=MisperOutcome.RETURNED, ended_at=YEAR_1)),
        replace(CASE, said=Milestone(Goal.DV_CHARTER_MARK, GoalState.IN_PROGRESS, "t", YEAR_1)),
        replace(CASE, said=Operation(OperationNature.OVERT, "o", "t", YEAR_1)),
        replace(CASE, said=Operation(OperationNature.OVERT, "o", "t", NOON, YEAR_9999)),
    ],
)
def test_no_moment_lies_where_no_calendar_reaches(wrong: EntryWritten) -> None:
    """An entry of the year 1, or with a promise for 9999, is refused: nobody could count it or show it."""
    room = Told()
    assert room.tell(wrong, 600).reasons == (Reason.ENTRY_OUT_OF_TIME,)
    room.tell(replace(wrong, happened_at=NOON, said=CASE.said), 600)
    fix = EntryCorrected("LOG-2", 1, "op-1", "slip", YEAR_1, CASE.said)
    assert room.tell(fix, 600).reasons == (Reason.ENTRY_OUT_OF_TIME,)


def test_a_search_does_not_end_in_the_year_1() -> None:
    """What ends an open matter names a moment of this room as well."""
    room = Told()
    room.tell(MISSING)
    ended = MisperEnded("LOG-1", 1, "op-2", MisperOutcome.RETURNED, contributed=False, at=YEAR_1)
    assert room.tell(ended, 60).reasons == (Reason.ENTRY_OUT_OF_TIME,)


def test_a_correction_is_a_new_version_with_author_and_reason() -> None:
    """What was wrong reads right from now on; who saw the old version is told; the kind stays."""
    room = Told()
    room.tell(CASE)
    better = AsbCase("A-1", "stones thrown", resolved_by_cctv=False)
    fix = EntryCorrected("LOG-1", 1, "op-2", "went to court without us", NOON, better, Area.INNER_SOUTH)

    assert room.tell(replace(fix, said=MISSING.said)).reasons == (Reason.ENTRY_KIND_STAYS,)
    assert room.tell(replace(fix, happened_at=after(1))).reasons == (Reason.ENTRY_IN_FUTURE,)
    assert room.tell(fix, 60).reasons == (Reason.COMMAND,)
    assert room.tell(fix, 61).reasons == (Reason.COMMAND_STALE,)
    kept = entry(room)
    assert (kept.version, kept.said, kept.author, kept.area) == (2, better, "op-1", Area.INNER_SOUTH)
    assert kept.revised is not None
    assert (kept.revised.author, kept.revised.reason) == ("op-2", "went to court without us")


def test_what_is_withdrawn_stays_to_be_read_and_is_touched_no_more() -> None:
    """Deletion does not exist: the entry stands there as withdrawn, and with it goes its deadline."""
    room = Told()
    room.tell(ASKED)
    assert room.tell(EntryWithdrawn("LOG-1", 1, "op-2", "written twice")).reasons == (Reason.COMMAND,)
    again = EntryWithdrawn("LOG-1", 2, "op-2", "once more")
    assert room.tell(again).reasons == (Reason.ENTRY_IS_WITHDRAWN,)
    assert (entry(room).withdrawn, entry(room).said) == (True, ASKED.said)
    assert (room.state.log_book.opened, next_deadline(room.state)) == ({}, None)


def test_a_request_for_footage_is_open_until_it_is_fulfilled() -> None:
    """Its deadline is a watch; what is handed over in time is never called late."""
    room = Told()
    room.tell(ASKED)
    assert next_deadline(room.state) == after(DAY_S)
    assert room.tell(FootageFulfilled("LOG-1", 1, "op-2", DONE), 60).reasons == (Reason.COMMAND,)
    assert room.tell(FootageFulfilled("LOG-1", 2, "op-2", DONE), 61).reasons == (Reason.ENTRY_NOT_OPEN,)
    assert (room.state.log_book.opened, next_deadline(room.state)) == ({}, None)
    said = entry(room).said
    assert isinstance(said, FootageRequest)
    assert said.fulfilled == DONE


def test_a_missed_deadline_is_raised_and_once_more_each_day_also_after_a_restart() -> None:
    """It is counted at its moment and again a day later, and once after an outage of three days."""
    room = Told()
    room.tell(ASKED)
    assert room.tell(Tick(), DAY_S).reasons == (Reason.ENTRY_OVERDUE,)
    assert entry(room).overdue == 1
    room.state = from_bytes(to_bytes(room.state))
    assert next_deadline(room.state) == after(2 * DAY_S)
    assert room.tell(Tick(), 5 * DAY_S + 60).reasons == (Reason.ENTRY_OVERDUE,)
    assert (entry(room).overdue, next_deadline(room.state)) == (2, after(6 * DAY_S))


def test_a_deadline_that_is_moved_begins_anew() -> None:
    """A request that was late and got more time is late no longer."""
    room = Told()
    room.tell(ASKED)
    room.tell(Tick(), DAY_S)
    assert isinstance(ASKED.said, FootageRequest)
    said = replace(ASKED.said, deadline=after(3 * DAY_S))
    room.tell(EntryCorrected("LOG-1", 1, "op-1", "court moved", NOON, said), DAY_S + 1)
    assert (entry(room).overdue, next_deadline(room.state)) == (0, after(3 * DAY_S))


def test_a_misper_is_open_until_the_search_is_over() -> None:
    """The outcome ends it, with whether CCTV contributed; a request for footage has no such end."""
    room = Told()
    room.tell(MISSING)
    room.tell(ASKED)
    assert set(room.state.log_book.opened) == {"LOG-1", "LOG-2"}
    over = MisperEnded("LOG-1", 1, "op-2", MisperOutcome.FOUND_SAFE, contributed=True, at=after(60))
    assert room.tell(replace(over, entry="LOG-2"), 60).reasons == (Reason.ENTRY_NOT_OPEN,)
    assert room.tell(over, 60).reasons == (Reason.COMMAND,)
    assert set(room.state.log_book.opened) == {"LOG-2"}


def test_what_is_restricted_is_unknown_to_everybody_else() -> None:
    """Who may not see an entry cannot touch it, and is not told that there is one."""
    room = Told()
    room.tell(replace(CASE, restricted=("op-9",)))
    strike = EntryWithdrawn("LOG-1", 1, "op-2", "curious")
    assert room.tell(strike).reasons == (Reason.ENTRY_UNKNOWN,)
    assert room.tell(replace(strike, entry="LOG-77")).reasons == (Reason.ENTRY_UNKNOWN,)
    readers = entry(room).readers
    assert [may_see(readers, who) for who in ("op-1", "op-9", "op-2", None)] == [True, True, False, False]
    assert may_see((), None)
    assert room.tell(replace(strike, author="op-9")).reasons == (Reason.COMMAND,)


def test_an_entry_that_is_kept_whole_no_longer_can_still_be_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Last year's figures can be put right; only what is beyond every bound is the journal's alone."""
    monkeypatch.setattr(book_state, "RECENT_KEPT", 2)
    monkeypatch.setattr(book_state, "TRACES_KEPT", 4)
    room = Told()
    for _ in range(5):
        room.tell(CASE)
    assert list(room.state.log_book.recent) == ["LOG-4", "LOG-5"]
    assert list(room.state.log_book.traces) == ["LOG-2", "LOG-3", "LOG-4", "LOG-5"]
    fix = EntryCorrected("LOG-2", 1, "op-2", "wrong place", NOON, CASE.said, Area.OUTER_WEST)
    assert room.tell(replace(fix, entry="LOG-1")).reasons == (Reason.ENTRY_UNKNOWN,)
    (corrected,) = room.tell(fix).changes
    assert isinstance(corrected, EntryKept)
    assert corrected.entry.author == "op-1"
    assert list(room.state.log_book.recent) == ["LOG-4", "LOG-5"]
    assert room.tell(EntryWithdrawn("LOG-2", 2, "op-2", "twice")).reasons == (Reason.COMMAND,)
    assert room.state.log_book.traces["LOG-2"].withdrawn


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["write", "ask", "miss", "correct", "withdraw", "fulfil", "end", "tick"]),
        st.integers(1, 8),
        st.integers(1, 3),
        st.integers(0, 2 * DAY_S),
    ),
    max_size=25,
)


@given(ACTS)
def test_whatever_people_do_the_open_matters_are_those_that_are_open(
    acts: list[tuple[str, int, int, int]],
) -> None:
    """Deadlines are watched exactly while a request is open; a restart has the same bytes."""
    room, clock = Told(), 0
    for what, number, version, seconds in acts:
        clock += seconds
        name, now = f"LOG-{number}", after(clock)
        commands: dict[str, Event] = {
            "write": CASE,
            "ask": replace(ASKED, said=replace(ASKED.said, deadline=now + timedelta(days=1))),
            "miss": MISSING,
            "correct": EntryCorrected(name, version, "op-2", "why", NOON, ASKED.said),
            "withdraw": EntryWithdrawn(name, version, "op-2", "why"),
            "fulfil": FootageFulfilled(name, version, "op-2", replace(DONE, at=now)),
            "end": MisperEnded(name, version, "op-2", MisperOutcome.RETURNED, contributed=False, at=now),
            "tick": Tick(),
        }
        room.tell(commands[what], clock)
        book = room.state.log_book
        watched = {name for kind in room.state.watches.armed.values() for name in kind}
        due = {name for name, one in book.opened.items() if isinstance(one.said, FootageRequest)}
        assert watched == due
        assert all(not book.traces[name].withdrawn for name in book.opened)
        assert to_bytes(from_bytes(to_bytes(room.state))) == to_bytes(room.state)
