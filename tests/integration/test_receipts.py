"""Receipts, end to end: what a publisher is told about its signal, and what nobody can make us say."""

import contextlib
import signal
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from controlroom.clock import wall_clock
from tests.chaos.client import Listener, Publisher
from tests.chaos.house import ROOT, STATUS, STREAM, House
from tests.chaos.journal_reading import entries, signal_name
from tests.chaos.packets import Letter, Received, response_properties
from tests.chaos.workload import City, Said, topics_by_kind
from tests.integration.waiting import until

DESK = "leedswatch/receipts/desk-7"

HOSTILE = (
    "leedswatch/dispatch/MR-01/orders",
    "leedswatch/dispatch/MR-01/reports",
    "leedswatch/inner-east/arc-alarm/SCH-001",
    "leedswatch/status/chaos-1",
    "leedswatch/receipts",
    "leedswatch/receipts/",
    "elsewhere",
    "leedswatch/receipts/" + "/" * 300,
    "leedswatch/receipts/" + "x" * 60_000,
    "leedswatch/receipts/\u202edesk",
)
"""Response topics that are not for receipts, or that a broker closes the connection for."""


class Desk:
    """A publisher that asks for receipts, and all that comes on any topic."""

    def __init__(self, seed: int) -> None:
        self.publisher = Publisher()
        self.heard = Listener()
        self._city = City(topics_by_kind(ROOT / "config" / "estate"), f"r{seed}", seed)

    def next(self) -> Said:
        """Return a new signal."""
        return next(self._city.burst(1, wall_clock()()))

    async def ask(self, said: Said, topic: str, correlation: bytes) -> None:
        """Publish the signal with a response topic."""
        asked = msgspec.structs.replace(said.letter, response_topic=topic, correlation=correlation)
        await self.publisher.publish(asked, correlation)

    def receipts(self, topic: str = DESK) -> list[Received]:
        """Return what came on the topic."""
        return [message for message in self.heard.kept if message.topic == topic]

    async def told(self, count: int) -> list[dict[str, Any]]:
        """Return the receipts once there are so many."""
        await until(lambda: len(self.receipts()) >= count, f"{count} receipts; {len(self.receipts())} came")
        return [msgspec.json.decode(message.payload) for message in self.receipts()]


@contextlib.asynccontextmanager
async def desk(house: House, seed: int) -> AsyncIterator[Desk]:
    """Yield a connected desk."""
    made = Desk(seed)
    await made.publisher.open(house.broker.port, "desk-publisher")
    await made.heard.listen(house.broker.port, "desk-listener", "#")
    try:
        yield made
    finally:
        made.publisher.close()
        made.heard.close()


def stored(house: House) -> dict[tuple[str, str], int]:
    """Return the position of every signal that lies in the store now."""
    read = entries(house.store.socket, STREAM)
    return {signal_name(each.event["wire"]): each.position for each in read if each.kind == "signal"}


async def test_a_receipt_names_the_position_at_which_the_signal_lies(house: House) -> None:
    """A receipt carries the signal's id, its position in the store, and the publisher's correlation data."""
    async with desk(house, 1) as at:
        said = at.next()
        await at.ask(said, DESK, b"\x00\xffslip")
        (receipt,) = await at.told(1)
        assert receipt == {"id": said.id, "position": stored(house)[said.name]}
        told = response_properties(at.receipts()[0].properties)
        assert told == {"content_type": "application/json", "correlation": b"\x00\xffslip"}


async def test_no_receipt_goes_out_before_the_frame_is_stored(house: House) -> None:
    """While the store stands still a signal is decided and no receipt is sent; it comes afterwards."""
    async with desk(house, 2) as at:
        said = at.next()
        house.store.send(signal.SIGSTOP)
        try:
            await at.ask(said, DESK, b"1")
            await house.wait_for("controlroom_degraded", 1)
            assert (await house.figures())["controlroom_journal_position"] > 1
            assert at.receipts() == []
        finally:
            house.store.send(signal.SIGCONT)
        (receipt,) = await at.told(1)
        assert receipt == {"id": said.id, "position": stored(house)[said.name]}


async def test_a_duplicate_gets_the_first_position_again(house: House) -> None:
    """Whoever sends a signal again is told where it was decided the first time."""
    async with desk(house, 3) as at:
        said, other = at.next(), at.next()
        for number, each in enumerate((said, other, said)):
            await at.ask(each, DESK, b"%d" % number)
        receipts = await at.told(3)
        assert receipts[2] == receipts[0]
        assert receipts[1]["position"] > receipts[0]["position"]
        assert stored(house)[said.name] == receipts[0]["position"]


async def test_a_message_in_quarantine_is_receipted_without_an_id(house: House) -> None:
    """Whoever sends what cannot be read is told where it is kept, and no id that nobody could read."""
    async with desk(house, 4) as at:
        bad = Letter("leedswatch/inner-east/arc-alarm/SCH-001", b"{", response_topic=DESK)
        await at.publisher.publish(bad, "bad")
        (receipt,) = await at.told(1)
        kept = [e for e in entries(house.store.socket, STREAM) if e.kind == "quarantined"]
        assert receipt == {"id": None, "position": kept[0].position}


async def test_a_response_topic_that_is_not_for_receipts_gets_nothing(house: House) -> None:
    """A device can make the room write receipts only: anything else is counted, and the room goes on."""
    async with desk(house, 5) as at:
        for number, topic in enumerate(HOSTILE, 1):
            await at.ask(at.next(), topic, b"hostile %d" % number)
            after = at.next()
            await at.ask(after, DESK, b"after %d" % number)
            receipts = await at.told(number)
            assert receipts[-1]["id"] == after.id
            assert not [m for m in at.receipts(topic) if b'"position"' in m.payload]
        figures = await house.figures()
        assert figures['controlroom_receipts_total{result="refused"}'] == len(HOSTILE)
        assert figures['controlroom_receipts_total{result="failed"}'] == 0
        assert figures["controlroom_mqtt_connected"] == 1


async def test_a_stop_with_receipts_outstanding_is_an_orderly_stop(house: House) -> None:
    """What is stored after the session said goodbye is receipted to nobody, and the room ends in order."""
    async with desk(house, 6) as at:
        said = at.next()
        house.store.send(signal.SIGSTOP)
        try:
            await at.ask(said, DESK, b"late")
            await house.wait_for("controlroom_degraded", 1)
            house.room.send(signal.SIGTERM)
            gone = [{"instance": "chaos-1", "status": "offline"}]
            await until(
                lambda: [msgspec.json.decode(m.payload) for m in at.receipts(STATUS)][-1:] == gone, "bye"
            )
        finally:
            house.store.send(signal.SIGCONT)
        assert await house.room.end(signal.SIGTERM) == 0, house.room.tail()
        assert said.name in stored(house)
        await house.open_room()
        (receipt,) = await at.told(1)
        assert receipt == {"id": said.id, "position": stored(house)[said.name]}
