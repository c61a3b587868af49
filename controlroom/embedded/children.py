"""Other programs as children: started in a session of their own, ended by process id, heard when they die.

A child has its own session, so a Ctrl-C in the terminal reaches the starter alone, which then drains
and ends its children in its own order. Whether a child outlives a starter that was killed with SIGKILL
is said in its plan: one that holds what others were promised (the store, the broker's queue) outlives
it and is found again by the next start; a simulator or a test's service dies with it.

asyncio's own subprocess transport is not used on purpose: it SIGKILLs its child when the event loop
closes first, which is the one thing that must not happen to a store. Ends are therefore polled.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import msgspec

from controlroom.embedded import tether
from controlroom.embedded.refusals import CannotStart

POLL_S = 0.02  # how soon an end is noticed; one waitpid is about a microsecond
LINES_SHOWN = 5  # enough for the cause of a death; the whole log stays in its file
TAIL_BYTES = 8192  # read from the end of a log to find those lines


class ChildPlan(msgspec.Struct, frozen=True):
    """One program to run: `argv` starts with an absolute path; `log` takes both its outputs, appended.

    `env` is added to this process's environment. `stop_within_s` seconds after SIGTERM comes SIGKILL.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    cwd: Path | None = None
    env: tuple[tuple[str, str], ...] = ()
    dies_with_starter: bool = True
    stop_within_s: float = 10.0


class Record(msgspec.Struct, frozen=True):
    """What a server leaves in a file for whoever comes after its starter: where it listens, who it is."""

    pid: int
    address: str


class Legacy(msgspec.Struct, frozen=True):
    """What a child takes along: an open file to hold for life, and where to leave which address."""

    held: int
    record: Path
    address: str


class ChildEnded(Exception):
    """A program that was to run on has ended; `code` is None when it was not this process's child."""

    def __init__(self, name: str, code: int | None, log: Path, lines: tuple[str, ...]) -> None:
        self.name = name
        self.code = code
        self.lines = lines
        said = " | ".join(lines) if lines else "it said nothing"
        super().__init__(f"{name} ended unexpectedly ({_how(code)}); see {log}: {said}")


class Child:
    """A started program. It is reaped by whoever asks for its `code`, `stop`s it or `watch`es it."""

    def __init__(self, plan: ChildPlan, process: subprocess.Popen[bytes], log_start: int) -> None:
        self.plan = plan
        self.pid = process.pid
        self._process = process
        self._log_start = log_start

    def code(self) -> int | None:
        """Return the exit code, negative for a signal, or None while the program runs."""
        return self._process.poll()

    def last_lines(self) -> tuple[str, ...]:
        """Return the last lines that the program has logged since this start, oldest first."""
        return last_lines(self.plan.log, self._log_start)

    async def stop(self) -> None:
        """End the program: asked by SIGTERM, and made to by SIGKILL after the plan's seconds.

        A program that already ended is left at that. A cancelled stop has still sent its SIGTERM.
        """
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self.plan.stop_within_s):
                await self._gone()
        except TimeoutError:
            self._process.kill()
            await self._gone()

    async def watch(self) -> NoReturn:
        """Never returns: raises ChildEnded as soon as the program is no more. Cancel before a `stop`."""
        await self._gone()
        raise self.end()

    def end(self) -> ChildEnded:
        """Return what there is to say of the end of the program."""
        return ChildEnded(self.plan.name, self.code(), self.plan.log, self.last_lines())

    async def _gone(self) -> None:
        while self._process.poll() is None:  # noqa: ASYNC110 - waitpid has no event that is portable
            await asyncio.sleep(POLL_S)


def start(plan: ChildPlan, legacy: Legacy | None = None) -> Child:
    """Start the program of `plan` in a session of its own, with nothing on its standard input.

    Blocks for the few milliseconds of a spawn. Raises CannotStart when the log cannot be written or
    the program is not there. A program that ends at once is found by `watch` or `code`, not here.
    """
    if not os.access(plan.argv[0], os.X_OK):
        raise CannotStart(f"{plan.name}: {plan.argv[0]} cannot be run; install it or correct its path")
    try:
        with plan.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - argv is a plan of this project; no shell
                (*_tether(plan, legacy), *plan.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=plan.cwd,
                env={**os.environ, **dict(plan.env)},
                pass_fds=() if legacy is None else (legacy.held,),
                start_new_session=True,
            )
            return Child(plan, process, log.tell())
    except OSError as error:
        raise CannotStart(f"{plan.name} cannot be started, log {plan.log}: {error}") from error


def _tether(plan: ChildPlan, legacy: Legacy | None) -> tuple[str, ...]:
    options = {
        "dies_with": os.getpid() if plan.dies_with_starter else None,
        "record": None if legacy is None else str(legacy.record.absolute()),
        "address": None if legacy is None else legacy.address,
    }
    return (sys.executable, "-I", "-S", str(Path(tether.__file__).absolute()), json.dumps(options))


def last_lines(log: Path, since: int = 0) -> tuple[str, ...]:
    """Return the last lines of a log after byte `since`, oldest first; none when it cannot be read."""
    try:
        with log.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(min(since, end), end - TAIL_BYTES))
            text = file.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return ()
    return tuple(line.strip() for line in text.splitlines() if line.strip())[-LINES_SHOWN:]


def _how(code: int | None) -> str:
    if code is None:
        return "not a child of this process, so its exit code is unknown"
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"signal {-code}"
