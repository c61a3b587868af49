"""An incident's timeline: every signal, decision, order, note and person, in order."""

from controlroom.commands.crews import CrewWordTaken
from controlroom.commands.plan_steps import StepSkipped
from controlroom.commands.work import Noted
from controlroom.console.history import INCIDENTS_KEPT, POSITIONS_KEPT, Timelines, timeline
from controlroom.events import Closed, Owned
from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.measures.test_ledger import report


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


async def test_what_becomes_of_another_order_in_the_same_breath_is_in_no_other_timeline() -> None:
    """A crew with two jobs goes off duty: each of the two incidents tells of its own order alone."""
    timelines = Timelines()
    room = SmallRoom(timelines.released)
    room.happens(*(signal(Kind.ARC_ALARM, f"a{one}", event="panic") for one in range(3)))
    first, _, third = room.state.incidents.values()
    assert room.state.orders[first.order or ""].order.unit == room.state.orders[third.order or ""].order.unit
    room.happens(CrewWordTaken("MR-01", CrewWord.BOOKED_OFF, "op-1", b"off"))

    for incident in (first, third):
        entries = await timeline(room.parts(), timelines, room.state.incidents[incident.id])
        assert [entry.said for entry in entries if entry.what == "crew"] == ["off_duty"]


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
