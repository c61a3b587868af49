"""The only reader of the machine's clocks. Everyone else is handed a moment.

Two clocks, two uses: the wall clock labels, the monotonic clock measures. The wall clock given out
here never runs backwards within a process, so a record's `now` never precedes that of the one before.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]
"""Returns the present moment, UTC."""


def wall_clock() -> Now:
    """Return a reader of the wall clock that never goes back, whatever time synchronisation does."""
    latest = datetime.now(UTC)  # noqa: TID251 - this module is where the clock is read

    def now() -> datetime:
        nonlocal latest
        latest = max(latest, datetime.now(UTC))  # noqa: TID251 - this module is where the clock is read
        return latest

    return now


wall_clock_s: Callable[[], float] = time.time  # noqa: TID251 - this module is where the clock is read
"""Seconds since the epoch, for an age at the moment of counting it."""

monotonic_s: Callable[[], float] = time.monotonic
"""Seconds that only grow, for durations."""
