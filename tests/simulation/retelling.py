"""The same history told again by the real parts: a fold from the first frame, and every decision once more.

These share the product's code on purpose: the question is whether its ways of telling a history agree.
"""

from collections.abc import Iterator, Sequence

from controlroom import restore
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.state import State, to_bytes
from controlroom.journal.records import decode_applied, decode_frame
from controlroom.journal.stored import StoredFrame
from controlroom.measures.desk import count
from controlroom.measures.taking import take
from tests.build import BOOK, REAL_BOOK


class Shadow:
    """A room that only ever reads: the fold of the journal from its first frame, without any snapshot."""

    def __init__(self, handbook: Handbook) -> None:
        self._handbook = handbook
        self._book = BOOK if handbook.house.demonstration else REAL_BOOK
        self._folded = restore.empty(self._book)
        self._frames = 0

    def read(self, frames: Sequence[StoredFrame]) -> None:
        """Fold what has come onto the shelf since the last look."""
        for frame in frames[self._frames :]:
            self._frames += 1
            body = decode_applied(frame.body)
            for offset, record in enumerate(body.records):
                position = body.position + offset
                apply(self._folded.state, position, record.now, record.decision)
                take(self._folded.ledger, self._book, position, record.now, record.decision)
                count(
                    self._folded.desk,
                    position,
                    record.now,
                    record.decision,
                    count_simulated=self._book.simulated,
                )

    def differs(self, folded: restore.Folded) -> str | None:
        """Return where state and figures differ from the fold; None when they are the same bytes."""
        if restore.to_bytes(folded) == restore.to_bytes(self._folded):
            return None
        mine, theirs = self._folded.state, folded.state
        fields = [name for name in State.__struct_fields__ if getattr(mine, name) != getattr(theirs, name)]
        return f"at {theirs.position} (the journal ends at {mine.position}) in {fields or 'the order'}"

    def retold(self, frames: Sequence[StoredFrame], live: restore.Folded) -> Iterator[tuple[str, str]]:
        """Yield what differs when the whole journal is folded, and decided again from the raw events."""
        difference = self.differs(live)
        if difference is not None:
            yield "a replay of the journal gives the same state byte for byte", difference
        state = State()
        for frame in frames:
            for record in decode_frame(frame.body):
                again = decide(self._handbook, state, record.event, record.now)
                if again != record.decision:
                    yield "raw events decided again give the same decisions", f"{record} is now {again}"
                    return
                apply(state, record.position, record.now, again)
        if to_bytes(state) != to_bytes(live.state):
            yield "an uninterrupted room ends in the same state", f"at {state.position}"
