"""The scorecard of a quarter: for each measure the figure, what it is compared with, and how it stands.

Pure: the same ledger, plan and day give the same card; the report and the manager's pages both show it. What
a reader outside the team may not see is not in it at all. Of a signed quarter the figures are those that
were signed, and what was corrected after that stands beside them as `since_signed`.
"""

from datetime import date, datetime

from msgspec import Struct

from controlroom.commands.entry_words import GoalState
from controlroom.measures import saying
from controlroom.measures.discretion import FEWER, NOT_SHOWN, hidden_areas, is_small
from controlroom.measures.figures import by_area
from controlroom.measures.goals import goal_at
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import Period, parse, quarters_until, year_before
from controlroom.measures.plan.model import MeasureText, PlanText
from controlroom.measures.plan.words import MeasureKind, Priority
from controlroom.measures.standing import Standing, Status, change_on, status_of

TREND_QUARTERS = 8
"""Quarters of a sparkline: two years, so that each quarter stands beside its own a year before."""


class Asked(Struct, frozen=True):
    """Which card: of a quarter, of one area (None: the city), read on this day, in the team or outside."""

    quarter: Period
    today: date
    area: str | None = None
    in_team: bool = True


class Figure(Struct, frozen=True):
    """A figure as it may be shown: in words always, as a number where there is one and it may be seen."""

    text: str
    value: float | None = None


class Line(Struct, frozen=True):
    """One measure. `trend` are the last eight quarters, the oldest first; None where a figure is not shown.

    `since_signed` is by how much corrections moved the quarter after it was signed.
    """

    measure: MeasureText
    actual: Figure
    to_date: Figure
    year_before: Figure
    change: str
    trend: tuple[float | None, ...]
    status: Status
    target: str
    narrative: str = ""
    corrective_action: str = ""
    since_signed: int = 0


class Group(Struct, frozen=True):
    """The measures of one priority."""

    priority: Priority
    words: str
    lines: tuple[Line, ...]


class SignedOff(Struct, frozen=True):
    """Who answers for the quarter, since when, up to which record."""

    author: str
    at: datetime
    position: int


class Scorecard(Struct, frozen=True):
    """A quarter of the plan, city or area, as of one record of the journal."""

    plan: str
    quarter: Period
    area: str | None
    position: int
    counted_at: datetime | None
    in_team: bool
    groups: tuple[Group, ...]
    signed: SignedOff | None = None


def scorecard(ledger: Ledger, plan: PlanText, asked: Asked) -> Scorecard:
    """Return the card."""
    frozen = ledger.signed.get(asked.quarter.name)
    signed = SignedOff(frozen.author, frozen.at, frozen.position) if frozen is not None else None
    lines = [_line(ledger, plan, measure, asked) for measure in plan.measures]
    groups = tuple(
        Group(priority, words, tuple(line for line in lines if line.measure.priority is priority))
        for priority, words in plan.priorities.items()
    )
    return Scorecard(
        plan.plan,
        asked.quarter,
        asked.area,
        ledger.position,
        ledger.at,
        asked.in_team,
        groups,
        signed,
    )


class _Counts(Struct, frozen=True):
    """A measure's figures by quarter, None where there are none; `hidden` are those that may not be seen."""

    by_quarter: dict[str, int | None]
    hidden: frozenset[str]

    def of(self, quarter: Period) -> int | None:
        return self.by_quarter.get(quarter.name)


def _line(ledger: Ledger, plan: PlanText, measure: MeasureText, asked: Asked) -> Line:
    quarter = asked.quarter
    if asked.area is not None and measure.target is not None:
        measure = measure.model_copy(update={"target": None})  # it is wanted of the city, not of one area
    said = ledger.narratives.get(quarter.name, {}).get(measure.id)
    if measure.kind is MeasureKind.MILESTONE:
        return _goal_line(ledger, measure, asked)
    counts = _counts(ledger, measure, asked)
    whole = _counts(ledger, _named(plan, measure.of), asked) if measure.of is not None else None
    now, before = counts.of(quarter), counts.of(year_before(quarter))
    this_year = _of_year(quarter)
    actual, last = _figure(counts, whole, (quarter,)), _figure(counts, whole, (year_before(quarter),))
    to_date = _figure(counts, whole, this_year)
    standing = Standing(
        measure,
        quarter,
        asked.today,
        _number(counts, whole, (quarter,)),
        _number(counts, whole, this_year),
        narrative=said is not None,
    )
    trend = tuple(_figure(counts, whole, (one,)).value for one in quarters_until(quarter, TREND_QUARTERS))
    live = _live(ledger, measure.id, quarter, asked.area)
    return Line(
        measure,
        actual,
        to_date,
        last,
        _change(measure, standing, (actual, last), before),
        trend,
        status_of(standing),
        saying.target(measure, measure.target, len(this_year)),
        said.text if said is not None else "",
        said.corrective_action if said is not None else "",
        0 if now is None or quarter.name not in ledger.signed or actual.value is None else live - now,
    )


def _change(
    measure: MeasureText, standing: Standing, shown: tuple[Figure, Figure], before: int | None
) -> str:
    actual, last = shown
    if NOT_SHOWN in {actual.text, last.text} or FEWER in {actual.text, last.text}:
        return NOT_SHOWN
    if measure.kind is MeasureKind.CHANGE_ON_BASELINE and measure.baseline is not None:
        found = change_on(measure.baseline, standing.to_date or 0.0, standing.quarter)
        return saying.on_baseline(measure.baseline, standing.to_date or 0.0, found)
    if actual.value is None:
        return saying.NOTHING_BEFORE if before is None else "nothing to compare"
    if measure.kind is MeasureKind.PERCENTAGE:
        return saying.points(actual.value, last.value)
    return saying.change(actual.value, last.value, measure.polarity)


