"""A loop on which waiting takes no time: when nothing can run, its clock jumps to the next timer."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


LOOK_EVERY = 64
"""While callbacks wait to run, the real sockets are asked once in so many turns: a simulated day takes fifty
thousand turns and has no sockets."""


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting for `timeout` it says that so much time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self._turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; when nothing is, the clock is `timeout` further."""
        self._turns += 1
        if timeout == 0 and self._turns % LOOK_EVERY:
            return []
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("everything waits and no timer runs: this would hang for ever")
            self.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop over the jumping clock, which starts at 0."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._jumping.now_s


async def passes(seconds: float) -> None:
    """So much virtual time has passed."""
    loop = asyncio.get_running_loop()
    end_s = loop.time() + seconds
    while (left_s := end_s - loop.time()) > 0:  # noqa: ASYNC110 - the clock is the condition
        await asyncio.sleep(left_s)


def run(story: Coroutine[Any, Any, T]) -> T:
    """The story's result, told on virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)
