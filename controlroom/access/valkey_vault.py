"""The vault in the Valkey or Redis that holds the journal: `controlroom:{room}:access:…`, a hash a shelf.

Beside the journal and not in it: a journal is never rewritten, and a digest of a password that was changed,
or a person who left, must be gone. What is written has the store's own durability, as the journal has.
"""

from collections.abc import Sequence

from controlroom.access.vault import Kept, Put, Shelf
from controlroom.journal.resp import Calls, Command, Refusal, Reply
from controlroom.journal.store import StoreRefused


class ValkeyVault:
    """As `Vault` says."""

    def __init__(self, room: str, link: Calls) -> None:
        self._key = f"controlroom:{{{room}}}:access:".encode()
        self._link = link

    async def read(self, known: int) -> Kept | None:
        """As `Vault.read` says."""
        (version,) = await self._ask((b"GET", self._key + b"version"))
        if _number(version) == known:
            return None
        *shelves, notes, version = await self._together(
            *((b"HGETALL", self._shelf(shelf)) for shelf in Shelf),
            (b"LRANGE", self._key + b"notes", 0, -1),
            (b"GET", self._key + b"version"),
        )
        records = {shelf: _pairs(found) for shelf, found in zip(Shelf, shelves, strict=True)}
        kept = tuple(note for note in notes if isinstance(note, bytes)) if isinstance(notes, list) else ()
        return Kept(records, kept, _number(version))

    async def write(self, puts: Sequence[Put], note: bytes | None) -> None:
        """As `Vault.write` says."""
        commands: list[Command] = [
            (b"HDEL", self._shelf(put.shelf), put.key.encode())
            if put.record is None
            else (b"HSET", self._shelf(put.shelf), put.key.encode(), put.record)
            for put in puts
        ]
        if note is not None:
            commands.append((b"RPUSH", self._key + b"notes", note))
        await self._together(*commands, (b"INCR", self._key + b"version"))

    async def forget_notes(self, count: int) -> None:
        """As `Vault.forget_notes` says."""
        await self._together((b"LTRIM", self._key + b"notes", count, -1), (b"INCR", self._key + b"version"))

    def _shelf(self, shelf: Shelf) -> bytes:
        return self._key + shelf.value.encode()

    async def _ask(self, *commands: Command) -> list[Reply]:
        replies = await self._link.call(*commands)
        refused = next((reply.text for reply in replies if isinstance(reply, Refusal)), None)
        if refused is not None:
            raise StoreRefused(f"the store refused what is kept of people: {refused}")
        return replies

    async def _together(self, *commands: Command) -> list[Reply]:
        """Return the replies to commands of which all are done, or none."""
        replies = await self._ask((b"MULTI",), *commands, (b"EXEC",))
        done = replies[-1]
        if not isinstance(done, list) or any(isinstance(reply, Refusal) for reply in done):
            raise StoreRefused("the store did not take what is kept of people as one step")
        return done


def _pairs(found: Reply) -> dict[str, bytes]:
    """Return the fields of a hash, which come as a flat list."""
    flat = [part for part in found if isinstance(part, bytes)] if isinstance(found, list) else []
    return {key.decode(): record for key, record in zip(flat[::2], flat[1::2], strict=True)}


def _number(reply: Reply) -> int:
    return int(reply) if isinstance(reply, bytes | int) else 0
