"""The crews on the air: orders in, reports out, the state machines of `crew` in between.

Each crew is a terminal: it hears its orders, and what the broker keeps of what it has in hand, so that after
a restart it goes on with its job. An order that cannot be read is not answered: it is counted and told,
because a crew has no way to refuse what it cannot name. Orders must be marked `simulated`; one that is not is
refused, since a made-up crew answering a real order would be the worst thing that a simulator can do.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from pydantic import ValidationError

from controlroom.signals.dispatch_messages import (
    CrewReport,
    CrewReportMessage,
    CrewStatus,
    CrewStatusMessage,
    CrewWord,
    CurrentMessage,
    OrderMessage,
    OrderUpdateMessage,
    StandDownMessage,
    Step,
    current_topic,
    orders_topic,
    read_current,
    read_instruction,
    reports_topic,
)
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from simulators.crew import (
    Answer,
    Crew,
    Saying,
    hear,
    muster,
    next_s,
    recover,
    stand_down,
    told_more,
    wake,
)
from simulators.publisher import Broker, Publisher

IDLE_S = 3600.0
"""How long to wait when no crew has anything to do; an order ends the wait at once."""

REAL_ORDER = "this crew is simulated and takes only simulated orders"
"""What a crew says to an order that is not marked."""


class Dispatch:
    """All crews behind one connection; `run` it in a task."""

    def __init__(
        self,
        broker: Broker,
        units: Iterable[str],
        *,
        seed: int,
        speed: float,
        now: Callable[[], datetime],
        notice: Callable[[str], None] | None = None,
    ) -> None:
        self.unreadable = 0
        self._crews = muster(units, seed)
        self._speed = speed
        self._now = now
        self._notice = notice
        self._inbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        topics = [topic(unit) for unit in self._crews for topic in (orders_topic, current_topic)]
        self.publisher = Publisher(
            broker,
            subscriptions=tuple(topics),
            keep_session=True,
            heard=lambda topic, payload: self._inbox.put_nowait((topic, payload)),
            notice=notice,
        )

    async def run(self) -> None:
        """Answer orders until cancelled; raises `RefusedError` when the broker does not want us."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.publisher.run(), name="crews' connection")
            tasks.create_task(self._work(), name="crews")

    async def _work(self) -> None:
        """Wait for the next order or the next due step, whichever is first, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            now_s = loop.time() * self._speed
            due_s = next_s(self._crews.values())
            wait_s = IDLE_S if due_s is None else max(0.0, (due_s - now_s) / self._speed)
            try:
                async with asyncio.timeout(wait_s):
                    topic, payload = await self._inbox.get()
            except TimeoutError:
                await self._wake(loop.time() * self._speed)
            else:
                await self._heard(topic, payload, loop.time() * self._speed)

    async def _wake(self, now_s: float) -> None:
        """Let every crew do what is due."""
        for unit in self._crews:
            self._crews[unit], said = wake(self._crews[unit], now_s)
            await self._report(self._crews[unit], said)

    async def _heard(self, topic: str, payload: bytes, now_s: float) -> None:
        """Hand one message to its crew."""
        unit = topic.split("/")[-2]
        try:
            if topic == current_topic(unit):
                self._current(unit, payload, now_s)
                return
            order = read_instruction(payload)
        except ValidationError as fault:
            self.unreadable += 1
            if self._notice is not None:
                self._notice(f"{unit} cannot read an order: {fault.errors()[0]['msg']}")
            return
        if not order.simulated:
            if isinstance(order, OrderMessage):
                refusal = Saying(order.data.order, Step.REFUSED, reason=REAL_ORDER)
                await self._report(self._crews[unit], (refusal,))
            return
        self._crews[unit], said = answer_to(self._crews[unit], order, now_s)
        await self._report(self._crews[unit], said)

    def _current(self, unit: str, payload: bytes, now_s: float) -> None:
        """Let a crew see what the broker kept for it; nothing kept says nothing that it has not been told."""
        if not payload:
            return
        kept = read_current(payload)
        if kept.simulated:
            self._crews[unit], _ = in_hand(self._crews[unit], kept, now_s)

    async def _report(self, crew: Crew, said: tuple[Saying, ...]) -> None:
        """Send what a crew says."""
        for saying in said:
            await self.publisher.send(report_wire(crew.unit, saying, self._now()))


def answer_to(
    crew: Crew, message: OrderMessage | OrderUpdateMessage | StandDownMessage, now_s: float
) -> Answer:
    """Return the crew after it was told this, and what it says at once."""
    if isinstance(message, StandDownMessage):
        return stand_down(crew, message.data.order)
    if isinstance(message, OrderUpdateMessage):
        return told_more(crew, message.data.order, message.data.update)
    return hear(crew, message.data.order, now_s)


def in_hand(crew: Crew, kept: CurrentMessage, now_s: float) -> Answer:
    """Return the crew after it saw what the broker kept for it."""
    return recover(crew, {job.order: job.step for job in kept.data.orders}, kept.data.as_of, now_s)


def report_wire(unit: str, saying: Saying, now: datetime) -> Wire:
    """Return a crew's report as it goes on the wire at `now`."""
    topic = reports_topic(unit)
    message: CrewReportMessage | CrewStatusMessage
    if saying.step is None:
        word = saying.word or CrewWord.CHECK_IN
        message = CrewStatusMessage(
            specversion="1.0",
            id=f"{unit}-{word}-{now:%Y%m%d%H%M%S}-{saying.nth}",
            source=topic,
            time=now,
            simulated=True,
            data=CrewStatus(unit=unit, word=word),
        )
    else:
        message = CrewReportMessage(
            specversion="1.0",
            id=f"{saying.order}-{saying.step}",
            source=topic,
            time=now,
            simulated=True,
            data=CrewReport(
                order=saying.order,
                unit=unit,
                step=saying.step,
                outcome=saying.outcome,
                reason=saying.reason,
                cause=saying.cause,
            ),
        )
    return Wire(topic, message.model_dump_json(exclude_none=True).encode(), STRUCTURED)
