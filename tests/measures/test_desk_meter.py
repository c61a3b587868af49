"""What Prometheus reads of the waits: each in its histogram, each limit once, every series from the start."""

from prometheus_client import CollectorRegistry

from controlroom.events import Tick
from controlroom.incidents.record import Decision, Record
from controlroom.measures.desk import DeskCounting, DeskFigures
from controlroom.measures.desk_meter import DeskMeter
from controlroom.signals.vocabulary import Kind
from tests.build import after
from tests.measures.test_answering import ESCALATED, OPENED, OWNED, SENT, THERE


def samples(registry: CollectorRegistry) -> dict[str, float]:
    """Return every sample by its name and labels."""
    return {
        " ".join([one.name, *(f"{key}={value}" for key, value in sorted(one.labels.items()))]): one.value
        for family in registry.collect()
        for one in family.samples
    }


def moved(*steps: tuple[float, Decision]) -> dict[str, float]:
    """Return what these steps moved, without buckets; a sample that was not there before is a surprise."""
    registry = CollectorRegistry()
    counting = DeskCounting(DeskFigures(), DeskMeter(registry), count_simulated=True)
    before = samples(registry)
    counting.released([Record(n, after(at_s), Tick(), what) for n, (at_s, what) in enumerate(steps, 1)])
    now = samples(registry)
    assert set(now) == set(before)
    return {name: now[name] - before[name] for name in now if now[name] != before[name]}


def test_a_wait_is_observed_where_it_belongs() -> None:
    """Answer, sending and arrival stand in their histograms, on the limits' edges, with both limits kept."""
    found = moved((0, OPENED), (40, OWNED), (50, SENT), (650, THERE))
    kind = f"kind={Kind.ARC_ALARM}"

    assert found[f"controlroom_incident_own_seconds_sum {kind}"] == 40
    assert found[f"controlroom_incident_send_seconds_sum by=person {kind}"] == 50
    assert found[f"controlroom_incident_arrive_seconds_sum {kind}"] == 600
    assert found[f"controlroom_incident_own_seconds_bucket {kind} le=60.0"] == 1
    assert f"controlroom_incident_own_seconds_bucket {kind} le=30.0" not in found
    assert found[f"controlroom_incident_arrive_seconds_bucket {kind} le=600.0"] == 1
    for limit in ("answer", "response"):
        assert found[f"controlroom_incident_limits_total {kind} limit={limit} result=within"] == 1


def test_a_limit_that_passes_is_missed_at_once_and_once() -> None:
    """It is told when it passes, not when somebody comes at last, and only then."""
    late = f"controlroom_incident_limits_total kind={Kind.ARC_ALARM} limit=answer result=late"

    assert moved((0, OPENED), (90, ESCALATED))[late] == 1
    assert moved((0, OPENED), (90, ESCALATED), (270, ESCALATED), (300, OWNED))[late] == 1
