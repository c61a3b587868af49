"""What the city says: the same for the same seed, readable, from known sources, enough of everything."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from controlroom.estate.model import Estate
from controlroom.signals.envelope import STRUCTURED, ArcAlarmSignal, LoneWorkerSignal, kind_of, read
from controlroom.signals.payloads import ArcAlarm, CameraFaultReport, HelpPointCall, LoneWorkerReport
from controlroom.signals.vocabulary import (
    LIFE_SAFETY_ALARMS,
    LIFE_SAFETY_WORKER,
    ROOM_WORDS,
    AlarmEvent,
    CallStep,
    CameraFault,
    FaultState,
    Kind,
    SetState,
)
from simulators.arc import LIFE_MIX, MINOR_MIX
from simulators.city import city, life
from simulators.speech import BINARY_KINDS, COUNTING_KINDS, Message, Noise, Run, wires
from simulators.trouble import Shares

RUN = Run("run", 1000)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR_S = 3600


def until(said: Iterable[Message], end_s: float) -> Iterator[Message]:
    """Yield what is due before `end_s`."""
    return itertools.takewhile(lambda message: message.due_s < end_s, said)


@pytest.fixture(scope="module")
def morning(estate: Estate) -> list[Message]:
    """Return three virtual hours of seed 1, without trouble."""
    return [*until(life(estate, 1, 1.0, RUN), 3 * HOUR_S)]


def test_the_same_seed_says_the_same_bytes(estate: Estate) -> None:
    """Two runs of one seed are the same on the wire, trouble included; another seed is not."""

    def play(seed: int) -> list[object]:
        said = itertools.islice(city(estate, seed, 1.0, Shares(0.1, 0.1), RUN), 2000)
        return [wires(each, NOON, 10.0) for each in said]

    assert play(7) == play(7)
    assert play(7) != play(8)


def test_time_never_goes_back(morning: list[Message]) -> None:
    """Messages come in the order of their virtual time."""
    assert all(earlier.due_s <= later.due_s for earlier, later in itertools.pairwise(morning))


def test_every_message_is_a_signal_of_a_known_place(morning: list[Message], estate: Estate) -> None:
    """The room's own reader takes every message: its kind, marked simulated, from a source of the estate."""
    for message in morning:
        (wire,) = wires(message, NOON, 10.0)
        signal = read(wire)
        place = estate.place(wire.topic)
        assert place is not None
        assert (kind_of(signal), signal.source, signal.id) == (place.kind, wire.topic, message.id)
        assert (signal.simulated, signal.time) == (True, NOON)


def test_both_cloudevents_modes_are_in_use(morning: list[Message]) -> None:
    """Cameras and workers' devices speak binary mode, the others structured mode."""
    for message in morning:
        (wire,) = wires(message, NOON, 10.0)
        assert (wire.content_type == STRUCTURED) == (message.kind not in BINARY_KINDS)
        assert bool(wire.attributes) == (message.kind in BINARY_KINDS)


def test_ids_are_never_used_twice(morning: list[Message]) -> None:
    """No two messages of a run share an id."""
    assert len({message.id for message in morning}) == len(morning)


def test_another_run_has_other_ids(estate: Estate) -> None:
    """A second run is news to the room, not a repeat of the first."""
    first, second = (
        {message.id for message in until(life(estate, 1, 1.0, Run(name, 1)), 600)} for name in ("one", "two")
    )
    assert first.isdisjoint(second)


def test_a_device_that_counts_leaves_no_gap(morning: list[Message]) -> None:
    """The sequence of each panel and worker's device starts where told and rises by one; others send none."""
    last: dict[str, int] = {}
    for message in morning:
        if message.kind in COUNTING_KINDS:
            assert message.sequence == last.get(message.topic, 999) + 1
            last[message.topic] = message.sequence
        else:
            assert message.sequence is None
    assert max(last.values()) > 1001


