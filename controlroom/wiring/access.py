"""Accounts and sessions of a running room: opened from the store, and their notes taken into the journal.

The clerk goes round every few seconds: takes in what a command line has written, tells the room each note,
and takes a note off the list only when the journal has it. A crash in between writes a note twice, and loses
none.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import structlog

from controlroom.access.book import Book
from controlroom.access.council import Council
from controlroom.access.front_desk import FrontDesk
from controlroom.access.keys import Limits, Session
from controlroom.access.passwords import Passwords
from controlroom.access.permissions import Role
from controlroom.access.readers import unattended
from controlroom.access.valkey_vault import ValkeyVault
from controlroom.clock import Now, wall_clock
from controlroom.console.app import Entrance
from controlroom.console.guards import LOOPBACK_HOSTS
from controlroom.console.problems import ProblemError
from controlroom.console.refusals import Refusals
from controlroom.journal.answers import ValkeyAnswers
from controlroom.journal.store import StoreAway, StoreRefused
from controlroom.journal.valkey import Link
from controlroom.metrics import RoomMetrics
from controlroom.room import Room
from controlroom.settings import Settings
from controlroom.wiring.doors import RoomDesk
from controlroom.wiring.memory import address

ROUND_S = 2.0
"""Seconds between two rounds: how long a change on the command line takes to be felt."""

TIDY_ROUNDS = 30
"""Rounds between two looks at sessions that have ended: once a minute."""


def make_front_desk(settings: Settings, now: Now) -> tuple[FrontDesk, Link]:
    """Return the desk over what the room's store keeps of people, and the link to close when it is done."""
    link = Link(address(settings))
    limits = Limits(
        idle=timedelta(seconds=settings.console.session_idle_s),
        whole=timedelta(seconds=settings.console.session_most_s),
    )
    book = Book(ValkeyVault(settings.room.name, link))
    return FrontDesk(book, now, Passwords(), limits), link


def make_clerk(settings: Settings, room: Room, now: Now) -> "tuple[Clerk, Entrance]":
    """Return the clerk of this room, and how people come in."""
    desk, link = make_front_desk(settings, now)
    return Clerk(desk, room, link, settings.room.name), _entrance(settings, desk)


def _entrance(settings: Settings, desk: FrontDesk) -> Entrance:
    """Return how people come in, as the settings have it."""
    console = settings.console
    hosts = LOOPBACK_HOSTS | {host.lower() for host in console.hosts}
    return Entrance(
        desk,
        settings.room.name,
        hosts,
        behind_proxy=console.behind_proxy,
        council=_council(settings),
        pages_each=console.pages_a_person,
    )


def _council(settings: Settings) -> Council | None:
    """Return what is agreed with the council's sign-in service; None where there is none."""
    asked, secret = settings.sign_in, settings.secrets.sign_in_secret
    if asked.issuer is None or asked.client_id is None:
        return None
    meanings = (one.rpartition("=") for one in asked.roles)
    return Council(
        issuer=asked.issuer,
        client_id=asked.client_id,
        client_secret=secret.get_secret_value() if secret is not None else "",
        label=asked.label,
        prompt=asked.prompt,
        scopes=asked.scopes,
        name_claim=asked.name_claim,
        roles_claim=asked.roles_claim,
        roles={value: Role(role) for value, _, role in meanings},
    )


def show_people(metrics: RoomMetrics, desk: FrontDesk, refusals: Refusals) -> None:
    """Publish how often somebody tried to come in, how many are locked, and what was refused by why."""
    text = "Tries to come in, by what came of them."
    metrics.counted("controlroom_sign_ins", text, "result", desk.tries)
    text = "Accounts that are locked after wrong passwords."
    metrics.gauge("controlroom_accounts_locked", text, desk.locked)
    text = "Open restricted operations of whose readers nobody who can work on them has signed in."
    metrics.gauge("controlroom_restricted_unattended", text, lambda: len(unattended(desk)))
    text = "Requests that were not answered as asked, by why."
    metrics.counted("controlroom_requests_refused", text, "reason", refusals.counts)


class Offstage(msgspec.Struct, frozen=True):
    """What changes accounts without a room: the book, what makes digests, and the clock."""

    book: Book
    passwords: Passwords
    now: Now
    standing: Callable[[], list[Session]]


@asynccontextmanager
async def offstage(settings: Settings) -> AsyncIterator[Offstage]:
    """Give the book of a room that may run or not, as it is now; raises StoreAway, StoreRefused."""
    now = wall_clock()
    desk, link = make_front_desk(settings, now)
    try:
        await desk.book.refresh()
        yield Offstage(desk.book, desk.passwords, now, desk.standing_sessions)
    finally:
        await link.close()


class Clerk:
    """Goes round between the store, the desk and the room."""

    def __init__(self, desk: FrontDesk, room: Room, link: Link, name: str) -> None:
        self.link = link
        self.answers = ValkeyAnswers(name, link)
        self._desk = desk
        self._room = RoomDesk(room)
        self._log = structlog.get_logger("people")

    async def open(self) -> None:
        """Read what is kept, before the first request comes."""
        await self._desk.book.refresh()

    async def run(self) -> None:
        """Go round for ever; a store that is away is tried again in the next round."""
        rounds = 0
        said = ""  # an outage is one line, however many rounds it lasts
        while True:
            rounds += 1
            try:
                await self._desk.book.refresh()
                await self._journal()
                if rounds % TIDY_ROUNDS == 0:
                    await self._desk.tidy()
                said = ""
            except (StoreAway, StoreRefused) as away:
                if str(away) != said:
                    said = str(away)
                    self._log.warning(
                        "people_not_kept", error=said, advice="who is signed in stays signed in"
                    )
            await asyncio.sleep(ROUND_S)

    async def _journal(self) -> None:
        """Tell the room the notes, and forget those that are durable."""
        notes = self._desk.book.notes
        for note in notes:
            try:
                await self._room.tell(note)
            except ProblemError as refused:
                self._log.warning("note_not_journalled", step=note.step, error=str(refused))
                continue
            self._log.info("noted", author=note.author, step=note.step, account=note.account)
        if notes:
            await self._desk.book.journalled(len(notes))
