"""How fast somebody may guess: a wait after wrong passwords, by account and by address. In memory alone.

By account the wait doubles from the fifth wrong password on. By address it begins at the thirtieth, because a
shared desk, or a proxy, speaks for a whole shift. What is remembered is bounded: the oldest is forgotten
first. A restart forgets all of it; the lock of an account is kept with the account and outlasts one.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec

FREE = 4
"""Wrong passwords of an account that cost nothing: a caps lock and a second try, twice."""

FREE_OF_ADDRESS = 30
"""The same of an address: a shift that comes on, each with a slip."""

LOCK_AFTER = 10
"""Wrong passwords in a row that lock the account: by then it has taken a minute, and it is no slip."""

LOCKED_FOR = timedelta(minutes=15)
"""How long a lock lasts by itself; a supervisor ends it at once."""

WAIT_MOST_S = 60.0
"""The longest wait. The last supervisor meets this one for ever and never a lock."""

FORGOTTEN_AFTER = timedelta(minutes=30)
"""After this long without another one a wrong password no longer counts."""

REMEMBERED = 10_000
"""Names and addresses that are remembered: about 2 MB, and more than an attack makes in a minute."""


AT_ONCE_OF_ADDRESS = 4
"""Checks under way of an address: a pod of desks at the change of a shift, and no flood."""

AT_ONCE = 16
"""Checks under way in all: two seconds of the two threads that make them; nobody waits longer unseen."""

BUSY_S = 1.0
"""The wait of who came while as many as may were being checked."""


class TooSoon(Exception):
    """Somebody has to wait so many seconds before the next try."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"too many tries, or one is being checked; try again in {wait_s:.0f} s")
        self.wait_s = wait_s


class UnderWay:
    """The tries whose password is being checked: one an account, so that each meets what the last cost."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._addresses: Counter[str] = Counter()

    @contextmanager
    def one(self, name: str, address: str) -> Iterator[None]:
        """Hold a place for one try until the block ends; raises TooSoon where there is none."""
        full = len(self._names) >= AT_ONCE or self._addresses[address] >= AT_ONCE_OF_ADDRESS
        if full or name in self._names:
            raise TooSoon(BUSY_S)
        self._names.add(name)
        self._addresses[address] += 1
        try:
            yield
        finally:
            self._names.remove(name)
            self._addresses[address] -= 1
            self._addresses += Counter()  # forgets who has none


class _Wrong(msgspec.Struct, frozen=True):
    count: int
    at: datetime


class Throttle:
    """Counts wrong passwords. Keys are whatever tells one from another: an account, an address."""

    def __init__(self, free: int = FREE) -> None:
        self._free = free
        self._wrong: OrderedDict[str, _Wrong] = OrderedDict()

    def wait_s(self, key: str, now: datetime) -> float:
        """Return for how many seconds this key has to wait before it may try again; 0 where it need not."""
        wrong = self._standing(key, now)
        if wrong is None or wrong.count <= self._free:
            return 0.0
        wait = min(WAIT_MOST_S, 2.0 ** min(wrong.count - self._free - 1, 10))
        return max(0.0, wait - abs((now - wrong.at).total_seconds()))  # a clock may be put back

    def failed(self, key: str, now: datetime) -> int:
        """Count a wrong password and return how many in a row there were."""
        before = self._standing(key, now)
        count = before.count + 1 if before is not None else 1
        self._wrong[key] = _Wrong(count, now)
        self._wrong.move_to_end(key)
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
        return count

    def cleared(self, key: str) -> None:
        """Forget this key: the password was right, or somebody who may has said so."""
        self._wrong.pop(key, None)

    def _standing(self, key: str, now: datetime) -> _Wrong | None:
        wrong = self._wrong.get(key)
        if wrong is not None and abs(now - wrong.at) > FORGOTTEN_AFTER:
            del self._wrong[key]
            return None
        return wrong
