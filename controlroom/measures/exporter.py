"""Figures for Prometheus that are read at the scrape, so they are the owner's to the digit."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from controlroom.commands.entry_words import GoalState
from controlroom.measures.figures import how_many
from controlroom.measures.goals import goal_at
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import Period, day_of, month, quarter_of, single, year_of
from controlroom.measures.plan.model import MeasureText, PlanText
from controlroom.measures.plan.words import MeasureKind


class PlanExporter(Collector):
    """Publishes the plan's figures from the ledger it is given a look at.

    The counters never go back: not over a restart, because the ledger is a fold of the journal, and not over
    a correction, because what is taken back is counted apart. A percentage is a ratio from 0 to 1; where
    it is of nothing it is not a number.
    """

    def __init__(
        self,
        plan: PlanText,
        ledger: Callable[[], Ledger],
        now: Callable[[], datetime],
        registry: CollectorRegistry,
    ) -> None:
        self._plan = plan
        self._ledger = ledger
        self._now = now
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they are now, every series from the start."""
        ledger, today = self._ledger(), day_of(self._now())
        yield from self._counters(ledger)
        yield self._values(ledger, today)
        yield from self._wanted()
        yield self._milestones(ledger, today)
        updated = GaugeMetricFamily(
            "leedswatch_plan_updated_timestamp_seconds",
            "When the last record was counted, in Unix time.",
        )
        if ledger.at is not None:
            updated.add_metric((), ledger.at.timestamp())
        yield updated

    def _counters(self, ledger: Ledger) -> Iterable[Metric]:
        labels = ("measure", "priority")
        events = CounterMetricFamily(
            "leedswatch_plan_events",
            "How much ever counted for each measure of the Plan on a Page since the journal began.",
            labels=labels,
        )
        back = CounterMetricFamily(
            "leedswatch_plan_taken_back",
            "How much of it corrections and withdrawals took back.",
            labels=labels,
        )
        for measure in self._plan.measures:
            if measure.counts:
                words = (measure.id, measure.priority)
                events.add_metric(words, ledger.counted.get(measure.id, 0))
                back.add_metric(words, ledger.taken_back.get(measure.id, 0))
        yield from (events, back)

    def _values(self, ledger: Ledger, today: date) -> Metric:
        values = GaugeMetricFamily(
            "leedswatch_plan_value",
            "The measure's figure of a period that goes on, corrections included.",
            labels=("measure", "period"),
        )
        periods = {
            "day": single(today),
            "month": month(today),
            "quarter": quarter_of(today),
            "year": year_of(today),
        }
        for measure in self._plan.measures:
            if measure.counts:
                for name, period in periods.items():
                    values.add_metric((measure.id, name), value_of(ledger, measure, period))
        return values

    def _wanted(self) -> Iterable[Metric]:
        target = GaugeMetricFamily(
            "leedswatch_plan_target", "What is wanted, where somebody set it.", labels=("measure", "per")
        )
        baseline = GaugeMetricFamily(
            "leedswatch_plan_baseline",
            "The plan year that a change is measured against.",
            labels=("measure",),
        )
        for measure in self._plan.measures:
            if measure.target is not None and measure.target.value is not None:
                ratio = measure.kind in {MeasureKind.PERCENTAGE, MeasureKind.CHANGE_ON_BASELINE}
                value = measure.target.value / 100 if ratio else measure.target.value
                target.add_metric((measure.id, measure.target.per), value)
            if measure.baseline is not None:
                baseline.add_metric((measure.id,), measure.baseline.value)
        yield from (target, baseline)

    def _milestones(self, ledger: Ledger, today: date) -> Metric:
        reached = GaugeMetricFamily(
            "leedswatch_plan_milestone",
            "1 for the state that a milestone is in, 0 for the others.",
            labels=("measure", "state"),
        )
        for measure in self._plan.measures:
            if measure.goal is not None:
                said = goal_at(ledger, measure.goal, today)
                now = said.state if said is not None else GoalState.NOT_STARTED
                for state in GoalState:
                    reached.add_metric((measure.id, state), float(state is now))
        return reached


def value_of(ledger: Ledger, measure: MeasureText, period: Period) -> float:
    """Return the figure as a metric has it."""
    part = how_many(ledger, measure.id, period)
    if measure.of is None:
        return part
    whole = how_many(ledger, measure.of, period)
    return part / whole if whole else float("nan")


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
