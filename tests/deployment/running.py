"""Real programs for a test: started on a free port of the loopback, ended by their own process id."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0  # a program that has not answered by then does not start, even on a busy machine
POLL_S = 0.02  # short beside a program's start, long beside a question
CALL_S = 90.0  # no single call of a command-line tool takes this long
SBIN = "/usr/sbin"  # where Debian puts servers, and where a user's PATH does not look


def program(name: str, package: str) -> str:
    """The path of the program; the test fails with the line that installs it when it is missing."""
    found = shutil.which(name) or shutil.which(name, path=SBIN)
    if found is None:
        pytest.fail(
            f"{name} is missing; run as root: apt-get install --yes --no-install-recommends {package}"
        )
    return found


def listens(port: int) -> bool:
    """Whether somebody accepts connections on that port of the loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """The condition holds; the test fails and says `what` when it does not come true in time."""
    deadline = time.monotonic() + START_S
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {START_S:.0f} s: {what}")
        time.sleep(POLL_S)


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """The program listens on `port` inside the block, and has ended after it; what it said is in `log`."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603 - our own command
    try:
        wait_until(lambda: listens(port) or process.poll() is not None, f"{command[0]} listens")
        if process.poll() is not None:
            pytest.fail(f"{' '.join(command)} ended with {process.returncode}:\n{log.read_text()}")
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def call(*command: str) -> subprocess.CompletedProcess[str]:
    """What the tool answered; its exit code is the caller's to judge."""
    return subprocess.run(command, capture_output=True, text=True, timeout=CALL_S, check=False)  # noqa: S603 - our own command
