"""What each crew has in hand, kept by the broker for its terminal: a retained message a unit, or nothing.

A terminal that starts again, or was away longer than the broker keeps a session, sees its job at once. The
message says the whole, so only the latest counts: it is sent again after a failure and after each new
session, for the broker may have lost what it kept. It is made from durable records alone, never from what is
only decided.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from msgspec.structs import replace

from controlroom.dispatch.outbox import RETRY_S, NotNow, Publish
from controlroom.estate.model import Estate
from controlroom.events import LinkRestored, SignalReceived
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.crews.cards import card_of
from controlroom.incidents.crews.changes import OrderEnded, OrderUpdated, UpdateHeard, known, updated
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.crews.status import FURTHEST_FIRST
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import current_topic
from controlroom.signals.envelope import TYPE_PREFIX

CURRENT_TYPE = f"{TYPE_PREFIX}current.v1"
"""The CloudEvents type; `signals.dispatch_messages.CurrentMessage` is its schema."""

_encode = msgspec.json.Encoder().encode


GATHER_S = 0.1
"""How long changes are gathered before a unit's message is made: the order itself has gone out long before,
and a flood of alarms costs ten messages a second and unit instead of one an order."""

LISTED = 20
"""Orders that a message lists; who has more in hand than that has another problem."""


_OF_ORDERS = frozenset({OrderMoved, OrderEnded, OrderUpdated, UpdateHeard})
"""Changes of an order that was given: their types are asked by look-up."""


class Card(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What was said of an order, and of what it was made: it is said again as it is while neither changes."""

    job: StandingOrder
    estate: Estate
    said: msgspec.Raw


class InHand(msgspec.Struct):
    """What one unit has in hand, as of a position of the journal and its moment.

    `begun` are the orders that it has accepted, `offered` the others; both in the order of their issue.
    `said` are the cards of the last message, by order; None where the broker may not have it.
    """

    begun: dict[str, StandingOrder]
    offered: dict[str, StandingOrder]
    as_of: int
    at: datetime
    said: dict[str, Card] | None = None

    def jobs(self) -> list[StandingOrder]:
        """Return what is listed: what the unit is furthest with first, then the oldest."""
        begun = sorted(self.begun.values(), key=lambda job: FURTHEST_FIRST.index(job.step))
        return [*begun[:LISTED], *islice(self.offered.values(), max(0, LISTED - len(begun)))]


