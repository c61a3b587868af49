"""Who alone may see an incident, or an entry of the log book, over the API: accounts, and people who are in.

A matter that nobody on duty can see is a matter that nobody works on. So readers are known accounts that
may look, and of an incident's one at least has signed in and may work on it; the author is always one of
them. When all of them have gone home since, supervisors are told that something waits, and not what; one of
them is let in to what presses most, for a reason, and its readers see that. Nobody is let in while a reader
is there.
"""

from collections.abc import Collection, Iterable
from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.accounts import AccessRefused
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission
from controlroom.access.readers import reader_named, somebody_there, unattended
from controlroom.commands.work import LetIn, ReadersNamed
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.commands import CommandBody, Hand
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.incidents.work.restricting import READERS_MAX

_Name = Annotated[str, Field(min_length=1, max_length=64)]
_Reason = Annotated[str, Field(min_length=1, max_length=500)]


class ReadersBody(CommandBody):
    """Only these may see it from now on, besides me; nobody named: everybody again."""

    readers: Annotated[tuple[_Name, ...], Field(max_length=READERS_MAX - 1, strict=False)]
    reason: _Reason


class LetInBody(Authored):
    """Why I have to see what nobody who is there may see."""

    reason: _Reason


class Naming:
    """Turns what was typed into names of accounts."""

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk

    def named(
        self, typed: Iterable[str], permission: Permission, kept: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Return the accounts, each once; raises the problem about the first that cannot look.

        Who is among the `kept` stays, whatever has become of the account: a correction is not about them.
        """
        accounts = self._desk.book.accounts
        try:
            names = [
                one.strip() if one.strip() in kept else reader_named(accounts, one, permission)
                for one in typed
            ]
        except AccessRefused as refused:
            raise problem(409, "no-such-reader", str(refused)) from refused
        return tuple(dict.fromkeys(names))


class Restricting:
    """The handlers of who may see incidents. They hold no state of their own."""

    def __init__(self, hand: Hand, desk: FrontDesk) -> None:
        self._hand = hand
        self._desk = desk
        self._naming = Naming(desk)

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            post("/api/v1/incidents/{id}/readers", self.readers, Permission.RESTRICT),
            get("/api/v1/unattended", self.waiting, Permission.RESTRICT),
            post("/api/v1/unattended/attend", self.attend, Permission.RESTRICT),
        ]

    async def readers(self, request: web.Request) -> web.Response:
        """Say who alone may see an incident."""
        body, author = await read_body(request, ReadersBody), author_of(request)
        readers = self._naming.named(body.readers, Permission.SEE)
        if readers and not somebody_there(self._desk, {author, *readers}):
            detail = "none of them has signed in and may work on incidents; name somebody who is on duty"
            raise problem(409, "nobody-there", detail)
        name = request.match_info["id"]
        return await self._hand.tell(ReadersNamed(name, body.version, author, readers, body.reason))

    async def waiting(self, request: web.Request) -> web.Response:
        """Say how many open restricted operations nobody who has signed in can see and work on; not which."""
        asked(request, Nothing)
        return answer({"unattended": len(unattended(self._desk))})

    async def attend(self, request: web.Request) -> web.Response:
        """Let the one who asks in to what presses most of those."""
        body, author = await read_body(request, LetInBody), author_of(request)
        found = next(iter(unattended(self._desk)), None)
        if found is None:
            detail = "whoever may see what is restricted is there, or nothing is; ask them to name you"
            raise problem(409, "somebody-there", detail)
        return await self._hand.let_in(LetIn(found.incident, found.version, author, body.reason))
