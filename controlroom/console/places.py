"""Places in the live stream: so many in all, and so many a person, so that nobody takes everybody's.

A person is who has signed in, however many browsers and tabs they have, or the machine that a token names. A
browser that meets the bound goes on trying by itself and comes in when a place is free.

Opening a page costs the room more than following it. So whoever opens one after the other without an end,
as a broken client does, is let in at a pace.
"""

from collections import Counter

from controlroom.console.problems import ProblemError, problem

PLACES = 256
"""Pages at once: ten times a control room and its managers; each costs a place and a socket."""

EACH = 16
"""Pages a person, unless the settings say another number: six screens of a desk, twice over at the moment at
which all of them are loaded anew, and some. A wall of screens under one name needs no more."""

AGAIN_S = 5
"""Seconds after which it is worth while to come again: a page that was left is noticed within two."""

AT_ONCE = 2 * EACH
"""Pages that one person may open without a wait: all of theirs, and all of them anew."""

STEP_S = 0.5
"""Seconds between two openings of one person after that."""

WAIT_MAX_S = 5.0
"""The longest wait, so that somebody whose other machine loops is in within a page's patience."""


class Places:
    """Who follows the stream now, and how soon somebody may open one more. Times are seconds of one clock."""

    def __init__(self, most: int = PLACES, each: int = EACH) -> None:
        self._most = most
        self._each = each
        self._taken: Counter[str] = Counter()
        self._next_s: dict[str, float] = {}

    def take(self, name: str) -> None:
        """Take a place for this person; raises the 429, or the 503 where all are taken."""
        if self._taken[name] >= self._each:
            raise _again(429, "too-many-pages", f"{self._each} pages of {name} are open; close one of them")
        if self._taken.total() >= self._most:
            raise _again(503, "no-place", f"{self._most} pages are open; close one that nobody looks at")
        self._taken[name] += 1

    def leave(self, name: str) -> None:
        """Give a place back."""
        self._taken[name] -= 1
        self._taken += Counter()  # forgets who has none

    def turn_s(self, name: str, now_s: float) -> float:
        """Return how long this person waits for the page that they open now; mostly 0."""
        free_s = max(now_s, self._next_s.get(name, now_s))
        wait_s = min(WAIT_MAX_S, max(0.0, free_s - now_s - AT_ONCE * STEP_S))
        self._next_s[name] = min(free_s + STEP_S, now_s + AT_ONCE * STEP_S + WAIT_MAX_S)
        return wait_s


def _again(status: int, name: str, detail: str) -> ProblemError:
    fault = problem(status, name, f"{detail}, and try again in {AGAIN_S} s")
    fault.headers["Retry-After"] = str(AGAIN_S)
    return fault