class CurrentOrders:
    """Keeps the broker's word about every unit up to date. A follower of the room."""

    def __init__(self, estate: Callable[[], Estate], publish: Publish) -> None:
        self._estate = estate
        self._publish = publish
        self._units: dict[str, InHand] = {}
        self._unit_of: dict[str, str] = {}
        self._dirty: dict[str, None] = {}
        self._in_flight: set[str] = set()
        self._pausing = False

    def start(self, state: State, now: datetime) -> None:
        """Begin with what the state says; it goes out when the session stands."""
        for unit in self._estate().crews:
            self._units[unit] = InHand({}, {}, state.position, now)
        for unit, orders in state.in_hand.items():
            hand = self._units[unit] = InHand({}, {}, state.position, now)
            for order in orders:
                job = state.orders[order]
                (hand.offered if job.step is None else hand.begun)[order] = job
                self._unit_of[order] = unit

    def released(self, records: Sequence[Record]) -> None:
        """Follow what durable records did to orders."""
        for record in records:
            kind = type(record.event)
            if kind is SignalReceived and not record.decision.orders:
                continue
            if kind is LinkRestored:
                for unit in self._units:
                    self._forced(unit)
            self._follow(record)
        if self._dirty:
            self._pause(GATHER_S)

    def _follow(self, record: Record) -> None:
        changes: tuple[Any, ...] = record.decision.changes  # their types are asked below, by look-up
        for change in changes:
            if type(change) in _OF_ORDERS:
                unit = self._unit_of.get(change.order)
                if unit is not None:
                    self._touched(unit, record)
                    self._change(self._units[unit], change)
        for order in record.decision.orders:
            if type(order) is SendCrew:
                self._unit_of[order.id] = order.unit
                self._touched(order.unit, record)
                self._units[order.unit].offered[order.id] = StandingOrder(order, record.now)

    def _touched(self, unit: str, record: Record) -> None:
        hand = self._units.setdefault(unit, InHand({}, {}, 0, record.now))
        hand.as_of, hand.at = record.position, record.now
        self._dirty[unit] = None

    def _change(self, hand: InHand, change: OrderMoved | OrderEnded | OrderUpdated | UpdateHeard) -> None:
        jobs = hand.offered if change.order in hand.offered else hand.begun
        if isinstance(change, OrderUpdated | UpdateHeard):
            job = jobs[change.order]
            jobs[change.order] = updated(job, change) if isinstance(change, OrderUpdated) else known(job)
            return
        job = jobs.pop(change.order)
        if isinstance(change, OrderMoved):
            moved = replace(job, step=change.step, version=job.version + 1)
            if moved.live:
                hand.begun[change.order] = moved
                return
        del self._unit_of[change.order]

    def _forced(self, unit: str) -> None:
        """Say of this unit what there is to say, even if it was said."""
        self._units[unit].said = None
        self._dirty[unit] = None

    def _pump(self) -> None:
        for unit in tuple(self._dirty):
            if unit in self._in_flight:
                continue  # its answer comes back here
            hand = self._units[unit]
            cards = self._cards(hand)
            if hand.said is not None and list(hand.said.values()) == list(cards.values()):
                del self._dirty[unit]  # what changed is not listed: the message would say the same
                continue
            try:
                sent = self._publish(current_topic(unit), _message(unit, hand, cards))
            except NotNow:
                self._pause(RETRY_S)
                return
            hand.said = cards
            del self._dirty[unit]
            self._in_flight.add(unit)
            sent.add_done_callback(_Answer(self, unit).take)

    def answered(self, unit: str, *, taken: bool) -> None:
        """Take the broker's answer for this unit; what it did not take is sent again after a pause."""
        self._in_flight.discard(unit)
        if not taken:
            self._forced(unit)
            self._pause(RETRY_S)
        elif unit in self._dirty:
            self._pump()

    def _pause(self, pause_s: float) -> None:
        """Go on in a while, once, however much happens meanwhile."""
        if not self._pausing:
            self._pausing = True
            asyncio.get_running_loop().call_later(pause_s, self._go_on)

    def _go_on(self) -> None:
        self._pausing = False
        self._pump()

    def _cards(self, hand: InHand) -> dict[str, Card]:
        """Return the card of each order that is listed; those that were said before are the same objects."""
        estate, known = self._estate(), hand.said or {}
        cards: dict[str, Card] = {}
        for job in hand.jobs():
            order = job.order.id
            card = known.get(order)
            if card is None or card.job is not job or card.estate is not estate:
                card = Card(job, estate, msgspec.Raw(_encode(_card(estate, job))))
            cards[order] = card
        return cards


class _Answer:
    """What to do when the broker has answered for one unit."""

    __slots__ = ("_current", "_unit")

    def __init__(self, current: CurrentOrders, unit: str) -> None:
        self._current = current
        self._unit = unit

    def take(self, sent: asyncio.Future[None]) -> None:
        if not sent.cancelled():  # else the session is closing; the next one says everything again
            self._current.answered(self._unit, taken=sent.exception() is None)


def _message(unit: str, hand: InHand, cards: dict[str, Card]) -> bytes:
    """Return what the broker keeps for the unit: a CloudEvent; nothing where the unit has nothing in hand."""
    if not cards:
        return b""
    data = {"unit": unit, "as_of": hand.as_of, "orders": [card.said for card in cards.values()]}
    return _encode(
        {
            "specversion": "1.0",
            "id": f"{unit}-{hand.as_of}",
            "source": current_topic(unit),
            "type": CURRENT_TYPE,
            "time": hand.at.astimezone(UTC).isoformat(),
            "datacontenttype": "application/json",
            "simulated": all(card.job.order.simulated for card in cards.values()),
            "data": data,
        }
    )


def _card(estate: Estate, job: StandingOrder) -> dict[str, Any]:
    card = msgspec.structs.asdict(card_of(estate, job))
    return card | {"issued_at": job.issued_at.astimezone(UTC).isoformat()}
