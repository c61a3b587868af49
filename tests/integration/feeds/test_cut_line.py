"""The player's line, cut in the instant it comes to be: at whatever turn of the loop, it lets go."""

import asyncio

import pytest

from simulators.publisher import Broker, Publisher
from tests.integration.listening import listening

CONNACK = bytes((0x20, 3, 0, 0, 0))
"""Accepted, no session, no properties (MQTT 5, 3.2)."""

TURNS = 12
"""Turns of the loop after the broker's word, by when the connection stands: some four of them do the work."""

LETS_GO_S = 20.0
"""Twice the time-out that the client's own goodbye may take."""


class AcceptingBroker:
    """Says yes to whoever connects and nothing else; `accepted` is set as the yes leaves."""

    def __init__(self) -> None:
        self.accepted = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first packet; who only knocks says none."""
        if await reader.read(1024):
            writer.write(CONNACK)
            self.accepted.set()
        await reader.read()
        writer.close()


@pytest.mark.parametrize("turns", range(TURNS))
async def test_a_line_cut_while_it_connects_ends(turns: int) -> None:
    """Who cuts gets the line back, though the cut meets the broker's yes in the same turn of the loop."""
    broker = AcceptingBroker()
    async with listening(broker.serve) as port:
        publisher = Publisher(Broker("127.0.0.1", port, "cut"))
        running = asyncio.create_task(publisher.run())
        await broker.accepted.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=LETS_GO_S)
    assert done == {running}
    assert running.cancelled()
