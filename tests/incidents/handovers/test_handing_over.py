"""A shift is handed over by two people, and what one owned is the other's in one step."""

from controlroom.commands.handovers import HandoverTaken, HandoverWritten, SheetLine
from controlroom.commands.work import EscalatedByHand, Parked
from controlroom.events import CrewSent, Owned, Tick
from controlroom.incidents.handovers.state import HANDOVERS_KEPT
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, signal
from tests.incidents.crews.test_raising import OnTheWay
from tests.incidents.test_decide import Told

LINE = SheetLine("Open", "INC-1", "panic at S1")


def handed(room: Told, author: str = "ann") -> str:
    """Write a sheet; return its id."""
    room.tell(HandoverWritten(author, "the key comes at six", (LINE,)), 10)
    return f"HO-{room.state.position}"


def test_both_sides_sign_and_nobody_signs_both() -> None:
    """The sheet waits for somebody else; capitals and spaces make nobody another person."""
    room = Told(handbook())
    name = handed(room)
    assert room.tell(HandoverTaken(" ANN", name, with_work=False), 20).reasons == (
        Reason.HANDOVER_NEEDS_SECOND,
    )
    assert room.tell(HandoverTaken("bo", "HO-99", with_work=False), 20).reasons == (Reason.HANDOVER_UNKNOWN,)
    assert room.tell(HandoverTaken("bo", name, with_work=False, said="read"), 30).reasons == (Reason.COMMAND,)
    kept = room.state.handovers[name]
    assert (kept.given_by, kept.taken_by, kept.taken_at, kept.sheet) == ("ann", "bo", after(30), (LINE,))
    assert room.tell(HandoverTaken("cy", name, with_work=True), 40).reasons == (Reason.HANDOVER_SIGNED,)


def test_the_work_goes_over_in_one_step() -> None:
    """Everything that one owned is the other's: owned, parked and with a crew; what others own stays."""
    room = Told(handbook())
    for number, author in enumerate(("ann", "ann", "ann", "cy"), 1):
        room.tell(signal(Kind.ARC_ALARM, f"a{number}", event="other"), 0)
        room.tell(Owned(next(reversed(room.state.incidents)), 1, author), 1)
    first, second, third, fourth = room.state.incidents
    room.tell(Parked(second, 2, "ann", after(1_800), "waits for the key"), 2)
    room.tell(CrewSent(third, 2, "ann"), 3)
    crew_due = room.state.incidents[third].due
    name = handed(room)
    room.tell(HandoverTaken("bo", name, with_work=True), 100)

    incidents = room.state.incidents
    assert {one.owner for one in (incidents[first], incidents[second], incidents[third])} == {"bo"}
    assert incidents[fourth].owner == "cy"
    assert (incidents[first].status, incidents[first].due) == (Status.OWNED, after(1_000))
    assert (incidents[second].status, incidents[second].parked) == (Status.PARKED, "waits for the key")
    assert incidents[second].due == after(1_800)
    assert (incidents[third].status, incidents[third].due) == (Status.DISPATCHED, crew_due)
    assert room.tell(Tick(), 1_800).reasons
    assert room.state.incidents[second].owner == "bo"


def test_what_is_expected_of_a_crew_stays_with_the_work() -> None:
    """A crew that does not come is noticed, and what joined is looked at, whoever has it by then."""
    room = OnTheWay(owned=True)
    room.report(Step.EN_ROUTE)
    room.tell(EscalatedByHand("INC-1", room.version, "op-1", "no answer"), 20)
    room.tell(Owned("INC-1", room.version, "op-1"), 30)
    room.hears(at_s=100)
    expected = {kind: room.due(kind) for kind in (WatchKind.ARRIVAL, WatchKind.ANSWER, WatchKind.OWNER_MOVES)}
    assert None not in expected.values()

    room.tell(HandoverTaken("bo", handed(room, "op-1"), with_work=True), 110)

    assert room.state.incidents["INC-1"].owner == "bo"
    assert room.due(WatchKind.ARRIVAL) == expected[WatchKind.ARRIVAL]
    assert room.due(WatchKind.ANSWER) == expected[WatchKind.ANSWER]


def test_the_last_handovers_are_kept() -> None:
    """The room remembers a bounded number, the newest."""
    room = Told(handbook())
    names = [handed(room, f"op-{number}") for number in range(HANDOVERS_KEPT + 3)]
    assert list(room.state.handovers) == names[3:]
