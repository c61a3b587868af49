"""The audit's page: who did what, when, by person, sort, words and days; and the same as a file.

Only reading: nothing on it changes anything. Days are those of the clock on the wall. Taking the file is
itself an act that the audit shows.
"""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import Permission
from controlroom.commands.moments import EARLIEST, LATEST
from controlroom.console.audit import page_of
from controlroom.console.managers.questions import in_query
from controlroom.console.pages.shell import LONDON, Shell
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError
from controlroom.console.routes import Declared, get
from controlroom.journal.acts import Act, ActKind, Wanted

ACTS = 100
"""Acts on one page."""

ROWS_MOST = 100_000
"""Rows of one file: what a spreadsheet still opens in a moment. The last row says so where it is not all."""

WEEK = timedelta(days=7)
"""What is shown, and taken out, where nobody names a first day."""

_COLUMNS = ("position", "at", "author", "kind", "what", "came")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula, whoever has written it."""


Day = Annotated[date, Field(ge=EARLIEST.date(), le=LATEST.date())]
"""A day that this room can have."""


class AuditForm(BaseModel):
    """What the page's form asks; a field that is left empty was not asked."""

    model_config = ConfigDict(extra="forbid")

    author: Annotated[str, Field(max_length=80)] | None = None
    kind: ActKind | None = None
    about: Annotated[str, Field(max_length=80)] | None = None
    first: Day | None = None
    last: Day | None = None
    before: Annotated[int, Field(ge=1, le=2**53)] | None = None


class AuditPages:
    """The handlers of this page and its file."""

    def __init__(self, shell: Shell, parts: Parts) -> None:
        self._shell = shell
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/audit", self.page, Permission.AUDIT),
            get("/audit.csv", self.file, Permission.AUDIT),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Show a page of what people did."""
        form = self._asked(request)
        page = await page_of(self._parts, _wanted(form), form.before, ACTS)
        values = {
            "form": form,
            "kinds": tuple(ActKind),
            "page": page,
            "older": _address(form, page.before) if page.before is not None else None,
        }
        return self._shell.page(request, "audit.html", values)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Answer with everything that was asked for as a file, newest first."""
        form = self._asked(request)
        wanted = _wanted(form)
        first = await page_of(self._parts, wanted, form.before, ACTS)  # its fault is a problem, no half file
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/csv; charset=utf-8; header=present",
                "Content-Disposition": f'attachment; filename="audit-{form.first}.csv"',
                "Cache-Control": "no-store",
            }
        )
        await response.prepare(request)
        await response.write(_row(_COLUMNS))
        async for text in self._rows(wanted, (first.acts, first.before)):
            await response.write(text)
        await response.write_eof()
        return response

    async def _rows(self, wanted: Wanted, begun: tuple[tuple[Act, ...], int | None]) -> AsyncIterator[bytes]:
        (acts, before), rows = begun, 0
        while True:
            yield b"".join(_row(_cells(act)) for act in acts)
            rows += len(acts)
            if before is None:
                return
            if rows >= ROWS_MOST:
                yield _unfinished(before, "ask for fewer days")
                return
            try:
                page = await page_of(self._parts, wanted, before, ACTS)
            except ProblemError as fault:
                yield _unfinished(before, str(fault))
                return
            acts, before = page.acts, page.before

    def _asked(self, request: web.Request) -> AuditForm:
        form = in_query(request, AuditForm)
        if form.first is not None:
            return form
        today = self._parts.now().astimezone(LONDON).date()
        return form.model_copy(update={"first": min(today, form.last or today) - WEEK})


def _unfinished(before: int, why: str) -> bytes:
    """Return the last line of a file that does not hold everything: nobody takes it for the whole."""
    return _row(("", "", "", "", f"not all: there is more before position {before}; {why}", ""))


def _wanted(form: AuditForm) -> Wanted:
    since = _midnight(form.first) if form.first is not None else None
    until = _midnight(form.last + timedelta(days=1)) if form.last is not None else None
    return Wanted(form.author, form.kind, form.about, since, until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _address(form: AuditForm, before: int) -> str:
    asked = form.model_dump(mode="json", exclude_none=True) | {"before": before}
    return f"/audit?{urlencode(asked)}"


def _cells(act: Act) -> tuple[str, ...]:
    at = act.at.astimezone(LONDON).isoformat(timespec="milliseconds")
    return (str(act.position), at, act.author, act.kind, act.said, act.came)


def _row(cells: tuple[str, ...]) -> bytes:
    """Return a line of the file; a cell that would be a formula begins with an apostrophe."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return line.getvalue().encode()
