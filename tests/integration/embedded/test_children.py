"""Children: their own session, an end by process id with a deadline, and a death that is heard."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from controlroom.embedded.children import ChildEnded, ChildPlan, start
from controlroom.embedded.refusals import CannotStart

Alive = Callable[[int], bool]
Until = Callable[[Callable[[], bool]], Awaitable[None]]

DEAF = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
)
DYING = "import sys; print('first'); print('the disk is full', file=sys.stderr); sys.exit(3)"
PAUSING = "import signal; print('up', flush=True); signal.pause()"
PARENT = """
import signal, sys
from pathlib import Path
from controlroom.embedded.children import ChildPlan, start
argv = (sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()")
child = start(ChildPlan("simulator", argv, Path(sys.argv[1]), dies_with_starter=sys.argv[2] == "yes"))
Path(sys.argv[1]).with_suffix(".child").write_text(str(child.pid))
signal.pause()
"""


def plan(code: str, log: Path, stop_within_s: float = 10.0) -> ChildPlan:
    """Return the plan of a Python program."""
    return ChildPlan("simulator", (sys.executable, "-c", code), log, stop_within_s=stop_within_s)


def says(log: Path, word: str) -> Callable[[], bool]:
    """Return a question that is true once the log holds the word."""
    return lambda: log.exists() and word in log.read_text(encoding="utf-8")


async def test_a_child_runs_in_its_own_session_and_ends_when_asked(tmp_path: Path, until: Until) -> None:
    """A child leads a session of its own and a stop ends it by SIGTERM; stopping twice is harmless."""
    log = tmp_path / "child.log"
    child = start(plan(PAUSING, log))
    await until(says(log, "up"))
    assert os.getsid(child.pid) == child.pid
    await child.stop()
    assert child.code() == -signal.SIGTERM
    await child.stop()


async def test_a_deaf_child_is_killed_after_its_time(tmp_path: Path, until: Until) -> None:
    """A child that ignores SIGTERM gets SIGKILL once the plan's seconds are over."""
    log = tmp_path / "child.log"
    child = start(plan(DEAF, log, stop_within_s=0.1))
    await until(says(log, "deaf"))
    await child.stop()
    assert child.code() == -signal.SIGKILL


async def test_a_death_is_heard_with_its_last_words(tmp_path: Path) -> None:
    """A child that ends by itself raises ChildEnded with its code and the lines of this start only."""
    log = tmp_path / "child.log"
    log.write_text("of an earlier start\n", encoding="utf-8")
    child = start(plan(DYING, log))
    with pytest.raises(
        ChildEnded, match=r"simulator ended unexpectedly \(exit code 3\).*disk is full"
    ) as ended:
        await child.watch()
    assert sorted(ended.value.lines) == ["first", "the disk is full"]


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing program and a log that cannot be written are one clear line each."""
    missing = ChildPlan("simulator", ("/nonexistent/city",), tmp_path / "log")
    with pytest.raises(CannotStart, match="simulator: /nonexistent/city cannot be run; install it"):
        start(missing)
    with pytest.raises(CannotStart, match=r"simulator cannot be started, log .*no-folder"):
        start(plan(PAUSING, tmp_path / "no-folder" / "log"))


@pytest.mark.parametrize(("wish", "outlives"), [("yes", False), ("no", True)])
async def test_a_child_outlives_a_killed_starter_only_if_it_shall(
    tmp_path: Path, alive: Alive, until: Until, wish: str, *, outlives: bool
) -> None:
    """A kill -9 of the starter ends the child whose plan says so, and no other."""
    log = tmp_path / "child.log"
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, str(log), wish)
    await until(says(log, "up"))
    await until(log.with_suffix(".child").exists)
    child = int(log.with_suffix(".child").read_text(encoding="utf-8"))
    starter.kill()
    await starter.wait()
    if outlives:
        assert alive(child)
        os.kill(child, signal.SIGTERM)
    await until(lambda: not alive(child))
