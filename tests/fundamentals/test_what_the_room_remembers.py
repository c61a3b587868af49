"""Short stories: what the room remembers of a place, and what it makes of the next signal from there."""

from collections.abc import Callable

from msgspec.structs import replace

from controlroom.events import PutOnTest, TakeOffTest
from controlroom.incidents.lessons import CameOffTest, Confirmed, Threat
from controlroom.incidents.reasons import Reason
from controlroom.rules.model import Between, NoneOf, OneOf
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal, topic_of
from tests.fundamentals.shipped_room import MINUTE, NIGHT, ShippedRoom, shipped_rules
from tests.fundamentals.sites_room import SitesRoom, leeds, town


def test_a_second_detector_makes_it_an_intruder() -> None:
    """One detector may be a spider; another zone within half an hour is a person, and both are named."""
    room = ShippedRoom()
    assert room.alarm("intruder", 0, zone="Z1") == "intruder-set-in-hours"
    assert room.alarm("intruder", 5, zone="Z1") == "intruder-set-in-hours"

    told = room.tell(signal(Kind.ARC_ALARM, "second", event="intruder", zone="Z2"), 20)

    assert room.rules[-1] == "intruder-confirmed"
    assert Confirmed("S1", Threat.INTRUSION, by=(2, 3)) in told.changes
    assert Reason.CONFIRMED in told.reasons
    assert [order.unit for order in told.orders] == ["MR-01"]


def test_a_detector_that_will_not_stop_is_counted_in_its_incident() -> None:
    """The same zone trips again and again: from the sixth time on it is counted, and nobody is lost by it."""
    room = ShippedRoom()
    taken = []
    for trip in range(7):
        taken.append(room.alarm("intruder", 10 * trip))
        room.until(10 * trip + 2)

    assert taken == ["intruder-set-in-hours"] * 5 + ["intruder-swinger"] * 2
    assert room.alarm("panic", 70) == "panic"


def test_somebody_cuts_the_line_and_comes_in_later() -> None:
    """While a path stands failed an alarm is believed at once; when it is back, it is one alarm again."""
    room = ShippedRoom()
    room.alarm("path_fault", 0, zone="PATH-1")
    assert room.alarm("intruder", 50) == "intruder-path-failed"

    room.alarm("path_fault", 60, zone="PATH-1", condition="restored")

    assert room.alarm("intruder", 150) == "intruder-set-in-hours"


def test_a_panel_on_test_is_quiet_but_never_about_a_life() -> None:
    """On test an intruder is logged and listed; a fire still reaches a person; the test ends by itself."""
    room = ShippedRoom()
    alone = PutOnTest("S1", "new detectors", "Fitters Ltd", after(60 * MINUTE), "operator-1")
    assert room.tell(alone).reasons == (Reason.TEST_NEEDS_SECOND,)
    room.tell(replace(alone, second_author="operator-2"))

    assert room.alarm("intruder", 10, zone="Z1") == "on-test"
    assert room.alarm("fire", 20) == "life-safety-on-test"
    over = room.until(60)

    ended = next(change for change in over if isinstance(change, CameOffTest))
    assert (ended.test.swallowed, ended.test.positions, ended.by) == ({"intruder": 1}, (3,), None)
    assert room.alarm("intruder", 61, zone="Z2") == "intruder-set-in-hours"


def _intruders() -> ShippedRoom:
    room = ShippedRoom()
    room.alarm("path_fault", 0, zone="P1")
    room.alarm("intruder", 50, zone="Z1")
    room.alarm("tamper", 51, zone="Z2")
    room.alarm("intruder", 52, zone="Z3")
    for trip in range(6):
        room.alarm("intruder", 100 + trip, zone="Z1", panel_confirmed=False)
    return room


def _swinger() -> ShippedRoom:
    room = ShippedRoom()
    for trip in range(6):
        room.alarm("intruder", trip)
        room.until(trip + 0.5)
    return room


def _paths() -> ShippedRoom:
    room = ShippedRoom()
    room.alarm("path_fault", 0, zone="P1")
    room.alarm("path_fault", 1, zone="P2")
    room.alarm("opened", 2)
    room.alarm("path_fault", 3, zone="P1", set_state="unset")
    return room


def _hold_up() -> ShippedRoom:
    room = ShippedRoom()
    room.alarm("hold_up", 0)
    room.alarm("hold_up", 3)
    return room