@pytest.mark.parametrize("seed", range(10))
def test_there_is_something_to_watch_at_once(estate: Estate, seed: int) -> None:
    """All kinds speak within 50 virtual seconds, life safety and a confirmed intruder within a minute."""
    said = [*until(life(estate, seed, 1.0, RUN), 60)]
    assert {message.kind for message in said if message.due_s < 50} == set(Kind)
    alarms = [message.data for message in said if isinstance(message.data, ArcAlarm)]
    assert any(alarm.event in LIFE_SAFETY_ALARMS for alarm in alarms)
    assert any(alarm.event is AlarmEvent.INTRUDER and alarm.panel_confirmed for alarm in alarms)
    assert any(alarm.event is AlarmEvent.TEST for alarm in alarms)
    workers = [message.data for message in said if isinstance(message.data, LoneWorkerReport)]
    assert any(worker.event in LIFE_SAFETY_WORKER for worker in workers)


@pytest.mark.parametrize("seed", range(3))
def test_the_rate_is_a_busy_demonstration(estate: Estate, seed: int) -> None:
    """Each five minutes of the first virtual hour bring 3 to 8 signals a second at ten times real time."""
    minutes = Counter(int(message.due_s // 300) for message in until(life(estate, seed, 1.0, RUN), HOUR_S))
    assert all(3 <= minutes[each] / 30 <= 8 for each in range(12)), minutes


def test_the_scale_multiplies_the_rate(estate: Estate) -> None:
    """Ten times the rate is about ten times the messages."""
    once, tenfold = (len([*until(life(estate, 1, pace, RUN), 1200)]) for pace in (1.0, 10.0))
    assert 7 < tenfold / once < 13


def test_a_morning_has_all_that_a_day_is_made_of(morning: list[Message]) -> None:
    """Openings, closings, cancels, a power cut over a district, faults: all there in three hours."""
    alarms = Counter(message.data.event for message in morning if isinstance(message.data, ArcAlarm))
    seldom = {event for event, share in (MINOR_MIX | LIFE_MIX).items() if share <= 10}
    by_the_clock = {AlarmEvent.POLL} | ROOM_WORDS
    assert set(AlarmEvent) - set(alarms) <= seldom | by_the_clock
    cuts = [m for m in morning if isinstance(m.data, ArcAlarm) and m.data.event is AlarmEvent.MAINS_FAULT]
    first = [message for message in cuts if message.due_s < cuts[0].due_s + 60]
    assert len(first) >= 8
    assert len({message.topic.split("/")[1] for message in first}) == 1


def test_a_bus_station_loses_all_its_cameras_at_once(morning: list[Message], estate: Estate) -> None:
    """A lost switch takes every camera of one station offline within seconds."""
    gone: dict[str, set[str]] = {}
    for message in until(morning, 180):
        if isinstance(message.data, CameraFaultReport) and message.data.fault is CameraFault.OFFLINE:
            gone.setdefault(estate.places[message.topic].site, set()).add(message.topic)
    site, lost = max(gone.items(), key=lambda entry: len(entry[1]))
    assert lost == {
        place.topic for place in estate.places.values() if place.site == site and "camera" in place.kind
    }


def test_every_raised_fault_is_cleared_in_time(estate: Estate) -> None:
    """A camera fault that is raised is cleared within half an hour of virtual time."""
    balance: Counter[tuple[str, CameraFault]] = Counter()
    for message in until(life(estate, 3, 1.0, RUN), 2 * HOUR_S):
        if isinstance(message.data, CameraFaultReport):
            up = message.data.state is FaultState.RAISED
            if up and message.due_s > 1.4 * HOUR_S:
                continue
            balance[message.topic, message.data.fault] += 1 if up else -1
    assert all(count <= 0 for count in balance.values())


def test_a_call_is_started_before_it_is_answered_before_it_ends(morning: list[Message]) -> None:
    """The steps of each help point call come in order."""
    calls: dict[str, list[CallStep]] = {}
    for message in morning:
        if isinstance(message.data, HelpPointCall):
            calls.setdefault(message.data.call, []).append(message.data.step)
    whole = [CallStep.STARTED, CallStep.ANSWERED, CallStep.ENDED]
    shapes = Counter(tuple(steps) for steps in calls.values())
    assert all(
        [*steps] in (whole, whole[:2], whole[:1], [CallStep.STARTED, CallStep.ENDED]) for steps in shapes
    )
    assert shapes[CallStep.STARTED, CallStep.ENDED] < shapes[tuple(whole)] / 4


def test_an_intruder_is_reported_only_where_the_building_is_set(morning: list[Message]) -> None:
    """No panel says "set" in an alarm after it said "unset": the rules would see a contradiction."""
    state: dict[str, SetState] = {}
    for message in morning:
        if not isinstance(message.data, ArcAlarm) or message.data.set_state is None:
            continue
        if message.data.event is AlarmEvent.INTRUDER:
            assert state.get(message.topic, SetState.SET) is SetState.SET
        state[message.topic] = message.data.set_state


def test_an_amber_note_ends_in_the_future_of_its_sending(morning: list[Message]) -> None:
    """The end of a timed note is real time, shortened by the speed of the city."""
    note, amber_s = next((each, each.amber_s) for each in morning if each.amber_s is not None)
    (wire,) = wires(note, NOON, 10.0)
    signal = read(wire)
    assert isinstance(signal, LoneWorkerSignal)
    assert signal.data.amber_until is not None
    assert (signal.data.amber_until - NOON).total_seconds() == pytest.approx(amber_s / 10, abs=1e-5)


def test_some_senders_ask_for_a_receipt(morning: list[Message]) -> None:
    """A small share gives a response topic under the receipts, with the event id as correlation."""
    asked = [
        wire for message in morning for wire in wires(message, NOON, 10.0) if wire.response_topic is not None
    ]
    assert 0.03 < len(asked) / len(morning) < 0.07
    for wire in asked:
        assert wire.response_topic == "leedswatch/receipts/" + wire.topic.removeprefix("leedswatch/")
        assert wire.correlation == read(wire).id.encode()


def test_repeats_are_the_same_bytes(estate: Estate) -> None:
    """A device that repeats itself sends the very same message again."""
    said = itertools.islice(city(estate, 1, 1.0, Shares(duplicates=1.0), RUN), 50)
    assert all(first == second for first, second in (wires(each, NOON, 10.0) for each in said))


def test_garbage_shows_every_reason_for_quarantine(estate: Estate) -> None:
    """Six pieces of garbage: three nobody can read, a ghost, a clock a day ahead and an unknown kind."""
    said = itertools.islice(city(estate, 1, 1.0, Shares(garbage=1.0), RUN), 1, 12, 2)
    garbage = [(each, wires(each, NOON, 10.0)[0]) for each in said]
    for each, wire in garbage:
        if isinstance(each, Noise):
            with pytest.raises(ValidationError):
                read(wire)
    readable = [read(wire) for each, wire in garbage if isinstance(each, Message)]
    assert [signal.source in estate.places for signal in readable] == [False, True]
    assert [(signal.time - NOON).days for signal in readable] == [0, 1]
    assert all(signal.simulated for signal in readable)


def test_garbage_does_not_change_what_the_city_says(estate: Estate) -> None:
    """The same seed tells the same day with and without garbage in it."""
    plain = [*itertools.islice(life(estate, 1, 1.0, RUN), 300)]
    noisy = itertools.islice(city(estate, 1, 1.0, Shares(garbage=0.5), RUN), 900)
    ids = {message.id for message in plain}
    assert [each for each in noisy if isinstance(each, Message) and each.id in ids] == plain


def test_a_panels_code_fits_its_event(morning: list[Message]) -> None:
    """Every alarm report carries a Contact ID code, qualifier 3 for what has gone."""
    for message in until(morning, HOUR_S):
        signal = read(wires(message, NOON, 10.0)[0])
        if isinstance(signal, ArcAlarmSignal):
            gone = signal.data.condition == "restored" or signal.data.event is AlarmEvent.CLOSED
            assert signal.data.code is not None
            assert signal.data.code.startswith("CID 3" if gone else "CID 1")
