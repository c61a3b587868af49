"""What the session holds while nothing can be acknowledged and the link to the broker keeps breaking."""

import msgspec
import pytest

from controlroom.ingest.session.model import Phase, SessionSettings
from tests.integration.brokers import Broker
from tests.integration.faulty_link import FaultyLink
from tests.integration.session_desk import Desk, attend, send
from tests.integration.waiting import until

RECONNECTS = 5
KEEPALIVE_S = 1
"""A paused link is not read, so only the next ping finds that it broke."""

WINDOW = 10
LIMIT = 25
SIZE_BYTES = 1_000
MESSAGES = 60


async def break_and_resume(desk: Desk, line: FaultyLink) -> None:
    """Return once the session is back after a loss, and has all of the broker or as much as it holds."""
    before, reconnects = len(desk.inbox), desk.session.counts.reconnects
    line.reset()
    await until(lambda: desk.session.counts.reconnects > reconnects, "reconnected")
    await until(
        lambda: len(desk.inbox) >= before + WINDOW or desk.session.state.phase is Phase.PAUSED,
        "the window again, or a pause",
    )


@pytest.mark.parametrize(
    ("bound", "most"),
    [({"inbound_limit": LIMIT}, LIMIT), ({"inbound_bytes": LIMIT * SIZE_BYTES}, LIMIT)],
    ids=["messages", "bytes"],
)
async def test_reconnects_in_an_outage_fill_no_memory_and_lose_nothing(
    broker: Broker, line: FaultyLink, settings: SessionSettings, bound: dict[str, int], most: int
) -> None:
    """However often the broker delivers again, no more than the bound is held; afterwards all has come."""
    sent = [b"%03d" % number + b"." * SIZE_BYTES for number in range(MESSAGES)]
    small = msgspec.structs.replace(settings, receive_maximum=WINDOW, keepalive_s=KEEPALIVE_S, **bound)
    async with attend(small) as desk:
        await desk.connected()
        await send(broker.port, sent)
        await desk.received(WINDOW)
        for _ in range(RECONNECTS):
            await break_and_resume(desk, line)
            assert len(desk.inbox) <= most
        assert desk.session.counts.unacknowledged == len(desk.inbox) > WINDOW

        done = 0
        while len(set(desk.payloads[:done])) < MESSAGES or desk.session.counts.unacknowledged:
            await desk.received(done + 1)
            desk.acknowledge(done, done + 1)
            done += 1

        assert set(desk.payloads) == set(sent)
        assert desk.session.counts.reconnects == RECONNECTS
        await until(lambda: desk.session.state.phase is Phase.CONNECTED, "connected")
