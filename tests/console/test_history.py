"""An incident's timeline: every signal, decision, order, note and person, in order."""

from controlroom.commands.crews import CrewSpoke
from controlroom.commands.plan_steps import StepSkipped
from controlroom.commands.work import Noted
from controlroom.console.history import INCIDENTS_KEPT, POSITIONS_KEPT, Timelines, timeline
from controlroom.events import Closed, Owned
from controlroom.incidents.crews.changes import OrderEnded
from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.measures.test_ledger import report

WIRE = Wire("t", b"")


async def test_a_timeline_tells_everything_once_and_in_order() -> None:
    """Signals with rule and reasons, the order, the crew's steps, people's words, and the end."""
    timelines = Timelines()
    room = SmallRoom(timelines.released)
    room.happens(signal(Kind.ARC_ALARM, "a1", event="intruder"))
    order = next(iter(room.state.orders))
    room.happens(signal(Kind.GUARD, "g1"), signal(Kind.ARC_ALARM, "a2", event="intruder"))
    room.happens(report(Step.ACCEPTED, order=order))
    version = room.state.incidents["INC-1"].version
    room.happens(Owned("INC-1", version, "op-1"), Noted("INC-1", version + 1, "op-2", "rang back"))
    version = room.state.incidents["INC-1"].version
    room.happens(StepSkipped("INC-1", version, "op-1", "look", "dark"))
    room.happens(Closed("INC-1", version + 1, "op-1", Outcome.GENUINE))

    entries = await timeline(room.parts(), timelines, room.state.closed["INC-1"])
    told = [(entry.what, entry.said) for entry in entries if entry.what != "moved"]
    assert told[:3] == [("opened", "intruder"), ("order", told[1][1]), ("signal", "intruder")]
    assert told[3:] == [
        ("crew", "accepted"),
        ("note", "rang back"),
        ("step_skipped", "look: dark"),
        ("crew", "recalled"),
        ("closed", "genuine"),
        ("stood_down", told[-1][1]),
    ]
    assert entries[0].rule == "about-intruder"
    assert [entry.position for entry in entries] == sorted(entry.position for entry in entries)
    assert {entry.by for entry in entries if entry.what == "note"} == {"op-2"}


def test_the_index_is_bounded() -> None:
    """It keeps the incidents touched last, and the last positions of each."""
    timelines = Timelines()
    for number in range(INCIDENTS_KEPT + 5):
        timelines._note(f"INC-{number}", number)
    for position in range(POSITIONS_KEPT + 50):
        timelines._note("INC-7000", 10_000 + position)
    assert len(timelines._positions) == INCIDENTS_KEPT
    assert "INC-0" not in timelines._positions
    assert len(timelines._positions["INC-7000"]) == POSITIONS_KEPT


async def test_a_timeline_tells_of_its_own_order_where_two_end_at_once() -> None:
    """A crew that goes off duty leaves two jobs in one record; each incident tells of its own order."""
    timelines = Timelines()
    room = SmallRoom(timelines.released)
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    room.happens(CrewSpoke(WIRE, "MR-02", CrewWord.BUSY, b"1"), signal(Kind.ARC_ALARM, "a2", event="fire"))
    [record] = room.happens(CrewSpoke(WIRE, "MR-01", CrewWord.BOOKED_OFF, b"2"))
    ended = [change.order for change in record.decision.changes if isinstance(change, OrderEnded)]
    assert len(ended) == 2

    for incident in room.state.incidents.values():
        entries = await timeline(room.parts(), timelines, incident)
        last = [(one.what, one.said) for one in entries if one.position == record.position]
        assert [what for what, _ in last].count("crew") == 1, last
