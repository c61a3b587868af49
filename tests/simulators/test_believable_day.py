"""A believable day: its volumes, its hours, its rosters and its occasions."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from controlroom.signals.envelope import kind_of, read
from controlroom.signals.payloads import (
    ArcAlarm,
    CameraFaultReport,
    GuardBooking,
    HelpPointCall,
    LoneWorkerReport,
    TelecareReport,
)
from controlroom.signals.vocabulary import (
    AlarmEvent,
    CallStep,
    CameraFault,
    GuardEvent,
    Kind,
    SetState,
    WorkerEvent,
)
from simulators.cameras import BEAT_S
from simulators.day import shapes
from simulators.day.occasions import SORTS, happenings, silent
from simulators.day.panels import hours_of
from simulators.day.town import DAY_S
from simulators.speech import Message, wires
from simulators.timetable import HOUR_S
from tests.simulators.days import (
    MONDAY,
    SATURDAY,
    a_monday,
    calendars,
    full_saturday,
    said_in,
    shipped,
    town_on,
)


def heard(message: Message) -> bool:
    """Return whether the message is more than a sign of life of a machine."""
    return getattr(message.data, "fault", None) is not CameraFault.HEARTBEAT


def test_the_same_seed_is_the_same_day() -> None:
    """Two runs say the same, message for message; another seed and another day do not."""
    hour = said_in(town_on(MONDAY), HOUR_S)
    assert hour == said_in(town_on(MONDAY), HOUR_S)
    assert hour != said_in(town_on(MONDAY, seed=7), HOUR_S)


def test_time_never_goes_back_and_ids_are_used_once() -> None:
    """Messages come in the order of their time, each with an id of its own."""
    day = full_saturday()
    assert all(before.due_s <= after.due_s for before, after in pairwise(day))
    assert len({message.id for message in day}) == len(day)


def test_every_message_is_a_signal_of_a_known_place() -> None:
    """The room's own reader takes all of it, marked as simulated, from sources of the estate."""
    for message in filter(heard, full_saturday()):
        (wire,) = wires(message, SATURDAY + timedelta(seconds=message.due_s), 1.0)
        signal = read(wire)
        place = shipped().place(wire.topic)
        assert place is not None
        assert (kind_of(signal), signal.simulated) == (place.kind, True)


def test_a_day_is_as_large_as_the_documents_say() -> None:
    """A heartbeat of each camera every 100 seconds, and some six thousand signals that are more than that."""
    beats = sum(not heard(message) for message in full_saturday())
    stations = sum(
        place.site_kind == "bus-station"
        for place in shipped().places.values()
        if place.kind == "camera-fault"
    )
    assert 0.98 < beats / (stations * DAY_S / BEAT_S) <= 1
    assert 4_000 < len(full_saturday()) - beats < 9_000


