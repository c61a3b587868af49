"""Feeds played into the real service: nothing is lost, and a live room refuses all of it."""

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from controlroom.access.permissions import Role
from controlroom.cli.app import app
from controlroom.clock import wall_clock
from controlroom.estate.load import load
from controlroom.events import Event, MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.feeds.read import read_feed
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.ingest.decode import Limits, decode
from controlroom.journal.records import decode_frame
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.settings import load as settings_of
from controlroom.signals.wire import Wire
from controlroom.wiring.books import read_books
from simulators.estate import DEMONSTRATION_SEED, generate
from tests.integration.brokers import DURABLE, Broker, mosquitto
from tests.integration.demo.serving import CONFIG, Instance
from tests.integration.demo.stage import PROJECT, fetch
from tests.integration.journal.stage import ValkeyServer
from tests.integration.let_in import bearer
from tests.integration.waiting import until
from tests.ports import free_port

ROOM = "leeds"
ESTATE = load(generate(DEMONSTRATION_SEED))
LIMITS = Limits(payload_bytes=1_048_576, future_s=300, simulated_welcome=True)
NOW = wall_clock()

WHOLE_DAY = os.environ.get("FEED_DAY") == "yes"
"""Whether a whole day is played, heartbeats included: `make feeds`. Else two evening hours without them."""

