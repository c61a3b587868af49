"""The contract of the session's receiving side, held against real brokers."""

import asyncio

import msgspec

from controlroom.ingest.session.model import Loss, Outbound, Phase, SessionSettings
from tests.integration.brokers import Broker
from tests.integration.faulty_link import FaultyLink
from tests.integration.session_desk import attend, send
from tests.integration.waiting import until


def numbered(start: int, stop: int) -> list[bytes]:
    """Return payloads numbered like this."""
    return [b"%d" % number for number in range(start, stop)]


def barrier() -> Outbound:
    """Return a message whose PUBACK shows that the broker read all that we sent before it."""
    return Outbound("leedswatch/barrier", b"")


async def until_elapsed(seconds: float) -> None:
    """Return when this much time has passed: the condition is the time itself."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    await until(lambda: loop.time() >= end, "the time to pass")


def pubacks(link: FaultyLink) -> list[int]:
    """The packet ids of the PUBACKs that went to the broker; each of our writes is one read here."""
    sent = b"".join(link.from_client)
    ids = []
    while sent:
        size = sent[1]
        if size & 0x80:
            size, header = (size & 0x7F) + (sent[2] << 7), 3
        else:
            header = 2
        if sent[0] == 0x40:
            ids.append(int.from_bytes(sent[header : header + 2]))
        sent = sent[header + size :]
    return ids


async def test_nothing_is_acknowledged_by_itself(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """A message that was handed over stays unacknowledged until its ticket comes back."""
    async with attend(settings) as desk:
        await desk.connected()
        await send(broker.port, numbered(0, 5))
        await desk.received(5)

        assert pubacks(line) == []
        assert desk.session.counts.unacknowledged == 5

        desk.acknowledge(0, 5)
        await until(lambda: len(pubacks(line)) == 5, "the acknowledgements on the wire")


async def test_acknowledgements_leave_in_order_and_in_one_write(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """The PUBACKs of one call are one run of bytes in the order of arrival."""
    async with attend(settings) as desk:
        await desk.connected()
        await send(broker.port, numbered(0, 12))
        await desk.received(12)
        writes = desk.tap()
        desk.acknowledge(0, 12)
        await until(lambda: len(pubacks(line)) == 12, "the acknowledgements on the wire")

        assert pubacks(line) == [message.ticket.packet_id for message in desk.inbox]
        assert [len(data) for data in writes] == [4 * 12]


async def test_a_reset_redelivers_exactly_what_was_not_acknowledged(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """After a reset the broker sends what had no PUBACK, in the same order, and nothing else."""
    async with attend(settings) as desk:
        await desk.connected()
        await send(broker.port, numbered(0, 10))
        await desk.received(10)
        desk.acknowledge(0, 4)
        await desk.session.send(barrier())  # its PUBACK shows that the broker read ours before it
        line.reset()
        await desk.received(16)
        await desk.connected()
        desk.acknowledge(10, 16)
        await send(broker.port, [b"news"])
        await desk.received(17)

        assert desk.payloads[10:] == [*numbered(4, 10), b"news"]
        assert desk.session.counts.reconnects == 1


async def test_tickets_of_an_earlier_connection_do_nothing(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """Handing back the tickets of a lost connection sends no byte and counts them as stale."""
    async with attend(settings) as desk:
        await desk.connected()
        await send(broker.port, numbered(0, 3))
        await desk.received(3)
        line.reset()
        await desk.received(6)
        desk.acknowledge(0, 3)

        assert desk.session.counts.stale_tickets == 3
        assert desk.session.counts.unacknowledged == 3

        desk.acknowledge(3, 6)
        await until(lambda: len(pubacks(line)) == 3, "the acknowledgements of the second connection")


async def test_the_session_outlives_the_process(broker: Broker, settings: SessionSettings) -> None:
    """What came in between, and what was not acknowledged before, is delivered at the next start."""
    async with attend(settings) as desk:
        await desk.connected()
        await send(broker.port, numbered(0, 3))
        await desk.received(3)
        desk.acknowledge(0, 1)
        await desk.session.send(barrier())
    await send(broker.port, numbered(3, 6))
    async with attend(settings) as desk:
        await desk.received(5)

        assert desk.payloads == numbered(1, 6)


async def test_messages_before_the_suback_are_delivered(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """A resumed session's messages reach the receiver although the SUBACK has not come."""
    async with attend(settings) as desk:
        await desk.connected()
    await send(broker.port, numbered(0, 300))
    line.goes_on.clear()  # the broker hears CONNECT and no more
    one_at_a_time = msgspec.structs.replace(settings, inbound_limit=1)
    async with attend(one_at_a_time) as desk:
        for count in range(1, 301):
            await desk.received(count)
            desk.acknowledge(count - 1, count)
            line.goes_on.set()
        await desk.connected()

        assert desk.payloads == numbered(0, 300)
        assert desk.early > 0


