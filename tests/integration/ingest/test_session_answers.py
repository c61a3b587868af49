"""Answers that a real broker gives rarely, given here by a listener that plays one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
import pytest

from controlroom.ingest.session.model import Loss, Phase
from tests.integration.listening import listening
from tests.integration.session_desk import QUICK, attend
from tests.integration.waiting import until

CONNACK = bytes.fromhex("2003000000")
SUBACK = bytes.fromhex("900400010001")
GOODBYE = bytes.fromhex("e0020000")


@contextlib.asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """Listen on the port that is given, and answer the first bytes of each connection with this."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        while await reader.read(1 << 16):
            pass

    async with listening(converse) as port:
        yield port


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


async def test_a_goodbye_among_messages_is_not_a_reset() -> None:
    """Who leaves while a broker sends more than was taken lets it read the goodbye to its end, and close."""
    heard = bytearray()
    told = asyncio.Event()

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(CONNACK + SUBACK + bytes.fromhex("320800016d000100") * 20_000)
        with contextlib.suppress(ConnectionResetError):
            while said := await reader.read(1 << 16):
                heard.extend(said)
            told.set()

    async with listening(flood) as port:
        settings = msgspec.structs.replace(QUICK, port=port, inbound_limit=1, leave_timeout_s=60.0)
        async with attend(settings) as desk:
            await until(lambda: desk.session.state.phase is Phase.PAUSED, "it took what it holds")
        assert len(desk.inbox) == 1
        await asyncio.wait_for(told.wait(), 60)
    assert heard.endswith(GOODBYE)