def _counts(ledger: Ledger, measure: MeasureText, asked: Asked) -> _Counts:
    """Return the figures of every quarter that the card shows or adds up."""
    quarters = {one.name: one for one in quarters_until(asked.quarter, TREND_QUARTERS)}
    quarters |= {one.name: one for one in (*_of_year(asked.quarter), year_before(asked.quarter))}
    values: dict[str, int | None] = {}
    hidden = set[str]()
    for name, quarter in quarters.items():
        values[name] = value = _value(ledger, measure.id, quarter, asked.area)
        if measure.sensitive and not asked.in_team and value is not None:
            areas = _areas(ledger, measure.id, quarter)
            if is_small(value) or (asked.area is not None and asked.area in hidden_areas(areas)):
                hidden.add(name)
    return _Counts(values, frozenset(hidden))


def _value(ledger: Ledger, measure: str, quarter: Period, area: str | None) -> int | None:
    """Return the quarter's figure, as signed where it is; None where there are no figures of that time."""
    if quarter.last.toordinal() < ledger.since and quarter.name not in ledger.signed:
        found = _areas(ledger, measure, quarter)
        return None if not found else _of_area(found, area)
    return _of_area(_areas(ledger, measure, quarter), area)


def _areas(ledger: Ledger, measure: str, quarter: Period) -> dict[str, int]:
    frozen = ledger.signed.get(quarter.name)
    return frozen.figures.get(measure, {}) if frozen is not None else by_area(ledger, measure, quarter)


def _live(ledger: Ledger, measure: str, quarter: Period, area: str | None) -> int:
    return _of_area(by_area(ledger, measure, quarter), area)


def _of_area(areas: dict[str, int], area: str | None) -> int:
    return sum(areas.values()) if area is None else areas.get(area, 0)


def _figure(counts: _Counts, whole: _Counts | None, quarters: tuple[Period, ...]) -> Figure:
    """Return the figure of these quarters together, as it may be shown."""
    names = [one.name for one in quarters]
    for one in (counts, whole) if whole is not None else (counts,):
        if any(name in one.hidden for name in names):
            small = len(names) == 1 and is_small(one.by_quarter[names[0]] or 0) and whole is None
            return Figure(FEWER if small else NOT_SHOWN)
    value = _number(counts, whole, quarters)
    if value is None:
        return Figure("no figures" if _sum(counts, quarters) is None else "none reported")
    if whole is None:
        return Figure(saying.number(value), value)
    return Figure(saying.share(_sum(counts, quarters) or 0, _sum(whole, quarters) or 0), value)


def _number(counts: _Counts, whole: _Counts | None, quarters: tuple[Period, ...]) -> float | None:
    """Return the figure as a number, of a percentage in percent; None where there is none."""
    part = _sum(counts, quarters)
    if whole is None or part is None:
        return part
    of = _sum(whole, quarters)
    return part / of * 100 if of else None


def _sum(counts: _Counts, quarters: tuple[Period, ...]) -> int | None:
    known = [value for one in quarters if (value := counts.of(one)) is not None]
    return sum(known) if known else None


def _of_year(quarter: Period) -> tuple[Period, ...]:
    """Return the quarters of the plan year up to this one."""
    return quarters_until(quarter, int(quarter.name.split("Q")[1]))


def _goal_line(ledger: Ledger, measure: MeasureText, asked: Asked) -> Line:
    """Return the line of a milestone: how far it had come by the end of the quarter."""
    quarter, earlier = asked.quarter, year_before(asked.quarter)
    if measure.goal is None:
        raise ValueError(f"measure '{measure.id}' has no goal: the plan was not checked")
    frozen = ledger.signed.get(quarter.name)
    now, then = goal_at(ledger, measure.goal, quarter.last), goal_at(ledger, measure.goal, earlier.last)
    state = now.state if now is not None else None
    if frozen is not None:
        word = frozen.goals.get(measure.goal)
        state = GoalState(word) if word else None
    figure = Figure(saying.GOALS[state] if state is not None else "nothing said")
    said = ledger.narratives.get(quarter.name, {}).get(measure.id)
    return Line(
        measure,
        figure,
        figure,
        Figure(saying.GOALS[then.state] if then is not None else "nothing said"),
        now.text if now is not None else "",
        (),
        status_of(Standing(measure, quarter, asked.today, goal=state)),
        saying.target(measure, measure.target, 4),
        said.text if said is not None else "",
        said.corrective_action if said is not None else "",
    )


def _named(plan: PlanText, name: str) -> MeasureText:
    return next(measure for measure in plan.measures if measure.id == name)


def signed_figures(
    ledger: Ledger, plan: PlanText, name: str
) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """Return the figures and goals of a quarter as they stand now, to be signed."""
    quarter = parse(name)
    figures = {
        measure.id: by_area(ledger, measure.id, quarter) for measure in plan.measures if measure.counts
    }
    said = {
        measure.goal: goal_at(ledger, measure.goal, quarter.last)
        for measure in plan.measures
        if measure.goal is not None
    }
    return figures, {goal: found.state for goal, found in said.items() if found is not None}
