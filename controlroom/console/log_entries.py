"""The log book over the API: write, correct, withdraw, end, read.

An entry is answered when it is durable. What is restricted is not there for whoever may not see it: not in a
list, not by its id, not in a refusal. Entries that are no longer kept whole are read from the journal.
"""

import base64
import binascii
from datetime import datetime

import msgspec
from aiohttp import web
from msgspec.structs import replace

from controlroom.access.permissions import Permission
from controlroom.commands.entries import Fulfilment
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    LogBookCommand,
    MisperEnded,
)
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import read_body
from controlroom.console.log_bodies import (
    CorrectBody,
    EndBody,
    EntriesQuestion,
    FulfilBody,
    WithdrawBody,
    WriteBody,
    said_in,
    utc,
)
from controlroom.console.pages.navigation import VisitorOf
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.restricting import Naming
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry, may_see
from controlroom.incidents.log_book.state import Trace
from controlroom.incidents.reasons import Reason

CREATED = 201
"""There is something new, and the answer says where."""

Place = tuple[bool, float, float, int]
"""Where an entry stands in a list. A cursor names it, so a page goes on there whatever has left the list."""

_PLACE: msgspec.json.Decoder[Place] = msgspec.json.Decoder(Place)

_REFUSALS = {
    Reason.ENTRY_IN_FUTURE: "it says what has not happened yet; look at its times",
    Reason.ENTRY_OUT_OF_TIME: "it names a moment that no record of this room can have; look at its years",
    Reason.COMMAND_STALE: "somebody was faster: read it again, and name the version that you see",
    Reason.ENTRY_KIND_STAYS: "an entry keeps its kind; withdraw it and write another one",
    Reason.ENTRY_IS_WITHDRAWN: "it is withdrawn; write a new one",
    Reason.ENTRY_NOT_OPEN: "nothing of this kind is open in it; correct it instead",
}
"""Why the room said no, and what to do."""


