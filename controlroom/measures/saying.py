"""Figures in words: for a councillor who reads one line and has no legend."""

from controlroom.commands.entry_words import GoalState
from controlroom.measures.plan.model import Baseline, MeasureText, Target
from controlroom.measures.plan.words import MeasureKind, Polarity

NOTHING_BEFORE = "no figures of a year before"
GOALS = {
    GoalState.NOT_STARTED: "not started",
    GoalState.IN_PROGRESS: "in progress",
    GoalState.ACHIEVED: "achieved",
    GoalState.LAPSED: "lapsed",
}


def number(value: float) -> str:
    """Return a number as people write it: 1,234; parts of a whole with one digit."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def share(part: int, whole: int) -> str:
    """Return a percentage with what it is of; what is of nothing is no percentage."""
    return f"{part / whole * 100:.0f} % ({number(part)} of {number(whole)})" if whole else "none reported"


def change(now: float, before: float | None, polarity: Polarity) -> str:
    """Return how the figure differs from that of a year before, and whether that is good."""
    if before is None:
        return NOTHING_BEFORE
    by = now - before
    if not by:
        return "the same as a year before"
    percent = f" ({by / before * 100:+.0f} %)" if before else ""
    said = f"{number(abs(by))} {'more' if by > 0 else 'fewer'} than a year before{percent}"
    if polarity is Polarity.NEITHER:
        return said
    good = (by > 0) is (polarity is Polarity.UP)
    return f"{said}, {'better' if good else 'worse'}"


def points(now: float, before: float | None) -> str:
    """Return how a percentage differs from that of a year before."""
    if before is None:
        return NOTHING_BEFORE
    by = round(now) - round(before)
    said = f"{abs(by)} percentage {'point' if abs(by) == 1 else 'points'} {'up' if by > 0 else 'down'}"
    return f"{said} on a year before" if by else "the same as a year before"


def on_baseline(baseline: Baseline, to_date: float, found: float | None) -> str:
    """Return how the year to date stands to the baseline."""
    of = f"the baseline of {baseline.year}/{(baseline.year + 1) % 100:02d}"
    if found is None:
        return f"{number(to_date)} against a baseline of nothing"
    way = "above" if found > 0 else "below"
    return f"{abs(found):.0f} % {way} {of}" if round(found) else f"level with {of}"


def target(measure: MeasureText, wanted: Target | None, quarter_number: int) -> str:
    """Return what is wanted, by whom it was set and when."""
    if wanted is None:
        return "no target set"
    by = f", set by {wanted.owner} on {wanted.set_on.day} {wanted.set_on:%B %Y}"
    if wanted.due is not None:
        return f"by {wanted.due.day} {wanted.due:%B %Y}{by}"
    value = wanted.value or 0.0
    if measure.kind is MeasureKind.CHANGE_ON_BASELINE:
        return f"{value:+.0f} % on the baseline{by}"
    if measure.kind is MeasureKind.PERCENTAGE:
        return f"{number(value)} %{by}"
    if wanted.per == "quarter":
        return f"{number(value)} a quarter{by}"
    return f"{number(value)} a year, {number(value * quarter_number / 4)} by now{by}"
