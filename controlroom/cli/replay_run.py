"""What `controlroom replay` and `rehearse` read, run and print, and how they end where they cannot."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import msgspec
import typer

from controlroom.cli.audit_store import Stored, run_on_store
from controlroom.cli.configured import DEFAULT_CONFIG, settings_or_exit
from controlroom.cli.exits import ExitCode
from controlroom.clock import monotonic_s
from controlroom.estate.table import EstateError
from controlroom.feeds.read import FeedError
from controlroom.ingest.decode import Limits
from controlroom.journal.store import JournalError
from controlroom.replay.page import html_page
from controlroom.replay.rehearsal import rehearsal_lines, rehearsal_page, steps_of
from controlroom.replay.report import Report, to_json
from controlroom.replay.text import lines_of
from controlroom.settings import Settings
from controlroom.wiring.books import house_rules, partners_of
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.rehearsing import Asked as Wanted
from controlroom.wiring.rehearsing import rehearse
from controlroom.wiring.replay_books import assumptions, read_replay_book
from controlroom.wiring.replaying import Books, Span, replay_feed, replay_journal

JOURNAL = "journal"
"""The word for the room's own journal, where a feed's file could stand."""

TELL_EVERY_S = 1.0
"""How often a long run says on standard error how far it is."""


class Asked(msgspec.Struct, frozen=True):
    """What the command line says."""

    what: str
    rules: Path
    against: Path | None = None
    estate: Path | None = None
    against_estate: Path | None = None
    config: Path | None = None

    @property
    def of_journal(self) -> bool:
        """Whether the room's journal is replayed."""
        return self.what == JOURNAL or self.what.startswith(f"{JOURNAL}:")


def settings_for(asked: Asked) -> Settings:
    """Return the settings that are named, those of the installation for a journal, else the defaults."""
    if asked.config is not None:
        return settings_or_exit(asked.config)
    return settings_or_exit(DEFAULT_CONFIG) if asked.of_journal else Settings()


def report_or_exit(asked: Asked) -> Report:
    """Return the report, or end the command with one line and its exit code."""
    settings = settings_for(asked)
    try:
        books = books_of(asked, settings)
        if not asked.of_journal:
            return replay_feed(Path(asked.what), books, telling())[0]
    except (BooksRefused, EstateError, FeedError) as fault:
        _end(ExitCode.CONFIG, str(fault))
    except OSError as fault:
        _end(ExitCode.CONFIG, f"{asked.what}: cannot be read ({fault.strerror}); name a feed, or journal")
    span = span_or_exit(asked.what)

    async def work(stored: Stored) -> Report:
        return (await replay_journal(stored.store.frames(0), span, books, telling()))[0]

    try:
        return run_on_store(settings, work)
    except (JournalError, msgspec.MsgspecError, ValueError) as fault:
        _end(ExitCode.FINDING, f"{fault}; run: controlroom audit verify")


def rehearsed_or_exit(asked: Asked, ends: tuple[int, int], mixed: Path | None, shape: str) -> bytes:
    """Return a rehearsal in the shape that was asked for, or end the command with its exit code."""
    settings = settings_for(asked)
    try:
        wanted = Wanted(Path(asked.what), steps_of(*ends), mixed)
        told = rehearse(wanted, books_of(asked, settings), telling())
    except (BooksRefused, EstateError, FeedError) as fault:
        _end(ExitCode.CONFIG, str(fault))
    except OSError as fault:
        _end(ExitCode.CONFIG, f"{fault.filename}: cannot be read ({fault.strerror}); name a feed")
    if shape == "json":
        return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
    if shape == "html":
        return rehearsal_page(told).encode()
    return "".join(f"{line}\n" for line in rehearsal_lines(told)).encode()


def books_of(asked: Asked, settings: Settings) -> Books:
    """Return what decides; raises BooksRefused and `EstateError`."""
    house, partners = house_rules(settings), partners_of(settings)
    estate = asked.estate or settings.estate.directory
    rules = read_replay_book(asked.rules, estate, house, partners)
    against = None
    if asked.against is not None or asked.against_estate is not None:
        against = read_replay_book(
            asked.against or asked.rules, asked.against_estate or estate, house, partners
        )
    limits = Limits(
        payload_bytes=settings.ingest.max_payload_bytes,
        future_s=round(settings.ingest.future_tolerance_s),
        simulated_welcome=True,
    )
    again = asked.estate is not None or asked.against_estate is not None
    return Books(rules, against, limits, assumptions(settings.replay), again)


def printed(report: Report, shape: str) -> bytes:
    """Return the report in the shape that was asked for."""
    if shape == "json":
        return to_json(report)
    if shape == "html":
        return html_page(report).encode()
    return "".join(f"{line}\n" for line in lines_of(report)).encode()


def telling() -> Callable[[int, datetime], None]:
    """Return what says on standard error how far a long run is, at most once a second."""
    begun = last = monotonic_s()

    def tell(count: int, moment: datetime) -> None:
        nonlocal last
        now = monotonic_s()
        if now - last >= TELL_EVERY_S:
            last = now
            rate = count / (now - begun)
            print(f"{count:,} events, {rate:,.0f} a second, up to {moment:%Y-%m-%d %H:%M}", file=sys.stderr)

    return tell


def span_or_exit(what: str) -> Span:
    """Return the range of `journal:FROM..TO`; either may be left out, and each is a position or a moment."""
    _, _, range_ = what.partition(":")
    if not range_:
        return Span()
    start, dots, end = range_.partition("..")
    first, since = _place(what, start)
    last, until = _place(what, end) if dots else (first, since)
    return Span(first or 1, last, since, until)


def _place(what: str, word: str) -> tuple[int | None, datetime | None]:
    if not word:
        return None, None
    if word.isdigit():
        return int(word), None
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        _end(ExitCode.USAGE, f"{what}: found {word!r}; allowed is a position or a moment in ISO 8601")
    return None, moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _end(code: ExitCode, line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(code)
