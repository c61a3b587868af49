"""A command that happens once, however often it is sent: what the room was told under the sender's key.

While a request with a key is handled, `ONCE` holds this. Whoever is about to tell the room a command asks it
first: where it was told before, in this process or in one that died, the journal's decision about it
is the answer, and the room is told nothing. One command a request.

What the room was told in this process and has not answered yet, because its store is slow or away, is waited
for again (`telling`): neither journal nor memory know of it.
"""

import asyncio
from collections.abc import Awaitable
from contextvars import ContextVar
from typing import Protocol

from msgspec.structs import replace

from controlroom.events import Ask
from controlroom.journal.answers import Answer, Kept
from controlroom.journal.records import is_writable, told_bytes
from controlroom.room import Settled


class AnswerMemory(Protocol):
    """What outlives a process. A store that is away remembers nothing, and keeps no command from the room."""

    async def read(self, name: bytes) -> Kept | None:
        """Return what is known of a key."""
        ...

    async def keep(self, name: bytes, kept: Kept) -> None:
        """Remember it."""
        ...

    async def decided(self, told: bytes, after: int) -> Settled | None:
        """Return what came of these bytes behind a position; None where they never came to the room.

        Raises the 503 where that cannot be seen now.
        """
        ...


class Once:
    """One request with a key."""

    def __init__(self, memory: AnswerMemory, name: bytes, kept: Kept) -> None:
        self._memory = memory
        self._name = name
        self._kept = kept
        self._telling: asyncio.Future[Settled] | None = None

    @property
    def answer(self) -> Answer | None:
        """What was answered, in this process or another; None where nothing was."""
        return self._kept.answer

    @property
    def telling(self) -> asyncio.Future[Settled] | None:
        """The answer that the room owes, or gave; None where it was told nothing, or refused to be told."""
        telling = self._telling
        refused = telling is not None and telling.done() and (telling.cancelled() or telling.exception())
        return None if refused else telling

    def told(self, answer: Awaitable[Settled]) -> asyncio.Future[Settled]:
        """Remember the answer that is waited for, however long the one who asked does; return it."""
        self._telling = asyncio.ensure_future(answer)
        return self._telling

    async def before(self, command: Ask, position: int) -> Settled | None:
        """Return what came of the command when it was told before; else remember that it is told now."""
        if self._kept.told:
            settled = await self._memory.decided(self._kept.told, self._kept.position)
            if settled is not None:
                return settled
        if is_writable(command):
            self._kept = replace(self._kept, position=position, told=told_bytes(command))
            await self._memory.keep(self._name, self._kept)
        return None

    async def answered(self, answer: Answer) -> None:
        """Remember what was answered."""
        self._kept = replace(self._kept, answer=answer)
        await self._memory.keep(self._name, self._kept)


ONCE: ContextVar[Once | None] = ContextVar("once", default=None)
"""The request with a key that is handled; None without one."""
