"""The player's connection: it can be cut, says when it cannot begin, and empties itself at the end."""

import asyncio
import contextlib
from collections.abc import Callable

from simulators.publisher import Broker, Publisher, Tally

LAST_WORDS_S = 2.0
"""Seconds after an interruption in which the broker may still acknowledge what was sent."""

LOOK_S = 0.02


class NoBrokerError(Exception):
    """Nobody answered at the broker's address in the time that was given."""


class FeedLine:
    """One line to the broker; use it in a `with`. Raises `RefusedError` through its task group's exit."""

    def __init__(self, broker: Broker, tasks: asyncio.TaskGroup, notice: Callable[[str], None]) -> None:
        self.publisher = Publisher(broker, notice=notice)
        self._address = f"{broker.host}:{broker.port}"
        self._tasks = tasks
        self._running: asyncio.Task[None] | None = None

    @property
    def tally(self) -> Tally:
        """What was sent and acknowledged."""
        return self.publisher.tally

    async def open(self, within_s: float) -> None:
        """Connect; raises `NoBrokerError`."""
        self._begin()
        try:
            async with asyncio.timeout(within_s):
                while self.tally.connections == 0:  # noqa: ASYNC110 - a count, not an event
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            self.close()
            raise NoBrokerError(f"nobody answers at {self._address} within {within_s:g} s") from None

    async def cut(self, for_s: float) -> None:
        """Lose the connection for so long; what is on its way is sent again afterwards."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])
        await asyncio.sleep(for_s)
        self._begin()

    async def last_words(self) -> None:
        """Give the broker a moment to acknowledge what was sent."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self.publisher.drain()

    def close(self) -> None:
        """End the connection."""
        if self._running is not None:
            self._running.cancel()

    def _begin(self) -> None:
        self._running = self._tasks.create_task(self.publisher.run(), name="player's connection")
