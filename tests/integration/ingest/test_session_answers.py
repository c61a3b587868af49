"""Answers that a real broker gives rarely, given here by a listener that plays one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
import pytest

from controlroom.ingest.session.model import Loss
from tests.integration.session_desk import QUICK, attend
from tests.integration.waiting import until

CONNACK = bytes.fromhex("2003000000")


class Conversation(asyncio.Protocol):
    """Answers the first bytes that it hears, and keeps its connection among the `open` ones until it ends."""

    def __init__(self, answer: bytes, still_open: set[asyncio.BaseTransport]) -> None:
        self._answer = answer
        self._open = still_open
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open.add(transport)

    def data_received(self, data: bytes) -> None:
        """Answer, the first time."""
        del data
        if self._transport is not None:
            self._transport.write(self._answer)
            self._answer = b""

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        del exc
        if self._transport is not None:
            self._open.discard(self._transport)


@contextlib.asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """Listen on the port that is given, and answer the first bytes of each connection with this."""
    still_open: set[asyncio.BaseTransport] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(answer, still_open), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    for transport in still_open:
        transport.close()
    await until(lambda: not still_open, "every connection is closed")


@pytest.mark.parametrize(
    ("answer", "loss", "detail"),
    [
        (bytes.fromhex("2003008600"), Loss.NOT_AUTHORISED, "reason code 0x86"),
        (bytes.fromhex("2003008800"), Loss.REFUSED, "reason code 0x88"),
        (CONNACK + bytes.fromhex("9004ffff0087"), Loss.FILTER_REFUSED, "leedswatch/+/+/+ (0x87)"),
        (CONNACK + bytes.fromhex("e0028e00"), Loss.TAKEN_OVER, "reason code 0x8e"),
        (CONNACK + bytes.fromhex("e0018b"), Loss.SENT_AWAY, "reason code 0x8b"),
        (CONNACK + bytes.fromhex("e000"), Loss.SENT_AWAY, "reason code 0x00"),
        (CONNACK + bytes.fromhex("f000"), Loss.PROTOCOL, "packet type 0xf0"),
        (CONNACK + bytes.fromhex("30ffffffffff"), Loss.PROTOCOL, "more than four bytes"),
        (b"", Loss.NO_ANSWER, "within 0.2 s"),
    ],
    ids=["password", "busy", "filter", "taken over", "shutdown", "bare", "unknown", "length", "silence"],
)
async def test_each_end_of_a_connection_says_why(answer: bytes, loss: Loss, detail: str) -> None:
    """The state names the reason, the detail says what the broker said, and the session goes on trying."""
    async with answering(answer) as port:
        settings = msgspec.structs.replace(QUICK, port=port, connect_timeout_s=0.2)
        async with attend(settings) as desk:
            await until(lambda: sum(state.loss is loss for state in desk.states) > 1, "tried again")
            said = next(state.detail for state in desk.states if state.loss is loss)

            assert detail in said
