"""How long people waited: when the clock starts and stops, what is apart, and what a restart keeps."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.entries import Income
from controlroom.commands.entry_words import IncomeFrom
from controlroom.estate.areas import Area
from controlroom.incidents.changes import (
    Change,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentMoved,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
)
from controlroom.incidents.endings import Ending
from controlroom.incidents.help_points.changes import AtHelpPoint, CallAnswered
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry, Revision
from controlroom.incidents.record import Decision
from controlroom.measures.answering import follow
from controlroom.measures.desk import DeskFigures, count
from controlroom.measures.waits import Answering, Judged, Stage, Told, Waited, tenths
from controlroom.orders import SendCrew
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, after

WAITING = Incident(
    id="INC-1",
    kind=Kind.ARC_ALARM,
    area=Area.INNER_EAST,
    source="leedswatch/inner-east/arc-alarm/S1",
    site="S1",
    event="intruder",
    priority=2,
    status=Status.NEW,
    opened_at=NOON,
    rule="r",
    why="w",
    simulated=False,
    activation=True,
    answer_within_s=90,
    respond_within_s=1200,
)
ORDER = SendCrew(
    id="ORD-1",
    incident="INC-1",
    unit="MR-01",
    area=Area.INNER_EAST,
    kind=Kind.ARC_ALARM,
    source="s",
    site="S1",
    priority=2,
    instruction="go",
    simulated=False,
    respond_within_s=1200,
)
OPENED = Decision((IncidentOpened(WAITING),))
SENT_BY_ROOM = Decision((IncidentOpened(replace(WAITING, status=Status.DISPATCHED)),), (ORDER,))
OWNED = Decision((IncidentMoved("INC-1", Status.OWNED, owner="op-1", by="op-1"),))
SENT = Decision((IncidentMoved("INC-1", Status.DISPATCHED, owner="op-1", by="op-1"),), (ORDER,))
ON_ITS_WAY = Decision((IncidentMoved("INC-1", Status.DISPATCHED, by="MR-01"),))
THERE = Decision((IncidentMoved("INC-1", Status.ON_SCENE, by="MR-01"),))
ESCALATED = Decision((IncidentMoved("INC-1", Status.ESCALATED, because="not_answered_in_time"),))
Step = tuple[float, Decision]


def closed(by: str = "", outcome: str = Ending.RESTORED) -> Decision:
    """Return the decision that ends the incident."""
    return Decision((IncidentClosed("INC-1", NOON, outcome, by),))


def story(*steps: Step) -> tuple[list[Told], Answering]:
    """Return what was told after these steps, each so many seconds after noon, and the book."""
    book, told = Answering(), []
    for at_s, decision in steps:
        told += follow(book, after(at_s), decision, count_simulated=True)
    return told, book


ANSWERED = Waited(Stage.ANSWERED, Kind.ARC_ALARM, 40.0)
IN_TIME = Judged(Stage.ANSWERED, Kind.ARC_ALARM, within=True)
TOO_LATE = Judged(Stage.ANSWERED, Kind.ARC_ALARM, within=False)


@pytest.mark.parametrize(
    "act",
    [
        OWNED,
        SENT,
        Decision((IncidentNoted("INC-1", "op-1", "I look"),)),
        Decision((IncidentMoved("INC-1", Status.PARKED, by="op-1", parked="later"),)),
        closed("op-1", "false_alarm"),
        Decision((IncidentAbsorbed("INC-1", "INC-2", NOON),)),
        Decision((AtHelpPoint(CallAnswered("h", "K1", 12.0, "INC-1")),)),
    ],
    ids=["own", "send", "note", "park", "close", "merge", "voice"],
)
def test_the_first_act_of_a_person_is_the_answer(act: Decision) -> None:
    """Whatever a person does first stops the clock, once, and is judged by the rule's limit."""
    told, book = story((0, OPENED), (40, act), (60, OWNED))

    assert [one for one in told if one.stage is Stage.ANSWERED] == [ANSWERED, IN_TIME]
    assert book.months["2026-03"].answered == {"arc-alarm 90": {400: 1}}


def test_what_is_no_act_of_a_person_answers_nothing() -> None:
    """A crew's word and an escalation stop no clock; a limit that passes is told when it passes, and once."""
    told, _ = story((0, OPENED), (90, ESCALATED), (270, ESCALATED), (300, OWNED))

    assert told == [TOO_LATE, Waited(Stage.ANSWERED, Kind.ARC_ALARM, 300.0)]
    told, _ = story((0, SENT_BY_ROOM), (10, ON_ITS_WAY), (600, THERE))
    assert not [one for one in told if one.stage is Stage.ANSWERED]


