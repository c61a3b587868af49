"""A line to the broker, cut in the instant it comes to be: at whatever turn of the loop, it lets go."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from controlroom.clock import wall_clock
from controlroom.feeds.model import FORM, Header
from controlroom.feeds.write import FeedWriter
from simulators.generating import ZONE
from simulators.publisher import Broker, Publisher
from simulators.recording import Bounds, Recorder
from tests.integration.listening import listening

CONNACK = bytes((0x20, 3, 0, 0, 0))
"""Accepted, no session, no properties (MQTT 5, 3.2)."""

SUBSCRIBE = 0x82

TURNS = 12
"""Turns of the loop after the broker's word, by when the connection stands: some four of them do the work."""

LETS_GO_S = 20.0
"""Twice the time-out that the client's own goodbye may take."""


class AcceptingBroker:
    """Says yes to whoever connects and subscribes; `accepted` is set as the first yes leaves."""

    def __init__(self) -> None:
        self.accepted = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first packet; who only knocks says none."""
        if await reader.read(1024):
            writer.write(CONNACK)
            self.accepted.set()
        while said := await reader.read(1024):
            if said[0] == SUBSCRIBE:
                writer.write(bytes((0x90, 4, *said[2:4], 0, 0)))
        writer.close()


Work = Coroutine[Any, Any, None]


def play(broker: Broker, _: Path) -> Work:
    """Return the player's line."""
    return Publisher(broker).run()


def record(broker: Broker, folder: Path) -> Work:
    """Return the recorder's line."""
    now = wall_clock()
    begins = now()
    feed = FeedWriter(folder / "feed.jsonl.zst", Header(FORM, begins, ZONE, "a test", ""), durable=False)

    async def run() -> None:
        with feed:
            await Recorder(broker, feed, begins, now).run(Bounds())

    return run()


@pytest.mark.parametrize("turns", range(TURNS))
@pytest.mark.parametrize("line", [play, record])
async def test_a_line_cut_while_it_connects_ends(
    line: Callable[[Broker, Path], Work], turns: int, tmp_path: Path
) -> None:
    """Who cuts gets the line back, though the cut meets the broker's yes in the same turn of the loop."""
    broker = AcceptingBroker()
    async with listening(broker.serve) as port:
        running = asyncio.create_task(line(Broker("127.0.0.1", port, "cut"), tmp_path))
        await broker.accepted.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=LETS_GO_S)
    assert done == {running}
    assert running.cancelled()
