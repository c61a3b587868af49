"""Feeds played into the real service: nothing is lost, and a live room refuses all of it."""

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from typer.testing import CliRunner

from controlroom.access.permissions import Role
from controlroom.cli.app import app
from controlroom.clock import wall_clock
from controlroom.estate.load import load
from controlroom.events import Event, MessageQuarantined, QuarantineReason, SignalReceived, Tick
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

DAY_HOURS = os.environ.get("FEED_HOURS", "")
"""Hours of a day that are played, heartbeats included: `make feeds`. Else two of an evening, without them."""

STORED_WITHIN_S = 900.0 if DAY_HOURS else 60.0
LOOK_S = 2.0 if DAY_HOURS else 0.1
"""How often the room is asked how far it is; looking costs the room itself."""

PLAYED_WITHIN_S = 1_800.0 if DAY_HOURS else 120.0
BEGAN_S = monotonic()


def say(line: str) -> None:
    """Tell how far a long play is; the share in the suite is silent."""
    if DAY_HOURS:
        sys.stderr.write(f"{monotonic() - BEGAN_S:7.1f} s  {line}\n")
        sys.stderr.flush()


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
    if DAY_HOURS:
        words = ["--date", "2026-03-07", "--hours", DAY_HOURS, "--duplicate", "0.01"]
        done = CliRunner().invoke(app, ["feed", "generate", str(path), *words])
        assert done.exit_code == 0, done.output
        say(f"generated {DAY_HOURS} hours, {path.stat().st_size:,} bytes")
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
    try:
        async with asyncio.timeout(PLAYED_WITHIN_S):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
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


def apart(wires: Iterable[Wire | None]) -> tuple[list[Wire], list[Wire]]:
    """Return cameras' mere signs of life, and what has to become a record each.

    A sign of life soon after another becomes none (docs/cameras-and-help-points.md): played at full speed all
    but the first of each camera come soon.
    """
    beats: list[Wire] = []
    news: list[Wire] = []
    for wire in wires:
        if wire is not None:
            (beats if b'"fault":"heartbeat"' in wire.payload else news).append(wire)
    return beats, news


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
            say(f"played {said['sent']:,} messages, all acknowledged; the room is at {room.position:,}")
            beats, wanted = apart(map(wire_of, understood(feed)))
            expected, known = Counter(map(repr, wanted)), set(map(repr, beats))

            async def found() -> tuple[Counter[str], set[str]]:
                heard, told = apart(wire_of(record.event) for record in await journal(store))
                assert {repr(wire) for wire in heard} <= known
                return Counter(map(repr, told)), {wire.topic for wire in heard}

            everything = (expected, {wire.topic for wire in beats})
            async with asyncio.timeout(STORED_WITHIN_S):
                while (stored := await found()) != everything and not stored[0] - expected:
                    say(f"{stored[0].total():,} of {expected.total():,} messages in the journal")
                    await asyncio.sleep(LOOK_S)
            assert stored == everything
            say("every message is in the journal once, and every camera that gave a sign of life")

            page = await asked(room, "/api/v1/snapshot")
            records = await journal(store, page["as_of"])
            state = fold(records, {"CONTROLROOM_ROOM__DEMONSTRATION": "true"} | _environment(room))
        finally:
            room.clear()
    say(f"decided {len(records):,} records again, the same; {len(state.incidents):,} open incidents")
    shown = {one["id"]: {name: one.get(name) for name in SHOWN} for one in page["incidents"]}
    assert len(shown) == len(state.incidents) > (0 if DAY_HOURS else 30)
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
            await until(lambda: room.quarantined >= said["sent"], "everything is stored")
            page = await asked(room, "/api/v1/quarantine?limit=500")
            start = await asked(room, "/api/v1/snapshot")
            records = await journal(store)
        finally:
            room.clear()
    events = [record.event for record in records]
    told = [record for record in records if not isinstance(record.event, Tick)]  # something may fall due
    orders = [order for record in told for order in record.decision.orders]
    refused = [
        event
        for event in events
        if isinstance(event, MessageQuarantined) and event.reason is QuarantineReason.SIMULATED_REFUSED
    ]
    assert not [event for event in events if isinstance(event, SignalReceived)]
    assert len(refused) > 0.9 * said["sent"] > 300
    assert orders == []
    assert start["incidents"] == [] or len(told) < len(records)
    assert page["ever"] >= said["sent"]
    shown = Counter((one["reason"], one["detail"]) for one in page["quarantine"])
    assert shown["simulated_refused", "this room takes no simulated signals"] > 100
