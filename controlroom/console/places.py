"""Places in the live stream: so many in all, and so many a person, so that nobody takes everybody's.

A person is who has signed in, however many browsers and tabs they have, or the machine that a token names. A
browser that meets the bound goes on trying by itself and comes in when a place is free.
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


class Places:
    """Who follows the stream now."""

    def __init__(self, most: int = PLACES, each: int = EACH) -> None:
        self._most = most
        self._each = each
        self._taken: Counter[str] = Counter()

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


def _again(status: int, name: str, detail: str) -> ProblemError:
    fault = problem(status, name, f"{detail}, and try again in {AGAIN_S} s")
    fault.headers["Retry-After"] = str(AGAIN_S)
    return fault
