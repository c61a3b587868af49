"""The only reader of the machine's clocks. Everyone else is handed a moment.

Two clocks, two uses: the wall clock labels, the monotonic clock measures. The wall clock given out
here never runs backwards within a process, so a record's `now` never precedes that of the one before.
It never stands still either: a deadline must come although time synchronisation has set the clock back
by an hour. Until the machine's clock has caught up, ours goes on at half its speed, so deadlines come
late in that time, by as much again at most.

Limit: across a restart the machine's clock is believed, so `now` may go back there.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
"""Returns the present moment, UTC."""

CATCH_UP_SPEED = 0.5
"""How fast our clock goes while it is ahead of the machine's: slow enough to be caught up with, in as long
again as it was ahead, and fast enough for deadlines to come."""

monotonic_s: Callable[[], float] = time.monotonic
"""Seconds that only grow, for durations."""


def _machine() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this module is where the clock is read


def wall_clock(machine: Now = _machine, elapsed_s: Callable[[], float] = monotonic_s) -> Now:
    """Return a reader of the wall clock that never goes back or stands still, whatever becomes of `machine`.

    `elapsed_s` gives seconds that only grow.
    """
    latest, read_s = machine(), elapsed_s()

    def now() -> datetime:
        nonlocal latest, read_s
        moment, at_s = machine(), elapsed_s()
        if moment < latest:
            moment = latest + timedelta(seconds=CATCH_UP_SPEED * (at_s - read_s))
        latest, read_s = moment, at_s
        return moment

    return now


wall_clock_s: Callable[[], float] = time.time  # noqa: TID251 - this module is where the clock is read
"""Seconds since the epoch, for an age at the moment of counting it."""
