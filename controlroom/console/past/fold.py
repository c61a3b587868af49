"""One past: a stretch of the journal's records, and the room's state after one of them.

The state is brought forward record by record from where a fold began; to go back, it begins again from the
bytes that it was kept as at `base`. So a step costs a few records, and only a jump out of the stretch a fold.

A state here is for looking at: which signals were heard before, by which the live room knows a repeat,
is not kept, for it is most of a state's memory and on no screen.
"""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from controlroom.incidents.apply import apply
from controlroom.incidents.record import Record
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.journal.records import decode_applied, decode_frame
from controlroom.journal.store import JournalError, Store
from controlroom.journal.stored import Head, StoredFrame, head_of

SHOWN_BEFORE = 2_000
"""Records before a position that are read whole: what the console shows of signals, as after a restart."""

STEPS_BACK = 500
"""Records before a position that can be stepped back to without a fold, where the journal has them."""

STRETCH = 6_000
"""Records that a past holds before its oldest are let go: some 30 MB of them at most in ordinary traffic."""

MARK_EVERY = 50_000
"""Records between two states that are kept on the way, so that the next fold need not begin at the start."""

TURN_RECORDS = 256
"""Records folded before others get their turn: one to three milliseconds."""


Mark = Callable[["Kept", Head], Awaitable[None]]
"""Is told of a state on the way, and of the end of the journal that it contains."""

Turn = Callable[[], Awaitable[object]]
"""Gives others their turn."""


class Unreadable(JournalError):
    """The journal cannot be folded to there; the text says why."""


class Kept(msgspec.Struct, frozen=True):
    """A state to begin from: its bytes, and the position of the last record in it."""

    position: int
    body: bytes

    def state(self) -> State:
        """Return the state; raises `msgspec.DecodeError` where another version wrote it."""
        return from_bytes(self.body) if self.body else State()


NOTHING = Kept(0, b"")
"""What there is before the first record."""


class Past:
    """A past at `position`. `records` have no hole and end at or after it; `base` is how far back it goes.

    `epoch` is that of the writer of each record, by the position from which on it wrote.
    """

    def __init__(self, base: Kept, records: list[Record], epochs: dict[int, int]) -> None:
        self.lock = asyncio.Lock()
        self.base = base
        self.records = records
        self.state = base.state()
        self._epochs = epochs

    @property
    def position(self) -> int:
        """The last record that the state contains."""
        return self.state.position

    @property
    def first(self) -> int:
        """The position of the first record that is held."""
        return self.records[0].position

    @property
    def last(self) -> int:
        """The position of the last record that is held."""
        return self.records[-1].position

    @property
    def record(self) -> Record:
        """The record that led to where it stands."""
        return self.records[self.position - self.first]

    @property
    def epoch(self) -> int:
        """The epoch of the writer of that record."""
        return self._epochs[max(start for start in self._epochs if start <= self.position)]

    def holds(self, position: int) -> bool:
        """Say whether it can go to this position without a fold."""
        return max(self.base.position, self.first) <= position <= self.last

    def go(self, position: int) -> None:
        """Stand at this position, which it holds."""
        if position < self.position:
            self.state = self.base.state()
        first = self.first
        for at in range(self.position + 1, position + 1):
            record = self.records[at - first]
            apply(self.state, at, record.now, record.decision)

    async def read_on(self, store: Store, through: int) -> None:
        """Hold the records up to this position as well, where the journal has them, and some after it."""
        async for frame in store.frames(self.last):
            self._epochs[max(frame.position, self.last + 1)] = frame.epoch
            self.records += [one for one in _records(frame) if one.position > self.last]
            await asyncio.sleep(0)
            if self.last >= through:
                break
        if len(self.records) > STRETCH:
            self._let_go(min(through, self.last))

    def _let_go(self, position: int) -> None:
        """Let the oldest records go: what is shown at `position` stays, and some steps back."""
        self.go(max(position - STEPS_BACK, self.base.position))
        self.base = kept(self.state)
        self.records = self.records[max(0, position - SHOWN_BEFORE - STEPS_BACK - self.first) :]


def kept(state: State) -> Kept:
    """Return this state to begin from later."""
    state.heard.clear()
    state.heard_before.clear()
    return Kept(state.position, to_bytes(state))


async def fold(store: Store, start: Kept, position: int, mark: Mark) -> Past:
    """Return the past at this position, folded from `start`, which lies at or before it.

    `mark` is told of states on the way. Raises Unreadable, and what `Store.frames` raises.
    """
    base = max(start.position, position - STEPS_BACK)
    state = start.state()
    if start.position < base:
        await bring(store, state, base, mark)
    records: list[Record] = []
    epochs: dict[int, int] = {}
    async for frame in store.frames(max(0, min(base, position - SHOWN_BEFORE) - 1)):
        epochs[frame.position] = frame.epoch
        records += _records(frame)
        await asyncio.sleep(0)
        if frame.last_position >= position:
            break
    if not records or records[-1].position < position:
        raise Unreadable(f"the journal ends before position {position}")
    if records[0].position > base + 1:
        raise Unreadable(f"the journal has no record {base + 1}; it begins at {records[0].position}")
    past = Past(kept(state), records, epochs)
    past.go(position)
    return past


def _records(frame: StoredFrame) -> list[Record]:
    try:
        return decode_frame(frame.body)
    except ValueError as fault:
        raise Unreadable(f"the frame at position {frame.position} cannot be read: {fault}") from fault


async def _next_turn() -> None:
    await asyncio.sleep(0)


async def bring(store: Store, state: State, through: int, mark: Mark, turn: Turn = _next_turn) -> None:
    """Apply the records after the state's position, up to `through`; raises Unreadable."""
    marked = state.position
    async for frame in store.frames(state.position):
        try:
            body = decode_applied(frame.body)
        except msgspec.DecodeError as fault:
            raise Unreadable(f"the frame at position {frame.position} cannot be read: {fault}") from fault
        if body.position > state.position + 1:
            raise Unreadable(f"the journal has no record {state.position + 1}; it begins at {body.position}")
        for position, stored in enumerate(body.records, body.position):
            if state.position < position <= through:
                apply(state, position, stored.now, stored.decision)
                if position % TURN_RECORDS == 0:
                    await _next_turn()
                    await turn()
        if state.position >= through:
            return
        if state.position - marked >= MARK_EVERY:
            marked = state.position
            await mark(kept(state), head_of(frame))
