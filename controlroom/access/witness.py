"""What is written down for an auditor besides changes: who was refused, took something out, or looked back.

Anybody can knock as often as they like, so what is written of it is bounded: so many a minute, and the next
note says how many more there were, which only the log and the metrics have. A name that nobody here has is
never written down: people type their password into the wrong field.

Whoever goes through a night step by step makes a look a second. Of one person each hour of the past, and each
restricted matter in it, is written down once in a quarter of an hour, and so many in all.
"""

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from controlroom.access.book import Book
from controlroom.access.permissions import Permission, Person
from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.journal.store import StoreAway, StoreRefused

NOTES = 30
"""Refusals that are written down a minute: far above a bad day's, and a journal that fills slowly."""

MINUTE = timedelta(minutes=1)

UNKNOWN = "?"
"""The author of what nobody who is known here did; no account can have this name."""

PATH_MOST = 120
"""Letters of an address that are written down."""


SITTING = timedelta(minutes=15)
"""How long one note stands for the same look at the past."""

LOOKS = 24
"""Notes of one person's looks in a sitting: each hour of a day; the last one says that there were more."""

MATTERS = 8
"""Restricted matters that one note names."""

_HOUR = "%Y-%m-%dT%H"


class _Sitting:
    """What is written down of one person's looks since it began: hours of the past, restricted matters."""

    def __init__(self, began: datetime) -> None:
        self.began = began
        self.seen: set[str] = set()
        self.notes = 0


class Witness:
    """Writes notes. A store that is away keeps nobody from being refused, or from reading."""

    def __init__(self, book: Book, now: Callable[[], datetime]) -> None:
        self._book = book
        self._now = now
        self._lately: deque[datetime] = deque(maxlen=NOTES)
        self._left_out = 0
        self._looks: dict[str, _Sitting] = {}

    async def wrong_password(self, name: str, address: str) -> None:
        """Note a try that was refused, under the account's name where there is such an account."""
        account = name if name in self._book.accounts else UNKNOWN
        await self._bounded(AccessStep.REFUSED, UNKNOWN, account, f"wrong password from {address}")

    async def turned_away(self, person: Person, permission: Permission, door: str) -> None:
        """Note that somebody who is known asked for what their roles do not open."""
        detail = f"may not {permission}: {door[:PATH_MOST]}"
        await self._bounded(AccessStep.TURNED_AWAY, person.name, person.name, detail)

    async def exported(self, person: Person, what: str) -> None:
        """Note that somebody took something out as a file; none of these is left out."""
        await self._write(AccessNoted(person.name, AccessStep.EXPORTED, person.name, what[:PATH_MOST]))

    async def looked_back(
        self, person: Person, position: int, at: datetime, restricted: Iterable[str]
    ) -> None:
        """Note that somebody saw the room as it was at this moment, with these restricted matters in it."""
        now = self._now()
        if any(now - one.began >= SITTING for one in self._looks.values()):
            self._looks = {name: one for name, one in self._looks.items() if now - one.began < SITTING}
        sitting = self._looks.setdefault(person.name, _Sitting(now))
        matters = [one for one in restricted if one not in sitting.seen]
        hour = f"{at:{_HOUR}}"
        if (hour in sitting.seen and not matters) or sitting.notes == LOOKS:
            return
        sitting.seen.update((hour, *matters))
        sitting.notes += 1
        detail = f"at {at:%Y-%m-%dT%H:%M:%SZ} (position {position})"
        if matters:
            detail += f", with restricted {', '.join(matters[:MATTERS])}"
            detail += f" and {len(matters) - MATTERS} more" if len(matters) > MATTERS else ""
        if sitting.notes == LOOKS:
            detail += "; more of this quarter of an hour is not written down"
        await self._write(AccessNoted(person.name, AccessStep.LOOKED_BACK, person.name, detail))

    async def _bounded(self, step: AccessStep, author: str, account: str, detail: str) -> None:
        now = self._now()
        if len(self._lately) == NOTES and now - self._lately[0] < MINUTE:
            self._left_out += 1
            return
        self._lately.append(now)
        more = f", after {self._left_out} more that the log has" if self._left_out else ""
        self._left_out = 0
        await self._write(AccessNoted(author, step, account, detail + more))

    async def _write(self, note: AccessNoted) -> None:
        with suppress(StoreAway, StoreRefused):
            await self._book.keep({}, note)