def test_nights_are_quiet_and_days_are_not() -> None:
    """From two to five in the morning fewer signals come than from two to five in the afternoon."""
    hours = Counter(int(message.due_s // HOUR_S) for message in filter(heard, full_saturday()))
    assert set(hours) == set(range(24))
    assert sum(hours[hour] for hour in (2, 4)) < sum(hours[hour] for hour in (14, 16)) / 2


def test_every_panel_tests_once_a_day() -> None:
    """Each of the 400 panels sends its periodic test once."""
    tests = Counter(
        message.topic
        for message in full_saturday()
        if isinstance(message.data, ArcAlarm) and message.data.event is AlarmEvent.TEST
    )
    assert len(tests) == 400
    assert set(tests.values()) == {1}


def test_detectors_trip_where_nobody_is() -> None:
    """A building that keeps hours has no intruder outside a test while it is open."""
    town = town_on(MONDAY)
    for message in a_monday():
        data = message.data
        if (
            isinstance(data, ArcAlarm)
            and data.event is AlarmEvent.INTRUDER
            and data.set_state is SetState.SET
        ):
            hours = hours_of(town, shipped().places[message.topic])
            at = MONDAY + timedelta(
                seconds=message.due_s - 900
            )  # a second zone follows within a quarter of an hour
            assert hours is None or not hours.holds(at) or not hours.holds(at + timedelta(seconds=900))


def test_people_are_at_work_by_their_roster() -> None:
    """Who is rostered books on within minutes of the shift, but for a few; nobody checks in unbooked."""
    monday = a_monday()
    on: set[str] = set()
    starts: list[float] = []
    for message in monday:
        if not isinstance(message.data, LoneWorkerReport | GuardBooking):
            continue
        event = message.data.event
        if event in (WorkerEvent.BOOKED_ON, GuardEvent.ON_DUTY):
            on.add(message.topic)
            starts.append(message.due_s / HOUR_S)
        elif event in (WorkerEvent.BOOKED_OFF, GuardEvent.OFF_DUTY):
            on.discard(message.topic)
        elif event in (WorkerEvent.CHECK_IN, GuardEvent.CHECK_CALL):
            assert message.topic in on
    near = sum(min(start % 0.5, 0.5 - start % 0.5) < 0.15 for start in starts)
    assert len(starts) > 100
    assert near > 0.9 * len(starts)


@pytest.mark.parametrize("name", sorted(SORTS))
def test_an_occasion_can_be_asked_for(name: str) -> None:
    """Each occasion happens on the first day when it is asked for, at an hour of its own."""
    town = town_on(MONDAY, chosen=frozenset({name}))
    (found,) = [one for one in happenings(town, 0) if one.name == name]
    first, last = SORTS[name].between
    assert first * HOUR_S <= found.at <= last * HOUR_S


def test_a_power_cut_is_felt_over_one_area() -> None:
    """Within two minutes panels of one area lose their mains, and all of them get them back."""
    (cut,) = [
        one for one in happenings(town_on(SATURDAY, chosen=frozenset(SORTS)), 0) if one.name == "power-cut"
    ]
    hit = [
        message
        for message in full_saturday()
        if isinstance(message.data, ArcAlarm)
        and message.data.event is AlarmEvent.MAINS_FAULT
        and message.data.condition.value == "active"
        and 0 <= message.due_s - cut.at <= 120
    ]
    assert len(hit) >= 12
    assert len({message.topic.split("/")[1] for message in hit}) == 1


def test_a_station_without_its_switch_is_silent() -> None:
    """While the switch is away no camera of the station sends a heartbeat; every one says it is offline."""
    (lost,) = [
        one for one in happenings(town_on(SATURDAY, chosen=frozenset(SORTS)), 0) if one.name == "lost-switch"
    ]
    reports = [message for message in full_saturday() if isinstance(message.data, CameraFaultReport)]
    gone = {
        message.topic
        for message in reports
        if getattr(message.data, "fault", None) is CameraFault.OFFLINE and 0 <= message.due_s - lost.at < 20
    }
    assert len(gone) >= 7
    assert len({shipped().places[topic].site for topic in gone}) == 1
    beats = [m for m in reports if not heard(m) and m.topic in gone and 0 <= m.due_s - lost.at < 600]
    assert beats == []


def test_a_worker_who_does_not_answer_is_silent_for_two_hours() -> None:
    """The silent worker's second check of the day is followed by nothing for more than two hours."""
    town = town_on(MONDAY, chosen=frozenset({"silent-worker"}))
    (topic,) = [topic for topic in silent(town) if "/lone-worker/" in topic]
    said = [message.due_s for message in said_in(town) if message.topic == topic]
    assert max(after - before for before, after in pairwise(said)) > 2 * HOUR_S


def test_a_detector_chatters_a_panel_runs_away_and_children_ring() -> None:
    """One zone trips a dozen times, one panel reports 150 times, one help point calls six times."""
    trips: Counter[tuple[str, str | None]] = Counter()
    reports: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for message in full_saturday():
        if isinstance(message.data, ArcAlarm):
            trips[message.topic, message.data.zone] += message.data.event is AlarmEvent.INTRUDER
            reports[message.topic] += message.data.event is AlarmEvent.SYSTEM_FAULT
        if isinstance(message.data, HelpPointCall):
            calls[message.topic] += message.data.step is CallStep.STARTED
    assert max(trips.values()) >= 12
    assert max(reports.values()) >= 120
    assert max(calls.values()) >= 6


def test_fewer_calls_leave_the_routine_as_it_is() -> None:
    """A tenth of the calls is a tenth of what chance brings; heartbeats and tests are the same."""
    whole, tenth = said_in(town_on(MONDAY), 6 * HOUR_S), said_in(town_on(MONDAY, calls=0.1), 6 * HOUR_S)

    def count(said: list[Message], event: object) -> int:
        return sum(event in (getattr(m.data, "event", None), getattr(m.data, "fault", None)) for m in said)

    assert count(whole, AlarmEvent.TEST) == count(tenth, AlarmEvent.TEST) > 0
    assert count(whole, AlarmEvent.ACCESS) > 3 * count(tenth, AlarmEvent.ACCESS)
    alarms = [m for m in tenth if isinstance(m.data, TelecareReport)]
    assert len(alarms) < len([m for m in whole if isinstance(m.data, TelecareReport)])


def test_the_shapes_are_weeks_whose_mean_is_one() -> None:
    """Every shape has seven days of 24 hours with a mean of 1; the early morning is the quietest."""
    for shape in (shapes.calls(), shapes.daily("fire_alarm"), shapes.daily("fall_victim"), shapes.EVENLY):
        assert [len(day) for day in shape] == [24] * 7
        assert sum(map(sum, shape)) == pytest.approx(7 * 24)
    week = shapes.calls()
    assert all(min(day) == min(day[2:6]) for day in week)
    assert max(week[4]) > 1.5
    assert min(week[4]) < 0.6


def test_kinds_are_all_there() -> None:
    """Every kind of feed speaks on the day."""
    assert {message.kind for message in full_saturday()} == set(Kind)
    assert calendars()
