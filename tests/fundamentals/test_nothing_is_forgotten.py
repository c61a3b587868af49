"""Short stories: somebody is always expected to do something next; when nobody does, others hear of it."""

from controlroom.commands.work import Parked
from controlroom.events import CrewReported, Owned
from controlroom.incidents.incident import Level, Status
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import after, signal
from tests.fundamentals.shipped_room import MINUTE, ShippedRoom


def test_a_crew_that_accepted_and_never_came_is_missed() -> None:
    """Noon: a panic button, a crew accepts. It never arrives, and people hear of that again and again."""
    room = ShippedRoom()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.tell(CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.ACCEPTED), minute=0.5)

    room.until(19)
    assert room.state.incidents["INC-1"].status is Status.DISPATCHED
    told: list[Level | None] = []
    for minute in (20, 21, 22, 23):
        room.until(minute)
        told.append(room.state.incidents["INC-1"].level)

    assert told == [Level.OPERATOR, Level.SUPERVISOR, Level.DUTY_MANAGER, Level.DUTY_MANAGER]


def test_an_operator_who_went_home_with_an_incident() -> None:
    """An operator takes an alarm and is never heard of again: within the house's time the others have it."""
    room = ShippedRoom()
    room.alarm("tamper", 0)
    waiting = room.state.incidents["INC-1"]
    room.tell(Owned(waiting.id, waiting.version, "operator-1"), minute=1)

    room.until(15)
    assert room.state.incidents["INC-1"].status is Status.OWNED
    room.until(16)

    left = room.state.incidents["INC-1"]
    assert (left.status, left.owner, left.level) == (Status.ESCALATED, "operator-1", Level.OPERATOR)


def test_the_keyholder_comes_at_two() -> None:
    """An operator parks a quiet alarm until the keyholder comes; then it is the operator's again."""
    room = ShippedRoom()
    room.alarm("environment", 0)
    waiting = room.state.incidents["INC-1"]
    room.tell(Owned(waiting.id, waiting.version, "operator-1"), minute=1)
    owned = room.state.incidents["INC-1"]
    room.tell(
        Parked(owned.id, owned.version, "operator-1", after(120 * MINUTE), "keyholder at two"), minute=2
    )

    room.until(119)
    assert room.state.incidents["INC-1"].status is Status.PARKED
    room.until(120)

    back = room.state.incidents["INC-1"]
    assert (back.status, back.owner, back.due) == (Status.OWNED, "operator-1", after(135 * MINUTE))
