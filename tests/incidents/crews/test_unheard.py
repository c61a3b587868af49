"""A crew that the room could not hear, because it was away itself, is none of the three that it asks."""

import pytest
from msgspec.structs import replace

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew, Estate
from controlroom.events import Event, LinkLost, LinkRestored, RoomOpened, Tick
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.orders import SendCrew
from controlroom.signals.vocabulary import Kind
from tests.build import estate, handbook, signal
from tests.incidents.test_decide import Told

OPENED = RoomOpened("w", 1, "rules", demonstration=False)


def the_one(room: Told) -> Incident:
    """Return the only incident."""
    (found,) = room.state.incidents.values()
    return found


def asked(room: Told) -> list[str]:
    """Return the units that were asked and are counted."""
    return list(the_one(room).refused_by)


def sent(*outage: tuple[float, Event]) -> Told:
    """Return a room that heard, sent MR-01 at noon, and that this happened to afterwards."""
    crews = {f"MR-0{nth}": Crew(f"MR-0{nth}", Area.INNER_EAST) for nth in range(1, 7)}
    room = Told(replace(handbook(), estate=Estate(estate().places, crews)))
    room.tell(OPENED, -20)
    room.tell(LinkRestored(), -10)
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    for at_s, event in outage:
        room.tell(event, at_s)
    return room


def test_a_crew_that_does_not_answer_a_room_that_hears_is_counted() -> None:
    """A minute of silence is a no."""
    room = sent()
    assert room.tell(Tick(), 60).reasons == (Reason.NOT_ACCEPTED, Reason.NEXT_CREW_AFTER_SILENCE)
    assert asked(room) == ["MR-01"]


@pytest.mark.parametrize(
    "outage",
    [
        ((113, OPENED),),
        ((20, OPENED), (25, LinkRestored())),
        ((20, LinkLost("gone")),),
        ((20, LinkLost("gone")), (50, LinkRestored())),
    ],
    ids=["down", "down and back", "deaf", "deaf and back"],
)
def test_a_crew_that_could_not_be_heard_is_not_counted(outage: tuple[tuple[float, Event], ...]) -> None:
    """The next one goes and a level is told all the same; who was not heard may be asked again."""
    room = sent(*outage)
    decision = room.tell(Tick(), max(60, outage[-1][0]))
    assert decision.reasons == (Reason.NOT_ACCEPTED, Reason.OUTAGE_EXPLAINS, Reason.NEXT_CREW_AFTER_SILENCE)
    assert [order.unit for order in decision.orders] == ["MR-01", "MR-02"]  # one is stood down, one is sent
    assert asked(room) == []
    incident = the_one(room)
    assert (incident.status, incident.escalations) == (Status.DISPATCHED, 1)


def test_the_third_that_could_not_be_heard_is_not_the_last() -> None:
    """Two that did not answer and one that was not heard are two: somebody else is asked."""
    room = sent()
    room.tell(Tick(), 60)
    room.tell(Tick(), 120)
    assert len(asked(room)) == 2
    room.tell(LinkLost("gone"), 130)
    decision = room.tell(Tick(), 180)
    assert any(isinstance(order, SendCrew) for order in decision.orders)
    assert len(asked(room)) == 2


def test_an_outage_that_goes_on_does_not_ask_in_turns_for_ever() -> None:
    """Whoever is asked by a room that knows that it is deaf is counted; then the supervisor has it."""
    room = sent((20, LinkLost("gone")))
    asked_in_all = 1
    for minute in range(1, 9):
        decision = room.tell(Tick(), 60 * minute)
        asked_in_all += sum(isinstance(order, SendCrew) for order in decision.orders)
    assert asked_in_all == 4
    assert the_one(room).status is Status.ESCALATED
