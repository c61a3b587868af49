"""A search over a small room: the real index in memory, fed when somebody asks, so that all is found."""

from collections.abc import Sequence

from controlroom.estate.model import Estate
from controlroom.incidents.record import Record
from controlroom.search.index import Index
from controlroom.search.question import Page, Question, Reach
from controlroom.search.reading import pieces_of


class SmallSearch:
    """The index of one small room. `hold` keeps it from what comes later, like a thread that is behind.

    Nothing is taken before somebody asks: most rooms of tests are never searched, and some are flooded.
    """

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._index = Index(None, "a small room")
        self._holds = False
        self._held: list[Record] = []

    def released(self, records: Sequence[Record]) -> None:
        """Keep what happened until somebody asks."""
        self._held += records

    def hold(self) -> None:
        """Take what has happened so far, and nothing more."""
        self._take()
        self._holds = True

    @property
    def index(self) -> Index:
        """The index, with everything in it that it is not kept from."""
        self._take()
        return self._index

    def _take(self) -> None:
        if self._held and not self._holds:
            pieces = [piece for one in self._held for piece in pieces_of(one, self._estate.place)]
            self._index.take(pieces, self._held[-1].position, self._held[-1].now)
            self._held = []

    @property
    def reach(self) -> Reach:
        """How far the index has come."""
        return self.index.reach

    async def find(self, question: Question) -> Page:
        """Ask the index."""
        return self.index.find(question)
