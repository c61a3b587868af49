"""What the commands about rules read from disk, or how they end when it cannot be read.

Like every command's file this imports what it needs when it runs, so that `--help` stays quick.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from controlroom.cli.exits import ExitCode

if TYPE_CHECKING:
    from controlroom.estate.model import Estate
    from controlroom.rules.cases import Case
    from controlroom.rules.model import RuleSet
    from controlroom.rules.safety import Property
    from controlroom.rules.verdict import Circumstances
    from controlroom.wiring.rule_files import RuleFiles

ESTATE = Path("config/estate")
"""Where the estate stands, seen from an installation's folder, if there is none beside the rules."""


def files_or_exit(folder: Path, estate: Path | None = None) -> "RuleFiles":
    """Return the files of a folder, to be checked against the estate, or end with `CONFIG`."""
    from controlroom.rules.names import Names, names_of  # noqa: PLC0415 - quick --help
    from controlroom.wiring.rule_files import read_rule_files  # noqa: PLC0415 - quick --help

    if not folder.is_dir():
        raise _refused(f"{folder}: no such folder; name the folder of the rule tables")
    known = estate_or_exit(folder, estate)
    try:
        found = read_rule_files(folder, Names() if known is None else names_of(known))
    except (OSError, UnicodeDecodeError) as fault:
        raise _refused(fault) from None
    if not found.tables:
        raise _refused(f"{folder}: no rule table (*.yaml) in this folder; name the folder of the rule tables")
    if known is None:
        print(
            f"{ESTATE}: no such folder, so sites and tags in {folder} are not checked; name it with --estate",
            file=sys.stderr,
        )
    return found


def estate_or_exit(rules: Path, named: Path | None = None) -> "Estate | None":
    """Return the estate that the rules of this folder are about, or end with `CONFIG`.

    That is the folder that was `named`, else `estate` beside the rules, else `config/estate`; None where
    there is neither.
    """
    from controlroom.estate.table import EstateError  # noqa: PLC0415 - quick --help
    from controlroom.wiring.books import read_estate  # noqa: PLC0415 - quick --help
    from controlroom.wiring.folders import BooksRefused  # noqa: PLC0415 - quick --help

    usual = (folder for folder in (rules.parent / ESTATE.name, ESTATE) if folder.is_dir())
    folder = next(usual, None) if named is None else named
    if folder is None:
        return None
    try:
        return read_estate(folder)
    except (EstateError, BooksRefused) as fault:
        raise _refused(fault) from None


def rules_or_exit(files: "RuleFiles") -> tuple["RuleSet", tuple["Property", ...]]:
    """Return the rules and their safety properties, or end with `CONFIG` and every problem of every file."""
    from controlroom.rules.problems import InvalidRulesError  # noqa: PLC0415 - quick --help

    try:
        return files.read()
    except InvalidRulesError as fault:
        raise _refused("\n".join([str(fault), *files.missing(fault)])) from None


def cases_or_exit(files: "RuleFiles", rules: "RuleSet") -> tuple["Case", ...]:
    """Return the cases, or end with `CONFIG` and every problem of every file."""
    from controlroom.rules.cases import load_cases  # noqa: PLC0415 - quick --help
    from controlroom.rules.problems import InvalidRulesError  # noqa: PLC0415 - quick --help

    try:
        return load_cases(files.cases, rules)
    except InvalidRulesError as fault:
        raise _refused(fault) from None


def circumstances_or_exit(
    signal: Path, state: Path | None, at: datetime | None, estate: "Estate | None"
) -> "Circumstances":
    """Return what these documents say, or end with `CONFIG`; `-` reads the signal from standard input.

    A place that they do not describe is looked up in the estate; without one it is unknown.
    """
    from controlroom.rules.examples import UnreadableExampleError, circumstances_of  # noqa: PLC0415 - quick --help

    try:
        raw = sys.stdin.read() if str(signal) == "-" else signal.read_text(encoding="utf-8")
        room = None if state is None else state.read_text(encoding="utf-8")
        place_of = (lambda _: None) if estate is None else estate.place
        return circumstances_of(raw, state=room, at=at, place_of=place_of)
    except (OSError, UnicodeDecodeError, UnreadableExampleError) as fault:
        raise _refused(f"{signal}: {fault}") from None


def moment_or_exit(text: str) -> datetime:
    """Return the time a person typed, on the wall in Leeds where it names no zone; a wrong one is usage."""
    from controlroom.rules.calendars import LONDON  # noqa: PLC0415 - quick --help

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is no time; allowed: like 2026-01-14T12:00 or with a zone", param_hint="--at"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


def _refused(message: object) -> typer.Exit:
    """Say what cannot be read; the caller raises the end."""
    print(message, file=sys.stderr)
    return typer.Exit(ExitCode.CONFIG)
