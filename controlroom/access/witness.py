"""What is written down for an auditor besides changes: who was refused at a door, and what was taken out.

Anybody can knock as often as they like, so what is written of it is bounded: so many a minute, and the next
note says how many more there were, which only the log and the metrics have. A name that nobody here has is
never written down: people type their password into the wrong field.
"""

from collections import deque
from collections.abc import Callable
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


class Witness:
    """Writes notes. A store that is away keeps nobody from being refused, or from reading."""

    def __init__(self, book: Book, now: Callable[[], datetime]) -> None:
        self._book = book
        self._now = now
        self._lately: deque[datetime] = deque(maxlen=NOTES)
        self._left_out = 0

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
