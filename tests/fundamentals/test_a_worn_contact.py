"""Short stories: a detector that will not rest, and the fire beside it."""

from controlroom.incidents.reasons import Reason
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.fundamentals.shipped_room import NIGHT, ShippedRoom


def test_the_worn_contact_of_the_back_door() -> None:
    """One door trips all night: after five times it is counted and alarms nobody; a fire is heard at once."""
    room = ShippedRoom()
    room.alarm("closed", NIGHT)
    reasons = []
    for trip in range(8):
        told = signal(Kind.ARC_ALARM, f"door-{trip}", event="tamper", zone="BACK-DOOR")
        reasons.append(Reason.SWINGER in room.tell(told, NIGHT + 5 + trip).reasons)
    assert reasons == [False] * 5 + [True] * 3
    assert [one.signals for one in room.state.incidents.values()] == [8]

    room.alarm("fire", NIGHT + 20)
    assert min(one.priority for one in room.state.incidents.values()) == 1

    room.alarm("opened", NIGHT + 30)
    assert room.state.rollups.zones == {}
