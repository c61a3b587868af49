"""One line of progress on standard error: how far, how fast, and how long it still takes.

On a terminal the line is drawn twice a second over itself; elsewhere it is said every ten seconds, so that a
log of a long play stays short.
"""

import sys

from controlroom.clock import monotonic_s

SCREEN_S = 0.5
LOG_S = 10.0


class Progress:
    """How far a feed is; `whole` is how much there is to do, in the unit of `show` (None: no end)."""

    def __init__(self, what: str, whole: float | None) -> None:
        self._what = what
        self._whole = whole
        self._screen = sys.stderr.isatty()
        self._started = self._shown = monotonic_s()
        self._first: float | None = None

    def show(self, messages: int, done: float) -> None:
        """Say how far it is, if it is time to; `messages` in all, `done` of `whole`."""
        now = monotonic_s()
        if self._first is None:
            self._first = done
        if now - self._shown < (SCREEN_S if self._screen else LOG_S):
            return
        self._shown = now
        self._write(self.line(messages, done, now - self._started))

    def line(self, messages: int, done: float, took_s: float) -> str:
        """Return the line: per cent done, messages, messages a second, time left."""
        rate = messages / took_s if took_s > 0 else 0.0
        said = f"{self._what}: {messages:,} messages, {rate:,.0f}/s"
        if not self._whole:
            return said
        share = min(1.0, done / self._whole)
        gone = done - (self._first or 0.0)
        left_s = (self._whole - done) * took_s / gone if gone > 0 else 0.0
        return f"{said}, {share:.0%}, {_clock(left_s)} left"

    def end(self) -> None:
        """Leave the terminal's line as it was."""
        if self._screen:
            sys.stderr.write("\r\x1b[K")

    def _write(self, line: str) -> None:
        sys.stderr.write(f"\r\x1b[K{line}" if self._screen else f"{line}\n")
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    """Return seconds as 1:02:03 or 2:03."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
