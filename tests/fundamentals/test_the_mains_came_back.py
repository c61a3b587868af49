"""Short stories: a fault that comes back by itself, and one that does not."""

from controlroom.incidents.endings import Ending
from controlroom.incidents.reasons import Reason
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.fundamentals.shipped_room import ShippedRoom


def test_both_lines_fail_and_come_back_before_anybody_looked() -> None:
    """A site is mute for a minute: the incident closes by itself, and says that the lines are back."""
    room = ShippedRoom()
    room.alarm("path_fault", 0, zone="LINE-1", set_state="unset")
    room.alarm("path_fault", 0.1, zone="LINE-2", set_state="unset")
    assert len(room.state.incidents) == 1

    room.alarm("path_fault", 0.8, zone="LINE-2", condition="restored", set_state="unset")

    assert [one.outcome for one in room.state.closed.values()] == [Ending.RESTORED]


def test_the_mains_did_not_come_back() -> None:
    """A mains fault is only logged by day; four hours later it is on the list of what never came back."""
    room = ShippedRoom()
    told = room.tell(signal(Kind.ARC_ALARM, "mains", event="mains_fault", zone="M"))
    assert told.reasons == (Reason.RULE,)

    room.until(239)
    assert not any(fault.unpaired for fault in room.state.faults.values())
    room.until(240)

    assert [fault.event for fault in room.state.faults.values() if fault.unpaired] == ["mains_fault"]
