"""Short stories: two alarms that are one thing, one incident that is two, and a mistake taken back."""

from controlroom.commands.work import Merged, SplitOff, Undone
from controlroom.signals.vocabulary import Kind
from tests.fundamentals.shipped_room import ShippedRoom


def test_water_and_a_call_from_the_same_street() -> None:
    """An operator takes water and a call for help for one event; it was two, and is taken back."""
    room = ShippedRoom()
    room.alarm("environment", 0)
    room.hears(Kind.HELP_POINT, 1)
    water, call = room.state.incidents.values()

    room.tell(Merged(water.id, water.version, "operator-1", call.id, call.version), minute=1.2)
    assert list(room.state.incidents) == [water.id]
    merged = room.state.incidents[water.id]
    assert (merged.signals, merged.priority) == (2, 2)

    room.tell(Undone(water.id, merged.version, "operator-1"), minute=1.3)

    again = room.state.incidents
    assert set(again) == {water.id, call.id}
    assert (again[water.id].due, again[call.id].due) == (water.due, call.due)


def test_the_second_alarm_was_another_matter() -> None:
    """Signals of one site join one incident; the one that is another matter becomes one of its own."""
    room = ShippedRoom()
    room.alarm("environment", 0, zone="CELLAR")
    room.alarm("fire_supervisory", 1, zone="PANEL")
    both = next(iter(room.state.incidents.values()))
    assert (both.signals, both.priority) == (2, 2)

    room.tell(SplitOff(both.id, both.version, "operator-1", (2,)), minute=2)

    water, panel = room.state.incidents.values()
    assert (water.event, water.priority, panel.event, panel.priority) == (
        "environment",
        3,
        "fire_supervisory",
        2,
    )
    assert panel.due is not None
