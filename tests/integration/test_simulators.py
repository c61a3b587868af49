"""The city and its crews against a real Mosquitto, which is taken away and brought back in the middle."""

import asyncio
import itertools
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest

from controlroom.clock import wall_clock
from controlroom.estate.load import load
from controlroom.estate.model import Estate
from controlroom.signals.dispatch_messages import Step, current_topic, orders_topic, read_step, reports_topic
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from simulators.city import city, perform
from simulators.dispatch import REAL_ORDER, Dispatch
from simulators.estate import DEMONSTRATION_SEED, generate
from simulators.publisher import Broker as BrokerAt
from simulators.publisher import Publisher, RefusedError
from simulators.speech import Run
from simulators.trouble import Shares
from tests.integration.brokers import DURABLE, Broker, mosquitto
from tests.integration.waiting import until

NOW = wall_clock()
MIDDLE = 1500
"""Messages that are said before the broker goes away."""
ESTATE = Path(__file__).parents[2] / "config" / "estate"


def at(broker: Broker, client: str) -> BrokerAt:
    """Return the address of this broker for a client of this name."""
    return BrokerAt("127.0.0.1", broker.port, client)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """Yield a running Mosquitto that keeps what it has over a restart."""
    started = mosquitto(tmp_path, *DURABLE)
    await started.start()
    yield started
    await started.end()


@pytest.fixture(scope="module")
def estate() -> Estate:
    """Return the demonstration estate."""
    return load(generate(DEMONSTRATION_SEED))


async def test_nothing_is_lost_over_a_restart_of_the_broker(broker: Broker, estate: Estate) -> None:
    """The broker goes away in the middle and comes back; everything that the city said is heard."""
    heard: set[tuple[str, bytes]] = set()
    listener = Publisher(
        at(broker, "listener"),
        subscriptions=("leedswatch/#",),
        keep_session=True,
        heard=lambda topic, payload: heard.add((topic, payload)),
    )
    publisher = Publisher(at(broker, "city"))
    sent: set[tuple[str, bytes]] = set()
    went = asyncio.Event()

    async def send(wire: Wire) -> None:
        if len(sent) == MIDDLE:
            await went.wait()  # a machine that is late says all at once: there must be something left to say
        sent.add((wire.topic, wire.payload))
        await publisher.send(wire)

    said = itertools.islice(city(estate, 1, 50.0, Shares(0.02, 0.02), Run("restart", 1, 50.0)), 3000)
    async with asyncio.TaskGroup() as tasks:
        lines = [tasks.create_task(listener.run(), name="listener")]
        await until(lambda: listener.tally.connections >= 1, "the listener is connected")
        lines.append(tasks.create_task(publisher.run(), name="publisher"))
        playing = tasks.create_task(perform(said, send, 50.0, NOW), name="city")
        await until(lambda: len(heard) > 500, "the room hears the city")
        await broker.end()
        before = publisher.tally.acknowledged
        went.set()
        await broker.start()
        async with asyncio.timeout(90):
            await playing
            await publisher.drain()
        await until(lambda: heard >= sent, "all is heard")
        for line in lines:
            line.cancel()
    assert before < publisher.tally.acknowledged == publisher.tally.sent
    assert publisher.tally.connections >= 2
    assert len(sent) > 2900


def order_wire(unit: str, order: str, *, simulated: bool = True) -> Wire:
    """Return an order as the room sends it."""
    topic = orders_topic(unit)
    time = NOW().isoformat()
    data = {
        "order": order,
        "incident": "INC-1",
        "unit": unit,
        "area": "inner-east",
        "site": "SCH-001",
        "kind": "arc-alarm",
        "priority": 1,
        "instruction": "Panic alarm.",
        "issued_at": time,
        "respond_within_s": None,
    }
    event = {
        "specversion": "1.0",
        "id": order,
        "source": topic,
        "time": time,
        "simulated": simulated,
        "data": data,
    }
    body = json.dumps(event | {"type": "uk.gov.leeds.leedswatch.order.v1"}).encode()
    return Wire(topic, body, STRUCTURED)


async def test_crews_answer_orders_once_and_repeat_their_last_word(broker: Broker) -> None:
    """An order is worked to its end; sent again it gets the last report again; a real one is refused."""
    reports: list[tuple[str, str, str | None]] = []

    def heard(topic: str, payload: bytes) -> None:
        report = read_step(payload)
        assert (topic, report.source, report.simulated) == (reports_topic("MR-01"), topic, True)
        assert report.id == f"{report.data.order}-{report.data.step}"
        reports.append((report.data.order, report.data.step, report.data.reason))

    room = Publisher(at(broker, "room"), subscriptions=("leedswatch/dispatch/+/reports",), heard=heard)
    crews = Dispatch(at(broker, "crews"), ["MR-01"], seed=1, speed=10_000.0, now=NOW)
    async with asyncio.TaskGroup() as tasks:
        lines = [tasks.create_task(room.run()), tasks.create_task(crews.run())]
        await until(
            lambda: min(room.tally.connections, crews.publisher.tally.connections) >= 1,
            "room and crews are connected",
        )
        await room.send(order_wire("MR-01", "ORD-1"))
        await until(lambda: len(reports) == 4, "a whole round of reports")
        await room.send(order_wire("MR-01", "ORD-1"))
        await room.send(Wire(orders_topic("MR-01"), b"no order"))
        await room.send(order_wire("MR-01", "ORD-2", simulated=False))
        await until(lambda: len(reports) == 6, "the last word again and a refusal")
        for line in lines:
            line.cancel()
    assert [step for _, step, _ in reports[:4]] == [Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE, Step.CLEARED]
    assert reports[4:] == [reports[3], ("ORD-2", Step.REFUSED, REAL_ORDER)]
    assert crews.unreadable == 1


