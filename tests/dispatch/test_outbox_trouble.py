"""The outbox on virtual time, with a broker that takes orders when the test lets it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from controlroom.dispatch.outbox import IN_FLIGHT_MAX, RETRY_S, NotNow, Outbox
from controlroom.events import Closed, OrdersHandedOver
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.journal.virtual_time import passes, run
from tests.room.desk import Desk, at_work


class Broker:
    """Takes what it is sent while it is `willing`, and confirms when it is told to."""

    def __init__(self) -> None:
        self.willing = True
        self.asked = 0
        self.sent: list[str] = []
        self.taken: list[asyncio.Future[None]] = []

    def publish(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        """As the session's: refuses at once, or completes later."""
        assert topic.endswith("/orders")
        assert payload
        self.asked += 1
        if not self.willing:
            raise NotNow("the queue is full")
        self.sent.append(payload.decode())
        self.taken.append(asyncio.get_running_loop().create_future())
        return self.taken[-1]


class Counts:
    """Remembers what the outbox counted."""

    def __init__(self) -> None:
        self.confirmed = 0
        self.again = 0

    def handed_over(self, orders: int) -> None:
        """Remembered."""
        self.confirmed += orders

    def retried(self, orders: int) -> None:
        """Remembered."""
        self.again += orders


def told(story: Callable[[Desk, Broker, Counts], Coroutine[Any, Any, None]]) -> None:
    """The story was told, with an outbox that follows the room's desk."""

    async def stage() -> None:
        async with at_work() as desk:
            broker, counts = Broker(), Counts()
            outbox = Outbox(desk.room, broker.publish, counts)
            desk.room.follow(outbox)
            outbox.start()
            await story(desk, broker, counts)

    run(stage())


async def panics(desk: Desk, first: int, count: int) -> None:
    """So many orders were given and are durable, each in a frame of its own."""
    for number in range(first, first + count):
        desk.room.tell(signal(Kind.ARC_ALARM, f"a{number}", event="panic"))
        await desk.turns()
        desk.store()


def test_an_order_leaves_when_it_is_durable_and_is_remembered_when_confirmed() -> None:
    """Nothing goes out before its frame is stored; the broker's word is told to the room as an event."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
        await desk.turns()
        assert broker.asked == 0
        desk.store()
        assert broker.asked == 1
        broker.taken[0].set_result(None)
        await desk.turns()
        assert [record.event for record in desk.shelf.waiting] == [OrdersHandedOver(("ORD-1",))]
        assert (list(desk.room.state.unsent), counts.confirmed) == ([], 1)

    told(story)


def test_a_broker_that_takes_nothing_is_asked_once_a_pause() -> None:
    """However many orders are given meanwhile, one attempt a pause is made, and then all go in order."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        broker.willing = False
        await panics(desk, 0, 20)
        before = broker.asked
        await passes(10 * RETRY_S)
        assert broker.asked - before <= 11
        broker.willing = True
        await passes(RETRY_S)
        assert len(broker.taken) == 20
        assert counts.again == 0

    told(story)


def test_orders_that_the_broker_refuses_are_sent_again_after_a_pause() -> None:
    """A refusal is counted and tried again for as long as it takes; no other unit is held up by it."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        await panics(desk, 0, 3)
        broker.taken[0].set_exception(RuntimeError("not authorised"))
        await desk.turns()
        assert (counts.again, len(broker.taken)) == (1, 3)
        await panics(desk, 3, 1)
        assert len(broker.taken) == 4
        await passes(RETRY_S)
        assert len(broker.taken) == 5
        for sent in broker.taken[1:]:
            sent.set_exception(RuntimeError("not authorised"))
        await desk.turns()
        await passes(RETRY_S)
        assert (counts.again, len(broker.taken)) == (5, 9)
        assert len(desk.room.state.unsent) == 4

    told(story)


def test_a_refused_order_never_goes_out_after_its_own_stand_down() -> None:
    """What goes to one unit keeps its order: the stand-down waits behind the order that was refused."""

    async def story(desk: Desk, broker: Broker, _counts: Counts) -> None:
        await panics(desk, 0, 1)
        broker.taken[0].set_exception(RuntimeError("quota"))
        await desk.turns()
        desk.room.tell(Closed("INC-1", 1, "op-1", Outcome.FALSE_ALARM))
        await desk.turns()
        desk.store()
        assert len(broker.sent) == 1
        await passes(RETRY_S)
        assert ["stand-down" in payload for payload in broker.sent] == [False, False, True]

    told(story)


def test_no_more_than_the_bound_is_on_its_way() -> None:
    """Orders past the bound wait, and follow as others are confirmed."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        for number in range(IN_FLIGHT_MAX + 5):
            desk.room.tell(signal(Kind.ARC_ALARM, f"a{number}", event="panic"))
        await desk.turns()
        desk.store()
        assert len(broker.taken) == IN_FLIGHT_MAX
        for sent in broker.taken[:3]:
            sent.set_result(None)
        await desk.turns()
        assert (len(broker.taken), counts.confirmed) == (IN_FLIGHT_MAX + 3, 3)

    told(story)
