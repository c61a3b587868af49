"""Orders over a real broker and store, of a room that is killed between its decision and its sending."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

from controlroom.clock import wall_clock
from controlroom.signals.dispatch_messages import (
    OrderMessage,
    current_topic,
    read_current,
    read_instruction,
)
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from simulators.publisher import Broker, Publisher
from tests.chaos.house import ROOT, House
from tests.chaos.workload import topics_by_kind
from tests.integration.waiting import until

UNSENT = "controlroom_orders_unsent"
ACCEPT_S = "3"
"""How long a crew has here: long enough to look, short enough to wait for."""


def panic() -> Wire:
    """Return a panic alarm of the first panel of the estate."""
    topic = topics_by_kind(ROOT / "config" / "estate")["arc-alarm"][0]
    site = topic.rpartition("/")[2]
    said = (
        f'{{"specversion":"1.0","id":"k-1","source":"{topic}","time":"{wall_clock()().isoformat()}",'
        f'"type":"uk.gov.leeds.leedswatch.arc-alarm.v1","simulated":true,'
        f'"data":{{"site":"{site}","event":"panic","set_state":"unset"}}}}'
    )
    return Wire(topic, said.encode(), STRUCTURED)


class Terminals:
    """All crews' terminals behind one connection that the broker keeps for them."""

    def __init__(self, port: int) -> None:
        self.heard: Counter[str] = Counter()
        self.units: dict[str, str] = {}
        self.line = Publisher(
            Broker("127.0.0.1", port, "terminals"),
            subscriptions=("leedswatch/dispatch/+/orders",),
            keep_session=True,
            heard=self._take,
        )

    def _take(self, _: str, payload: bytes) -> None:
        message = read_instruction(payload)
        self.heard[message.id] += 1
        if isinstance(message, OrderMessage):
            self.units[message.id] = message.data.unit


async def test_an_order_whose_room_is_killed_before_it_was_sent_arrives_once(tmp_path: Path) -> None:
    """Decided while the broker was away, then killed: the next room sends it, and the broker keeps it."""
    async with House(tmp_path, {"ROOM__ACCEPT_WITHIN_S": ACCEPT_S}) as house, asyncio.TaskGroup() as tasks:
        await house.open_room()
        terminals = Terminals(house.broker.port)
        line = tasks.create_task(terminals.line.run())
        await until(lambda: terminals.line.tally.connections >= 1, "the terminals are connected")
        await terminals.line.send(panic())
        await until(lambda: len(terminals.units) == 1, "the first order")

        connections = terminals.line.tally.connections
        await house.broker.end(signal.SIGKILL)
        await house.wait_for("controlroom_mqtt_connected", 0.0)
        await _until_unsent(house, 2)  # nobody accepts: a stand-down and the next order are decided
        await house.room.end(signal.SIGKILL)
        await house.broker.start()
        # A broker that was killed has forgotten who listens: what is sent before that reaches nobody.
        await until(lambda: terminals.line.tally.connections > connections, "the terminals are back")
        await house.open_room()

        await until(lambda: len(terminals.units) >= 2, "the order that was decided and not sent")
        await house.wait_for(UNSENT, 0.0)
        assert set(terminals.heard.values()) == {1}, terminals.heard
        first, second, *_ = terminals.units
        assert f"{first}-stand-down" in terminals.heard
        await _sees_its_job(house, terminals, second)
        line.cancel()


async def _until_unsent(house: House, orders: int) -> None:
    async with asyncio.timeout(60):
        while (await house.figures()).get(UNSENT, 0.0) < orders:  # noqa: ASYNC110 - a page tells no Event
            await asyncio.sleep(0.05)


async def _sees_its_job(house: House, terminals: Terminals, order: str) -> None:
    """A terminal that starts only now is shown the last order that lives, and nothing of the first."""
    kept: dict[str, list[str]] = {}

    def take(topic: str, payload: bytes) -> None:
        orders = read_current(payload).data.orders if payload else ()
        kept[topic] = [job.order for job in orders]

    fresh = Publisher(
        Broker("127.0.0.1", house.broker.port, "fresh"),
        subscriptions=("leedswatch/dispatch/+/current",),
        heard=take,
    )
    async with asyncio.TaskGroup() as tasks:
        line = tasks.create_task(fresh.run())
        await until(lambda: any(kept.values()), "a job that the broker kept")
        line.cancel()
    lives = [name for names in kept.values() for name in names]
    assert len(lives) == 1
    assert lives[0] in [*terminals.units][1:], (lives, order)
    assert lives[0] in kept[current_topic(terminals.units[lives[0]])]
