"""The service as it is run, on a clock that begins at a moment of ours and runs faster: `serve`, hurried.

The whole process lives by that clock: what the room stamps, when it wakes, how long it waits for anybody.
Nothing of the service knows. It is started as `python -m tests.stories.hurried CONFIG BEGINS STARTED SPEED`,
where the machine's monotonic clock stood at STARTED seconds when it was BEGINS.
"""

import asyncio
import functools
import selectors
import sys
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop

from controlroom import clock


class Hurry:
    """A clock that was `begins` when the machine's stood at `started_s`, and goes `speed` times as fast."""

    def __init__(self, begins: datetime, started_s: float, speed: float) -> None:
        self.begins = begins
        self.started_s = started_s
        self.speed = speed

    def elapsed_s(self) -> float:
        """Return hurried seconds since the beginning."""
        return (time.monotonic() - self.started_s) * self.speed

    def now(self) -> datetime:
        """Return what time it is."""
        return self.begins + timedelta(seconds=self.elapsed_s())


class _Selector(selectors.DefaultSelector):
    """Waits for as much shorter as the clock is faster."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout if timeout is None else timeout / self._speed)


class _Loop(asyncio.SelectorEventLoop):
    """A loop whose timers go by the hurried clock."""

    def __init__(self, hurry: Hurry) -> None:
        self._hurry = hurry
        super().__init__(_Selector(hurry.speed))

    def time(self) -> float:
        return self._hurry.elapsed_s()


def _run(hurry: Hurry) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    def run(main: Coroutine[Any, Any, Any]) -> Any:
        with asyncio.Runner(loop_factory=lambda: _Loop(hurry)) as runner:
            return runner.run(main)

    return run


def main() -> None:
    """Serve, hurried."""
    config, begins, started_s, speed = sys.argv[1:]
    hurry = Hurry(datetime.fromisoformat(begins), float(started_s), float(speed))
    clock.wall_clock = functools.partial(clock.wall_clock, hurry.now, hurry.elapsed_s)
    clock.monotonic_s = hurry.elapsed_s
    clock.wall_clock_s = lambda: hurry.now().timestamp()
    uvloop.run = _run(hurry)  # type: ignore[assignment]  # as much of it as `serve` uses
    from controlroom.cli.serve import serve  # noqa: PLC0415 - it reads the clock when it is imported

    serve(Path(config))


if __name__ == "__main__":
    main()
