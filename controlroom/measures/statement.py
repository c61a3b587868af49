"""What was done for whom, and for how long: the lines of a customer's monthly statement, from records alone.

A *response* is an order that its crew cleared: from the moment the room had its acceptance (where none came,
its first step after that) to the clearing, in the moments of the records. A *patrol* is a visit that was
reported, with the minutes that the contract agrees on. Who pays is what the contracts say of the site on
that day in Leeds; what none covers stands under nobody.

Rounding: each line counts its started minutes, so 61 seconds are two, and what took no time at all is none. A
total is the sum of the lines and is rounded no second time, so a reader adds the lines up to the same figure.

A line belongs to the month in which it ended, in Leeds: the statement of a month that is over never changes.
An order that was refused, recalled or never cleared is on no statement; signals of a simulator count in a
demonstration room alone.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct, field

from controlroom.estate.customers import Charged, Contract
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.crews.changes import OrderEnded
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import Sign, SignNoted
from controlroom.incidents.sites.false_calls import day_of
from controlroom.incidents.sites.patrols import BY_CREW
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import Step

NOBODY = ""
"""The customer of what no contract covers: the council itself pays."""

_BEGINS = frozenset({Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE})
_MINUTE = timedelta(minutes=1)


class Line(Struct, frozen=True):
    """One response or visit. `what` is it, `reference` the order's id or the position of the visit's record.

    `arrived` is None where the crew did not say that it was there, and for a visit.
    """

    customer: str
    contract: str
    what: Charged
    reference: str
    site: str
    unit: str
    began: datetime
    arrived: datetime | None
    ended: datetime
    minutes: int


class Errand(Struct):
    """An order that is not over: where, who, and since when the crew has it."""

    site: str
    unit: str
    began: datetime | None = None
    arrived: datetime | None = None


class Done(Struct, frozen=True):
    """What a record did, without what it was told: all that a statement needs."""

    position: int
    now: datetime
    decision: Decision


class Statements(Struct):
    """The lines so far, in the order in which they ended, and the orders that may become one."""

    lines: list[Line] = field(default_factory=list)
    errands: dict[str, Errand] = field(default_factory=dict)


def started_minutes(began: datetime, ended: datetime) -> int:
    """Return the started minutes between two moments; none where the second is not later."""
    return max(0, -((began - ended) // _MINUTE))


def take(statements: Statements, contracts: Iterable[Contract], done: Done, *, count_simulated: bool) -> None:
    """Let a record add what it ended. Records come in order, each once."""
    for order in done.decision.orders:
        match order:
            case SendCrew(simulated=simulated) if count_simulated or not simulated:
                statements.errands.setdefault(order.id, Errand(order.site, order.unit))
    for change in done.decision.changes:
        if type(change) is OrderEnded:
            statements.errands.pop(change.order, None)
        elif type(change) is OrderMoved:
            _step(statements, contracts, change, done.now)
        elif type(change) is SignNoted and change.sign is Sign.VISITED and change.detail != BY_CREW:
            _visit(statements, contracts, change, done)


def _step(statements: Statements, contracts: Iterable[Contract], change: OrderMoved, now: datetime) -> None:
    errand = statements.errands.get(change.order)
    if errand is None:
        return
    if change.step in _BEGINS:
        errand.began = errand.began or now
        if change.step is Step.ON_SCENE:
            errand.arrived = errand.arrived or now
        return
    del statements.errands[change.order]
    if change.step is not Step.CLEARED:
        return
    began = errand.began or now
    contract = covering(contracts, errand.site, day_of(now), Charged.RESPONSES)
    statements.lines.append(
        Line(
            customer=contract.customer if contract is not None else NOBODY,
            contract=contract.contract if contract is not None else "",
            what=Charged.RESPONSES,
            reference=change.order,
            site=errand.site,
            unit=errand.unit,
            began=began,
            arrived=errand.arrived,
            ended=now,
            minutes=started_minutes(began, now),
        )
    )


def _visit(statements: Statements, contracts: Iterable[Contract], change: SignNoted, done: Done) -> None:
    site, now = change.topic.rpartition("/")[2], done.now
    contract = covering(contracts, site, day_of(now), Charged.PATROLS)
    statements.lines.append(
        Line(
            customer=contract.customer if contract is not None else NOBODY,
            contract=contract.contract if contract is not None else "",
            what=Charged.PATROLS,
            reference=str(done.position),
            site=site,
            unit="",
            began=now,
            arrived=None,
            ended=now,
            minutes=contract.visit_min if contract is not None else 0,
        )
    )


def covering(contracts: Iterable[Contract], site: str, day: date, what: Charged) -> Contract | None:
    """Return the contract that charges for this; the loading of the estate sees to it that only one does."""
    return next((one for one in contracts if one.covers(site, day, what)), None)


class Month(Struct, frozen=True, order=True):
    """A month of the calendar in Leeds."""

    year: int
    month: int

    def holds(self, moment: datetime) -> bool:
        """Say whether this moment is in the month."""
        day = day_of(moment)
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        """Return it as ISO 8601 writes it."""
        return f"{self.year:04}-{self.month:02}"


def lines_of(statements: Statements, month: Month, customer: str | None) -> list[Line]:
    """Return the lines of a month, of one customer or (None) of all, by customer and then as they ended."""
    found = [
        line for line in statements.lines if month.holds(line.ended) and customer in {None, line.customer}
    ]
    return sorted(found, key=lambda line: line.customer)


class Total(Struct, frozen=True):
    """What the lines of one customer and kind come to."""

    customer: str
    what: Charged
    lines: int
    minutes: int


def totals(lines: Iterable[Line]) -> list[Total]:
    """Return the sums by customer and kind, in this order."""
    sums: dict[tuple[str, Charged], list[int]] = {}
    for line in lines:
        so_far = sums.setdefault((line.customer, line.what), [0, 0])
        so_far[0] += 1
        so_far[1] += line.minutes
    return [Total(*key, *so_far) for key, so_far in sorted(sums.items())]
