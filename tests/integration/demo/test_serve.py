"""`controlroom serve` against a broker and a store that somebody else runs, in good days and bad ones."""

import asyncio
import json
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from controlroom.clock import wall_clock
from controlroom.estate.load import load
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from simulators.estate import DEMONSTRATION_SEED, generate
from simulators.publisher import Broker as BrokerAt
from simulators.publisher import Publisher
from tests.chaos.journal_reading import entries, signal_name
from tests.integration.brokers import DURABLE, Broker, mosquitto
from tests.integration.demo.serving import Instance
from tests.integration.journal.stage import ValkeyServer
from tests.integration.waiting import until
from tests.ports import free_port

WORKER = next(
    place.topic for place in load(generate(DEMONSTRATION_SEED)).places.values() if place.kind == "lone-worker"
)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short path."""
    with tempfile.TemporaryDirectory(prefix="cr-") as folder:
        yield Path(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ValkeyServer]:
    """A Valkey that keeps what it confirms."""
    server = ValkeyServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A Mosquitto that keeps what it has."""
    started = mosquitto(tmp_path, *DURABLE)
    await started.start()
    yield started
    await started.end()


@pytest.fixture
def begun() -> Iterator[list[Instance]]:
    """Every instance that a test has begun; all are ended."""
    services: list[Instance] = []
    yield services
    for service in services:
        service.clear()


def check_in(number: int) -> Wire:
    """Return a lone worker's check-in."""
    event = {
        "specversion": "1.0",
        "id": f"t-{number}",
        "source": WORKER,
        "type": "uk.gov.leeds.leedswatch.lone-worker.v1",
        "time": wall_clock()().isoformat(),
        "data": {"worker": WORKER.rpartition("/")[2], "event": "check_in"},
    }
    return Wire(WORKER, json.dumps(event).encode(), STRUCTURED)


def stored(store: ValkeyServer) -> list[str]:
    """Return the id of every signal in the journal, sorted.

    Positions would not tell: the room writes of itself as well, of its link and of what falls due.
    """
    read = entries(Path(store.socket), "controlroom:{leeds}:journal")
    return sorted(signal_name(each.event["wire"])[1] for each in read if each.kind == "signal")


async def said(broker: Broker, count: int, first: int = 0) -> None:
    """Publish so many check-ins; every one is acknowledged by the broker."""
    publisher = Publisher(BrokerAt("127.0.0.1", broker.port, "worker"))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(publisher.run(), name="publisher")
        for number in range(first, first + count):
            await publisher.send(check_in(number))
        await publisher.drain()
        running.cancel()


async def test_a_store_that_is_away_is_unreachable(home: Path, begun: list[Instance]) -> None:
    """Nobody at the store's address: one line that names the setting, exit code 4."""
    begun.append(Instance(home, free_port(), free_port()))
    program = begun[0].start()
    assert await program.ended() == 4
    assert len(program.told) == 1, program.err
    assert "store.url" in program.told[0]


async def test_a_store_that_may_forget_is_refused(home: Path, tmp_path: Path, begun: list[Instance]) -> None:
    """Without an append-only file the room does not begin and says what to change; it does when told to."""
    store = ValkeyServer(tmp_path, "--appendonly", "no")
    store.start()
    try:
        begun.append(Instance(home, store.port, free_port()))
        program = begun[0].start()
        assert await program.ended() == 3
        assert "appendonly: found no, wanted yes" in program.err
        assert "allow_unsafe_store" in program.err
        await begun[0].answering(503, STORE__ALLOW_UNSAFE_STORE="true")
    finally:
        begun[0].clear()
        store.stop()


@pytest.mark.parametrize("name", ["console", "metrics"])
async def test_a_taken_port_is_named(
    home: Path, store: ValkeyServer, begun: list[Instance], name: str
) -> None:
    """One line names the setting whose port another program has, exit code 3."""
    begun.append(Instance(home, store.port, free_port()))
    port = getattr(begun[0], name)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen(1)
        program = begun[0].start()
        assert await program.ended() == 3
    assert program.told == [
        f"controlroom: {name}.port = {port} is taken by another program; free it or set {name}.port"
    ]


async def test_the_same_room_twice_on_the_same_ports_leaves_the_first_at_work(
    home: Path, store: ValkeyServer, broker: Broker, begun: list[Instance]
) -> None:
    """A second start by mistake ends before it takes anything over."""
    begun.append(Instance(home, store.port, broker.port))
    first = await begun[0].answering()
    second = begun[0].start()
    assert await second.ended() == 3
    await said(broker, 20)
    await until(lambda: begun[0].checks == 20, "the first one goes on")
    assert first.process.poll() is None
    first.clear()


async def test_a_second_instance_takes_over_and_the_first_ends(
    home: Path, store: ValkeyServer, broker: Broker, begun: list[Instance]
) -> None:
    """The first is fenced, says so on one line with exit code 5, and every signal is in the journal once."""
    begun.append(Instance(home, store.port, broker.port, SERVICE__INSTANCE="one"))
    begun.append(Instance(home, store.port, broker.port, SERVICE__INSTANCE="two"))
    first = await begun[0].answering()
    await said(broker, 20)
    await until(lambda: begun[0].checks == 20, "the first one has stored them")
    await begun[1].answering()
    await said(broker, 20, first=20)

    assert await first.ended() == 5
    last = first.told[-1]
    assert last.startswith("controlroom: another instance has taken over room leeds"), last
    await until(lambda: begun[1].checks >= 40, "the second one has the rest")
    assert (begun[1].checks, stored(store)) == (40, sorted(f"t-{number}" for number in range(40)))


async def test_sigterm_ends_with_everything_stored(
    home: Path, store: ValkeyServer, broker: Broker, begun: list[Instance]
) -> None:
    """Asked to end in the middle of a stream it does; its next start, on a copy of the store, has it all."""
    begun.append(Instance(home, store.port, broker.port))
    service = begun[0]
    program = await service.answering()
    sending = asyncio.create_task(said(broker, 400), name="sending")
    await until(lambda: service.position > 20, "the stream")
    program.process.terminate()
    assert await program.ended() == 0, program.err
    await sending

    copy = ValkeyServer(home / "copy")
    store.stop()
    shutil.copytree(store.folder, copy.folder, ignore=shutil.ignore_patterns("s", "log"))
    copy.start()
    try:
        again = await service.answering(STORE__URL=f"redis://127.0.0.1:{copy.port}/0")
        await until(lambda: service.checks >= 400, "all of them")
        assert (service.checks, stored(copy)) == (400, sorted(f"t-{number}" for number in range(400)))
        again.process.terminate()
        assert await again.ended() == 0, again.err
    finally:
        service.clear()
        copy.stop()


async def test_a_broker_that_comes_later_is_found(
    home: Path, tmp_path: Path, store: ValkeyServer, begun: list[Instance]
) -> None:
    """Without a broker the room serves and is not ready, and says why; it connects when there is one."""
    late = mosquitto(tmp_path, *DURABLE)
    begun.append(Instance(home, store.port, late.port))
    await begun[0].answering(503)
    assert begun[0].readiness()[1]["broker"] in {"connecting", "disconnected"}
    await late.start()
    try:
        await until(lambda: begun[0].readiness()[0] == 200, "ready")
    finally:
        await late.end()