@pytest.mark.parametrize(
    "steps",
    [
        ((0, SENT_BY_ROOM), (30, OWNED)),
        ((0, OPENED), (30, closed())),
        ((0, OPENED), (20, Decision((IncidentMoved("INC-1", Status.DISPATCHED),), (ORDER,))), (30, OWNED)),
    ],
    ids=["sent", "over", "sent later"],
)
def test_what_the_room_handled_itself_is_apart(steps: tuple[Step, ...]) -> None:
    """What a rule sent a crew to, or what was over before anybody had to look, enters no answering time."""
    told, book = story(*steps)

    assert not [one for one in told if one.stage is Stage.ANSWERED]
    assert book.months["2026-03"].by_room == {"arc-alarm": 1}
    assert book.months["2026-03"].answered == {}


def test_a_crew_is_timed_from_the_first_order() -> None:
    """A refusal and a second order do not begin the time anew; only who arrives ends it, and only once."""
    again = Decision(
        (IncidentMoved("INC-1", Status.DISPATCHED, by="MR-01"),), (replace(ORDER, unit="MR-02"),)
    )
    there = Decision((IncidentMoved("INC-1", Status.ON_SCENE, by="MR-02"),))
    told, book = story((0, OPENED), (30, SENT), (60, again), (1230, there), (1300, there))

    assert Waited(Stage.SENT, Kind.ARC_ALARM, 30.0) in told
    arrived = [one for one in told if one.stage is Stage.ARRIVED]
    assert arrived == [
        Waited(Stage.ARRIVED, Kind.ARC_ALARM, 1200.0),
        Judged(Stage.ARRIVED, Kind.ARC_ALARM, within=True),
    ]
    assert book.months["2026-03"].arrived == {"arc-alarm 1200": {12000: 1}}


def test_a_reopened_incident_starts_no_clock() -> None:
    """A person opened it again and has it: nobody waits for an answer that was given."""
    told, book = story(
        (0, OPENED), (9, closed("op-1")), (20, Decision((IncidentReopened(WAITING),))), (99, OWNED)
    )

    assert [type(one) for one in told] == [Waited, Judged]
    assert list(book.open) == ["INC-1"]


def test_simulated_incidents_count_only_in_a_demonstration() -> None:
    """In a live room what a simulator caused is in no figure."""
    decision = Decision((IncidentOpened(replace(WAITING, simulated=True)),))
    book = Answering()
    told = follow(book, NOON, decision, count_simulated=False)
    told += follow(book, after(5), OWNED, count_simulated=False)

    assert (told, book) == ([], Answering())


@given(st.floats(0, 100_000, allow_nan=False), st.sampled_from((30, 60, 90, 180, 600, 1800)))
def test_rounding_never_keeps_a_limit(seconds: float, limit_s: int) -> None:
    """A time is kept rounded up: what is within a limit as it is kept was within it."""
    seconds = round(seconds, 6)

    assert (tenths(seconds) <= limit_s * 10) == (seconds <= limit_s)


ENTRY = LogEntry("LOG-1", 1, "op-1", NOON, NOON, Income(IncomeFrom.PATROL, 100, "a patrol"), simulated=False)
STEPS: Sequence[Decision] = (
    Decision((EntryKept(ENTRY),)), Decision((EntryStruck("LOG-1", 2, Revision("op-1", "wrong", NOON)),)),
    OPENED, SENT_BY_ROOM, OWNED, SENT, ON_ITS_WAY, THERE, ESCALATED, closed(), closed("op-1"),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 4000)), max_size=30), st.integers(0, 30))
def test_a_restart_anywhere_changes_no_figure(steps: list[tuple[Decision, int]], cut: int) -> None:
    """From a snapshot at any position, with records told again, the figures end the same, byte for byte."""
    now, records = 0, []
    for decision, wait_s in steps:
        now += wait_s
        records.append((after(now), decision))
    whole = told(DeskFigures(), records)
    half = told(DeskFigures(), records[:cut])
    restored = msgspec.msgpack.decode(msgspec.msgpack.encode(half), type=DeskFigures)

    assert msgspec.msgpack.encode(told(restored, records)) == msgspec.msgpack.encode(whole)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 4000)), max_size=30))
def test_every_incident_that_opened_is_counted_at_most_once(steps: list[tuple[Decision, int]]) -> None:
    """Answered by a person, or handled by the room: never both, and never twice."""
    now, records = 0, []
    for decision, wait_s in steps:
        now += wait_s
        records.append((after(now), decision))
    figures = told(DeskFigures(), records)
    opened = sum(1 for decision, _ in steps if decision in {OPENED, SENT_BY_ROOM})
    counted = 0
    for month in figures.answering.months.values():
        counted += sum(month.by_room.values())
        counted += sum(sum(times.values()) for times in month.answered.values())

    assert counted <= opened


def told(figures: DeskFigures, records: Sequence[tuple[datetime, Decision]]) -> DeskFigures:
    """Return the figures after these records, the first at position 1."""
    for position, (now, decision) in enumerate(records, 1):
        count(figures, position, now, decision, count_simulated=True)
    return figures


def test_an_ordinary_signal_is_nobodys_wait() -> None:
    """A record without an incident moves the position and nothing else."""
    change: tuple[Change, ...] = ()
    figures = told(DeskFigures(), [(NOON, Decision(change))])

    assert figures == DeskFigures(position=1)
