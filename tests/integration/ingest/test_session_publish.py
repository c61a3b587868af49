"""The contract of the session's publishing side, and of its status and states, on real brokers."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import (
    Credentials,
    Loss,
    Outbound,
    Phase,
    Presence,
    PublishQueueFull,
    PublishRefused,
    SessionClosed,
    SessionSettings,
)
from tests.integration.brokers import Broker
from tests.integration.faulty_link import FaultyLink
from tests.integration.session_desk import QUICK, Desk, attend, send, watch
from tests.integration.waiting import until

MakeMosquitto = Callable[..., contextlib.AbstractAsyncContextManager[Broker]]

ORDERS = "leedswatch/dispatch/unit-3/orders"
PRESENCE = Presence("leedswatch/status/room", b"online", b"offline", b"lost")


def orders(count: int) -> list[Outbound]:
    """Return orders numbered from 0."""
    return [Outbound(ORDERS, b"%d" % number) for number in range(count)]


async def test_a_message_arrives_as_it_was_published(settings: SessionSettings) -> None:
    """Topic, payload, content type, attributes, correlation and their order survive the broker."""
    message = Outbound(
        "leedswatch/inner-north/arc/panel-7",
        b"\x00\xff{}",
        content_type="application/json",
        attributes=(("b", "2"), ("a", "1"), ("b", "\u00e9")),
        correlation=b"\x00id",
        expiry_s=60,
    )
    other = msgspec.structs.replace(settings, client_id="crew", filters=())
    async with attend(settings) as desk, attend(other) as crew:
        await desk.connected()
        await crew.session.send(message)
        await desk.received(1)
        wire = desk.inbox[0].wire

        assert (wire.topic, wire.payload, wire.content_type) == (
            message.topic,
            message.payload,
            message.content_type,
        )
        assert (wire.attributes, wire.correlation) == (message.attributes, message.correlation)
        assert not wire.retained


async def test_a_future_completes_only_with_the_puback(line: FaultyLink, settings: SessionSettings) -> None:
    """While the PUBACK is swallowed by the network the future stays open, and the next link completes it."""
    async with attend(settings) as desk:
        await desk.connected()
        line.swallow = True
        sent = desk.session.send(Outbound(ORDERS, b"go"))
        await until(lambda: desk.session.counts.published == 1, "published")
        done, _ = await asyncio.wait({sent}, timeout=0.2)

        assert not done

        line.swallow = False
        line.reset()
        await asyncio.wait_for(sent, 60)

        assert desk.session.counts.publish_acks == 1


async def acknowledged(desk: Desk, count: int) -> None:
    """Return once the broker has confirmed so many publishes."""
    await until(lambda: desk.session.counts.publish_acks >= count, f"{count} acknowledged")


async def test_publishes_survive_resets_in_order(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """Whatever is reset, each message arrives, first copies in publish order, and its future completes."""
    line.latency_s = 0.001
    narrow = msgspec.structs.replace(settings, publish_window=30, filters=())
    async with watch(broker.port, ORDERS) as seen, attend(narrow) as desk:
        await desk.connected()
        sent = [desk.session.send(message) for message in orders(600)]
        for part in (100, 300, 450):
            await acknowledged(desk, part)
            line.reset()
        await asyncio.wait_for(asyncio.gather(*sent), 60)
        await until(lambda: bytes(seen[-1].payload) == b"599", "the last one seen")
        firsts = list(dict.fromkeys(int(bytes(message.payload)) for message in seen))

        assert firsts == list(range(600))
        assert len(seen) < 600 + 3 * 30 + 1


async def test_mosquitto_allows_twenty(make_mosquitto: MakeMosquitto) -> None:
    """Mosquitto's CONNACK says 20 unless it is configured, and so no more are in flight."""
    async with (
        make_mosquitto() as broker,
        FaultyLink(broker.port) as line,
        attend(msgspec.structs.replace(QUICK, port=line.port)) as desk,
    ):
        await desk.connected()
        line.swallow = True
        futures = [desk.session.send(message) for message in orders(1_000)]
        await asyncio.sleep(0)

        assert len(desk.session._departures._flying) == 20

        line.swallow = False
        line.reset()
        await asyncio.gather(*futures)

        assert desk.session.counts.publish_acks == 1_000


