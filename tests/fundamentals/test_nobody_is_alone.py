"""Short stories: the room watches over lone workers and guards, minute by minute after noon."""

from datetime import UTC, datetime, timedelta

from controlroom.events import (
    Closed,
    LinkLost,
    LinkRestored,
    PersonBookedOff,
    PersonBookedOn,
    PersonChecked,
    RoomOpened,
)
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.people.duty import Checked, CheckResult, Stage
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.incidents.watches import due_of, in_order
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import after, topic_of
from tests.fundamentals.shipped_room import MINUTE, ShippedRoom

WORKER, GUARD = topic_of(Kind.LONE_WORKER), topic_of(Kind.GUARD)
EVERY, GRACE = 30, 5
"""Minutes: how often the story's people are to check in, and how late they may be."""


def test_a_missed_check_goes_all_the_way_to_a_crew() -> None:
    """Late after 30 minutes, missed after 35: the worker is called, the supervisor is called, a crew goes."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")

    room.until(30)
    assert (room.rules[-1], room.state.incidents) == ("check-late", {})

    room.until(35)
    (incident,) = room.state.incidents.values()
    assert (room.rules[-1], incident.status, incident.priority) == ("check-missed", Status.NEW, 2)

    room.until(38)
    assert room.rules[-1] == "unreached"
    assert room.state.incidents[incident.id].priority == 1

    room.until(43)
    assert room.rules[-1] == "unaccounted"
    (order,) = room.state.orders.values()
    assert (order.order.incident, order.order.unit) == (incident.id, "MR-01")


def test_a_check_by_telephone_counts() -> None:
    """An operator reaches the worker: no step follows, the next check is due half an hour later."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")
    room.until(36)

    told = room.tell(PersonChecked(WORKER, "operator-1"), 37)

    assert Checked(WORKER, Kind.LONE_WORKER, CheckResult.TELEPHONE, "operator-1") in told.changes
    assert room.state.duties[WORKER].stage is Stage.WELL
    assert due_of(room.state.watches, WatchKind.CHECK, WORKER) == after((37 + EVERY) * MINUTE)
    room.until(37 + EVERY - 1)
    assert room.rules[-1] == "check-missed"
    assert len(room.state.incidents) == 1, "only a person closes the incident"


def test_a_check_in_time_keeps_everything_quiet() -> None:
    """Whoever checks in every half hour is never late, and booked off is expected of no more."""
    room = ShippedRoom()
    room.hears(Kind.GUARD, 0, event="on_duty")
    for minute in (29, 58, 87):
        room.until(minute)
        room.hears(Kind.GUARD, minute, event="check_call")
    room.hears(Kind.GUARD, 100, event="off_duty")

    room.until(2_000)
    assert room.rules == ["on-duty", *["check-call"] * 3, "off-duty"]
    assert list(in_order(room.state.watches)) == []


def test_a_restart_in_the_middle_of_an_escalation_loses_no_step() -> None:
    """The room ends after the first step and starts again: the next steps come at their moments."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")
    room.until(36)

    room.state = from_bytes(to_bytes(room.state))
    room.tell(RoomOpened("again", 2, "rules", demonstration=True), 37)

    room.until(38)
    assert room.rules[-1] == "unreached", "a step of people is not put off, though nothing is heard yet"
    room.until(43)
    assert len(room.state.orders) == 1


def test_nobody_is_missed_because_the_room_was_deaf() -> None:
    """A check that fell due while the link was down is unknown until two minutes after it stands again."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")
    room.hears(Kind.GUARD, 0, event="on_duty")
    room.tell(LinkLost("unreachable"), 20)
    assert room.until(60) == []

    room.tell(LinkRestored(), 60)
    room.hears(Kind.LONE_WORKER, 60.5, event="check_in")
    room.until(62)

    assert room.rules[-2:] == ["check-in", "check-late"], "the worker's word had been kept, the guard's not"
    assert room.state.duties[GUARD].stage is Stage.LATE
    assert room.state.duties[WORKER].stage is Stage.WELL


