"""The ledger's figures for Prometheus: read at the scrape, so they are the ledger's to the digit."""

from collections.abc import Callable, Iterable

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from controlroom.measures.ledger import MEASURES, Ledger


class PlanExporter(Collector):
    """Publishes `leedswatch_plan_events_total{measure,priority}` from the ledger it is given a look at."""

    def __init__(self, ledger: Callable[[], Ledger], registry: CollectorRegistry) -> None:
        self._ledger = ledger
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Yield one counter a measure; a counter never goes back, because the ledger never does."""
        events = CounterMetricFamily(
            "leedswatch_plan_events",
            "How many events count for each measure of the Plan on a Page since the journal began.",
            labels=("measure", "priority"),
        )
        figures = self._ledger().figures
        for measure in MEASURES:
            events.add_metric((measure.id, measure.priority), figures[measure.id])
        yield events
