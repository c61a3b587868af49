"""The embedded broker, on the real program: MQTT 5 on loopback, nothing lost for who is away, one owner."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from controlroom.embedded.broker import BrokerSettings, EmbeddedBroker
from controlroom.embedded.children import ChildEnded
from controlroom.embedded.folders import VarUnwritable
from controlroom.embedded.greeting import greets
from controlroom.embedded.ports import PortTaken
from controlroom.embedded.refusals import HeldElsewhere
from controlroom.embedded.tenancy import is_locked
from tests.integration.letting_go import let_go
from tests.integration.listening import listening

Alive = Callable[[int], bool]
Until = Callable[[Callable[[], bool]], Awaitable[None]]
StarterOf = Callable[[str], Awaitable[Any]]

TOPIC = "leedswatch/inner-east/arc/panel-1"
LISTEN = "0A"  # the state of a listening socket in /proc/net/tcp
IN_FLIGHT = 200  # publishes at once: enough to be quick, fewer than the broker bounds a session to


def listeners_of(port: int) -> list[str]:
    """Return the addresses, as the kernel writes them, that listen on a TCP port in either family."""
    tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
    lines = [line for table in tables for line in table.read_text(encoding="ascii").splitlines()[1:]]
    sockets = [(row[1].split(":"), row[3]) for row in map(str.split, lines)]
    return [address for (address, number), state in sockets if state == LISTEN and int(number, 16) == port]


def properties(packet: int) -> Properties:
    """Return the empty properties of an MQTT 5 packet."""
    return Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves its constructor untyped


def client(port: int, name: str) -> contextlib.AbstractAsyncContextManager[aiomqtt.Client]:
    """Return an MQTT 5 client with a session that outlives its connection by an hour."""
    keep = properties(PacketTypes.CONNECT)
    keep.SessionExpiryInterval = 3600
    return let_go(
        aiomqtt.Client(
            "127.0.0.1",
            port,
            identifier=name,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            properties=keep,
            max_queued_incoming_messages=0,
            timeout=60,  # the library's ten seconds are few on a busy machine
        )
    )


async def subscribe_and_go(port: int) -> None:
    """Leave a persistent session behind that is subscribed at QoS 1."""
    async with client(port, "room") as room:
        await room.subscribe("leedswatch/#", qos=1)


async def publish(port: int, payloads: list[bytes]) -> None:
    """Publish in order at QoS 1; returns once the broker has acknowledged every one."""
    async with client(port, "panel") as panel:
        for first in range(0, len(payloads), IN_FLIGHT):
            batch = payloads[first : first + IN_FLIGHT]
            await asyncio.gather(*(panel.publish(TOPIC, payload, qos=1) for payload in batch))


async def collect(port: int, count: int) -> list[bytes]:
    """Return the next `count` messages of the session that was left behind."""
    async with client(port, "room") as room:
        found: list[bytes] = []
        async for message in room.messages:
            found.append(bytes(message.payload))
            if len(found) == count:
                break
        return found


async def test_it_carries_mqtt_5_at_qos_1(var: Path, port: int) -> None:
    """A subscriber gets what a publisher sends at QoS 1, with its MQTT 5 user properties."""
    async with EmbeddedBroker(BrokerSettings(var, port=port)) as broker:
        assert broker.tenancy.owned
        async with client(broker.port, "room") as room, client(broker.port, "panel") as panel:
            await room.subscribe("leedswatch/#", qos=1)
            marked = properties(PacketTypes.PUBLISH)
            marked.UserProperty = ("source", "panel-1")
            await panel.publish(TOPIC, b"bell", qos=1, properties=marked)
            message = await anext(aiter(room.messages))
            assert (str(message.topic), message.payload, message.qos) == (TOPIC, b"bell", 1)
            assert message.properties is not None
            assert vars(message.properties)["UserProperty"] == [("source", "panel-1")]


async def test_it_listens_on_loopback_only(var: Path, port: int) -> None:
    """The one listening socket of the port is bound to 127.0.0.1, in the kernel's own table."""
    async with EmbeddedBroker(BrokerSettings(var, port=port)):
        assert listeners_of(port) == ["0100007F"]


async def test_it_keeps_twenty_thousand_for_who_is_away(var: Path, port: int) -> None:
    """20,000 signals of 400 bytes for an absent persistent session all arrive, in order."""
    payloads = [f"{number:06d}".encode().ljust(400, b".") for number in range(20_000)]
    async with EmbeddedBroker(BrokerSettings(var, port=port)) as broker:
        await subscribe_and_go(broker.port)
        await publish(broker.port, payloads)
        assert await collect(broker.port, len(payloads)) == payloads