def test_an_outage_hides_nothing_that_is_heard() -> None:
    """An SOS that comes while others are unknown sends a crew at once."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")
    room.tell(LinkLost("unreachable"), 20)
    room.tell(LinkRestored(), 40)

    assert room.hears(Kind.LONE_WORKER, 40.1, event="sos") == "sos-without-position"
    assert len(room.state.orders) == 1


def test_under_duress_nobody_rings() -> None:
    """After a duress alarm the device's word counts for nothing, and a silence sends a crew, not a call."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")
    room.hears(Kind.LONE_WORKER, 5, event="duress")
    for minute, event in ((10, "check_in"), (11, "booked_off"), (12, "booked_on")):
        room.hears(Kind.LONE_WORKER, minute, event=event)

    room.until(36)
    assert room.rules[-2:] == ["check-late", "unaccounted"]
    assert "check-missed" not in room.rules


def test_a_timed_note_turns_red() -> None:
    """In flat 12 until ten past: at ten past an operator listens in, unless the worker came back before."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="amber_timer", amber_until=after(10 * MINUTE).isoformat())
    room.until(9)
    assert room.rules == ["amber-timer"]

    room.until(10)
    assert room.rules[-1] == "amber-expired"

    calm = ShippedRoom()
    calm.hears(Kind.LONE_WORKER, 0, event="amber_timer", amber_until=after(10 * MINUTE).isoformat())
    calm.hears(Kind.LONE_WORKER, 8, event="check_in")
    calm.until(20)
    assert calm.rules == ["amber-timer", "check-in-without-duty"]


def test_an_operator_books_on_and_off() -> None:
    """A worker without a device asks by radio: the room watches, and refuses what makes no sense."""
    room = ShippedRoom()
    room.tell(PersonBookedOn(WORKER, "operator-1"))
    assert room.tell(PersonBookedOn(WORKER, "operator-2")).reasons == (Reason.ON_DUTY,)
    assert room.state.duties[WORKER].by == "operator-1"

    room.until(35)
    assert room.rules[-1] == "check-missed"

    room.tell(PersonBookedOff(WORKER, "operator-1"), 36)
    assert room.tell(PersonChecked(WORKER, "operator-1"), 37).reasons == (Reason.OFF_DUTY,)
    assert room.tell(PersonChecked("leedswatch/x", "op"), 37).reasons == (Reason.PERSON_UNKNOWN,)


def test_a_closed_incident_ends_the_escalation_and_the_watch_goes_on() -> None:
    """Who closes the incident of a missed check ends its steps; the next check is due an interval later."""
    room = ShippedRoom()
    room.hears(Kind.LONE_WORKER, 0, event="booked_on")
    room.until(36)
    (incident,) = room.state.incidents.values()
    room.tell(Closed(incident.id, incident.version, "operator-1", Outcome.FALSE_ALARM), 37)

    room.until(38)
    assert room.state.duties[WORKER].stage is Stage.WELL
    room.until(38 + EVERY + GRACE)
    assert room.rules[-2:] == ["check-late", "check-missed"]


def test_a_shift_that_does_not_end_is_asked_about() -> None:
    """Twelve hours and a half after booking on, still calling in, somebody asks why."""
    room = ShippedRoom()
    room.hears(Kind.GUARD, 0, event="on_duty")
    for minute in range(25, 800, 25):
        room.until(minute)
        room.hears(Kind.GUARD, minute, event="check_call")

    assert [rule for rule in room.rules if rule not in {"on-duty", "check-call"}] == ["shift-overrun"]


def test_an_interval_is_half_an_hour_on_the_night_the_clocks_change() -> None:
    """Through the hour that comes twice and the one that never comes, a check is due after 30 minutes."""
    for night in (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 3, 29, 0, 50, tzinfo=UTC)):
        room = ShippedRoom()
        minute = (night - after(0)) / timedelta(minutes=1)
        room.hears(Kind.LONE_WORKER, minute, event="booked_on")

        assert due_of(room.state.watches, WatchKind.CHECK, WORKER) == night + timedelta(minutes=30)
        room.until(minute + 29)
        assert room.rules == ["booked-on"]
        room.until(minute + 35)
        assert room.rules == ["booked-on", "check-late", "check-missed"]
