"""A restart brings back what was there: from frames, from a snapshot, from both."""

from collections.abc import AsyncIterator, Sequence

import pytest

from controlroom.events import CrewReported, Event, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.journal.chain import seal
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import MemorySnapshots, choose
from controlroom.journal.store import StoreAway, StoreRefused
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of
from controlroom.measures.desk import count
from controlroom.measures.taking import take
from controlroom.restore import SCHEMA, Counting, Folded, Keeper, fold, from_bytes, to_bytes
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import BOOK, after, figure, handbook, signal

KEY = bytes(range(32))
STORY: tuple[tuple[float, Event], ...] = (
    (0, signal(Kind.ARC_ALARM, "a1", event="intruder")),
    (1, signal(Kind.LONE_WORKER, "w1")),
    (2, signal(Kind.ARC_ALARM, "a2", event="intruder")),
    (3, CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.ACCEPTED)),
    (4, signal(Kind.HELP_POINT, "h1")),
    (90, Tick()),
    (91, CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.CLEARED, Outcome.GENUINE)),
)


def live(*, through: int | None = None) -> tuple[Folded, list[Record]]:
    """Return what a room that never stopped holds after the story, and its records."""
    folded, records = Folded(), []
    for at_s, event in STORY[:through]:
        now = after(at_s)
        decision = decide(handbook(), folded.state, event, now)
        position = folded.state.position + 1
        apply(folded.state, position, now, decision)
        take(folded.ledger, BOOK, position, now, decision)
        count(folded.desk, position, now, decision, count_simulated=True)
        records.append(Record(position, now, event, decision))
    return folded, records


def frames_of(records: Sequence[Record], size: int) -> list[StoredFrame]:
    """Return the records as sealed frames of at most that many."""
    head, frames = EMPTY, []
    for start in range(0, len(records), size):
        batch = records[start : start + size]
        frame = seal(KEY, head, 1, len(batch), encode_frame("test", batch))
        frames.append(frame)
        head = head_of(frame)
    return frames


async def told(frames: Sequence[StoredFrame]) -> AsyncIterator[StoredFrame]:
    """Yield these frames, as a store does."""
    for frame in frames:
        yield frame


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_frames_bring_back_state_and_figures(size: int) -> None:
    """Folding the frames, however large they are, ends in the bytes of a room that never stopped."""
    whole, records = live()
    folded = Folded()

    await fold(folded, told(frames_of(records, size)), BOOK)

    assert to_bytes(folded) == to_bytes(whole)
    assert figure(whole.ledger, "alarms_responded") == 2


@pytest.mark.parametrize("through", range(len(STORY) + 1))
async def test_a_snapshot_and_the_frames_after_it_bring_back_the_same(through: int) -> None:
    """From a snapshot at any position, frames that begin before it change nothing twice."""
    whole, records = live()
    folded = from_bytes(to_bytes(live(through=through)[0]))

    await fold(folded, told(frames_of(records, 3)), BOOK)

    assert to_bytes(folded) == to_bytes(whole)


async def test_a_hole_in_the_frames_is_an_error() -> None:
    """Frames that leave records out are refused with the positions, not folded around."""
    _, records = live()
    frames = frames_of(records, 2)

    with pytest.raises(ValueError, match="record 5 does not follow 2"):
        await fold(Folded(), told([frames[0], *frames[2:]]), BOOK)


def test_the_figures_follow_the_released_records() -> None:
    """Counting keeps the ledger in step with what is durable, in whatever batches it comes."""
    whole, records = live()
    counting = Counting(Folded().ledger, BOOK)
    counting.released(records[:2])
    counting.released(records[2:])

    assert counting.ledger == whole.ledger


class Refusing(MemorySnapshots):
    """A store of snapshots that is away or refuses."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def save(self, sealed: bytes) -> None:
        """Raise."""
        del sealed
        raise self._error


def head_at(position: int) -> Head:
    """Return a head whose last record is at this position."""
    return Head(1, 1, position + 1, b"m" * 32)


def keeper(folded: Folded, store: MemorySnapshots, *, every: int = 3, durable: int | None = None) -> Keeper:
    """Return a keeper that has saved nothing yet of this state."""
    made = Keeper(
        folded, store, KEY, every, lambda: head_at(folded.state.position if durable is None else durable)
    )
    made.saved_through = 0
    return made


def test_a_snapshot_is_due_after_so_many_records() -> None:
    """Counted from the last one taken, not sooner."""
    assert not keeper(live(through=2)[0], MemorySnapshots()).due()
    assert keeper(live(through=3)[0], MemorySnapshots()).due()


async def test_a_snapshot_taken_at_rest_holds_everything_at_that_position() -> None:
    """What is saved is the state of the moment it was taken, sealed, and the next is due as much later."""
    store, (folded, records) = MemorySnapshots(), live(through=4)
    kept = keeper(folded, store)
    before = to_bytes(folded)
    kept.at_rest()
    assert not kept.due()
    take(folded.ledger, BOOK, 99, records[1].now, records[1].decision)

    assert await kept.save_next() == 4
    chosen = choose(KEY, store.kept, SCHEMA).snapshot
    assert chosen is not None
    assert (chosen.position, chosen.body) == (4, before)


def test_nothing_is_taken_while_records_are_in_flight() -> None:
    """A state that is ahead of the durable end is no snapshot: it stays due."""
    kept = keeper(live(through=4)[0], MemorySnapshots(), durable=3)
    kept.at_rest()

    assert (kept.due(), kept.saved_through) == (True, 0)


@pytest.mark.parametrize("error", [StoreAway("no answer"), StoreRefused("memory is full")])
async def test_a_snapshot_that_cannot_be_saved_is_let_go(error: Exception) -> None:
    """The frames are the truth: a store that is away or refuses costs a snapshot and raises nothing."""
    kept = keeper(live(through=4)[0], Refusing(error))
    kept.at_rest()

    assert await kept.save_next() is None
