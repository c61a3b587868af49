"""Everything that is kept of people, in memory: what every request is asked against.

The book is read from the vault and written through to it, so a store that is away throws nobody out: who has
signed in stays in, and only what would change something has to wait. A command line may have written to the
vault meanwhile; `refresh` takes that in.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from controlroom.access.accounts import Account, Restricted
from controlroom.access.keys import Once, Session, Token
from controlroom.access.vault import Kept, Put, Shelf, Vault
from controlroom.commands.access import AccessNoted

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
        self.one_change = asyncio.Lock()
        """Held by whoever reads an account, changes it and keeps it: no change undoes another's."""
        self._vault = vault
        self._version = -1

    async def refresh(self) -> None:
        """Take in what others have written; raises StoreAway or StoreRefused."""
        kept = await self._vault.read(self._version)
        if kept is None:
            return
        self._version = kept.version
        self.accounts = _read(kept, Shelf.ACCOUNTS, Account)
        self.sessions = _read(kept, Shelf.SESSIONS, Session)
        self.tokens = _read(kept, Shelf.TOKENS, Token)
        self.once = _read(kept, Shelf.ONCE, Once)
        self.notes = tuple(_NOTE.decode(note) for note in kept.notes)

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
    return {key: decoder.decode(record) for key, record in kept.shelves[shelf].items()}


def _shelf_of(entry: Account | Session | Token | Once) -> Shelf:
    return next(shelf for shelf, kind in _TYPES.items() if type(entry) is kind)
