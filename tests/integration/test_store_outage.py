"""The store goes away while signals flow: the room decides on, promises nothing, and catches up."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

import pytest

from controlroom.clock import wall_clock
from tests.chaos import packets
from tests.chaos.client import MARKS, OrderListener, Publisher
from tests.chaos.house import ROOT, STREAM, House
from tests.chaos.journal_reading import entries
from tests.chaos.judge import judge
from tests.chaos.workload import City, Said, topics_by_kind
from tests.integration.faulty_link import FaultyLink
from tests.integration.waiting import until
from tests.ports import free_port

PENDING_LIMIT = 300
"""Decided records that may wait for the store in these tests; the room stops one batch short of it."""

FEW, SOME, MANY = 20, 100, 500
"""The first two fit under the limit together, whatever the batches; the last does not."""


class Street:
    """A room whose link to the broker is read along, a publisher, and the crews' ears."""

    def __init__(self, house: House, link: FaultyLink) -> None:
        self.house = house
        self.publisher = Publisher()
        self.orders = OrderListener()
        self.said: dict[tuple[str, str], Said] = {}
        self._link = link
        self._city = City(topics_by_kind(ROOT / "config" / "estate"), "outage", 1)

    def pubacks(self) -> int:
        """Return how many messages the room has acknowledged to the broker until now."""
        found = packets.split(bytearray(b"".join(self._link.from_client)))
        return sum(first == packets.PUBACK for first, _ in found)

    async def say(self, count: int) -> None:
        """Publish so many signals; the broker has them all."""
        said = list(self._city.burst(count, wall_clock()()))
        self.said |= {each.name: each for each in said}
        await self.publisher.publish_all((each.letter, each.name) for each in said)
        await until(lambda: not self.publisher.flying, "the broker's acknowledgements")

    async def decided(self) -> int:
        """Return the position of the last decision."""
        return int((await self.house.figures())["controlroom_journal_position"])

    async def decides(self, position: int) -> None:
        """Return once the room has decided this far; what falls due on a Sunday adds records of its own."""
        while await self.decided() < position:
            continue

    async def delivered(self, position: int) -> None:
        """Return once the room has been told everything up to `position`, decided or waiting."""
        while True:
            figures = await self.house.figures()
            waiting = figures["controlroom_inbox_waiting"]
            if figures["controlroom_journal_position"] + waiting >= position:
                return

    async def caught_up(self) -> None:
        """The store has everything, the broker every order, the crews every order."""
        await self.house.wait_for("controlroom_degraded", 0)
        await self.house.wait_for("controlroom_inbox_waiting", 0)
        due = sum(said.due for said in self.said.values())
        await until(lambda: len(self.orders.orders) >= due, f"{due} orders; {len(self.orders.orders)} came")
        await self.house.wait_for("controlroom_orders_unsent", 0)
        await until(lambda: self.pubacks() >= len(self.said), "acknowledgements of all signals")

    def nothing_lost(self) -> None:
        """Assert that store, broker and crews tell one story."""
        findings = judge(
            self.said, self.publisher.acknowledged, entries(self.house.store.socket, STREAM), self.orders
        )
        assert findings.sound, findings
        assert findings.acknowledged == len(self.said)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """A room behind a link that keeps its bytes, with little room for what is not stored."""
    house = House(
        tmp_path,
        {
            "JOURNAL__FRAME_RECORDS_MAX": "100",
            "JOURNAL__PENDING_LIMIT": str(PENDING_LIMIT),
            "CONSOLE__PORT": str(free_port()),
        },
    )
    async with house, FaultyLink(house.broker.port) as link:
        house.room.change(CONTROLROOM_BROKER__PORT=str(link.port))
        await house.open_room()
        made = Street(house, link)
        await made.publisher.open(house.broker.port, "outage-publisher")
        await made.orders.listen(house.broker.port, "outage-crews", "leedswatch/dispatch/+/orders", MARKS)
        yield made
        made.publisher.close()
        made.orders.close()


async def freeze(house: House) -> None:
    """The store's process stands still: connections stay open and nobody answers."""
    house.store.send(signal.SIGSTOP)


async def thaw(house: House) -> None:
    """The store goes on where it stood."""
    house.store.send(signal.SIGCONT)


async def kill(house: House) -> None:
    """The store's process is gone."""
    await house.store.end(signal.SIGKILL)


async def start(house: House) -> None:
    """A new process serves the same data."""
    await house.store.start()


Step = Callable[[House], Awaitable[None]]


@pytest.mark.parametrize(("away", "back"), [(freeze, thaw), (kill, start)], ids=["frozen", "killed"])
async def test_without_its_store_the_room_decides_on_and_promises_nothing(
    street: Street, away: Step, back: Step
) -> None:
    """While the store is away the room decides up to its bound and acknowledges nothing; nothing is lost."""
    house = street.house
    await street.say(SOME)
    await street.caught_up()
    before, promised, heard = await street.decided(), street.pubacks(), len(street.orders.orders)
    await away(house)
    await street.say(FEW)
    await house.wait_for("controlroom_degraded", 1)
    await street.decides(before + FEW)
    await street.say(SOME)
    await street.decides(before + FEW + SOME)
    await street.say(MANY)
    await street.delivered(before + FEW + SOME + MANY)
    assert before + FEW + SOME < await street.decided() <= before + PENDING_LIMIT
    assert await readiness(house) == HTTPStatus.SERVICE_UNAVAILABLE
    assert (street.pubacks(), len(street.orders.orders)) == (promised, heard)
    await back(house)
    await street.caught_up()
    assert await readiness(house) == HTTPStatus.OK
    street.nothing_lost()


async def readiness(house: House) -> int:
    """Return the status with which the room answers whether it can do its whole job."""
    port = int(house.environment["CONTROLROOM_CONSOLE__PORT"])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    status = (await reader.readline()).split()[1]
    writer.close()
    await writer.wait_closed()
    return int(status)
