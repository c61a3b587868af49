"""Orders out, on virtual time: to a broker that answers when the test says so."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from controlroom.dispatch.outbox import IN_FLIGHT_MAX, RETRY_S, NotNow, Outbox
from controlroom.events import OrdersHandedOver, SignalReceived
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.signals.vocabulary import Kind
from tests.build import handbook, signal
from tests.journal.virtual_time import passes, run
from tests.room.desk import Desk, at_work


class Broker:
    """Keeps what was published, and confirms or refuses it when told to. `full` takes nothing."""

    def __init__(self) -> None:
        self.full = False
        self.published: list[tuple[str, bytes]] = []
        self.unanswered: list[asyncio.Future[None]] = []

    def publish(self, topic: str, payload: bytes) -> asyncio.Future[None]:
        """As `Publish` says."""
        if self.full:
            raise NotNow
        self.published.append((topic, payload))
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.unanswered.append(answer)
        return answer

    def confirm(self, count: int | None = None) -> None:
        """Say that the oldest so many unanswered messages have arrived, or all of them."""
        taken, self.unanswered = self.unanswered[:count], self.unanswered[count or len(self.unanswered) :]
        for answer in taken:
            answer.set_result(None)

    def refuse(self) -> None:
        """Say of every unanswered message that it was not taken."""
        taken, self.unanswered = self.unanswered, []
        for answer in taken:
            answer.set_exception(ConnectionError("reason code 0x97, quota exceeded"))


class Counts:
    """Counts what the outbox reports."""

    def __init__(self) -> None:
        self.over = 0
        self.again = 0

    def handed_over(self, orders: int) -> None:
        """Count confirmed orders."""
        self.over += orders

    def retried(self, orders: int) -> None:
        """Count orders that are sent once more."""
        self.again += orders


def panic(number: int) -> SignalReceived:
    """Return a signal that is answered with an order."""
    return signal(Kind.ARC_ALARM, f"a{number}", event="panic")


def with_outbox(
    story: Callable[[Desk, Broker, Counts], Coroutine[Any, Any, None]], *, start: bool = True
) -> None:
    """Tell the story of a room whose orders go to this broker."""

    async def told() -> None:
        async with at_work(handbook(accept_within_s=10_000)) as desk:
            broker, counts = Broker(), Counts()
            outbox = Outbox(desk.room, broker.publish, counts)
            desk.room.follow(outbox)
            if start:
                outbox.start()
            await story(desk, broker, counts)

    run(told())


async def ordered(desk: Desk, count: int) -> None:
    """Have so many orders given and durable."""
    for number in range(count):
        desk.room.tell(panic(number))
    await desk.turns()
    desk.store()
    await desk.turns()


def test_an_order_leaves_when_its_decision_is_durable_and_not_before() -> None:
    """Nothing goes out for a decision that a crash could still take back."""

    async def story(desk: Desk, broker: Broker, _: Counts) -> None:
        desk.room.tell(panic(1))
        await passes(30)
        assert (list(desk.room.state.unsent), broker.published) == (["ORD-1"], [])
        desk.store()
        assert [topic for topic, _ in broker.published] == ["leedswatch/dispatch/MR-01/orders"]

    with_outbox(story)


def test_what_the_broker_confirmed_is_told_to_the_room_in_one_batch() -> None:
    """Confirmations that come together are one event, and the state has nothing unsent after it."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        await ordered(desk, 5)
        broker.confirm()
        await desk.turns()
        assert [record.event for record in desk.shelf.waiting] == [
            OrdersHandedOver(tuple(f"ORD-{number}" for number in range(1, 6)))
        ]
        assert (list(desk.room.state.unsent), counts.over, counts.again) == ([], 5, 0)

    with_outbox(story)


def test_a_restart_sends_again_what_was_not_confirmed_with_the_same_bytes() -> None:
    """After a restart exactly the unconfirmed orders go out, in their order, each with its first bytes."""

    async def story(desk: Desk, broker: Broker, _: Counts) -> None:
        await ordered(desk, 4)
        broker.confirm(1)
        await desk.turns()
        desk.store()
        state = from_bytes(to_bytes(desk.room.state))
        second, again = Desk(handbook(), 1_000, state), Broker()
        Outbox(second.room, again.publish, Counts()).start()
        assert again.published == broker.published[1:]

    with_outbox(story)


def test_orders_of_before_the_start_go_out_at_the_start_and_once() -> None:
    """An outbox that is not open yet leaves orders to the state, and sends them first when it opens."""

    async def story(desk: Desk, broker: Broker, _: Counts) -> None:
        outbox = Outbox(desk.room, broker.publish, Counts())
        desk.room.follow(outbox)
        await ordered(desk, 2)
        assert broker.published == []
        outbox.start()
        assert len(broker.published) == 2

    with_outbox(story, start=False)


def test_no_more_are_in_flight_than_the_bound() -> None:
    """Past the bound orders wait; each confirmation lets the next ones go, and none is sent twice."""

    async def story(desk: Desk, broker: Broker, _: Counts) -> None:
        await ordered(desk, IN_FLIGHT_MAX + 7)
        assert len(broker.published) == IN_FLIGHT_MAX
        broker.confirm(5)
        await desk.turns()
        assert len(broker.unanswered) == IN_FLIGHT_MAX
        broker.confirm()
        await desk.turns()
        assert len(broker.published) == len(set(broker.published)) == IN_FLIGHT_MAX + 7

    with_outbox(story)


def test_a_full_queue_is_tried_again_after_a_pause() -> None:
    """While the queue is full nothing is lost and nothing overtakes; then all go out in their order."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        broker.full = True
        await ordered(desk, 3)
        await passes(5 * RETRY_S)
        assert broker.published == []
        broker.full = False
        await passes(RETRY_S)
        payloads = [payload for _, payload in broker.published]
        assert [f'"ORD-{number}"'.encode() in payloads[number - 1] for number in (1, 2, 3)] == [True] * 3
        assert (len(payloads), counts.again) == (3, 0)

    with_outbox(story)


def test_what_the_broker_refused_is_sent_again_until_it_has_it() -> None:
    """A refusal is counted and tried again after a pause, with the same bytes, until the room can be told."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        await ordered(desk, 1)
        for _ in range(3):
            broker.refuse()
            await passes(RETRY_S * 0.9)
            assert broker.unanswered == []
            await passes(RETRY_S * 0.2)
        broker.confirm()
        await desk.turns()
        assert (len(broker.published), len(set(broker.published))) == (4, 1)
        assert (counts.again, counts.over, list(desk.room.state.unsent)) == (3, 1, [])

    with_outbox(story)


def test_an_answer_that_is_cancelled_leaves_the_order_unsent() -> None:
    """A session that closes takes nothing back: the state still lists the order for the next start."""

    async def story(desk: Desk, broker: Broker, counts: Counts) -> None:
        await ordered(desk, 1)
        broker.unanswered[0].cancel()
        await passes(10 * RETRY_S)
        assert (list(desk.room.state.unsent), counts.over, counts.again) == (["ORD-1"], 0, 0)
        assert len(broker.published) == 1

    with_outbox(story)
