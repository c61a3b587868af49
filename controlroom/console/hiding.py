"""What is hidden from whom at this moment, worked out once for all from whom the same is hidden.

The stream asks this for every message of every page, and to find what belongs to a restricted incident one
has to look through the orders of the whole room. So the answer is kept until the room has moved on.
"""

from collections.abc import Callable

from controlroom.console.seen import NOTHING, Hidden, Looker, gone_from, hidden_in
from controlroom.incidents.state import State


class Hiding:
    """Answers for the room that `whole` returns, with nothing left out."""

    def __init__(self, whole: Callable[[], State]) -> None:
        self._whole = whole
        self._position = -1
        self._known: dict[tuple[frozenset[str], str | None], Hidden] = {}

    def __call__(self, looker: Looker) -> Hidden:
        """Return what is hidden from this person now."""
        state = self._whole()
        if not state.restricted:
            return NOTHING
        if self._position != state.position:
            self._position = state.position
            self._known.clear()
        gone = gone_from(state, looker)
        key = (gone, looker.unit)
        if key not in self._known:
            self._known[key] = hidden_in(state, gone, looker)
        return self._known[key]

    def open_to(self, looker: Looker) -> int:
        """Return how many incidents are open for this person."""
        state, hidden = self._whole(), self(looker)
        return len(state.incidents) - sum(one in state.incidents for one in hidden.incidents)
