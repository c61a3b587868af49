"""When a referral is tried again: exponential backoff with full jitter, and an end."""

import msgspec


class Pacing(msgspec.Struct, frozen=True):
    """How patient the sender is. `attempts_max`: attempts before a referral is given up.

    The wait after the n-th attempt is anything up to `first_s` doubled n - 1 times, never more than `most_s`:
    full jitter, so that what waited for one receiver does not come back to it as one. `in_flight_max`: posts
    to one partner at the same time.
    """

    attempts_max: int = 12
    first_s: float = 2.0
    most_s: float = 600.0
    in_flight_max: int = 2


_MOST_DOUBLINGS = 30
"""Past any sensible bound; more would only overflow."""


def wait_s(pacing: Pacing, attempt: int, draw: float, asked_s: float | None = None) -> float:
    """Return the wait after this attempt (from 1); `draw` is from 0 to 1.

    `asked_s` is the wait that the receiver asked for (`Retry-After`): it is granted, up to the longest wait.
    """
    bound_s = min(pacing.most_s, pacing.first_s * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS))
    least_s = min(asked_s or 0.0, pacing.most_s)
    return max(least_s, draw * bound_s)
