"""What was answered to a command that its sender may send again, kept beside the journal for a day.

Before such a command is told to the room its own bytes are kept under the sender's key, and the answer after
it. So a process can die at any moment and leaves no repeated command open: with the answer it is
answered again; with the bytes alone the journal says whether they were decided, and with what.
"""

from typing import Protocol

import msgspec

from controlroom.journal.resp import Calls, Refusal
from controlroom.journal.store import StoreRefused

KEPT_S = 24 * 3600
"""Nobody sends a command again after a day; the store forgets it by itself."""

ANSWER_BYTES = 64 * 1024
"""A longer answer is not kept: it is made anew from what the journal has."""


class Answer(msgspec.Struct, frozen=True):
    """What was answered, without the connection that it went out on."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]


class Kept(msgspec.Struct, frozen=True):
    """What is known of a key: the digest of the body that came with it, what the room was told, the answer.

    `told` are the bytes of the event as the journal has it, behind `position`; empty before it is told.
    """

    digest: bytes
    position: int = 0
    told: bytes = b""
    answer: Answer | None = None


class AnswerStore(Protocol):
    """Keeps these. Both raise StoreAway or StoreRefused."""

    async def read(self, name: bytes) -> Kept | None:
        """Return what is kept under this name; None where nothing is, or not any more."""
        ...

    async def keep(self, name: bytes, kept: Kept) -> None:
        """Keep this under the name, in the place of what was."""
        ...


class MemoryAnswers:
    """The twin: keeps for as long as its process lives."""

    def __init__(self) -> None:
        self.kept: dict[bytes, bytes] = {}

    async def read(self, name: bytes) -> Kept | None:
        """As `AnswerStore.read` says."""
        return _DECODER.decode(self.kept[name]) if name in self.kept else None

    async def keep(self, name: bytes, kept: Kept) -> None:
        """As `AnswerStore.keep` says."""
        self.kept[name] = _bytes_of(kept)


class ValkeyAnswers:
    """`controlroom:{room}:answers:…`, a key each, which the store forgets after `KEPT_S`."""

    def __init__(self, room: str, link: Calls) -> None:
        self._prefix = f"controlroom:{{{room}}}:answers:".encode()
        self._link = link

    async def read(self, name: bytes) -> Kept | None:
        """As `AnswerStore.read` says."""
        [found] = await self._link.call((b"GET", self._prefix + name))
        if isinstance(found, Refusal):
            raise StoreRefused(f"the store refused what was answered: {found.text}")
        return _DECODER.decode(found) if isinstance(found, bytes) else None

    async def keep(self, name: bytes, kept: Kept) -> None:
        """As `AnswerStore.keep` says."""
        command = (b"SET", self._prefix + name, _bytes_of(kept), b"EX", KEPT_S)
        [done] = await self._link.call(command)
        if isinstance(done, Refusal):
            raise StoreRefused(f"the store refused what was answered: {done.text}")


_DECODER = msgspec.msgpack.Decoder(Kept)


def _bytes_of(kept: Kept) -> bytes:
    if kept.answer is not None and len(kept.answer.body) > ANSWER_BYTES:
        kept = msgspec.structs.replace(kept, answer=None)
    return msgspec.msgpack.encode(kept)