def _refused_cards() -> ShippedRoom:
    room = ShippedRoom()
    for card in range(4):
        room.alarm("access", NIGHT + card)
    return room


def _on_test() -> ShippedRoom:
    room = ShippedRoom()
    for kind in Kind:
        until = after(30 * MINUTE)
        room.tell(PutOnTest(topic_of(kind), "yearly visit", "Fitters Ltd", until, "op-1", None, "op-2"))
    room.alarm("intruder", 1)
    room.alarm("fire", 2)
    room.hears(Kind.CAMERA_FAULT, 3)
    room.hears(Kind.HELP_POINT, 4)
    room.hears(Kind.LONE_WORKER, 5)
    room.hears(Kind.LONE_WORKER, 6, event="sos")
    room.hears(Kind.GUARD, 7)
    room.hears(Kind.PARK, 7)
    room.hears(Kind.PARK, 7, event="fire")
    room.hears(Kind.TELECARE, 7)
    room.hears(Kind.TELECARE, 7, event="fall")
    room.tell(TakeOffTest(topic_of(Kind.GUARD), "op-1"), 8)
    return room


def _shift() -> ShippedRoom:
    room = ShippedRoom()
    for minute, event in enumerate(("on_duty", "on_duty", "off_duty", "off_duty", "check_call")):
        room.hears(Kind.GUARD, minute, event=event)
    return room


def _flapping_camera() -> ShippedRoom:
    room = ShippedRoom()
    for time in range(4):
        room.hears(Kind.CAMERA_FAULT, 10 * time)
        room.hears(Kind.CAMERA_FAULT, 10 * time + 1, state="cleared")
    return room


def _stuck_button() -> ShippedRoom:
    room = ShippedRoom()
    for call in range(6):
        for step in ("started", "answered", "ended"):
            desk = {"answered_by": "DESK-1"} if step != "started" else {}
            room.hears(Kind.HELP_POINT, call, call=f"K{call}", step=step, **desk)
    return room


def _restless_park() -> ShippedRoom:
    room = ShippedRoom()
    for time in range(4):
        room.hears(Kind.PARK, time, event="antisocial_behaviour")
    return room


def _silent_resident() -> ShippedRoom:
    room = ShippedRoom()
    for time in range(4):
        room.hears(Kind.TELECARE, time, event="reassurance_missed")
        room.hears(Kind.TELECARE, time, event="low_battery")
    return room


def _line_cut_after_an_alarm() -> ShippedRoom:
    room = ShippedRoom()
    room.alarm("closed", NIGHT)
    room.alarm("intruder", NIGHT + 1)
    room.alarm("path_fault", NIGHT + 2, zone="LINE-1")
    return room


def _mute_site() -> SitesRoom:
    room = SitesRoom(leeds(2026, 3, 2, 12), estate=town(paths=True))
    room.until(leeds(2026, 3, 2, 13))
    return room


def _worker() -> ShippedRoom:
    room = ShippedRoom()
    for minute, event in enumerate(("booked_off", "check_in", "check_in", "booked_off", "booked_on")):
        room.hears(Kind.LONE_WORKER, minute, event=event)
    until = after(90 * MINUTE)
    room.tell(PutOnTest(topic_of(Kind.LONE_WORKER), "new strap", "Fitters Ltd", until, "op-1", None, "op-2"))
    room.until(60)
    return room


_STORIES: tuple[Callable[[], ShippedRoom | SitesRoom], ...] = (
    _intruders,
    _swinger,
    _paths,
    _hold_up,
    _refused_cards,
    _on_test,
    _shift,
    _flapping_camera,
    _stuck_button,
    _restless_park,
    _silent_resident,
    _line_cut_after_an_alarm,
    _mute_site,
    _worker,
)
_REMEMBERED = {"confirmed", "on_test", "repeats", "path_ok", "booked_on"}


def test_every_shipped_rule_that_asks_the_room_can_fire() -> None:
    """Each shipped rule that asks what the room remembers takes a signal in one of these stories."""
    asking = {
        rule.id
        for table in shipped_rules().tables.values()
        for rule in table.rules
        for condition in rule.when
        if isinstance(condition, OneOf | NoneOf | Between) and condition.field in _REMEMBERED
    }
    fired = {rule for story in _STORIES for rule in story().rules}
    assert len(asking) > 15
    assert asking - fired == set()
