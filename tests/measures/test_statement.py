"""What was done for whom and for how long: the lines of a statement, and that their sums are exact."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from controlroom.estate.areas import Area
from controlroom.estate.customers import Charged, Contract
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import Sign, SignNoted
from controlroom.measures.statement import (
    NOBODY,
    Done,
    Month,
    Statements,
    lines_of,
    started_minutes,
    take,
    totals,
)
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, after

BOTH = frozenset({"responses", "patrols"})
ACME = Contract("C-1", "acme", "Acme", "S1", BOTH, date(2026, 1, 1), None, 10)
MARCH = Month(2026, 3)


def order(name: str, site: str = "S1", *, simulated: bool = False) -> SendCrew:
    """Return an order for a unit."""
    return SendCrew(
        id=name,
        incident="INC-1",
        unit="MR-01",
        area=Area.INNER_EAST,
        kind=Kind.ARC_ALARM,
        source="t",
        site=site,
        priority=1,
        instruction="go",
        simulated=simulated,
    )


class Book:
    """Statements that are told one decision after the other."""

    def __init__(self, *contracts: Contract, simulated: bool = False) -> None:
        self.statements = Statements()
        self._contracts = contracts or (ACME,)
        self._simulated = simulated
        self._position = 0

    def tell(self, now: datetime, decision: Decision) -> None:
        """Take one record."""
        self._position += 1
        done = Done(self._position, now, decision)
        take(self.statements, self._contracts, done, count_simulated=self._simulated)

    def orders(self, *orders: SendCrew, now: datetime = NOON) -> None:
        """Let orders be given."""
        self.tell(now, Decision(orders=orders))

    def step(self, name: str, step: Step, now: datetime) -> None:
        """Let a unit come a step further."""
        self.tell(now, Decision((OrderMoved(name, step),)))


def test_a_response_counts_from_its_acceptance_to_its_clearing() -> None:
    """The moments are those of the records; the customer is the contract's, the minutes are started ones."""
    book = Book()
    book.orders(order("ORD-1"))
    for seconds, step in (
        (30, Step.ACCEPTED),
        (60, Step.EN_ROUTE),
        (600, Step.ON_SCENE),
        (1_231, Step.CLEARED),
    ):
        book.step("ORD-1", step, after(seconds))

    (line,) = book.statements.lines
    assert (line.customer, line.contract, line.unit, line.site) == ("acme", "C-1", "MR-01", "S1")
    assert (line.began, line.arrived, line.ended) == (after(30), after(600), after(1_231))
    assert line.minutes == 21
    assert not book.statements.errands


def test_what_nobody_cleared_is_charged_to_nobody() -> None:
    """Refused, stood down or still open: no line."""
    book = Book()
    book.orders(order("ORD-1"), order("ORD-2"))
    book.step("ORD-1", Step.ACCEPTED, after(10))
    book.step("ORD-1", Step.REFUSED, after(20))
    book.step("ORD-2", Step.ON_SCENE, after(30))

    assert not book.statements.lines
    assert list(book.statements.errands) == ["ORD-2"]


def test_a_visit_counts_the_agreed_minutes() -> None:
    """Nobody measures a visit: what the contract says is what it counts for."""
    book = Book()
    seen = SignNoted("leedswatch/inner-east/guard/S1", Sign.VISITED)
    book.tell(after(5), Decision((seen, SignNoted("leedswatch/inner-east/park/S1", Sign.OPENED))))

    (line,) = book.statements.lines
    assert (line.what, line.minutes, line.reference) == (Charged.PATROLS, 10, "1")


def test_what_no_contract_covers_stands_under_nobody() -> None:
    """Another site, a day before the contract, a charge that is not in it: the council pays itself."""
    later = Contract("C-2", "late", "Late", "S2", BOTH, date(2026, 3, 3), None, 10)
    only = Contract("C-3", "only", "Only", "S3", frozenset({"patrols"}), date(2020, 1, 1), None, 10)
    book = Book(ACME, later, only)
    for number, site in enumerate(("S2", "S3", "S9")):
        book.orders(order(f"ORD-{number}", site))
        book.step(f"ORD-{number}", Step.ACCEPTED, after(10))
        book.step(f"ORD-{number}", Step.CLEARED, after(70))

    assert [line.customer for line in book.statements.lines] == [NOBODY] * 3


def test_simulated_work_counts_in_a_demonstration_alone() -> None:
    """A rehearsal in a live room is on nobody's bill."""
    for simulated, lines in ((False, 0), (True, 1)):
        book = Book(simulated=simulated)
        book.orders(order("ORD-1", simulated=True))
        book.step("ORD-1", Step.ACCEPTED, after(0))
        book.step("ORD-1", Step.CLEARED, after(60))
        assert len(book.statements.lines) == lines


def test_a_month_is_that_of_leeds_and_of_the_end() -> None:
    """Half past midnight in British Summer Time is the new month, though UTC has the old one still."""
    book = Book()
    ends = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    book.orders(order("ORD-1"), now=ends - timedelta(hours=1))
    book.step("ORD-1", Step.ACCEPTED, ends - timedelta(hours=1))
    book.step("ORD-1", Step.CLEARED, ends)

    assert [line.reference for line in lines_of(book.statements, Month(2026, 7), None)] == ["ORD-1"]
    assert not lines_of(book.statements, Month(2026, 6), None)
    assert not lines_of(book.statements, Month(2026, 7), "other")


@given(st.integers(0, 10**7), st.integers(0, 999_999))
def test_minutes_are_started_ones_to_the_microsecond(seconds: int, microseconds: int) -> None:
    """No float is in the way: what is a microsecond over is a minute more, what is whole is not."""
    ends = NOON + timedelta(seconds=seconds, microseconds=microseconds)
    exact = ceil((seconds * 10**6 + microseconds) / (60 * 10**6)) if seconds < 10**6 else None

    minutes = started_minutes(NOON, ends)
    assert timedelta(minutes=minutes - 1) < ends - NOON <= timedelta(minutes=minutes) or minutes == 0
    assert exact is None or minutes == exact
    assert started_minutes(ends, NOON) == 0


errands = st.lists(
    st.tuples(st.sampled_from(["S1", "S2", "S3"]), st.integers(0, 100_000), st.booleans()), max_size=40
)


@given(errands)
def test_the_totals_are_the_sums_of_the_lines(told: list[tuple[str, int, bool]]) -> None:
    """Whatever is cleared in whatever order: each response is on one line, and nothing is lost in a sum."""
    other = Contract("C-2", "other", "Other", "S2", BOTH, date(2020, 1, 1))
    book = Book(ACME, other)
    expected: Counter[str] = Counter()
    for number, (site, seconds, clears) in enumerate(told):
        book.orders(order(f"ORD-{number}", site))
        book.step(f"ORD-{number}", Step.ACCEPTED, NOON)
        if clears:
            expected[{"S1": "acme", "S2": "other"}.get(site, NOBODY)] += -(-seconds // 60)
            book.step(f"ORD-{number}", Step.CLEARED, after(seconds))
    lines = [line for month in (3, 4) for line in lines_of(book.statements, Month(2026, month), None)]

    assert len(lines) == sum(clears for _, _, clears in told)
    assert {total.customer: total.minutes for total in totals(lines)} == {
        customer: expected[customer] for customer in {line.customer for line in lines}
    }
    for customer in ("acme", "other", NOBODY):
        own = lines_of(book.statements, MARCH, customer)
        assert [line for line in lines if line.customer == customer and MARCH.holds(line.ended)] == own
