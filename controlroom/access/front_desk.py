"""The front desk: lets people in, knows them again, and shows them out.

Every wrong password looks the same from outside, takes the same time, and is counted by account and by
address. What changes is kept before it is true, so a restart knows everybody whom this process knew. A check
of a password takes long enough for a supervisor to act: what was known before it is asked for again after it.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from controlroom.access.accounts import (
    AccessRefused,
    Account,
    can_sign_in,
    is_last_supervisor,
    person_of,
    plain,
)
from controlroom.access.book import Book
from controlroom.access.keys import TOKEN_MARK, Limits, Session, digest_of, new_key, stands
from controlroom.access.passwords import Passwords, insist_good
from controlroom.access.permissions import Person
from controlroom.access.throttle import FREE_OF_ADDRESS, LOCK_AFTER, LOCKED_FOR, Throttle, TooSoon, UnderWay
from controlroom.access.vault import Shelf
from controlroom.access.witness import Witness
from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.journal.store import StoreAway, StoreRefused

WRONG = "name or password is not right, or the account may not be used now; a supervisor can help"
"""The one answer to every refusal, so that nobody learns which names exist."""

SEEN_AGAIN = timedelta(minutes=1)
"""How exactly the last use of a session is kept: one write a minute and person is nothing to a store."""


LOOK_AGAIN_S = 0.2
"""Between two looks at the store for keys that nobody knows: guessing keys does not keep the store busy."""


class Tried(StrEnum):
    """What came of a try to come in; `LOCKED` is counted beside the `WRONG` that led to it."""

    ADMITTED = "admitted"
    WRONG = "wrong"
    TOO_SOON = "too_soon"
    LOCKED = "locked"


class Caller(msgspec.Struct, frozen=True):
    """Where somebody signs in from: the address of their machine, and what their browser calls itself."""

    address: str = ""
    agent: str = ""


class Badge(msgspec.Struct, frozen=True):
    """What a request came in with: the person, and the session where it was one and no token."""

    person: Person
    session: Session | None = None
    key: str = ""


class FrontDesk:
    """The live set of who is in. `now` is the room's clock."""

    def __init__(
        self, book: Book, now: Callable[[], datetime], passwords: Passwords, limits: Limits | None = None
    ) -> None:
        self.book = book
        self.limits = limits or Limits()
        self.passwords = passwords
        self.now = now
        self.witness = Witness(book, now)
        self._by_account, self._by_address = Throttle(), Throttle(FREE_OF_ADDRESS)
        self._under_way = UnderWay()
        self._claimed: set[str] = set()
        self._seen: dict[str, datetime] = {}
        self._looked = float("-inf")
        self._tried = dict.fromkeys(map(str, Tried), 0)

    def tries(self) -> Mapping[str, int]:
        """Return how often somebody tried to come in, by what came of it; never whose account it was."""
        return self._tried

    def locked(self) -> int:
        """Return how many accounts are locked now."""
        now = self.now()
        until = [one.locked_until for one in tuple(self.book.accounts.values())]
        return sum(moment is not None and now < moment for moment in until)

    async def enter(self, name: str, password: str, caller: Caller) -> str:
        """Return the key of a new session; raises AccessRefused, TooSoon, StoreAway, StoreRefused."""
        try:
            return await self._entered(plain(name)[:64], password, caller)
        except TooSoon:
            self._tried[Tried.TOO_SOON] += 1
            raise

    async def _entered(self, name: str, password: str, caller: Caller) -> str:
        with self._under_way.one(name, caller.address):
            now = self.now()
            wait_s = max(self._by_account.wait_s(name, now), self._by_address.wait_s(caller.address, now))
            if wait_s > 0:
                raise TooSoon(wait_s)
            await self.book.refresh()  # somebody may have been added a moment ago
            digest = self._digest_of(name)
            fits = await self.passwords.fits(digest, password)
            await self.book.refresh()
            account = self.book.accounts.get(name)
            same = fits and self._digest_of(name) == digest
            if account is None or not same or not can_sign_in(account, self.now()):
                await self._wrong(name, caller)
                raise AccessRefused(WRONG)
            self._by_account.cleared(name)
            self._by_address.cleared(caller.address)
            return await self.admit(account, caller, "password")

    async def enter_once(self, key: str, caller: Caller) -> str:
        """Return the key of a new session for a link that works one time; raises as `enter`."""
        await self.book.refresh()
        digest, now = digest_of(key), self.now()
        link = self.book.once.get(digest)
        account = self.book.accounts.get(link.account) if link is not None else None
        used = link is None or digest in self._claimed or now > link.until
        if used or account is None or not can_sign_in(account, now):
            raise AccessRefused("this link was used before, or is too old; sign in with name and password")
        self._claimed.add(digest)  # before the store is asked: two who come at once are not both let in
        try:
            await self.book.drop(Shelf.ONCE, (digest,))
        except (StoreAway, StoreRefused):
            self._claimed.remove(digest)
            raise
        return await self.admit(account, caller, "link")

    async def admit(self, account: Account, caller: Caller, by: str) -> str:
        """Return the key of a new session of somebody who has proved who they are."""
        key, now = new_key(), self.now()
        session = Session(
            id=secrets.token_hex(8),
            account=account.name,
            created=now,
            seen=now,
            form=new_key(),
            address=caller.address,
            agent=caller.agent[:120],
            by=by,
        )
        note = AccessNoted(account.name, AccessStep.SIGNED_IN, account.name, f"by {by} from {caller.address}")
        await self.book.keep({digest_of(key): session}, note)
        now_is = self.book.accounts.get(account.name)
        if now_is is None or now_is.disabled or now_is.password != account.password:
            await self.book.drop(Shelf.SESSIONS, (digest_of(key),))  # it was changed while this was kept
            raise AccessRefused(WRONG)
        self._tried[Tried.ADMITTED] += 1
        return key

    def known(self, key: str) -> Badge | None:
        """Return who comes with this session's key; None where it opens nothing any more."""
        digest, now = digest_of(key), self.now()
        session = self.book.sessions.get(digest)
        account = self.book.accounts.get(session.account) if session is not None else None
        if session is None or account is None or account.disabled:
            return None
        session = replace(session, seen=max(session.seen, self._seen.get(digest, session.seen)))
        if not stands(session, now, self.limits):
            return None
        self._seen[digest] = now
        return Badge(person_of(account), session, digest)

    def bearer(self, key: str) -> Badge | None:
        """Return the machine that comes with this token; None where it opens nothing any more."""
        token = self.book.tokens.get(digest_of(key)) if key.startswith(TOKEN_MARK) else None
        if token is None or self.now() > token.until:
            return None
        maker = self.book.accounts.get(token.by)  # None for one that was made on the command line
        if maker is not None and maker.disabled:
            return None
        return Badge(Person(token.name, token.name, frozenset(token.roles)))

    def standing_sessions(self) -> list[Session]:
        """Return every session that still opens doors, with when it was used last."""
        now = self.now()
        used = (
            replace(one, seen=max(one.seen, self._seen.get(key, one.seen)))
            for key, one in self.book.sessions.items()
        )
        return [one for one in used if stands(one, now, self.limits)]

    async def look_again(self) -> None:
        """Take in what a command line may have written just now; whoever asks often has to wait for it."""
        clock = asyncio.get_running_loop().time
        asked = clock()
        await asyncio.sleep(max(0.0, self._looked + LOOK_AGAIN_S - asked))
        if self._looked <= asked:  # else somebody has looked meanwhile
            self._looked = clock()
            with suppress(StoreAway, StoreRefused):
                await self.book.refresh()

    async def leave(self, badge: Badge, why: str = "") -> None:
        """End the session of this badge."""
        note = AccessNoted(badge.person.name, AccessStep.SIGNED_OUT, badge.person.name, why)
        await self.book.drop(Shelf.SESSIONS, (badge.key,), note)

    async def new_password(self, badge: Badge, old: str, new: str) -> None:
        """Change one's own password; every other session of the account ends. Raises as `enter`."""
        name = badge.person.name
        with self._under_way.one(name, badge.session.address if badge.session is not None else ""):
            wait_s = self._by_account.wait_s(name, self.now())
            if wait_s > 0:
                raise TooSoon(wait_s)
            before = self._digest_of(name)
            if not await self.passwords.fits(before, old):
                self._tried[Tried.WRONG] += 1
                self._by_account.failed(name, self.now())
                await self.witness.wrong_password(name, badge.session.address if badge.session else "")
                raise AccessRefused("the present password is not right")
            if old == insist_good(new, name):
                raise AccessRefused("the new password is the old one; choose another")
            digest = await self.passwords.digest(new)
            async with self.book.changing():
                account = self.book.accounts.get(name)
                same = self._digest_of(name) == before and badge.key in self.book.sessions
                if account is None or not same or not can_sign_in(account, self.now()):
                    raise AccessRefused("the account was changed meanwhile; sign in again")
                changed = replace(account, password=digest, must_change=False)
                await self.book.keep({name: changed}, AccessNoted(name, AccessStep.PASSWORD_CHANGED, name))
            await self.end_sessions(name, but=badge.key)

    async def end_sessions(self, name: str, but: str = "") -> None:
        """End every session of an account, except one."""
        ended = tuple(
            key for key, session in self.book.sessions.items() if session.account == name and key != but
        )
        if ended:
            await self.book.drop(Shelf.SESSIONS, ended)

    def forgive(self, name: str) -> None:
        """Forget the wrong passwords of an account: a supervisor has spoken for it."""
        self._by_account.cleared(name)

    async def tidy(self) -> None:
        """Keep when sessions were used last, and take away those that have ended."""
        now = self.now()
        self._seen = {key: at for key, at in self._seen.items() if key in self.book.sessions}
        used = {
            key: replace(session, seen=self._seen[key])
            for key, session in self.book.sessions.items()
            if key in self._seen and self._seen[key] - session.seen >= SEEN_AGAIN
        }
        if used:
            await self.book.keep(used)
        over = tuple(key for key, one in self.book.sessions.items() if not stands(one, now, self.limits))
        if over:
            await self.book.drop(Shelf.SESSIONS, over)
        self._claimed &= self.book.once.keys()
        links = tuple(key for key, link in self.book.once.items() if now > link.until)
        if links:
            await self.book.drop(Shelf.ONCE, links)

    def _digest_of(self, name: str) -> str:
        """Return the digest of an account's password as it is now; empty where there is none."""
        account = self.book.accounts.get(name)
        return account.password if account is not None else ""

    async def _wrong(self, name: str, caller: Caller) -> None:
        """Count a wrong password; lock the account where there were too many, but for the last supervisor."""
        now = self.now()
        self._tried[Tried.WRONG] += 1
        self._by_address.failed(caller.address, now)
        count = self._by_account.failed(name, now)
        await self.witness.wrong_password(name, caller.address)
        if count < LOCK_AFTER:
            return
        async with self.book.changing():
            account = self.book.accounts.get(name)
            if account is None or not can_sign_in(account, now):
                return
            if is_last_supervisor(self.book.accounts, name, now):
                return
            locked = replace(account, locked_until=now + LOCKED_FOR)
            detail = f"{count} wrong passwords, the last from {caller.address}"
            await self.book.keep({name: locked}, AccessNoted(name, AccessStep.LOCKED, name, detail))
            self._tried[Tried.LOCKED] += 1
