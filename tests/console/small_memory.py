"""What a small room remembers of commands that may be sent again; it outlives the console."""

from collections.abc import Mapping

from controlroom.incidents.record import Record
from controlroom.journal.answers import Kept, MemoryAnswers
from controlroom.journal.records import told_bytes
from controlroom.room import Settled, Told


class SmallMemory:
    """Answers in memory, and decisions out of the records of the room."""

    def __init__(self, answers: MemoryAnswers, journal: Mapping[int, Record]) -> None:
        self._answers = answers
        self._journal = journal

    async def read(self, name: bytes) -> Kept | None:
        """Return what is known of a key."""
        return await self._answers.read(name)

    async def keep(self, name: bytes, kept: Kept) -> None:
        """Remember it."""
        await self._answers.keep(name, kept)

    async def decided(self, told: bytes, after: int) -> Settled | None:
        """Return what came of these bytes behind a position."""
        for position, record in self._journal.items():
            if position > after and told_bytes(record.event) == told:
                return Settled(Told(record.event, record.now, None), position, record.decision)
        return None
