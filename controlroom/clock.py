"""The only reader of the machine's clocks. Everyone else is handed a moment.

Two clocks, two uses: the wall clock labels, the monotonic clock measures. The wall clock given out
here never runs backwards within a process, so a record's `now` never precedes that of the one before.
It never stands still either: a deadline must come although time synchronisation has set the clock back
by an hour. Until the machine's clock has caught up, ours goes on at half its speed, so deadlines come
late in that time, by as much again at most.

Limit: across a restart the machine's clock is believed, so `now` may go back there.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
"""Returns the present moment, UTC."""

CATCH_UP_SPEED = 0.5
"""How fast our clock goes while it is ahead of the machine's: slow enough to be caught up with, in as long
again as it was ahead, and fast enough for deadlines to come."""

ALARM_OFF_S = 0.001
"""By how much an alarm may be off before it is set anew: far less than the second a watch has to fire."""

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


class Alarm:
    """Rings at a moment of a clock whose speed the event loop does not share.

    `set` reckons anew how long that is from now, and so follows a clock that was set; a timer of the loop
    that is right by it stays. Whoever is woken a little too early asks the clock, and sets the alarm again.
    """

    def __init__(self, now: Now, rings: Callable[[], None]) -> None:
        self._now = now
        self._rings = rings
        self._timer: asyncio.TimerHandle | None = None

    def set(self, moment: datetime | None) -> None:
        """Ring once, at this moment or at once where it is past; None: not at all."""
        if moment is None:
            self._cancel()
            return
        loop = asyncio.get_running_loop()
        at_s = loop.time() + max(0.0, (moment - self._now()).total_seconds())
        if self._timer is None or abs(self._timer.when() - at_s) > ALARM_OFF_S:
            self._cancel()
            self._timer = loop.call_at(at_s, self._ring)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        self._rings()


wall_clock_s: Callable[[], float] = time.time  # noqa: TID251 - this module is where the clock is read
"""Seconds since the epoch, for an age at the moment of counting it."""
