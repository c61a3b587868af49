"""The scorecard: what a quarter's line says, how it stands, and what is not shown outside the team."""

from datetime import date

import pytest

from controlroom.commands.entry_words import GoalState
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.measures.discretion import FEWER, NOT_SHOWN, hidden_areas
from controlroom.measures.ledger import Counted, Ledger, count
from controlroom.measures.periods import Period, parse, plan_year, quarter, year_before
from controlroom.measures.plan.model import Baseline, MeasureText, Target
from controlroom.measures.plan.words import MeasureKind, Polarity
from controlroom.measures.scorecard import Asked, Line, scorecard
from controlroom.measures.standing import Standing, Status, status_of
from tests.build import NOON, PLAN

Q3 = quarter(2026, 3)
TODAY = date(2026, 11, 29)


def ledger(**figures: int) -> Ledger:
    """Return a ledger with so much of each measure in the third quarter of 2026 in Inner South."""
    made = Ledger(since=date(2025, 4, 1).toordinal())
    for measure, number in figures.items():
        more(made, measure, Q3, number)
    return made


def more(made: Ledger, measure: str, period: Period, number: int, area: str = "inner-south") -> None:
    """Count so many more."""
    for _ in range(number):
        made.position += 1
        count(made, Counted(measure, period.first.toordinal(), area, made.position, 1))


def line(made: Ledger, measure: str, area: str | None = None, *, in_team: bool = True) -> Line:
    """Return a measure's line of the third quarter."""
    card = scorecard(made, PLAN, Asked(Q3, TODAY, area, in_team))
    return next(one for group in card.groups for one in group.lines if one.measure.id == measure)


def test_a_line_says_the_quarter_the_year_to_date_and_the_year_before() -> None:
    """Each figure is of its own days, and the change is said in words."""
    made = ledger(asb_cases_resolved=12)
    more(made, "asb_cases_resolved", quarter(2026, 1), 3)
    more(made, "asb_cases_resolved", year_before(Q3), 10)
    said = line(made, "asb_cases_resolved")
    assert (said.actual.text, said.to_date.text, said.year_before.text) == ("12", "15", "10")
    assert said.change == "2 more than a year before (+20 %), better"
    assert list(said.trend) == [None, 0, 0, 10, 0, 3, 0, 12]
    assert (said.status, said.target) == (Status.NO_TARGET, "no target set")


def test_before_the_first_record_there_are_no_figures_and_that_is_not_zero() -> None:
    """A year that nobody counted gives nothing to compare with."""
    made = Ledger(since=Q3.first.toordinal())
    more(made, "asb_cases_resolved", Q3, 2)
    said = line(made, "asb_cases_resolved")
    assert (said.year_before.text, said.year_before.value) == ("no figures", None)
    assert said.change.startswith("no figures of a year before")
    assert said.trend[-2:] == (None, 2)


def test_a_percentage_is_of_its_whole() -> None:
    """Numerator and denominator stand beside it; of nothing there is none."""
    said = line(ledger(mispers_reported=8, mispers_contributed=6), "mispers_contributed")
    assert (said.actual.text, said.actual.value) == ("75 % (6 of 8)", 75)
    assert line(ledger(), "mispers_contributed").actual.text == "none reported"


def test_small_numbers_of_sensitive_measures_are_for_the_team() -> None:
    """Outside the team one to four are "fewer than 5", and no sum gives them away; the team sees all."""
    made = ledger(mispers_reported=3, mispers_contributed=3, asb_cases_resolved=3)
    more(made, "mispers_reported", quarter(2026, 2), 40)
    outside = line(made, "mispers_reported", in_team=False)
    assert (outside.actual.text, outside.actual.value, outside.to_date.text) == (FEWER, None, NOT_SHOWN)
    assert (outside.trend[-1], outside.trend[-2], outside.change) == (None, 40, NOT_SHOWN)
    assert line(made, "mispers_contributed", in_team=False).actual.text == NOT_SHOWN
    assert line(made, "asb_cases_resolved", in_team=False).actual.text == "3"
    inside = line(made, "mispers_reported")
    assert (inside.actual.text, inside.to_date.text) == ("3", "43")


def test_an_area_is_not_told_from_the_citys_figure() -> None:
    """Where one area alone is hidden, the next smallest is hidden with it; zero hides nobody."""
    assert hidden_areas({"a": 3, "b": 9, "c": 30, "d": 0}) == {"a", "b"}
    assert hidden_areas({"a": 3, "b": 4, "c": 30}) == {"a", "b"}
    assert hidden_areas({"a": 5, "b": 0}) == frozenset()
    made = ledger(mispers_reported=3)
    more(made, "mispers_reported", Q3, 9, "outer-west")
    more(made, "mispers_reported", Q3, 30, "inner-east")
    shown = {
        area: line(made, "mispers_reported", area, in_team=False).actual.text
        for area in ("inner-south", "outer-west", "inner-east", "outer-east")
    }
    assert shown == {"inner-south": FEWER, "outer-west": NOT_SHOWN, "inner-east": "30", "outer-east": "0"}


def test_a_signed_quarter_is_shown_as_signed_with_what_moved_since() -> None:
    """The signed figure stands, and the later correction beside it."""
    made = ledger(asb_cases_resolved=12)
    figures = {"asb_cases_resolved": {"inner-south": 10}}
    made.signed[Q3.name] = QuarterFrozen(Q3.name, "manager", NOON, figures, {}, 7)
    said = line(made, "asb_cases_resolved")
    assert (said.actual.text, said.since_signed) == ("10", 2)
    card = scorecard(made, PLAN, Asked(Q3, TODAY))
    assert card.signed is not None
    assert (card.signed.author, card.signed.position) == ("manager", 7)


