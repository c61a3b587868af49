"""Feeds against a real Mosquitto: what is played is what is recorded, whatever happens to the line."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from controlroom.cli.app import app
from controlroom.feeds.read import read_feed
from controlroom.signals.envelope import read
from simulators.publisher import Broker as BrokerAt
from simulators.publisher import Publisher
from tests.integration.brokers import DURABLE, Broker, mosquitto
from tests.integration.waiting import until
from tests.ports import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """Yield a running Mosquitto that keeps what it has."""
    started = mosquitto(tmp_path, *DURABLE)
    await started.start()
    yield started
    await started.end()


async def started(*words: str) -> asyncio.subprocess.Process:
    """Return a running `controlroom feed` with these words."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controlroom", "feed", *words), stdout=pipe, stderr=pipe, cwd=ROOT
    )


async def ended(*words: str, code: int = 0) -> tuple[str, str]:
    """Return what the command says on both streams; it ends with this code."""
    process = await started(*words)
    out, err = await process.communicate()
    assert process.returncode == code, err.decode()
    return out.decode(), err.decode()


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a quarter of an hour of a believable day, without heartbeats, and with faults."""
    path = tmp_path_factory.mktemp("feeds") / "made.jsonl.zst"
    only = [f"--only={kind}" for kind in ("arc-alarm", "help-point", "guard", "lone-worker", "telecare")]
    faults = ["--corrupt", "0.02", "--duplicate", "0.05"]
    words = ["feed", "generate", str(path), "--at", "08:00", "--hours", "0.25", *only, *faults]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return path


async def test_what_is_played_as_recorded_is_what_is_recorded(
    broker: Broker, feed: Path, tmp_path: Path
) -> None:
    """Every message, garbage and properties included, passes through the broker into a second feed."""
    copy, at = tmp_path / "copy.jsonl.zst", f"--broker=127.0.0.1:{broker.port}"
    sent = read_feed(feed).verify().messages
    recording = await started("record", str(copy), at, "--messages", str(sent), "--json")
    assert recording.stderr is not None
    await recording.stderr.readuntil(b"recording from")
    said, _ = await ended("play", str(feed), at, "--speed", "max", "--as-recorded", "--json")
    assert json.loads(said)["acknowledged"] == sent > 200
    out, _ = await recording.communicate()
    assert recording.returncode == 0
    assert json.loads(out)["messages"] == sent
    before = [one.wire() for one in read_feed(feed).messages()]
    after = [one.wire() for one in read_feed(copy).messages()]
    assert sorted(map(repr, after)) == sorted(map(repr, before))


async def test_a_play_is_news_marked_as_simulated_and_of_what_was_asked_for(
    broker: Broker, feed: Path, tmp_path: Path
) -> None:
    """Ids and times are of this play, only the asked kind comes, and people have other names."""
    copy, at = tmp_path / "copy.jsonl.zst", f"--broker=127.0.0.1:{broker.port}"
    key = tmp_path / "key"
    key.write_text("not a secret of anybody's")
    recording = await started("record", str(copy), at, "--messages", "20", "--pseudonyms", str(key))
    assert recording.stderr is not None
    await recording.stderr.readuntil(b"recording from")
    await ended("play", str(feed), at, "--speed", "max", "--only", "guard", "--from", "00:30")
    await recording.communicate()
    assert read_feed(copy).header.pseudonyms
    made = {read(one.wire()).id for one in read_feed(feed).messages() if _readable(one.wire().payload)}
    for one in read_feed(copy).messages():
        event = read(one.wire())
        assert (event.simulated, event.id in made, one.topic.split("/")[2]) == (True, False, "guard")
        assert event.time > read_feed(feed).header.begins
        assert "G-GP" not in (one.text or "")


def _readable(payload: bytes) -> bool:
    try:
        return "data" in json.loads(payload)
    except ValueError:
        return False


async def test_sigint_says_where_to_go_on(broker: Broker, feed: Path) -> None:
    """Interrupted, a play tells the next message; going on from there sends exactly the rest."""
    at = f"--broker=127.0.0.1:{broker.port}"
    listener = Publisher(
        BrokerAt("127.0.0.1", broker.port, "listener"), subscriptions=("leedswatch/#",), heard=lambda *_: None
    )
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(listener.run())
        await until(lambda: listener.tally.connections >= 1, "the listener is connected")
        playing = await started("play", str(feed), at, "--speed", "10x", "--json")
        await until(lambda: listener.tally.heard > 20, "it plays")
        playing.send_signal(signal.SIGINT)
        out, err = await playing.communicate()
        listening.cancel()
    assert playing.returncode == 130
    first = json.loads(out)
    assert first["interrupted"]
    assert f"go on with --from '{first['resume']}'" in err.decode()
    assert first["sent"] == first["acknowledged"] > 0
    rest, _ = await ended("play", str(feed), at, "--speed", "max", "--from", first["resume"], "--json")
    assert first["sent"] + json.loads(rest)["sent"] == read_feed(feed).verify().messages


async def test_cuts_lose_nothing(broker: Broker, feed: Path) -> None:
    """A play that loses its connection sends again what was not acknowledged; all of it arrives."""
    at, sent = f"--broker=127.0.0.1:{broker.port}", read_feed(feed).verify().messages
    out, _ = await ended("play", str(feed), at, "--speed", "600x", "--disconnect", "60", "--json")
    said = json.loads(out)
    assert said["cuts"] > 0
    assert said["acknowledged"] == said["sent"] == sent


async def test_a_broker_that_is_not_there_is_unreachable(feed: Path) -> None:
    """Nobody at the address: exit code 4 and a sentence."""
    at = f"127.0.0.1:{free_port()}"
    _, err = await ended("play", str(feed), "--broker", at, "--wait", "0.5", code=4)
    assert f"nobody answers at {at}" in err


def test_a_feed_that_was_cut_off_is_not_played(feed: Path, tmp_path: Path) -> None:
    """Before anything is sent the feed is read to its end: exit code 1, file and line."""
    torn = tmp_path / "torn.jsonl.zst"
    torn.write_bytes(feed.read_bytes()[:-40])
    done = CliRunner().invoke(app, ["feed", "play", str(torn), "--broker", f"127.0.0.1:{free_port()}"])
    assert done.exit_code == 1
    assert f"{torn}:" in done.output