async def test_a_terminal_that_starts_again_goes_on_with_its_job(broker: Broker) -> None:
    """What the broker kept says what a crew is on; it arrives and clears without having heard the order."""
    steps: list[str] = []
    room = Publisher(
        at(broker, "room"),
        subscriptions=("leedswatch/dispatch/+/reports",),
        heard=lambda _, payload: steps.append(read_step(payload).data.step),
    )
    job = json.loads(order_wire("MR-01", "ORD-1").payload)["data"] | {"version": 3, "step": "en_route"}
    kept = {
        "specversion": "1.0",
        "id": "MR-01-9",
        "source": current_topic("MR-01"),
        "type": "uk.gov.leeds.leedswatch.current.v1",
        "time": "2026-03-02T12:00:00Z",
        "simulated": True,
        "data": {"unit": "MR-01", "as_of": 9, "orders": [job]},
    }
    async with aiomqtt.Client("127.0.0.1", broker.port) as terminal:
        await terminal.publish(current_topic("MR-01"), json.dumps(kept).encode(), qos=1, retain=True)
    crews = Dispatch(at(broker, "crews"), ["MR-01"], seed=1, speed=10_000.0, now=NOW)
    async with asyncio.TaskGroup() as tasks:
        line = tasks.create_task(room.run())
        await until(lambda: room.tally.connections >= 1, "the room is connected")
        lines = [line, tasks.create_task(crews.run())]
        await until(lambda: len(steps) == 2, "the rest of the job")
        for each in lines:
            each.cancel()
    assert steps == [Step.ON_SCENE, Step.CLEARED]


async def test_orders_of_a_broken_connection_are_kept_for_the_crews(broker: Broker) -> None:
    """An order that is sent while the crews are away reaches them when they are back."""
    reports: list[str] = []
    room = Publisher(
        at(broker, "room"),
        subscriptions=("leedswatch/dispatch/+/reports",),
        heard=lambda _, payload: reports.append(read_step(payload).data.step),
    )
    async with asyncio.TaskGroup() as tasks:
        line = tasks.create_task(room.run())
        first = Dispatch(at(broker, "crews"), ["MR-01"], seed=1, speed=10_000.0, now=NOW)
        away = tasks.create_task(first.run())
        await until(
            lambda: min(room.tally.connections, first.publisher.tally.connections) >= 1,
            "room and crews are connected",
        )
        away.cancel()
        await asyncio.wait([away])
        await room.send(order_wire("MR-01", "ORD-3"))
        await room.drain()
        second = Dispatch(at(broker, "crews"), ["MR-01"], seed=1, speed=10_000.0, now=NOW)
        back = tasks.create_task(second.run())
        await until(lambda: Step.CLEARED in reports, "the order is worked")
        line.cancel()
        back.cancel()


async def test_a_broker_that_refuses_is_an_error_that_says_so(tmp_path: Path) -> None:
    """Trying again does not mend a wrong user: the publisher ends with what the broker said."""
    broker = mosquitto(tmp_path, anonymous=False)
    await broker.start()
    try:
        with pytest.raises(RefusedError, match=f"127.0.0.1:{broker.port} refuses us.*Not authorized"):
            await Publisher(at(broker, "nobody")).run()
    finally:
        await broker.end()


async def command(*words: str) -> asyncio.subprocess.Process:
    """Return a running `python -m simulators` with these words."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "simulators", *words, stderr=pipe)


async def test_the_city_command_delivers_its_count(broker: Broker, tmp_path: Path) -> None:
    """`estate` writes a folder that `city` plays; it ends with exit code 0 and says what was delivered."""
    writing = await command("estate", "--write", str(tmp_path / "estate"))
    assert await writing.wait() == 0
    words = [
        "--broker",
        f"127.0.0.1:{broker.port}",
        "--estate",
        str(tmp_path / "estate"),
        "--speed",
        "100",
    ]
    playing = await command("city", *words, "--count", "40", "--duplicates", "0")
    _, said = await playing.communicate()
    assert playing.returncode == 0
    assert b"sent 40, acknowledged 40" in said
    assert b"\x1b" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_city_and_crews(broker: Broker, number: signal.Signals) -> None:
    """SIGINT and SIGTERM end everything, exit code 0, nothing left unacknowledged."""
    playing = await command(
        "city",
        "--broker",
        f"127.0.0.1:{broker.port}",
        "--with-crews",
        "--speed",
        "100",
        "--estate",
        str(ESTATE),
    )
    assert playing.stderr is not None
    await playing.stderr.readuntil(b"connected")
    await playing.stderr.readuntil(b"connected")
    playing.send_signal(number)
    _, said = await playing.communicate()
    assert playing.returncode == 0
    assert b"NOT ACKNOWLEDGED" not in said