def test_what_is_said_beside_a_figure_is_on_its_line() -> None:
    """Narrative and corrective action are those of the quarter."""
    made = ledger()
    made.narratives[Q3.name] = {"cse_intelligence": NarrativeKept(Q3.name, "m", "op", NOON, "much", "more")}
    said = line(made, "cse_intelligence")
    assert (said.narrative, said.corrective_action) == ("much", "more")


def _measure(kind: MeasureKind, polarity: Polarity, target: Target | None, baseline: int = 0) -> MeasureText:
    return MeasureText(
        id="m",
        wording="w",
        priority=PLAN.measures[0].priority,
        owner="o",
        kind=kind,
        polarity=polarity,
        definition="d.",
        target=target,
        baseline=Baseline(value=baseline, year=2025, source="s") if baseline else None,
    )


def _wanted(value: float | None = None, due: date | None = None, per: str = "year") -> Target:
    return Target.model_validate(
        {"value": value, "due": due, "per": per, "owner": "Board", "set_on": date(2026, 4, 1)}
    )


COUNT, CHANGE, GOAL = MeasureKind.COUNT, MeasureKind.CHANGE_ON_BASELINE, MeasureKind.MILESTONE


@pytest.mark.parametrize(
    ("measure", "value", "to_date", "expected"),
    [
        (_measure(COUNT, Polarity.UP, None), 5, 5, Status.NO_TARGET),
        (_measure(COUNT, Polarity.UP, _wanted(100)), 30, 75, Status.GREEN),
        (_measure(COUNT, Polarity.UP, _wanted(100)), 30, 68, Status.AMBER),
        (_measure(COUNT, Polarity.UP, _wanted(100)), 30, 67, Status.RED),
        (_measure(COUNT, Polarity.DOWN, _wanted(100)), 30, 75, Status.GREEN),
        (_measure(COUNT, Polarity.DOWN, _wanted(100)), 30, 82, Status.AMBER),
        (_measure(COUNT, Polarity.DOWN, _wanted(100)), 30, 83, Status.RED),
        (_measure(COUNT, Polarity.UP, _wanted(10, per="quarter")), 10, 10, Status.GREEN),
        (_measure(COUNT, Polarity.UP, _wanted(10, per="quarter")), 8, 80, Status.RED),
        (_measure(MeasureKind.PERCENTAGE, Polarity.UP, _wanted(60)), 60, 60, Status.GREEN),
        (_measure(MeasureKind.PERCENTAGE, Polarity.UP, _wanted(60)), 51, 60, Status.AMBER),
        (_measure(MeasureKind.PERCENTAGE, Polarity.UP, _wanted(60)), None, None, Status.MISSING),
        (_measure(CHANGE, Polarity.UP, _wanted(10), 100), 30, 83, Status.GREEN),
        (_measure(CHANGE, Polarity.UP, _wanted(10), 100), 30, 76, Status.AMBER),
        (_measure(CHANGE, Polarity.DOWN, _wanted(-10), 100), 30, 90, Status.RED),
        (_measure(CHANGE, Polarity.UP, _wanted(10)), 30, 83, Status.MISSING),
        (_measure(MeasureKind.ACTIVITY, Polarity.NEITHER, None), 9, 9, Status.ACTIVITY),
        (_measure(MeasureKind.NARRATIVE, Polarity.UP, None), 9, 9, Status.MISSING),
    ],
)
def test_a_colour_needs_a_target(
    measure: MeasureText, value: float | None, to_date: float | None, expected: Status
) -> None:
    """A year's target is expected in even parts; ten per cent short is amber, more is red."""
    over = date(2027, 1, 5)
    assert status_of(Standing(measure, Q3, over, value, to_date)) is expected
    early = status_of(Standing(measure, Q3, date(2026, 9, 30), value, to_date))
    assert early is Status.NOT_DUE


@pytest.mark.parametrize(
    ("due", "state", "today", "expected"),
    [
        (None, GoalState.ACHIEVED, TODAY, Status.GREEN),
        (None, GoalState.IN_PROGRESS, TODAY, Status.NO_TARGET),
        (date(2027, 3, 31), GoalState.IN_PROGRESS, TODAY, Status.NOT_DUE),
        (date(2026, 12, 20), GoalState.IN_PROGRESS, TODAY, Status.AMBER),
        (date(2026, 11, 28), None, TODAY, Status.RED),
        (date(2027, 3, 31), GoalState.LAPSED, TODAY, Status.RED),
        (date(2027, 1, 10), GoalState.IN_PROGRESS, date(2027, 3, 1), Status.AMBER),
    ],
)
def test_a_goal_is_green_when_it_is_achieved(
    due: date | None, state: GoalState | None, today: date, expected: Status
) -> None:
    """Amber in its last month, red after its day; a quarter that is over is judged at its end."""
    measure = _measure(GOAL, Polarity.UP, _wanted(due=due) if due else None)
    assert status_of(Standing(measure, Q3, today, goal=state)) is expected


def test_the_card_of_every_measure_is_there_and_the_same_each_time() -> None:
    """Nineteen lines in three groups, of any quarter and area, from nothing at all."""
    for area in (None, "inner-south"):
        card = scorecard(Ledger(), PLAN, Asked(parse("2026Q1"), TODAY, area))
        assert [len(group.lines) for group in card.groups] == [6, 8, 5]
        assert card == scorecard(Ledger(), PLAN, Asked(parse("2026Q1"), TODAY, area))
    assert plan_year(2026).holds(TODAY)
