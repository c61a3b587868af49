"""Who can be the second person of what two do together, over the API, and the check of who was named."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from controlroom.access.accounts import AccessRefused
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission
from controlroom.access.second import Asking, second_of, second_people
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.problems import problem
from controlroom.console.questions import asked
from controlroom.console.routes import Declared, get


class ByTwo(StrEnum):
    """What two persons do together."""

    PARK = "park"
    TEST = "test"


NEEDS: Mapping[ByTwo, Permission] = MappingProxyType(
    {ByTwo.PARK: Permission.WORK, ByTwo.TEST: Permission.TEST}
)
"""What each of the two has to be allowed to do."""


class SecondQuestion(BaseModel):
    """What two persons want to do together, one of them the one who asks."""

    model_config = ConfigDict(extra="forbid")

    to: ByTwo = ByTwo.PARK


class SecondPeople:
    """The handler of the choice, and what commands ask about the name that was chosen."""

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/second-people", self.people, Permission.TEST)]

    async def people(self, request: web.Request) -> web.Response:
        """List who may be the second person, besides the one who asks."""
        to = asked(request, SecondQuestion).to
        book = self._desk.book
        return answer({"people": second_people(book.accounts, book.tokens, self._asking(request, to))})

    def named(self, request: web.Request, typed: str | None, to: ByTwo) -> str | None:
        """Return the account that was named, None where none was; raises the problem that says who may."""
        if typed is None:
            return None
        book = self._desk.book
        try:
            return second_of(book.accounts, book.tokens, typed, self._asking(request, to))
        except AccessRefused as refused:
            errors = [{"pointer": "/second_author", "detail": str(refused)}]
            raise problem(409, "second-person", str(refused), errors=errors) from refused

    def _asking(self, request: web.Request, to: ByTwo) -> Asking:
        return Asking(author_of(request), NEEDS[to], self._desk.now())
