"""Seven bugs that comparable systems had, planted one at a time by wrapping the real parts.

No switch for any of them is in the product: each is a wrapper around something that the house (`house`)
hands out. A simulation that does not find them proves nothing, so a test plants each and demands it is found.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec

from controlroom import restore
from controlroom.incidents.crews.given import OrderEnd, StandingOrder
from controlroom.incidents.state import State
from controlroom.incidents.watches import disarm, in_order
from controlroom.journal.memory import MemoryStore
from controlroom.journal.snapshot import choose, seal_snapshot
from controlroom.journal.stored import Head, StoredFrame
from controlroom.signals.vocabulary import (
    AlarmEvent,
    CallStep,
    GuardEvent,
    ParkEvent,
    TelecareEvent,
    WorkerEvent,
)
from tests.simulation.fate import LONDON

KEY = bytes(range(32))
"""The key of every simulated journal; the plants need it too, to seal what they spoil."""

EVERY_WORD = (*AlarmEvent, *CallStep, *WorkerEvent, *GuardEvent, *ParkEvent, *TelecareEvent)
"""Everything that a signal can be about."""

Append = Callable[[StoredFrame, Head], Awaitable[None]]


class Plant(msgspec.Struct, frozen=True):
    """What is wrapped around the real parts; by default nothing."""

    clock: Callable[[datetime], datetime] = lambda now: now
    append: Callable[[MemoryStore], Append] = lambda store: store.append
    snapshot: Callable[[bytes], bytes] = lambda sealed: sealed
    opened: Callable[[State], None] = lambda _: None
    order: Callable[[bytes], bytes] = lambda payload: payload


class _Forgetful(dict[bytes, int]):
    """Remembers everything and recalls nothing."""

    def get(self, key: bytes, default: int | None = None) -> int | None:  # type: ignore[override]  # that is the bug
        """Recall nothing."""
        del key
        return default


def _skip_dedup() -> Plant:
    """Every second process does not know what was heard before it started."""
    lives = 0

    def opened(state: State) -> None:
        nonlocal lives
        lives += 1
        if lives % 2 == 0:
            state.heard = _Forgetful(state.heard)

    return Plant(opened=opened)


def _timer_lost_at_snapshot() -> Plant:
    """A snapshot leaves out the watch that falls due last."""

    def snapshot(sealed: bytes) -> bytes:
        found = choose(KEY, (sealed,), restore.SCHEMA).snapshot
        if found is None:
            return sealed
        folded = restore.from_bytes(found.body)
        watches = folded.state.watches
        last = max(in_order(watches), default=None)
        if last is not None:
            disarm(watches, last.kind, last.subject)
        return seal_snapshot(KEY, msgspec.structs.replace(found, body=restore.to_bytes(folded)))

    return Plant(snapshot=snapshot)


def _hour_off_at_clock_change() -> Plant:
    """The clock is read as wall time, and of the hour that comes twice only the first is known."""

    def clock(now: datetime) -> datetime:
        return now.astimezone(LONDON).replace(fold=0).astimezone(UTC)

    return Plant(clock=clock)


def _double_order_after_crash() -> Plant:
    """An order that is sent again by the next process gets another number, so that a crew works it twice."""
    lives = 0
    sent_in: dict[bytes, int] = {}

    def opened(state: State) -> None:
        nonlocal lives
        del state
        lives += 1

    def order(payload: bytes) -> bytes:
        again = sent_in.setdefault(payload, lives) != lives
        return payload.replace(b'"ORD-', b'"ORD-0') if again else payload

    return Plant(opened=opened, order=order)


class _Forgotten(dict[str, StandingOrder]):
    """Knows every order, and takes those that were accepted for recalled."""

    def get(self, key: str, default: StandingOrder | None = None) -> StandingOrder | None:  # type: ignore[override]  # that is the bug
        """Return the order as it is not."""
        found = super().get(key, default)
        if found is None or found.step is None or not found.live:
            return found
        return msgspec.structs.replace(found, ended=OrderEnd.RECALLED)


def _crew_forgotten_after_restart() -> Plant:
    """Every second process believes that nobody goes where a crew has accepted."""
    lives = 0

    def opened(state: State) -> None:
        nonlocal lives
        lives += 1
        if lives % 2 == 0:
            state.orders = _Forgotten(state.orders)

    return Plant(opened=opened)


class _ToldAlready(dict[str, StandingOrder]):
    """Takes every crew for told of everything, and keeps what is true."""

    def get(self, key: str, default: StandingOrder | None = None) -> StandingOrder | None:  # type: ignore[override]  # that is the bug
        """Return the order as if its crew had heard of everything."""
        found = super().get(key, default)
        if found is None:
            return None
        return msgspec.structs.replace(
            found, order=msgspec.structs.replace(found.order, priority=1), told=EVERY_WORD
        )

    def __setitem__(self, key: str, value: StandingOrder) -> None:
        """Keep the order as it was given."""
        before = super().get(key)
        if before is not None:
            value = msgspec.structs.replace(value, order=before.order, told=before.told)
        super().__setitem__(key, value)


def _crew_not_told() -> Plant:
    """A crew that goes to a lesser matter never hears that it became a panic."""

    def opened(state: State) -> None:
        state.orders = _ToldAlready(state.orders)

    return Plant(opened=opened)


def _dropped_frame() -> Plant:
    """The store says yes to every five-hundredth frame and does not keep it."""
    appended = 0

    def append(store: MemoryStore) -> Append:
        async def forgetful(frame: StoredFrame, after: Head) -> None:
            nonlocal appended
            appended += 1
            if appended % 500:
                await store.append(frame, after)

        return forgetful

    return Plant(append=append)


PLANTS: dict[str, Callable[[], Plant]] = {
    "skip-dedup": _skip_dedup,
    "timer-lost-at-snapshot": _timer_lost_at_snapshot,
    "hour-off-at-clock-change": _hour_off_at_clock_change,
    "double-order-after-crash": _double_order_after_crash,
    "dropped-frame": _dropped_frame,
    "crew-forgotten-after-restart": _crew_forgotten_after_restart,
    "crew-not-told": _crew_not_told,
}
"""Each makes a fresh plant for one day."""
