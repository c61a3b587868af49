"""A statement made from the journal: every frame read in order, the lines of a month printed."""

import csv
import re
import sys
from collections.abc import Callable, Coroutine
from typing import NoReturn

import msgspec
import typer

from controlroom.cli.audit_store import Stored
from controlroom.cli.exits import ExitCode
from controlroom.estate.customers import Contract
from controlroom.estate.table import EstateError
from controlroom.journal.records import decode_applied
from controlroom.measures.statement import NOBODY, Done, Line, Month, Statements, lines_of, take, totals
from controlroom.rules.calendars import LONDON
from controlroom.settings import Settings
from controlroom.wiring.books import read_estate
from controlroom.wiring.folders import BooksRefused

_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)
_FORMS = ("csv", "text")
_MOMENTS = ("began", "arrived", "ended")
_COLUMNS = ("customer", "contract", "what", "reference", "site", "unit", *_MOMENTS, "minutes")


class Asked(msgspec.Struct, frozen=True):
    """What is to be printed: which month, whose (None: everybody's), in which form, by which contracts."""

    month: Month
    customer: str | None
    form: str
    contracts: tuple[Contract, ...]


def asked_or_exit(settings: Settings, month: str, customer: str, form: str) -> Asked:
    """Return what is asked; ends the command where a word is none, or the estate cannot be read."""
    found = _MONTH.fullmatch(month)
    if found is None:
        _end(ExitCode.USAGE, f"--month: found {month!r}; allowed is a month such as 2026-11")
    if form not in _FORMS:
        _end(ExitCode.USAGE, f"--format: found {form!r}; allowed is {' or '.join(_FORMS)}")
    try:
        contracts = read_estate(settings.estate.directory).contracts
    except (BooksRefused, EstateError) as fault:
        _end(ExitCode.CONFIG, str(fault))
    names = sorted({one.customer for one in contracts})
    if customer and customer not in names:
        _end(ExitCode.USAGE, f"--customer: found {customer!r}; allowed is {', '.join(names) or 'none yet'}")
    return Asked(Month(int(found[1]), int(found[2])), customer or None, form, contracts)


def printing(settings: Settings, asked: Asked) -> Callable[[Stored], Coroutine[None, None, None]]:
    """Return the work of reading the journal and printing the statement."""

    async def work(stored: Stored) -> None:
        statements = Statements()
        async for frame in stored.store.frames(0):
            try:
                records = decode_applied(frame.body).records
            except (msgspec.MsgspecError, ValueError) as fault:
                _end(ExitCode.FINDING, f"position {frame.position}: no frame of ours ({fault})")
            for offset, record in enumerate(records):
                done = Done(frame.position + offset, record.now, record.decision)
                take(statements, asked.contracts, done, count_simulated=settings.room.demonstration)
        lines = lines_of(statements, asked.month, asked.customer)
        (_print_csv if asked.form == "csv" else _print_text)(lines, asked)

    return work


def _print_csv(lines: list[Line], _: Asked) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in lines:
        cells = {name: getattr(line, name) for name in _COLUMNS}
        moments = {
            name: cells[name].astimezone(LONDON).isoformat(timespec="seconds") if cells[name] else ""
            for name in _MOMENTS
        }
        writer.writerow([_harmless(str(value)) for value in (cells | moments).values()])


def _print_text(lines: list[Line], asked: Asked) -> None:
    names = {one.customer: one.name for one in asked.contracts}
    print(f"Statement for {asked.month}")
    for line in lines:
        ended = line.ended.astimezone(LONDON)
        unit = f" {line.unit}" if line.unit else ""
        print(
            f"  {ended:%d.%m. %H:%M}  {line.what:<9}  {line.site}{unit}  {line.reference}  {line.minutes} min"
        )
    for total in totals(lines):
        who = names.get(total.customer, "no contract") if total.customer != NOBODY else "no contract"
        print(f"{who}: {total.lines} {total.what}, {total.minutes} min")
    if not lines:
        print("  nothing")


def _harmless(text: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _end(code: ExitCode, line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(code)