class LogEntryAnswers:
    """The handlers of everything below `/api/v1/log-entries`. They hold no state of their own."""

    def __init__(self, parts: Parts, visitor_of: VisitorOf, naming: Naming) -> None:
        self._parts = parts
        self._naming = naming
        self._visitor_of = visitor_of

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        entries = "/api/v1/log-entries"
        return [
            get(entries, self.entries, Permission.READ_LOG),
            post(entries, self.write, Permission.WRITE_LOG),
            get(f"{entries}/{{id}}", self.entry, Permission.READ_LOG),
            post(f"{entries}/{{id}}/correct", self.correct, Permission.WRITE_LOG),
            post(f"{entries}/{{id}}/withdraw", self.withdraw, Permission.WRITE_LOG),
            post(f"{entries}/{{id}}/fulfil", self.fulfil, Permission.WRITE_LOG),
            post(f"{entries}/{{id}}/end", self.end, Permission.WRITE_LOG),
        ]

    async def entries(self, request: web.Request) -> web.Response:
        """List entries, the newest first; open ones by their deadline."""
        question = asked(request, EntriesQuestion)
        book = self._parts.state().log_book
        reader = self._visitor_of(request).name
        kept, place = (book.opened, _urgency) if question.open else (book.recent, _newest)
        after = _named(question.cursor)
        found = sorted(
            (
                entry
                for entry in kept.values()
                if may_see(entry.readers, reader) and _asked_for(entry, question)
            ),
            key=place,
        )
        behind = [entry for entry in found if after is None or place(entry) > after]
        page = behind[: question.limit]
        more = _cursor(place(page[-1])) if len(behind) > len(page) else None
        return answer({"entries": page, "next": more, "left_off": len(book.traces) - len(book.recent)})

    async def entry(self, request: web.Request) -> web.Response:
        """Answer with one entry; an old one is read from the journal."""
        asked(request, Nothing)
        found = await self._whole(request.match_info["id"], self._visitor_of(request).name)
        return answer(found, headers={"ETag": f'"{found.version}"'})

    async def write(self, request: web.Request) -> web.Response:
        """Write an entry."""
        body = await read_body(request, WriteBody)
        said, happened_at = said_in(body), utc(body.happened_at)
        readers = self._naming.named(body.restricted, Permission.READ_LOG)
        command = EntryWritten(author_of(request), happened_at, said, body.area, body.incident, readers)
        return await self._tell(command, status=CREATED)

    async def correct(self, request: web.Request) -> web.Response:
        """Let an entry read differently from now on."""
        body = await read_body(request, CorrectBody)
        kept = self._readers(_id(request), author_of(request))
        command = EntryCorrected(
            _id(request),
            body.version,
            author_of(request),
            body.reason,
            utc(body.happened_at),
            said_in(body),
            body.area,
            body.incident,
            self._naming.named(body.restricted, Permission.READ_LOG, kept),
        )
        return await self._tell(command)

    async def withdraw(self, request: web.Request) -> web.Response:
        """Withdraw an entry."""
        body = await read_body(request, WithdrawBody)
        return await self._tell(EntryWithdrawn(_id(request), body.version, author_of(request), body.reason))

    async def fulfil(self, request: web.Request) -> web.Response:
        """Say that footage was handed over, or that none was there."""
        body = await read_body(request, FulfilBody)
        at = self._moment(body.at)
        done = Fulfilment(at, body.evidence, body.acquisitive, body.income_pence, body.note)
        return await self._tell(FootageFulfilled(_id(request), body.version, author_of(request), done))

    async def end(self, request: web.Request) -> web.Response:
        """Say how a search for a missing person ended."""
        body = await read_body(request, EndBody)
        at = self._moment(body.at)
        command = MisperEnded(
            _id(request), body.version, author_of(request), body.outcome, body.contributed, at
        )
        return await self._tell(command)

    def _readers(self, name: str, reader: str) -> tuple[str, ...]:
        """Return who may see an entry; nobody where it is not for this reader."""
        trace = self._parts.state().log_book.traces.get(name)
        return trace.readers if trace is not None and may_see(trace.readers, reader) else ()

    def _moment(self, said: datetime | None) -> datetime:
        return utc(said) if said is not None else self._parts.now()

    async def _tell(self, command: LogBookCommand, status: int = 200) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/log-entries tells")
        for change in settled.decision.changes:
            if isinstance(change, EntryKept):
                kept = change.entry
                headers = {"Location": f"/api/v1/log-entries/{kept.id}"} if status == CREATED else {}
                return answer({"position": settled.position, "entry": kept}, status, headers)
            if isinstance(change, EntryStruck):
                entry = await self._whole(change.entry, command.author)
                return answer({"position": settled.position, "entry": entry})
        reason = settled.decision.reasons[0]
        if reason is Reason.ENTRY_UNKNOWN:
            raise _unknown()
        raise problem(409, "not-possible-now", _REFUSALS[reason], reason=reason)

    async def _whole(self, name: str, reader: str | None) -> LogEntry:
        """Return the entry as it stands; raises the 404 where there is none for this reader."""
        book = self._parts.state().log_book
        trace, kept = book.traces.get(name), book.entry(name)
        if trace is None or not may_see(trace.readers, reader):
            raise _unknown()
        return kept if kept is not None else await self._from_journal(name, trace)

    async def _from_journal(self, name: str, trace: Trace) -> LogEntry:
        for record in await self._parts.records((trace.position,)):
            for change in record.decision.changes:
                if isinstance(change, EntryKept) and change.entry.id == name:
                    return replace(change.entry, version=trace.version, withdrawn=trace.withdrawn)
        raise _unknown()


def _id(request: web.Request) -> str:
    return request.match_info["id"]


def _unknown() -> ProblemError:
    detail = "no such entry, or none that you may see; a very old one is in the journal alone"
    return problem(404, "no-such-entry", detail)


def _asked_for(entry: LogEntry, question: EntriesQuestion) -> bool:
    kind, area = question.kind, question.area
    return (kind is None or entry.kind is kind) and (area is None or entry.area is area)


def _urgency(entry: LogEntry) -> Place:
    """Return the order of open matters: what has a deadline first, by it; then the oldest."""
    deadline, happened = getattr(entry.said, "deadline", None), entry.happened_at
    return deadline is None, (deadline or happened).timestamp(), happened.timestamp(), _number(entry)


def _newest(entry: LogEntry) -> Place:
    """Return the order of what was written: the newest first, whatever has been corrected since."""
    return False, 0.0, 0.0, -_number(entry)


def _number(entry: LogEntry) -> int:
    return int(entry.id.removeprefix("LOG-"))


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode("ascii")


def _named(cursor: str | None) -> Place | None:
    """Return the place that a cursor names; raises the problem where it is none of ours."""
    if cursor is None:
        return None
    try:
        return _PLACE.decode(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError) as fault:
        detail = "cursor: not one of ours; use the `next` of the answer before"
        raise problem(400, "not-valid", detail) from fault
