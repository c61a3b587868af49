"""Who did what, when, over the API: read from the journal, newest first, a page at a time.

A page may hold nothing and still lead on: what is looked at for one answer is bounded, and `next` says where
to go on. `seen` is the oldest position that was looked at.
"""

from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import Permission
from controlroom.console.api import answer
from controlroom.console.moments import Moment
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.questions import asked
from controlroom.console.routes import Declared, get
from controlroom.journal.acts import ActKind, ActPage, TrailBusy, Wanted
from controlroom.journal.store import StoreAway, StoreRefused, Undecodable

AGAIN_S = 2
"""Seconds after which it is worth while to come again: a page is read in less."""


class AuditQuestion(BaseModel):
    """Who, what sort, with which words in it, from when, up to when, how many, and behind which page."""

    model_config = ConfigDict(extra="forbid")

    author: Annotated[str, Field(max_length=80)] | None = None
    kind: ActKind | None = None
    about: Annotated[str, Field(max_length=80)] | None = None
    since: Moment | None = None
    until: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    cursor: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,15}$")] | None = None


class AuditAnswers:
    """The handler. It holds no state of its own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/audit", self.acts, Permission.AUDIT)]

    async def acts(self, request: web.Request) -> web.Response:
        """List what people did, newest first."""
        question = asked(request, AuditQuestion)
        wanted = Wanted(question.author, question.kind, question.about, question.since, question.until)
        before = int(question.cursor) if question.cursor is not None else None
        page = await page_of(self._parts, wanted, before, question.limit)
        following = str(page.before) if page.before is not None else None
        return answer({"acts": page.acts, "next": following, "seen": page.seen})


async def page_of(parts: Parts, wanted: Wanted, before: int | None, limit: int) -> ActPage:
    """Return the page; raises the 503 where it cannot be read now, and the 500 where never."""
    try:
        return await parts.trail.page(wanted, before, limit)
    except TrailBusy:
        raise _later("others are reading the audit and waiting for it") from None
    except (StoreAway, StoreRefused) as away:
        raise _later(f"the journal's store does not answer ({away})") from away
    except Undecodable as fault:
        detail = f"{fault}; run: controlroom audit verify"
        raise problem(500, "journal-not-readable", detail) from fault


def _later(why: str) -> ProblemError:
    fault = problem(503, "audit-not-now", f"{why}; try again in {AGAIN_S} s")
    fault.headers["Retry-After"] = str(AGAIN_S)
    return fault
