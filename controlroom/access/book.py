"""Everything that is kept of people, in memory: what every request is asked against.

The book is read from the vault and written through to it, so a store that is away throws nobody out: who has
signed in stays in, and only what would change something has to wait. A command line may have written to the
vault meanwhile; `refresh` takes that in.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec

from controlroom.access.accounts import Account, Restricted
from controlroom.access.keys import Once, Session, Token
from controlroom.access.vault import Kept, Put, Shelf, Vault
from controlroom.commands.access import AccessNoted
from controlroom.journal.store import StoreRefused

_ENCODER = msgspec.json.Encoder()
_NOTE = msgspec.json.Decoder(AccessNoted)
_TYPES: Mapping[Shelf, type[Account | Session | Token | Once]] = {
    Shelf.ACCOUNTS: Account,
    Shelf.SESSIONS: Session,
    Shelf.TOKENS: Token,
    Shelf.ONCE: Once,
}

Entry = TypeVar("Entry", Account, Session, Token, Once)


class Book:
    """The shelves by key: accounts by name, sessions, tokens and links by the digest of what opens them."""

    def __init__(self, vault: Vault) -> None:
        self.accounts: dict[str, Account] = {}
        self.sessions: dict[str, Session] = {}
        self.tokens: dict[str, Token] = {}
        self.once: dict[str, Once] = {}
        self.notes: tuple[AccessNoted, ...] = ()
        self.restricted: Callable[[], Iterable[Restricted]] = tuple
        """Returns each open restricted operation, what presses most first; a command line knows none."""
        self._vault = vault
        self._version = -1
        self._one_change = asyncio.Lock()

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Read what is kept, and let nobody else change it until the block ends: no change undoes another's.

        Raises as `refresh`. Limit: another process is kept from nothing between the reading and the keeping.
        """
        async with self._one_change:
            await self.refresh()
            yield

    async def refresh(self) -> None:
        """Take in what others have written, all of it or nothing; raises StoreAway or StoreRefused."""
        kept = await self._vault.read(self._version)
        if kept is None:
            return
        accounts = _read(kept, Shelf.ACCOUNTS, Account)
        sessions = _read(kept, Shelf.SESSIONS, Session)
        tokens, once = _read(kept, Shelf.TOKENS, Token), _read(kept, Shelf.ONCE, Once)
        try:
            self.notes = tuple(_NOTE.decode(note) for note in kept.notes)
        except msgspec.MsgspecError as fault:
            raise StoreRefused(f"a note about people cannot be read: {fault}") from fault
        self.accounts, self.sessions, self.tokens, self.once = accounts, sessions, tokens, once
        self._version = kept.version

    async def keep(
        self, entries: Mapping[str, Account | Session | Token | Once], note: AccessNoted | None = None
    ) -> None:
        """Keep these entries under their keys, and the note of it; raises StoreAway or StoreRefused."""
        puts = [Put(_shelf_of(entry), key, _ENCODER.encode(entry)) for key, entry in entries.items()]
        await self._vault.write(puts, _ENCODER.encode(note) if note is not None else None)
        await self.refresh()

    async def drop(self, shelf: Shelf, keys: tuple[str, ...], note: AccessNoted | None = None) -> None:
        """Take these entries away; as `keep`."""
        await self._vault.write(
            [Put(shelf, key, None) for key in keys], _ENCODER.encode(note) if note is not None else None
        )
        await self.refresh()

    async def journalled(self, count: int) -> None:
        """Forget the oldest so many notes."""
        await self._vault.forget_notes(count)
        await self.refresh()


def _read(kept: Kept, shelf: Shelf, of: type[Entry]) -> dict[str, Entry]:
    decoder = msgspec.json.Decoder(of)
    try:
        return {key: decoder.decode(record) for key, record in kept.shelves[shelf].items()}
    except msgspec.MsgspecError as fault:  # another version of the service wrote it
        raise StoreRefused(f"what is kept of {shelf} cannot be read: {fault}") from fault


def _shelf_of(entry: Account | Session | Token | Once) -> Shelf:
    return next(shelf for shelf, kind in _TYPES.items() if type(entry) is kind)