async def test_bytes_may_come_one_by_one(broker: Broker, line: FaultyLink, settings: SessionSettings) -> None:
    """A packet that arrives one byte at a time, its length included, is the same packet."""
    line.split_bytes = 1
    payloads = [b"", b"short", b"long" * 60]
    async with attend(settings) as desk:
        await desk.connected()
        await send(broker.port, payloads)
        await desk.received(3)
        desk.acknowledge(0, 3)
        await desk.session.send(barrier())

        assert desk.payloads == payloads


async def test_a_silent_link_is_noticed_and_replaced(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """When the network swallows everything, the link is dropped as silent and nothing is lost."""
    async with attend(msgspec.structs.replace(settings, keepalive_s=1, connect_timeout_s=0.5)) as desk:
        await desk.connected()
        line.swallow = True
        await send(broker.port, numbered(0, 5))
        await until(lambda: Loss.SILENT in [state.loss for state in desk.states], "noticed")
        line.swallow = False
        await desk.received(5)

        assert desk.payloads == numbered(0, 5)


async def test_a_half_closed_link_is_replaced(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """A broker that says no more but would still listen is left, and the session resumes."""
    async with attend(settings) as desk:
        await desk.connected()
        line.half_close()
        await until(lambda: desk.session.counts.reconnects == 1, "reconnected")
        await send(broker.port, [b"after"])
        await desk.received(1)

        assert desk.payloads == [b"after"]


async def test_a_quiet_link_stays_up(settings: SessionSettings) -> None:
    """Pings keep a link without messages alive past the broker's patience."""
    async with attend(msgspec.structs.replace(settings, keepalive_s=1)) as desk:
        await desk.connected()
        await until_elapsed(2.5)

        assert desk.phases() == [Phase.CONNECTING, Phase.CONNECTED]


async def test_reading_stops_at_our_own_bound(broker: Broker, settings: SessionSettings) -> None:
    """However much the broker sends, no more than the bound is held, and all of it arrives in the end."""
    bound = msgspec.structs.replace(settings, inbound_limit=25, receive_maximum=20)
    async with attend(bound) as desk:
        await desk.connected()
    await send(broker.port, numbered(0, 600))
    done, most = 0, 0
    async with attend(bound) as desk:
        while done < 600:
            await desk.received(done + 1)
            count = len(desk.inbox)
            most = max(most, count - done)
            desk.acknowledge(done, done + 1)
            done += 1

        assert desk.payloads == numbered(0, 600)
        assert most <= 25
        assert desk.session.counts.reconnects == 0


async def test_reading_stops_at_our_own_bytes(broker: Broker, settings: SessionSettings) -> None:
    """However large the messages are, little more than the bound is held, and all arrive in the end."""
    bound = msgspec.structs.replace(settings, inbound_bytes=250_000)
    large = [bytes([number]) * 100_000 for number in range(40)]
    async with attend(bound) as desk:
        await desk.connected()
    await send(broker.port, large)
    most = 0
    async with attend(bound) as desk:
        for done in range(40):
            await desk.received(done + 1)
            most = max(most, len(desk.inbox) - done)
            desk.acknowledge(done, done + 1)

        assert desk.payloads == large
        assert most <= 3
        assert desk.session.counts.pauses > 0


async def test_our_own_pause_does_not_look_like_a_dead_link(
    broker: Broker, settings: SessionSettings
) -> None:
    """A room that takes longer than the keepalive keeps its connection, and its tickets stay good."""
    slow = msgspec.structs.replace(settings, inbound_limit=2, keepalive_s=1)
    async with attend(slow) as desk:
        await desk.connected()
        await send(broker.port, numbered(0, 6))
        await until(lambda: desk.session.state.phase is Phase.PAUSED, "paused")
        await until_elapsed(2.5)
        for start in range(0, 6, 2):
            await desk.received(start + 2)
            desk.acknowledge(start, start + 2)

        assert desk.payloads == numbered(0, 6)
        assert desk.session.counts.reconnects == 0
        assert desk.session.counts.pauses >= 3
