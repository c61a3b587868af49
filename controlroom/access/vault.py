"""Where accounts, sessions and tokens are kept: a few tables of small records, and the notes about them.

A change and the note that says who made it are one step: there is no moment at which the one is there without
the other. The running room takes the notes into its journal, one after the other, and only then forgets
them; so what a command line changes while no room runs is journalled by the next one. Notes hold no secret.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


class Shelf(StrEnum):
    """The tables."""

    ACCOUNTS = "accounts"
    SESSIONS = "sessions"
    TOKENS = "tokens"
    ONCE = "once"


class Put(msgspec.Struct, frozen=True):
    """This record stands under this key from now on; None takes it away."""

    shelf: Shelf
    key: str
    record: bytes | None


class Kept(msgspec.Struct, frozen=True):
    """Everything that is kept: each shelf's records by key, the notes, a number that grows with changes."""

    shelves: Mapping[Shelf, Mapping[str, bytes]]
    notes: tuple[bytes, ...]
    version: int


class Vault(Protocol):
    """The place itself. Every call raises StoreAway or StoreRefused where the store does not do its part."""

    async def read(self, known: int) -> Kept | None:
        """Return everything; None when nothing has changed since version `known`."""
        ...

    async def write(self, puts: Sequence[Put], note: bytes | None) -> None:
        """Make these changes and leave this note, all or nothing."""
        ...

    async def forget_notes(self, count: int) -> None:
        """Take the oldest so many notes away: they are in the journal."""
        ...


class MemoryVault:
    """A vault that lives as long as its process: for tests, and the twin that the real one is held to."""

    def __init__(self) -> None:
        self._shelves: dict[Shelf, dict[str, bytes]] = {shelf: {} for shelf in Shelf}
        self._notes: list[bytes] = []
        self._version = 0

    async def read(self, known: int) -> Kept | None:
        """As `Vault.read` says."""
        if known == self._version:
            return None
        shelves = {shelf: dict(records) for shelf, records in self._shelves.items()}
        return Kept(shelves, tuple(self._notes), self._version)

    async def write(self, puts: Sequence[Put], note: bytes | None) -> None:
        """As `Vault.write` says."""
        for put in puts:
            if put.record is None:
                self._shelves[put.shelf].pop(put.key, None)
            else:
                self._shelves[put.shelf][put.key] = put.record
        if note is not None:
            self._notes.append(note)
        self._version += 1

    async def forget_notes(self, count: int) -> None:
        """As `Vault.forget_notes` says."""
        del self._notes[:count]
        self._version += 1
