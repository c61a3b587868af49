"""What the engineer's page says of devices: clocks, repeats, errors, silence."""

from datetime import timedelta

from msgspec.structs import replace

from controlroom.console.device_health import DeviceHealth, KindHealth
from controlroom.events import MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.room import Settled, Told
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import NOON, estate, signal, topic_of


def _health() -> DeviceHealth:
    return DeviceHealth(estate, lambda: NOON)


def _of(health: DeviceHealth, kind: Kind) -> KindHealth:
    return next(one for one in health.view().kinds if one.kind == kind)


def _heard(event: SignalReceived, late_s: float) -> Record:
    """Return the record of a signal whose device's clock is so far behind the room's."""
    return Record(1, NOON + timedelta(seconds=late_s), event, Decision())


def test_a_clock_that_is_off_shows_by_its_kind() -> None:
    """The median is what most say, the worst is what one says; more than a minute is a wrong clock."""
    health = _health()
    health.released([_heard(signal(Kind.GUARD, str(n)), 0.1) for n in range(9)])
    health.released([_heard(signal(Kind.GUARD, "9"), 400)])
    guards = _of(health, Kind.GUARD)

    assert (guards.heard, guards.median_skew_s, guards.worst_skew_s, guards.wrong_clock) == (
        10,
        0.0,
        -300.0,
        1,
    )


def test_a_clock_that_runs_ahead_is_above_zero() -> None:
    """Ahead is a positive skew, and the edge nearer to zero is told: at least so much."""
    health = _health()
    health.released([_heard(signal(Kind.PARK, "1"), -70)])

    assert _of(health, Kind.PARK).worst_skew_s == 60.0


def test_repeats_and_errors_are_counted_by_the_kind_of_their_topic() -> None:
    """A duplicate leaves no record and is counted when it is settled; a topic of no kind is `other`."""
    health = _health()
    event = signal(Kind.TELECARE, "1")
    again = Decision(reasons=(Reason.DUPLICATE,), first_position=1)
    health.settled(
        [Settled(Told(event, NOON, None), 1, again), Settled(Told(event, NOON, None), 2, Decision())]
    )
    for topic in (topic_of(Kind.TELECARE), "somewhere/else"):
        bad = MessageQuarantined(Wire(topic, b"{"), QuarantineReason.BAD_JSON, "cut off")
        health.released([Record(1, NOON, bad, Decision())])

    assert (_of(health, Kind.TELECARE).duplicates, _of(health, Kind.TELECARE).errors) == (1, 1)
    assert next(one.errors for one in health.view().kinds if one.kind == "other") == 1


def test_a_source_that_was_never_heard_is_silent_until_it_speaks() -> None:
    """The never heard stand first; whoever speaks leaves the count of the silent."""
    health = _health()
    assert _of(health, Kind.CAMERA_FAULT).silent == 1
    event = signal(Kind.CAMERA_FAULT, "1")
    health.released([replace(_heard(event, 0), now=NOON)])

    assert _of(health, Kind.CAMERA_FAULT).silent == 0
    assert health.view().silent[-1].last == NOON