STORED_WITHIN_S = 900.0 if WHOLE_DAY else 60.0


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """Yield a running Mosquitto that keeps what it has."""
    started = mosquitto(tmp_path, *DURABLE)
    await started.start()
    yield started
    await started.end()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ValkeyServer]:
    """Yield a Valkey that keeps what it confirms."""
    server = ValkeyServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two evening hours of a Saturday: five times the calls, repeats, damage, delays, wrong clocks."""
    path = tmp_path_factory.mktemp("feeds") / "evening.jsonl.zst"
    if WHOLE_DAY:
        done = CliRunner().invoke(
            app, ["feed", "generate", str(path), "--date", "2026-03-07", "--duplicate", "0.01"]
        )
        assert done.exit_code == 0, done.output
        return path
    words = ["feed", "generate", str(path), "--date", "2026-03-07", "--at", "17:00", "--hours", "2"]
    words += [
        "--calls",
        "5",
        "--occasion",
        "all",
        "--duplicate",
        "0.05",
        "--corrupt",
        "0.03",
        "--reorder",
        "0.1",
    ]
    words += [
        "--skew",
        "0.02",
        *(f"--only={kind}" for kind in ("arc-alarm", "help-point", "guard", "telecare")),
    ]
    done = CliRunner().invoke(app, [*words, "--only", "lone-worker", "--only", "park"])
    assert done.exit_code == 0, done.output
    return path


async def played(feed: Path, broker: Broker, *words: str) -> dict[str, Any]:
    """Play the feed as fast as it goes and return what the command says."""
    at = f"--broker=127.0.0.1:{broker.port}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controlroom", "feed", "play", str(feed), at, "--speed", "max", "--json"),
        *words,
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    said: dict[str, Any] = json.loads(out)
    return said


def understood(feed: Path) -> list[Event]:
    """Return what the room is to be told of this feed, each signal once."""
    events: list[Event] = []
    seen: set[bytes] = set()
    for one in read_feed(feed).messages():
        event = decode(one.wire(), ESTATE, LIMITS, NOW())
        assert event is not None
        if isinstance(event, SignalReceived):
            if event.key in seen:
                continue
            seen.add(event.key)
        events.append(event)
    return events


def wire_of(event: Event) -> Wire | None:
    """Return the message that this event came by."""
    return event.wire if isinstance(event, SignalReceived | MessageQuarantined) else None


async def journal(store: ValkeyServer, upto: int | None = None) -> list[Record]:
    """Return the records of the room up to a position."""
    link = Link(store.address())
    try:
        frames = ValkeyStore(ROOM, link, link).frames(0)
        records = [record async for frame in frames for record in decode_frame(frame.body)]
    finally:
        await link.close()
    return [record for record in records if upto is None or record.position <= upto]


def fold(records: list[Record], environment: dict[str, str]) -> State:
    """Return the state that pure decisions of these events lead to, each the same as was stored."""
    handbook = read_books(settings_of(CONFIG, environment)).handbook
    state = State()
    for record in records:
        decision = decide(handbook, state, record.event, record.now)
        assert decision == record.decision, record.position
        apply(state, record.position, record.now, decision)
    return state


async def asked(room: Instance, path: str) -> Any:
    """Return what the console answers to somebody who may see it."""
    headers = await bearer(CONFIG, _environment(room), f"tests-{free_port()}", Role.OPERATOR, Role.ENGINEER)
    found: list[Any] = []

    def answered() -> bool:  # the room takes a new key in within some seconds
        status, body = fetch(f"http://127.0.0.1:{room.console}{path}", headers)
        found.extend([body] if status == HTTPStatus.OK else [])
        return bool(found)

    await until(answered, f"an answer to {path}")
    return found[0]


SHOWN = ("id", "status", "version", "priority", "signals", "rule", "site", "source", "event", "opened_at")


async def test_nothing_is_lost_and_the_console_shows_the_pure_fold(
    broker: Broker, store: ValkeyServer, feed: Path
) -> None:
    """Every message is in the journal once; what the page starts from is the pure fold of the journal."""
    with tempfile.TemporaryDirectory(prefix="cr-") as home:
        room = Instance(Path(home), store.port, broker.port, ROOM__DEMONSTRATION="true")
        try:
            await room.answering()
            said = await played(feed, broker, "--as-recorded")
            assert said["sent"] == said["acknowledged"] == read_feed(feed).verify().messages > 900
            wanted = understood(feed)
            news = len(wanted)
            await until(lambda: room.position >= news, "as many records as there is news", STORED_WITHIN_S)
            expected = Counter(map(repr, map(wire_of, wanted)))

            async def found() -> Counter[str]:
                wires = (wire_of(record.event) for record in await journal(store))
                return Counter(repr(wire) for wire in wires if wire is not None)

            async with asyncio.timeout(STORED_WITHIN_S):
                while (stored := await found()) != expected and not stored - expected:  # noqa: ASYNC110 - a store
                    await asyncio.sleep(0.1)
            assert stored == expected

            page = await asked(room, "/api/v1/snapshot")
            records = await journal(store, page["as_of"])
            state = fold(records, {"CONTROLROOM_ROOM__DEMONSTRATION": "true"} | _environment(room))
        finally:
            room.clear()
    shown = {one["id"]: {name: one.get(name) for name in SHOWN} for one in page["incidents"]}
    assert len(shown) == len(state.incidents) > 30
    for name, incident in state.incidents.items():
        told = {field: getattr(incident, field) for field in SHOWN}
        told["opened_at"] = incident.opened_at.isoformat().replace("+00:00", "Z")
        assert shown[name] == told


def _environment(room: Instance) -> dict[str, str]:
    """Return what this instance was told, for whoever reads its settings again."""
    return {f"CONTROLROOM_{name}": text for name, text in room._settings.items()}


@pytest.mark.parametrize("words", [("--as-recorded",), ()], ids=["as recorded", "as news"])
async def test_a_live_room_refuses_what_is_simulated_and_shows_that_it_did(
    broker: Broker, store: ValkeyServer, feed: Path, words: tuple[str, ...]
) -> None:
    """Every signal is in quarantine with that reason and on the page; none is an incident or an order."""
    with tempfile.TemporaryDirectory(prefix="cr-") as home:
        room = Instance(Path(home), store.port, broker.port, ROOM__ALLOW_SIMULATED="false")
        try:
            await room.answering()
            said = await played(feed, broker, "--only", "arc-alarm", *words)
            await until(lambda: room.position >= said["sent"], "everything is stored")
            page = await asked(room, "/api/v1/quarantine?limit=500")
            start = await asked(room, "/api/v1/snapshot")
            events = [record.event for record in await journal(store)]
            orders = [order for record in await journal(store) for order in record.decision.orders]
        finally:
            room.clear()
    refused = [
        event
        for event in events
        if isinstance(event, MessageQuarantined) and event.reason is QuarantineReason.SIMULATED_REFUSED
    ]
    assert not [event for event in events if isinstance(event, SignalReceived)]
    assert len(refused) > 0.9 * said["sent"] > 300
    assert orders == start["incidents"] == []
    assert page["ever"] >= said["sent"]
    shown = Counter((one["reason"], one["detail"]) for one in page["quarantine"])
    assert shown["simulated_refused", "this room takes no simulated signals"] > 100
