"""The forms of the log book, told to the page, and full-text search over what the room has at hand.

A form is the schema of its kind, so a field stands once, in the core. The search looks at log entries that
the asker may see, and at open and lately closed incidents with their notes; it goes through them in parts, so
that the room's loop is never held up. What is older is in the journal alone.
"""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Annotated

import msgspec
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import Permission
from controlroom.commands.entries import TYPES
from controlroom.console.api import answer
from controlroom.console.log_bodies import FORMS
from controlroom.console.pages.navigation import VisitorOf
from controlroom.console.parts import Parts
from controlroom.console.questions import Nothing, asked
from controlroom.console.raw import visible
from controlroom.console.routes import Declared, get
from controlroom.incidents.incident import Incident
from controlroom.incidents.log_book.entry import LogEntry, may_see

FOUND_MAX = 100
"""Results in one answer: more than that is a question to be put more narrowly."""

AT_ONCE = 200
"""Things that are looked at before the loop may go on: about a millisecond."""


class SearchQuestion(BaseModel):
    """Words that must all be there, in any order, whatever their capitals."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Field(min_length=2, max_length=200)]


class Found(msgspec.Struct, frozen=True):
    """One result: what it is, its id, when, and the line that a person knows it by."""

    what: str
    id: str
    at: datetime | None
    title: str
    text: str = ""


class LogForms:
    """The handlers of forms and search. They hold no state of their own."""

    def __init__(self, parts: Parts, visitor_of: VisitorOf) -> None:
        self._parts = parts
        self._visitor_of = visitor_of
        self._forms = {kind.value: form.model_json_schema() for kind, form in zip(TYPES, FORMS, strict=True)}

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/api/v1/log-forms", self.forms, Permission.WRITE_LOG),
            get("/api/v1/search", self.search, Permission.READ_LOG),
        ]

    async def forms(self, request: web.Request) -> web.Response:
        """Tell what each kind of entry asks for, as JSON schema."""
        asked(request, Nothing)
        return answer({"forms": self._forms})

    async def search(self, request: web.Request) -> web.Response:
        """Find what holds all these words."""
        words = asked(request, SearchQuestion).words.casefold().split()
        reader = self._visitor_of(request).name
        state = self._parts.state()
        entries = (
            entry for entry in [*state.log_book.recent.values()][::-1] if may_see(entry.readers, reader)
        )
        incidents = chain([*state.incidents.values()], [*state.closed.values()][::-1])
        found: list[Found] = []
        for number, (text, make) in enumerate(_texts(entries, incidents)):
            if all(word in text for word in words):
                found.append(make)
                if len(found) > FOUND_MAX:
                    break
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
        return answer({"found": found[:FOUND_MAX], "more": len(found) > FOUND_MAX})


def _texts(entries: Iterable[LogEntry], incidents: Iterable[Incident]) -> Iterator[tuple[str, Found]]:
    """Yield what can be found by which words, in lower case."""
    for entry in entries:
        said = msgspec.to_builtins(entry.said)
        words = " ".join(str(value) for value in said.values())
        title = str(said.get("title") or said.get("reference") or said.get("topic") or said["kind"])
        told = Found("entry", entry.id, entry.happened_at, visible(title), visible(str(said.get("text", ""))))
        yield f"{entry.id} {entry.author} {entry.area or ''} {words}".casefold(), told
    for incident in incidents:
        notes = " ".join(note.text for note in incident.notes)
        title = f"{incident.event.replace('_', ' ')} at {incident.site}"
        words = f"{incident.id} {incident.kind} {title} {incident.area} {incident.owner or ''} {incident.why}"
        told = Found("incident", incident.id, incident.opened_at, title, visible(notes))
        yield f"{words} {notes}".casefold(), told
