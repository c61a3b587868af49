"""A snapshot: the room's state at one position, so that a restart need not read from the beginning.

It is an aid, never the truth: the frames are. One that is damaged, sealed with another key or written
by another schema is put aside with a reason, the one before it is tried, and then the journal is read
from its start.
"""

import hmac
from typing import Protocol

import msgspec

from controlroom.journal.stored import Head

_DOMAIN = b"controlroom snapshot\0"
"""Goes before what is hashed, so that a snapshot's mac can never be a frame's under the same key."""

_MAC_BYTES = 32
"""The length of an HMAC-SHA256."""


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """The state after the record at `head.last_position`. `schema` says what wrote `body`."""

    head: Head
    schema: int
    body: bytes

    @property
    def position(self) -> int:
        """The last record that the state contains."""
        return self.head.last_position


class SnapshotStore(Protocol):
    """Keeps the last two snapshots, as opaque bytes."""

    async def save(self, sealed: bytes) -> None:
        """`sealed` is the latest; the latest until now is the previous. Raises StoreAway, StoreRefused."""
        ...

    async def latest(self) -> tuple[bytes, ...]:
        """What is kept, the latest first; empty when there is none. Raises StoreAway, StoreRefused."""
        ...


class MemorySnapshots:
    """The twin: two byte strings in memory."""

    def __init__(self, *kept: bytes) -> None:
        self.kept = kept

    async def save(self, sealed: bytes) -> None:
        """As `SnapshotStore.save` says."""
        self.kept = (sealed, *self.kept[:1])

    async def latest(self) -> tuple[bytes, ...]:
        """As `SnapshotStore.latest` says."""
        return self.kept


class Chosen(msgspec.Struct, frozen=True):
    """The newest snapshot that can be trusted, None when none can, and why each newer one was put aside."""

    snapshot: Snapshot | None
    put_aside: tuple[str, ...]


def seal_snapshot(key: bytes, snapshot: Snapshot) -> bytes:
    """The bytes to keep: mac first, then everything that it covers."""
    plain = msgspec.msgpack.encode(snapshot)
    return hmac.digest(key, _DOMAIN + plain, "sha256") + plain


def choose(key: bytes, kept: tuple[bytes, ...], schema: int) -> Chosen:
    """Of `kept`, latest first, the first that is whole and of `schema`."""
    put_aside: list[str] = []
    for name, sealed in zip(("latest", "previous"), kept, strict=False):
        found = _open(key, sealed, schema)
        if isinstance(found, Snapshot):
            return Chosen(found, tuple(put_aside))
        put_aside.append(f"the {name} snapshot is put aside: {found}")
    return Chosen(None, tuple(put_aside))


def sound(key: bytes, kept: tuple[bytes, ...], schema: int) -> tuple[Snapshot, ...]:
    """Every one of `kept` that is whole and of `schema`, the latest first."""
    opened = (_open(key, sealed, schema) for sealed in kept)
    return tuple(found for found in opened if isinstance(found, Snapshot))


def _open(key: bytes, sealed: bytes, schema: int) -> Snapshot | str:
    mac, plain = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
    if not hmac.compare_digest(mac, hmac.digest(key, _DOMAIN + plain, "sha256")):
        return "its mac does not fit its bytes and this key"
    try:
        snapshot = msgspec.msgpack.decode(plain, type=Snapshot)
    except msgspec.MsgspecError as error:
        return f"it cannot be decoded ({error})"
    if snapshot.schema != schema:
        return f"it was written by schema {snapshot.schema}, this programme reads {schema}"
    return snapshot
