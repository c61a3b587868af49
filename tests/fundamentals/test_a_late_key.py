"""Short stories: somebody comes in and has not found the key yet, and an alarm waits for a moment."""

from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.fundamentals.shipped_room import ShippedRoom


def test_the_caretaker_unsets_within_two_minutes() -> None:
    """A detector trips, the caretaker unsets a minute later: nobody was troubled, and it is on record."""
    room = ShippedRoom()
    room.alarm("intruder", 0)
    assert not room.state.incidents

    unset = room.tell(signal(Kind.ARC_ALARM, "unset", event="opened"), minute=1)

    assert Reason.ABORTED in unset.reasons
    room.until(10)
    assert not room.state.incidents


def test_nobody_unsets_so_an_operator_looks() -> None:
    """Two minutes pass without a word: the alarm stands in the list, and says how long it was held."""
    room = ShippedRoom()
    room.alarm("intruder", 0)

    room.until(2)

    incident = next(iter(room.state.incidents.values()))
    assert (incident.status, incident.rule, incident.held_s) == (Status.NEW, "intruder-set-in-hours", 120)


def test_a_second_detector_ends_the_waiting() -> None:
    """Half a minute later another detector trips: that is no late key, and a crew goes at once, for both."""
    room = ShippedRoom()
    room.alarm("intruder", 0, zone="DOOR")

    second = room.tell(signal(Kind.ARC_ALARM, "second", event="intruder", zone="OFFICE"), minute=0.5)

    incident = next(iter(room.state.incidents.values()))
    assert [order.unit for order in second.orders] == ["MR-01"]
    assert (incident.signals, incident.held_s) == (2, 30)


def test_fire_never_waits() -> None:
    """A fire beside a held detector opens at once; nothing about a life is ever held."""
    room = ShippedRoom()
    room.alarm("intruder", 0)
    room.alarm("fire", 0.5)

    assert [incident.event for incident in room.state.incidents.values()] == ["fire"]