async def test_publishes_of_one_turn_leave_in_one_write(settings: SessionSettings) -> None:
    """Messages published in one turn of the event loop are written to the socket at once."""
    async with attend(settings) as desk:
        await desk.connected()
        writes = desk.tap()
        await asyncio.gather(*[desk.session.send(message) for message in orders(10)])

        assert len(writes) == 1


async def test_a_full_queue_takes_nothing_more(settings: SessionSettings) -> None:
    """At its bound publish raises at once, and takes messages again when others are acknowledged."""
    async with attend(msgspec.structs.replace(settings, publish_queue_limit=5)) as desk:
        sent = [desk.session.send(message) for message in orders(5)]
        with pytest.raises(PublishQueueFull):
            desk.session.send(Outbound(ORDERS, b"one too many"))
        await asyncio.gather(*sent)
        await desk.session.send(Outbound(ORDERS, b"now"))

        assert desk.session.counts.publish_acks == 6


async def test_a_refused_message_fails_its_future(make_mosquitto: MakeMosquitto, tmp_path: Path) -> None:
    """A publish that the broker's ACL forbids fails with the reason code and is not sent again."""
    acl = tmp_path / "acl"
    acl.write_text("topic read #\ntopic write leedswatch/dispatch/#\n")
    async with (
        make_mosquitto(f"acl_file {acl}") as broker,
        attend(msgspec.structs.replace(QUICK, port=broker.port)) as desk,
    ):
        await desk.connected()
        with pytest.raises(PublishRefused) as refusal:
            await desk.session.send(Outbound("leedswatch/secret", b""))
        await desk.session.send(Outbound(ORDERS, b"allowed"))

        assert refusal.value.reason_code == 0x87
        assert desk.session.counts.publish_backlog == 0


async def test_an_oversize_message_fails_and_holds_up_no_other(make_mosquitto: MakeMosquitto) -> None:
    """A packet over the broker's limit fails its future here; sent, it would end every connection."""
    async with (
        make_mosquitto("max_packet_size 2000") as broker,
        attend(msgspec.structs.replace(QUICK, port=broker.port)) as desk,
    ):
        await desk.connected()
        large = desk.session.send(Outbound(ORDERS, bytes(3_000)))
        await desk.session.send(Outbound(ORDERS, b"small"))
        with pytest.raises(PublishRefused):
            await large

        assert desk.session.counts.reconnects == 0


async def test_a_broker_that_forgot_the_session_gets_everything_again(make_mosquitto: MakeMosquitto) -> None:
    """A broker that restarts without memory is subscribed to and published to as before."""
    async with (
        make_mosquitto("persistence false") as broker,
        FaultyLink(broker.port) as line,
        attend(msgspec.structs.replace(QUICK, port=line.port)) as desk,
    ):
        await desk.connected()
        line.swallow = True
        sent = desk.session.send(Outbound(ORDERS, b"go"))
        await broker.end()
        line.swallow = False
        line.reset()
        await broker.start()
        await asyncio.wait_for(sent, 60)
        await desk.connected()
        await send(broker.port, [b"news"])
        await desk.received(1)

        assert desk.payloads == [b"news"]