async def test_a_broker_whose_starter_was_killed_is_adopted_with_its_queue(
    var: Path, port: int, starter: StarterOf, alive: Alive
) -> None:
    """What was acknowledged before a kill -9 of the starter is delivered by the broker that is adopted."""
    killed = await starter("broker")
    await subscribe_and_go(port)
    await publish(port, [b"bell"])
    await killed.kill()
    async with EmbeddedBroker(BrokerSettings(var, port=port)) as broker:
        assert broker.tenancy.pid == killed.server
        assert broker.tenancy.owned
        assert await collect(port, 1) == [b"bell"]
    assert not alive(killed.server)


async def test_a_second_starter_is_a_guest(var: Path, port: int, alive: Alive) -> None:
    """A second starter uses the first one's broker and, leaving, leaves it alone."""
    async with EmbeddedBroker(BrokerSettings(var, port=port)) as first:
        async with EmbeddedBroker(BrokerSettings(var, port=port)) as second:
            assert second.tenancy.pid == first.tenancy.pid
            assert not second.tenancy.owned
        assert alive(first.tenancy.pid)
        assert await greets(port, 60.0)


async def test_an_orphan_at_another_port_is_named(
    var: Path, port: int, starter: StarterOf, alive: Alive
) -> None:
    """A broker of an earlier start at another port is not ended with its queue: the line says where it is."""
    killed = await starter("broker")
    await killed.kill()
    other = port - 1
    with pytest.raises(HeldElsewhere, match=rf"listening at 127.0.0.1:{port}.*set broker.port so that"):
        await EmbeddedBroker(BrokerSettings(var, port=other)).__aenter__()
    assert alive(killed.server)


async def test_a_taken_port_is_named_before_anything_starts(var: Path, port: int) -> None:
    """A port that another program listens on is one line with the setting; no broker was started."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(
            PortTaken, match=rf"^broker\.port = {port} is taken by another program; free it or"
        ):
            await EmbeddedBroker(BrokerSettings(var, port=port)).__aenter__()
        with pytest.raises(PortTaken):
            EmbeddedBroker(BrokerSettings(var, port=port)).check()
    assert not (var / "broker.log").exists()
    assert not is_locked(var / "broker" / "broker.starter.lock")


async def test_a_port_that_our_own_orphan_holds_is_not_taken(
    var: Path, port: int, starter: StarterOf, until: Until
) -> None:
    """The check before a start lets a broker pass that will be adopted, and ends nothing."""
    killed = await starter("broker")
    await killed.kill()
    EmbeddedBroker(BrokerSettings(var, port=port)).check()
    assert await greets(port, 60.0)
    os.kill(killed.server, signal.SIGKILL)
    await until(lambda: not is_locked(var / "broker" / "broker.server.lock"))
    EmbeddedBroker(BrokerSettings(var, port=port)).check()


async def test_the_death_of_the_broker_is_reported(var: Path, port: int) -> None:
    """A broker that is killed ends the watch with its cause."""
    async with EmbeddedBroker(BrokerSettings(var, port=port)) as broker:
        os.kill(broker.tenancy.pid, signal.SIGKILL)
        with pytest.raises(ChildEnded, match="broker ended unexpectedly"):
            await broker.watch()


async def test_ctrl_c_reaches_the_starter_only(starter: StarterOf, alive: Alive) -> None:
    """An interrupt of the starter's whole process group leaves the broker answering until it is ended."""
    begun = await starter("broker")
    assert os.getsid(begun.server) != os.getsid(begun.pid)
    os.killpg(begun.pid, signal.SIGINT)
    assert await begun.next_line() == {"answers": True}
    assert await begun.process.wait() == 0
    assert not alive(begun.server)


async def test_a_file_in_the_place_of_the_folder_is_named(var: Path, port: int) -> None:
    """A file where the folder should be is one clear line with the name of the setting."""
    (var / "broker").write_text("", encoding="utf-8")
    with pytest.raises(VarUnwritable, match=r"^var = .*broker is a file, not a folder"):
        await EmbeddedBroker(BrokerSettings(var, port=port)).__aenter__()


async def test_a_port_that_only_accepts_is_no_broker(port: int) -> None:
    """A program that accepts and says nothing, or something else, is not taken for a broker."""

    async def chatter(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with listening(chatter, port):
        assert not await greets(port, 1.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", port))
        silent.listen()
        assert not await greets(port, 0.1)
    assert not await greets(port, 1.0)


async def test_a_greeting_is_over_when_the_broker_has_closed(port: int) -> None:
    """Who connects after a greeting is not met by a broker that is still busy with its end."""
    closed: list[bool] = []

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        writer.write(bytes((0x20, 3, 0, 0, 0)))
        assert await reader.readexactly(2) == b"\xe0\x00"
        for _ in range(50):  # turns of the loop
            await asyncio.sleep(0)
        closed.append(True)

    async with listening(slow, port):
        assert await greets(port, 60.0)
        assert closed
