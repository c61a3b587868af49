"""Full-text search over the API: who asks finds what they may see, and of the rest not even a number.

The index keeps for whom a log entry is, and the room itself says which incidents are hidden, at the moment of
the question: what was restricted a second ago is not found, however far the index has come. An entry whose
readers the room no longer keeps is shown only once the index has everything; until then it may have changed.
"""

import base64
import binascii
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from controlroom.access.permissions import Permission, Person, may
from controlroom.console.admission import person_of
from controlroom.console.api import answer
from controlroom.console.moments import Moment
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import asked
from controlroom.console.raw import short, visible
from controlroom.console.routes import Declared, get
from controlroom.estate.areas import Area
from controlroom.incidents.log_book.entry import may_see
from controlroom.search.index import IndexAway
from controlroom.search.pieces import What
from controlroom.search.question import Found, NothingAsked, Part, Question

ROUNDS_MAX = 4
"""Pages asked for one answer, where the room's own look leaves something out."""

SORTS: dict[What, Permission] = {
    **dict.fromkeys(What, Permission.SEE),
    What.ENTRY: Permission.READ_LOG,
    What.QUARANTINE: Permission.QUARANTINE,
}
"""What somebody must be allowed to see of each sort at all."""

_Word = Annotated[str, StringConstraints(min_length=1, max_length=128)]
_AFTER: msgspec.json.Decoder[tuple[int, int]] = msgspec.json.Decoder(tuple[int, int])


class SearchQuestion(BaseModel):
    """Words that must all be there; "in quotes" they stand together, a star ends the beginning of a word."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Field(min_length=2, max_length=400)]
    what: What | None = None
    since: Moment | None = None
    until: Moment | None = None
    kind: _Word | None = None
    site: _Word | None = None
    area: Area | None = None
    person: _Word | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=128)] | None = None


class FoundView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was found. `parts` is a piece of its text: what was looked for is marked as a hit.

    `named` says that its names hold all the words; those come first, each kind the newest first.
    """

    what: What
    id: str
    at: str
    title: str
    parts: tuple[Part, ...]
    named: bool
    kind: str = ""
    site: str = ""
    area: str = ""
    incident: str = ""


class SearchAnswers:
    """The handler of the search. It holds no state of its own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/search", self.search, Permission.READ_LOG)]

    async def search(self, request: web.Request) -> web.Response:
        """Find what holds all these words, and say how far was looked."""
        question = _question(asked(request, SearchQuestion), person_of(request))
        question = replace(question, hidden=tuple(self._parts.hidden().incidents))
        try:
            found, cursor, cut = await self._found(question)
        except NothingAsked as nothing:
            raise problem(400, "not-valid", f"words: {nothing}") from nothing
        except IndexAway as away:
            detail = f"the search cannot answer now ({away}); the log and the lists are there meanwhile"
            raise problem(503, "search-away", detail) from away
        reach, position = self._parts.search.reach, self._parts.state().position
        return answer(
            {
                "found": [_view(one) for one in found],
                "next": cursor,
                "cut": cut,
                "through": reach.through,
                "as_of": reach.at,
                "behind": max(0, position - reach.through),
                "signals_since": reach.signals_since,
            }
        )

    async def _found(self, question: Question) -> tuple[list[Found], str | None, bool]:
        """Return a page of what may be shown, the cursor behind it, and whether the time was over."""
        found: list[Found] = []
        for _ in range(ROUNDS_MAX):
            page = await self._parts.search.find(replace(question, limit=question.limit - len(found)))
            found += [one for one in page.found if self._may_show(one, question.reader)]
            last = page.found[-1] if page.found else None
            if last is None or not page.more or page.cut or len(found) == question.limit:
                break
            question = replace(question, after=(last.rank, last.number))
        more = last is not None and page.more
        return found, _cursor(last) if more and last is not None else None, page.cut

    def _may_show(self, found: Found, reader: str | None) -> bool:
        """Return whether the room, as it is now, lets this reader see an entry of the log book."""
        if found.what is not What.ENTRY:
            return True
        state = self._parts.state()
        trace = state.log_book.traces.get(found.id)
        if trace is None:
            return self._parts.search.reach.through >= state.position
        return may_see(trace.readers, reader)


def _question(asks: SearchQuestion, person: Person) -> Question:
    after = _after(asks.cursor) if asks.cursor is not None else None
    sorts = tuple(what for what in What if may(person, SORTS[what]) and asks.what in {None, what})
    return Question(
        words=asks.words,
        reader=person.name,
        sorts=sorts,
        since=asks.since,
        until=asks.until,
        kind=asks.kind,
        site=asks.site,
        area=asks.area,
        person=asks.person,
        after=after,
        limit=asks.limit,
    )


def _view(found: Found) -> FoundView:
    return FoundView(
        what=found.what,
        id=found.id,
        at=found.at.isoformat(),
        title=short(found.title),
        parts=tuple(Part(visible(part.text.replace("\n", " · ")), part.hit) for part in found.parts),
        named=found.rank == 0,
        kind=found.kind,
        site=found.site,
        area=found.area,
        incident=found.incident,
    )


def _cursor(found: Found) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode((found.rank, found.number))).decode("ascii")


def _after(cursor: str) -> tuple[int, int]:
    """Return the place that a cursor names; raises the problem where it is none of ours."""
    try:
        rank, number = _AFTER.decode(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError) as fault:
        raise problem(
            400, "not-valid", "cursor: not one of ours; use the `next` of the answer before"
        ) from fault
    if not 0 <= rank <= 1 or not 0 <= number < 2**62:
        raise problem(400, "not-valid", "cursor: not one of ours; use the `next` of the answer before")
    return rank, number
