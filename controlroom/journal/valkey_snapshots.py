"""The latest snapshot and the one before it, as two plain keys of the room."""

from controlroom.journal.resp import Calls, Refusal
from controlroom.journal.store import StoreRefused

NO_SUCH_KEY = "no such key"
"""What Valkey and Redis answer to renaming a key that is not there: there was no snapshot yet."""


class ValkeySnapshots:
    """`controlroom:{room}:snapshot` and `…:snapshot:previous`."""

    def __init__(self, room: str, link: Calls) -> None:
        self._key = f"controlroom:{{{room}}}:snapshot".encode()
        self._previous = self._key + b":previous"
        self._link = link

    async def save(self, sealed: bytes) -> None:
        """As `SnapshotStore.save` says; both keys change in one step."""
        *queued, done = await self._link.call(
            (b"MULTI",), (b"RENAME", self._key, self._previous), (b"SET", self._key, sealed), (b"EXEC",)
        )
        results = done if isinstance(done, list) else [*queued, done]
        refused = [r.text for r in results if isinstance(r, Refusal) and NO_SUCH_KEY not in r.text]
        if refused:
            raise StoreRefused(f"the store refused the snapshot: {refused[0]}")

    async def latest(self) -> tuple[bytes, ...]:
        """As `SnapshotStore.latest` says."""
        replies = await self._link.call((b"GET", self._key), (b"GET", self._previous))
        refused = next((r.text for r in replies if isinstance(r, Refusal)), None)
        if refused is not None:
            raise StoreRefused(f"the store refused to read the snapshot: {refused}")
        return tuple(reply for reply in replies if isinstance(reply, bytes))
