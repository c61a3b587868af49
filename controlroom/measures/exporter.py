"""Figures for Prometheus that are read at the scrape, so they are the owner's to the digit."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
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


class GaugeExporter(Collector):
    """Publishes one gauge that has labels, from figures that somebody else keeps by their closed words."""

    def __init__(
        self,
        name: str,
        text: str,
        labels: tuple[str, ...],
        read: Callable[[], Mapping[tuple[str, ...], float]],
        registry: CollectorRegistry,
    ) -> None:
        self._family = (name, text)
        self._labels = labels
        self._read = read
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Yield the gauge with a value for each combination of words that there is."""
        gauge = GaugeMetricFamily(*self._family, labels=self._labels)
        for words, value in self._read().items():
            gauge.add_metric(words, value)
        yield gauge
