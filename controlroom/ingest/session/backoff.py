"""How long to wait before connecting again."""

import random

_MOST_DOUBLINGS = 16
"""2 ** 16 first waits are past any sensible bound; more would only overflow."""

_uniform = random.SystemRandom().uniform


class Backoff:
    """Full jitter: anything up to a bound that starts at `first_s` and doubles with each failure in a row.

    Only a connection that lived longer than the largest bound, `most_s`, ends the row. Two clients of
    one name take over from each other as soon as they connect, and some brokers do not say so.
    """

    def __init__(self, first_s: float, most_s: float) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._failures = 0

    def bound_s(self, lived_s: float) -> float:
        """Count a connection that lived this long, and return the bound of the wait that follows it."""
        if lived_s > self._most_s:
            self._failures = 0
        doubled_s = self._first_s * 2.0 ** min(self._failures, _MOST_DOUBLINGS)
        self._failures += 1
        return min(self._most_s, doubled_s)

    def wait_s(self, lived_s: float) -> float:
        """Return a random wait within that bound, so that many clients do not come back as one."""
        return _uniform(0.0, self.bound_s(lived_s))
