"""Orders out: sent when their decision is durable, and again after a crash until the broker has them.

The outbox keeps nothing of its own. What is unsent is part of the room's state, so after a restart it
is told the same orders again; an order's id is the same each time, and a crew works it once. When
the broker has confirmed orders the room is told so, in batches, and remembers it in the journal.

What goes to one unit keeps its order: after a refusal everything else for that unit waits with it, so no
order arrives after its own stand-down. Other units are not held up.

Nobody here waits for a confirmation: the connection that brings it is the one that brings signals.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from controlroom.dispatch.messages import order_message
from controlroom.events import OrdersHandedOver
from controlroom.incidents.record import Record
from controlroom.orders import Order
from controlroom.room import Room
from controlroom.signals.dispatch_messages import orders_topic

IN_FLIGHT_MAX = 1_000
"""Orders sent and not yet confirmed: more than a broker's usual window, small beside its queue."""

RETRY_S = 1.0
"""Pause after the broker refused an order or its queue was full; nothing else waits for it."""

Publish = Callable[[str, bytes], "asyncio.Future[None]"]
"""Sends a payload at QoS 1 and completes when the broker has it; raises NotNow when it cannot."""


class NotNow(Exception):
    """The broker's queue is full or closed: nothing was taken, try again in a while."""


class OrderCounts(Protocol):
    """Who counts what the outbox does."""

    def handed_over(self, orders: int) -> None:
        """Count orders that the broker confirmed."""
        ...

    def retried(self, orders: int) -> None:
        """Count orders that have to be sent once more."""
        ...


class Outbox:
    """The orders on their way to the broker. A follower of the room."""

    def __init__(self, room: Room, publish: Publish, counts: OrderCounts) -> None:
        self._room = room
        self._publish = publish
        self._counts = counts
        self._waiting: deque[tuple[Order, datetime]] = deque()
        self._refused: list[tuple[Order, datetime]] = []
        self._held: set[str] = set()
        self._in_flight = 0
        self._confirmed: list[str] = []
        self._loop = asyncio.get_running_loop()
        self._open = False
        self._pausing = False

    def start(self) -> None:
        """Begin with the orders that the broker may not have: the state's own list."""
        state = self._room.state
        given = (state.orders.get(name) or state.words[name] for name in state.unsent)
        self._waiting.extendleft(reversed([(one.order, one.issued_at) for one in given]))
        self._open = True
        self._pump()

    def released(self, records: Sequence[Record]) -> None:
        """Send the orders of decisions that are durable."""
        if not self._open:
            return  # `start` finds them in the state
        for record in records:
            for order in record.decision.orders:
                self._waiting.append((order, record.now))
        if self._waiting:
            self._pump()

    def _pump(self) -> None:
        while self._waiting and self._in_flight < IN_FLIGHT_MAX:
            order, issued_at = self._waiting[0]
            if order.unit in self._held:
                self._refused.append(
                    self._waiting.popleft()
                )  # behind its unit's refused one, never before it
                continue
            try:
                sent = self._publish(orders_topic(order.unit), order_message(order, issued_at))
            except NotNow:
                self._pause()
                return
            self._waiting.popleft()
            self._in_flight += 1
            sent.add_done_callback(_Answer(self, order, issued_at).take)

    def confirmed(self, order: Order) -> None:
        """Take the broker's word that it has this order; tell the room soon, many at a time."""
        self._in_flight -= 1
        if not self._confirmed:
            self._loop.call_soon(self._hand_over)
        self._confirmed.append(order.id)

    def failed(self, order: Order, issued_at: datetime) -> None:
        """Take an order back that the broker did not accept, and try again after a pause."""
        self._in_flight -= 1
        self._counts.retried(1)
        self._refused.append((order, issued_at))
        self._held.add(order.unit)
        self._pause()

    def _pause(self) -> None:
        """Try again in a while: once, however many orders could not be sent meanwhile."""
        if not self._pausing:
            self._pausing = True
            self._loop.call_later(RETRY_S, self._go_on)

    def _go_on(self) -> None:
        self._pausing = False
        self._waiting.extendleft(reversed(self._refused))
        self._refused.clear()
        self._held.clear()
        self._pump()

    def _hand_over(self) -> None:
        confirmed, self._confirmed = self._confirmed, []
        self._counts.handed_over(len(confirmed))
        self._room.tell(OrdersHandedOver(tuple(confirmed)))
        self._pump()


class _Answer:
    """What to do when the broker has answered for one order."""

    __slots__ = ("_issued_at", "_order", "_outbox")

    def __init__(self, outbox: Outbox, order: Order, issued_at: datetime) -> None:
        self._outbox = outbox
        self._order = order
        self._issued_at = issued_at

    def take(self, sent: asyncio.Future[None]) -> None:
        if sent.cancelled():
            return  # the session is closing; the state still lists the order as unsent
        if sent.exception() is None:
            self._outbox.confirmed(self._order)
        else:
            self._outbox.failed(self._order, self._issued_at)
