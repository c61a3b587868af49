"""A search over a small room: the real index in memory, fed at once, so that what happened is found."""

from collections.abc import Sequence

from controlroom.estate.model import Estate
from controlroom.incidents.record import Record
from controlroom.search.index import Index
from controlroom.search.question import Page, Question, Reach
from controlroom.search.reading import pieces_of


class SmallSearch:
    """The index of one small room. `holds` keeps it from taking what comes, like a thread that is behind."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self.index = Index(None, "a small room")
        self.holds = False
        self._held: list[Record] = []

    def released(self, records: Sequence[Record]) -> None:
        """Take what happened."""
        self._held += records
        if self._held and not self.holds:
            pieces = [piece for one in self._held for piece in pieces_of(one, self._estate.place)]
            self.index.take(pieces, self._held[-1].position, self._held[-1].now)
            self._held = []

    @property
    def reach(self) -> Reach:
        """How far the index has come."""
        return self.index.reach

    async def find(self, question: Question) -> Page:
        """Ask the index."""
        return self.index.find(question)
