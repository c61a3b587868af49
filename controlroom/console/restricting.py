"""Who alone may see an incident, over the API: names are accounts, and somebody of them is there to act.

A matter that nobody on duty can see is a matter that nobody works on. So readers are known accounts that can
sign in, and one of them at least has signed in and may work on incidents; the author is always one of them.
"""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.accounts import Account, can_work
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission
from controlroom.access.second import handle_of
from controlroom.commands.work import ReadersNamed
from controlroom.console.admission import author_of
from controlroom.console.bodies import read_body
from controlroom.console.commands import CommandBody, Hand
from controlroom.console.problems import problem
from controlroom.console.routes import Declared, post
from controlroom.incidents.work.restricting import READERS_MAX

_Name = Annotated[str, Field(min_length=1, max_length=64)]


class ReadersBody(CommandBody):
    """Only these may see it from now on, besides me; nobody named: everybody again."""

    readers: Annotated[tuple[_Name, ...], Field(max_length=READERS_MAX - 1, strict=False)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Restricting:
    """The handler of the command. It holds no state of its own."""

    def __init__(self, hand: Hand, desk: FrontDesk) -> None:
        self._hand = hand
        self._desk = desk

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [post("/api/v1/incidents/{id}/readers", self.readers, Permission.RESTRICT)]

    async def readers(self, request: web.Request) -> web.Response:
        """Say who alone may see an incident."""
        body, author = await read_body(request, ReadersBody), author_of(request)
        readers = tuple(dict.fromkeys(self._account(name).name for name in body.readers))
        if readers and not self._somebody_there({author, *readers}):
            detail = "none of them has signed in and may work on incidents; name somebody who is on duty"
            raise problem(409, "nobody-there", detail)
        name = request.match_info["id"]
        return await self._hand.tell(ReadersNamed(name, body.version, author, readers, body.reason))

    def _account(self, typed: str) -> Account:
        """Return the account of this name or handle; raises the problem where none can be used."""
        accounts, wanted = self._desk.book.accounts, typed.strip().lower()
        found = accounts.get(wanted) or next(
            (one for one in accounts.values() if handle_of(one, accounts) == wanted), None
        )
        if found is None or found.disabled:
            raise problem(409, "no-such-reader", f"{typed}: no account that can be used has this name")
        return found

    def _somebody_there(self, names: set[str]) -> bool:
        """Return whether one of these has signed in, can still, and may work on incidents."""
        accounts, now = self._desk.book.accounts, self._desk.now()
        there = {session.account for session in self._desk.standing_sessions()} & names & accounts.keys()
        return any(can_work(accounts[name], now) for name in there)
