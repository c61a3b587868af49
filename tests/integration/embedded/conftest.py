"""What the tests of the embedded parts share: a place, a port, and a starter that can be killed."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

STARTER = Path(__file__).parents[3] / "tests/integration/embedded/starter.py"
StarterOf = Callable[[str], Awaitable["Starter"]]


class Starter:
    """A process that has started, or joined, an embedded part."""

    def __init__(self, process: asyncio.subprocess.Process, said: dict[str, Any]) -> None:
        self.process = process
        self.pid: int = process.pid
        self.server: int = said["pid"]
        self.owned: bool = said["owned"]

    async def next_line(self) -> dict[str, Any]:
        """Return what the starter says next."""
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(await self.process.stdout.readline())
        return said

    async def kill(self) -> None:
        """Kill the starter alone, as `kill -9` does."""
        self.process.kill()
        await self.process.wait()


@pytest.fixture
def var() -> Iterator[Path]:
    """Give a folder with a short path, as a real `var` has; whatever serves from it in the end is ended."""
    with tempfile.TemporaryDirectory(prefix="var ü ") as folder:
        yield Path(folder)
        for record in Path(folder).glob("*/*.pid"):
            with contextlib.suppress(ProcessLookupError, ValueError):
                pid = int(json.loads(record.read_text())["pid"])
                if pid != os.getpid():
                    os.kill(pid, signal.SIGKILL)


@pytest.fixture
def port() -> int:
    """Give a port on loopback that was free a moment ago."""
    return free_port()


@pytest.fixture
async def starter(var: Path, port: int) -> AsyncIterator[StarterOf]:
    """Give a function that runs a starter of `valkey` or `broker` in a process group of its own."""
    begun: list[asyncio.subprocess.Process] = []

    async def begin(kind: str) -> Starter:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(STARTER),
            kind,
            str(var),
            str(port),
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        begun.append(process)
        assert process.stdout is not None
        return Starter(process, json.loads(await process.stdout.readline()))

    yield begin
    for process in begun:
        if process.returncode is None:
            process.terminate()
            await process.wait()


@pytest.fixture
def by_hand() -> Iterator[Callable[[list[str]], subprocess.Popen[bytes]]]:
    """Give a function that runs a program which is none of ours; it is ended whatever the test finds."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(argv: list[str]) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(argv, stdout=subprocess.DEVNULL))  # noqa: S603 - a test's own command
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.wait()


async def wait_until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds; the test's own time limit ends a wait for what never comes."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - the end of another program's process sends no event here
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and was not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@pytest.fixture(name="alive")
def alive_fixture() -> Callable[[int], bool]:
    """Give `alive`."""
    return alive


@pytest.fixture(name="until")
def wait_until_fixture() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Give `wait_until`."""
    return wait_until
