"""How a measure stands: green, amber, red, or why it is none of these.

Colour is only where somebody said what is wanted. A measure without a target is never green: the plan states
none, so "no target" is a status of its own. A target for the year is expected in even parts, a quarter of it
each quarter, and judged by the year to date.
"""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from controlroom.commands.entry_words import GoalState
from controlroom.measures.periods import Period
from controlroom.measures.plan.model import Baseline, MeasureText, Target
from controlroom.measures.plan.words import MeasureKind, Polarity

SOON = timedelta(days=31)
"""How long before its day a goal that is not achieved yet turns amber: a month, so that somebody can act."""


class Status(StrEnum):
    """How a measure stands, in words as well as in colour."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NO_TARGET = "no target"
    ACTIVITY = "activity"
    NOT_DUE = "not due"
    MISSING = "missing"


class Standing(Struct, frozen=True):
    """What a status is made of: the quarter's figure and the year's to date, as far as there are any.

    `value` and `to_date` are in the measure's own unit (of a percentage, percent); None: nothing is known.
    """

    measure: MeasureText
    quarter: Period
    today: date
    value: float | None = None
    to_date: float | None = None
    goal: GoalState | None = None
    narrative: bool = False


def status_of(standing: Standing) -> Status:
    """Return how the measure stands at the end of the quarter, or today where that goes on."""
    measure, kind = standing.measure, standing.measure.kind
    if kind is MeasureKind.MILESTONE:
        return _of_goal(measure.target, standing)
    if standing.today < standing.quarter.first:
        return Status.NOT_DUE
    if kind is MeasureKind.ACTIVITY:
        return Status.ACTIVITY
    over = standing.today > standing.quarter.last
    if kind is MeasureKind.NARRATIVE:
        return Status.MISSING if over and not standing.narrative else Status.NO_TARGET
    if standing.value is None or standing.to_date is None:
        return Status.MISSING if over else Status.NOT_DUE
    if measure.target is None or measure.target.value is None:
        return Status.NO_TARGET
    return _of_target(measure, measure.target, measure.target.value, standing)


def expected_by(target: float, quarter: Period) -> float:
    """Return how much of a year's target is expected by the end of this quarter."""
    return target * int(quarter.name.split("Q")[1]) / 4


def change_on(baseline: Baseline, to_date: float, quarter: Period) -> float | None:
    """Return by how many percent the year to date is above the baseline's part; None of nothing."""
    before = expected_by(baseline.value, quarter)
    return (to_date - before) / before * 100 if before else None


def _of_goal(target: Target | None, standing: Standing) -> Status:
    if standing.goal is GoalState.ACHIEVED:
        return Status.GREEN
    if target is None or target.due is None:
        return Status.NO_TARGET
    today = min(standing.today, standing.quarter.last)
    if today > target.due or standing.goal is GoalState.LAPSED:
        return Status.RED
    return Status.AMBER if target.due - today <= SOON else Status.NOT_DUE


def _of_target(measure: MeasureText, target: Target, wanted: float, standing: Standing) -> Status:
    kind, quarter = measure.kind, standing.quarter
    value, to_date = standing.value or 0.0, standing.to_date or 0.0
    if kind is MeasureKind.CHANGE_ON_BASELINE:
        found = change_on(measure.baseline, to_date, quarter) if measure.baseline is not None else None
        if found is None:
            return Status.MISSING
        return _colour(found, wanted, measure.tolerance, measure.polarity)
    if kind is MeasureKind.PERCENTAGE:
        return _colour(value, wanted, measure.tolerance, measure.polarity)
    if target.per == "quarter":
        return _colour(value, wanted, wanted * measure.tolerance / 100, measure.polarity)
    part = expected_by(wanted, quarter)
    return _colour(to_date, part, part * measure.tolerance / 100, measure.polarity)


def _colour(found: float, wanted: float, leeway: float, polarity: Polarity) -> Status:
    """Return the colour; the leeway is in the figure's own unit."""
    short = wanted - found if polarity is Polarity.UP else found - wanted
    if short <= 0:
        return Status.GREEN
    return Status.AMBER if short <= leeway else Status.RED
