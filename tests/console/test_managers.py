"""What the manager's pages show, from plain figures: exact percentiles, load, locations, income, events."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.entries import FootageRequest, Fulfilment, Income
from controlroom.commands.entry_words import IncomeFrom, Requester
from controlroom.commands.log_book import EntryCorrected, EntryWithdrawn
from controlroom.console.managers import alarm_load, answers, behind, card, earned, locations
from controlroom.console.managers.marks import SHAPES, mark_of, spark_of
from controlroom.estate.model import Estate
from controlroom.measures.earnings import evidence_of
from controlroom.measures.load import Load, MonthOfLoad
from controlroom.measures.periods import parse
from controlroom.measures.scorecard import Asked
from controlroom.measures.standing import Status
from controlroom.measures.waits import Answering, MonthOfAnswers, tenths
from controlroom.signals.vocabulary import Kind
from tests.build import estate, topic_of
from tests.console.managed_room import PLAN, TODAY, ManagedRoom, with_a_past

QUARTER = parse("2026Q3")


@given(
    st.lists(st.integers(0, 36_000), min_size=1, max_size=200),
    st.sampled_from((0.01, 0.5, 0.8, 0.9, 0.985, 1.0)),
)
def test_a_percentile_is_the_nearest_rank(times: list[int], share: float) -> None:
    """It is one of the times, at least that share lies within it, and less than that below it."""
    counts = {time: times.count(time) for time in times}
    found = answers.percentile_s(counts, share)
    rank = max(1, math.ceil(share * len(times) - 1e-9))

    assert found == sorted(times)[rank - 1] / 10


@given(st.lists(st.floats(0, 3_000), min_size=1, max_size=100), st.sampled_from((30, 60, 90, 180)))
def test_a_share_within_is_that_of_the_times_themselves(times: list[float], limit_s: int) -> None:
    """Keeping tenths of a second changes no share within whole seconds."""
    rounded = [round(time, 6) for time in times]
    counts: dict[int, int] = {}
    for time in rounded:
        counts[tenths(time)] = counts.get(tenths(time), 0) + 1

    assert answers.share_within(counts, limit_s) == sum(one <= limit_s for one in rounded) / len(rounded)


def test_what_the_room_handled_stands_apart() -> None:
    """It is counted beside the answers of its kind and is in none of their times."""
    month = MonthOfAnswers(answered={"guard 60": {100: 3, 900: 1}}, by_room={"guard": 4, "park": 2})
    page = answers.page_of(Answering(months={"2026-10": month}), ("2026-10", "2026-11"))

    row = page.tables[0].rows[0]
    assert (row.count, row.within, row.percentiles_s[0], row.longest_s) == (4, 0.75, 10.0, 90.0)
    assert page.by_room == (("guard", 4, 0.5), ("park", 2, 1.0))
    assert (page.answered, page.handled_by_room) == (4, 6)


def test_load_is_per_operator_over_all_windows() -> None:
    """Quiet windows count, a flood is more than ten for each operator, sites are those of the estate."""
    guard = topic_of(Kind.GUARD)
    month = MonthOfLoad({0: 90, 5: 9, 21: 1}, {2: 66}, {guard: 60, "leedswatch/x/guard/ghost": 6})
    page = alarm_load.page_of(Load(months={"2026-10": month}), ("2026-10",), 2, estate())

    assert page.mean == 66 / 100 / 2
    assert (page.flood_minutes, page.most, page.busy_share) == (10, 21, 0.1)
    assert [(one.site, one.count) for one in page.sites] == [("P1", 60), ("leedswatch/x/guard/ghost", 6)]
    assert alarm_load.page_of(Load(), ("2026-10",), 2, estate()).mean is None


def test_a_camera_is_reviewed_by_what_happened_near_it() -> None:
    """Places within the distance count, others do not, its own faults stand apart, cost is for the months."""
    city = estate()
    camera, guard, far = topic_of(Kind.CAMERA_FAULT), topic_of(Kind.GUARD), topic_of(Kind.HELP_POINT)
    places = dict(city.places)
    places[guard] = replace(places[guard], latitude=places[camera].latitude + 0.001)
    places[far] = replace(places[far], latitude=places[camera].latitude + 0.002)
    month = MonthOfLoad(sources={camera: 3, guard: 4, far: 50})
    asked = locations.Question(("2026-10", "2026-11", "2026-12"), pounds_a_year=400.0)
    found = locations.review(Estate(places, city.crews), Load(months={"2026-10": month}), {"C1": 2}, asked)

    assert [(one.key, one.incidents, one.faults, one.evidence) for one in found] == [("C1", 4, 3, 2)]
    assert (found[0].cost, found[0].cost_an_incident) == (100.0, 25.0)
    nobody_said = replace(asked, pounds_a_year=None)
    assert locations.review(city, Load(), {}, nobody_said)[0].cost is None
    assert locations.review(city, Load(), {}, replace(asked, group="utc")) == []


def test_income_and_evidence_follow_corrections_and_withdrawals() -> None:
    """A correction takes the place of what it corrects; what is withdrawn counts no longer."""
    room = ManagedRoom()
    done = Fulfilment(room.now, evidence=True, acquisitive=False, income_pence=4_500)
    request = FootageRequest(Requester.INSURER, "F-1", "A collision.", cameras=("C1", "C2"), fulfilled=done)
    room.writes(request)
    room.writes(Income(IncomeFrom.PATROL, 10_000, "Cross Green"))
    first, second = room.state.log_book.recent
    month = frozenset({"2026-11"})
    assert evidence_of(room.figures.earnings, month) == {"C1": 1, "C2": 1}

    corrected = Income(IncomeFrom.PATROL, 12_000, "Cross Green")
    room.happens(EntryCorrected(second, 1, "op-1", "a misprint", room.now, corrected))
    page = earned.page_of(room.figures.earnings, ("2026-10", "2026-11"))
    assert page.total.by_month == (0.0, 165.0)
    room.happens(EntryWithdrawn(first, 1, "op-1", "written twice"))
    assert earned.page_of(room.figures.earnings, ("2026-11",)).total.total == 120.0
    assert evidence_of(room.figures.earnings, month) == {}


@pytest.mark.parametrize("size", [1, 4, 1_000])
def test_the_events_of_every_figure_add_up_to_it(size: int) -> None:
    """For each measure, quarter and page size, the pages hold each event once and their sum is the figure."""
    room = with_a_past()
    asked = Asked(QUARTER, TODAY.date())
    rows = [row for part in card.page_of(room.ledger, PLAN, asked).sections for row in part.rows]
    opened = [row for row in rows if row.href is not None]

    assert len(opened) > 10
    for row in opened:
        total, after = 0, None
        seen: list[tuple[date, int]] = []
        while True:
            part = behind.slice_of(room.ledger, behind.Which(row.line.measure.id, QUARTER, None, after), size)
            assert part.first == len(seen) + 1
            assert len(part.events) <= size
            seen += [(event.day, event.position) for event in part.events]
            total += sum(event.weight for event in part.events)
            after = part.after
            if after is None:
                break
        assert total == part.total == row.line.actual.value, row.line.measure.id
        assert len(set(seen)) == len(seen) == part.count


def test_small_numbers_of_sensitive_measures_stay_in_the_team() -> None:
    """Outside it a figure from 1 to 4 is not shown, nor can its events be opened."""
    room = with_a_past()
    inside, outside = (
        {
            row.line.measure.id: row
            for part in card.page_of(room.ledger, PLAN, Asked(QUARTER, TODAY.date(), in_team=team)).sections
            for row in part.rows
        }["cse_intelligence"]
        for team in (True, False)
    )

    assert (inside.line.actual.text, outside.line.actual.text) == ("1", "fewer than 5")
    assert inside.href is not None
    assert outside.href is None


def test_every_status_has_a_shape_of_its_own() -> None:
    """Who sees no colours tells the statuses apart."""
    assert set(SHAPES) == set(Status)
    assert len(set(SHAPES.values())) == len(Status)
    assert mark_of(Status.NO_TARGET).look == "status-no-target"


@pytest.mark.parametrize(
    ("trend", "lines", "dots"),
    [((1.0, 2.0, 3.0), 1, 3), ((1.0, None, 3.0, 4.0), 1, 3), ((None, 5.0), 0, 1), ((2.0, 2.0), 1, 2)],
)
def test_a_drawing_says_what_it_shows(trend: tuple[float | None, ...], lines: int, dots: int) -> None:
    """Each known figure is a dot, neighbours are joined, gaps stay gaps, and the words have all of them."""
    spark = spark_of(trend)
    assert spark is not None

    assert (len(spark.lines), len(spark.dots)) == (lines, dots)
    assert spark.words.count("no figure") == trend.count(None)
    assert all(0 <= x <= 120 and 0 <= y <= 28 for x, y in spark.dots)
    assert spark_of((None, None)) is None