async def test_a_wrong_password_is_said_and_tried_again(
    make_mosquitto: MakeMosquitto, tmp_path: Path
) -> None:
    """A refused password shows as its own state, and the session goes on trying until it is right."""
    passwords = tmp_path / "passwords"
    await run_tool("mosquitto_passwd", "-b", "-c", str(passwords), "room", "right")
    async with make_mosquitto(f"password_file {passwords}", anonymous=False) as broker:
        base = msgspec.structs.replace(QUICK, port=broker.port)
        async with attend(msgspec.structs.replace(base, credentials=Credentials("room", "wrong"))) as desk:
            await until(lambda: desk.phases().count(Phase.CONNECTING) >= 3, "three attempts")

            assert {state.loss for state in desk.states if state.phase is Phase.DISCONNECTED} == {
                Loss.NOT_AUTHORISED
            }
            assert Phase.CONNECTED not in desk.phases()
        async with attend(msgspec.structs.replace(base, credentials=Credentials("room", "right"))) as desk:
            await desk.connected()


async def test_no_broker_is_said_and_tried_again(make_mosquitto: MakeMosquitto) -> None:
    """A broker that is not there is UNREACHABLE, and is connected to when it comes."""
    async with make_mosquitto() as broker:
        await broker.end()
        async with attend(msgspec.structs.replace(QUICK, port=broker.port)) as desk:
            await until(lambda: Loss.UNREACHABLE in [state.loss for state in desk.states], "unreachable")
            sent = desk.session.send(Outbound(ORDERS, b"waits"))
            await broker.start()
            await asyncio.wait_for(sent, 60)


async def test_the_status_topic_tells_online_and_offline(broker: Broker, settings: SessionSettings) -> None:
    """The status is online while connected, and offline after an orderly end."""
    async with watch(broker.port, PRESENCE.topic) as seen:
        async with attend(msgspec.structs.replace(settings, presence=PRESENCE)) as desk:
            await desk.connected()
            await until(lambda: len(seen) == 1, "online")
        await until(lambda: len(seen) == 2, "offline")

        assert [bytes(message.payload) for message in seen] == [b"online", b"offline"]
    async with watch(broker.port, PRESENCE.topic) as kept:
        await until(lambda: len(kept) == 1, "the retained status")

        assert bytes(kept[0].payload) == b"offline"


async def test_the_last_will_tells_a_lost_connection(
    broker: Broker, line: FaultyLink, settings: SessionSettings
) -> None:
    """A connection that breaks without a goodbye makes the broker say lost, then we say online again."""
    async with (
        watch(broker.port, PRESENCE.topic) as seen,
        attend(msgspec.structs.replace(settings, presence=PRESENCE)) as desk,
    ):
        await desk.connected()
        await until(lambda: len(seen) == 1, "online")
        line.reset()
        await until(lambda: len(seen) == 3, "lost and online")

        assert [bytes(message.payload) for message in seen] == [b"online", b"lost", b"online"]


async def test_an_ended_session_fails_what_is_open(settings: SessionSettings) -> None:
    """After the end, futures without a PUBACK are cancelled, and nothing more can be published."""
    nowhere = msgspec.structs.replace(settings, port=1)
    async with attend(nowhere) as desk:
        sent = desk.session.send(Outbound(ORDERS, b"never"))
        await until(lambda: Loss.UNREACHABLE in [state.loss for state in desk.states], "unreachable")

    assert sent.cancelled()

    with pytest.raises(SessionClosed):
        desk.session.send(Outbound(ORDERS, b"after"))


async def test_a_failing_receiver_ends_the_session(broker: Broker, settings: SessionSettings) -> None:
    """What the message callback raises is raised by run, and the message is not acknowledged."""

    class Broken(Exception):
        pass

    def fail(_: object) -> None:
        raise Broken

    session = Session(settings, fail, lambda _: None)
    running = asyncio.create_task(session.run(), name="session")
    await until(lambda: session.state.phase is Phase.CONNECTED, "connected")
    await send(broker.port, [b"x"])
    with pytest.raises(Broken):
        await asyncio.wait_for(running, 60)
    async with attend(settings) as desk:
        await desk.received(1)

        assert desk.payloads == [b"x"]


async def run_tool(*command: str) -> None:
    """Run a program to its end; its failure is ours."""
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0, command
