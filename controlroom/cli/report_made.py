"""A report made from the stored journal, and the figures it is made of proved against a recount.

What a command needs of the figures is folded from the newest snapshot and the frames behind it, as a start of
the room does. On a long run the progress is told on standard error every few seconds.
"""

import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import NoReturn

import typer
from msgspec import Struct

from controlroom.cli.audit_store import Stored
from controlroom.cli.exits import ExitCode
from controlroom.clock import monotonic_s, wall_clock
from controlroom.estate.areas import Area
from controlroom.journal.stored import StoredFrame
from controlroom.measures.book import Book
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import Period, day_of, parse
from controlroom.measures.report.making import Form, report
from controlroom.measures.scorecard import Asked, scorecard
from controlroom.restore import begin, fold
from controlroom.rules.problems import not_allowed
from controlroom.settings import Settings
from controlroom.wiring.books import read_book
from controlroom.wiring.folders import BooksRefused

TOLD_EVERY_S = 3.0
"""How often the progress is told: often enough to see that it goes on."""


class Wanted(Struct, frozen=True):
    """Which report, and where it goes."""

    quarter: Period
    area: Area | None
    form: Form
    file: Path
    in_team: bool


def wanted_or_exit(quarter: str, area: str, form: str, out: Path | None, *, team: bool) -> Wanted:
    """Return what is wanted; ends the command, as misused, where a word makes no sense."""
    areas, forms = {one.value: one for one in Area}, {one.value: one for one in Form}
    try:
        period = parse(quarter)
    except ValueError as fault:
        _misused(f"--quarter: {fault}")
    if "Q" not in period.name:
        _misused(f"--quarter: found {quarter!r}; allowed is a quarter, as 2026Q3")
    if area and area not in areas:
        _misused(f"--area: {not_allowed('area', area, areas)}")
    if form not in forms:
        _misused(f"--format: {not_allowed('format', form, forms)}")
    place = f"-{area}" if area else ""
    file = out or Path(f"plan-on-a-page-{period.name}{place}.{form}")
    return Wanted(period, areas.get(area), forms[form], file, team)


def made_from(settings: Settings, wanted: Wanted) -> Callable[[Stored], Coroutine[None, None, str]]:
    """Return the work of making the report; it returns the line that says so."""

    async def work(stored: Stored) -> str:
        ledger = await ledger_of(settings, stored)
        now = wall_clock()()
        book = book_or_exit(settings)
        asked = Asked(wanted.quarter, day_of(now), wanted.area, wanted.in_team)
        card = scorecard(ledger, book.plan, asked)
        content = report(card, wanted.form, now, demonstration=settings.room.demonstration)
        try:
            wanted.file.write_bytes(content)
        except OSError as fault:
            print(f"{wanted.file}: cannot be written ({fault.strerror})", file=sys.stderr)
            raise typer.Exit(ExitCode.CONFIG) from None
        return f"{wanted.file}: {wanted.quarter.in_words}, {len(content):,} bytes, position {card.position:,}"

    return work


async def ledger_of(settings: Settings, stored: Stored) -> Ledger:
    """Return the figures as the room has them at the journal's end."""
    book = book_or_exit(settings)
    opening, folded = await begin(stored.store, stored.snapshots, stored.key, book)
    last = await stored.store.last()
    end = last.last_position if last is not None else 0
    await fold(folded, told(opening.frames(), end, "counted"), book)
    return folded.ledger


def book_or_exit(settings: Settings) -> Book:
    """Return what figures are counted by; ends the command with every problem of the plan."""
    try:
        return read_book(settings)
    except BooksRefused as fault:
        print("\n".join(fault.problems), file=sys.stderr)
        raise typer.Exit(ExitCode.CONFIG) from None


async def told(frames: AsyncIterator[StoredFrame], end: int, what: str) -> AsyncIterator[StoredFrame]:
    """Yield the frames, and say now and then on standard error how far they have come."""
    said_at = monotonic_s()
    async for frame in frames:
        yield frame
        if monotonic_s() - said_at >= TOLD_EVERY_S:
            said_at = monotonic_s()
            share = frame.last_position / end * 100 if end else 100.0
            print(f"{what} {frame.last_position:,} of {end:,} records ({share:.0f} %)", file=sys.stderr)


def _misused(line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(ExitCode.USAGE)
