"""The port to whatever keeps frames: three methods, and the five ways in which keeping can fail.

A store orders frames by id and takes only an id greater than its last; what a frame means is none of its
business. `memory.py` is the twin for tests, `valkey_store.py` the real one; one contract test holds both.
"""

from collections.abc import AsyncIterator
from typing import Protocol

from controlroom.journal.stored import Head, StoredFrame


class JournalError(Exception):
    """The journal could not do what was asked."""


class Fenced(JournalError):
    """Another writer has appended: this one is over and must stop. Never retry."""


class StoreAway(JournalError):
    """The store cannot be reached or did not answer in time. The same append may be tried again."""


class StoreRefused(JournalError):
    """The store answered no: memory full, read-only, no permission. Nothing was stored.

    Worth trying again once somebody has acted, and worth saying aloud until then.
    """


class StoreLost(JournalError):
    """The store no longer holds a frame that it had confirmed. Never retry: acknowledged records are gone."""


class Undecodable(JournalError):
    """An entry of the store is no frame. The message says which and why."""


class Store(Protocol):
    """Keeps frames in the order of their ids. One writer at a time; readers at any time."""

    async def append(self, frame: StoredFrame, after: Head) -> None:
        """`frame` is durable and directly follows `after`.

        Trying the same frame again after StoreAway is safe: a store that has it already says so by
        returning. Raises StoreAway, StoreRefused (worth a retry), Fenced, StoreLost, Undecodable (final).
        """
        ...

    def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """Every frame that holds a record after `after_position`, oldest first, up to the last one stored.

        Raises StoreAway, StoreRefused, Undecodable.
        """
        ...

    async def last(self) -> StoredFrame | None:
        """The last frame; None when the store is empty. Raises as `frames` does."""
        ...


class Trims(Protocol):
    """A store whose oldest frames can be taken away once they are safe elsewhere."""

    async def trim(self, through_position: int) -> None:
        """No frame ends at or before `through_position` any more; the very last frame always stays."""
        ...


class Trimmable(Store, Trims, Protocol):
    """A store that can also be trimmed."""
