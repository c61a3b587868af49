"""The armed watches of the stored journal, a line each; what cannot be asked ends the command with a line."""

import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import NoReturn

import msgspec
import typer

from controlroom.cli.audit_store import Stored
from controlroom.cli.exits import ExitCode
from controlroom.clock import wall_clock
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.watch_list import Expectation, Present, Question, expected
from controlroom.restore import begin, fold
from controlroom.rules.problems import not_allowed
from controlroom.settings import Settings
from controlroom.wiring.books import read_book, read_estate

_json = msgspec.json.Encoder().encode


def question_or_exit(kind: str, before: str, limit: int, *, unknown: bool) -> Question:
    """Return what is asked; a moment without a zone is UTC."""
    kinds = {each.value: each for each in WatchKind}
    if kind and kind not in kinds:
        _misused(f"--kind: {not_allowed('kind of watch', kind, kinds)}")
    moment: datetime | None = None
    if before:
        try:
            moment = datetime.fromisoformat(before)
        except ValueError:
            _misused(f"--before: found {before!r}; allowed is a moment in ISO 8601")
        else:
            moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return Question(kinds.get(kind), moment, limit=limit, unknown=unknown)


def printing(
    settings: Settings, asked: Question, *, as_json: bool
) -> Callable[[Stored], Coroutine[None, None, None]]:
    """Return the work of printing what is expected as the journal has it now."""

    async def work(stored: Stored) -> None:
        book = read_book(settings)
        opening, folded = await begin(stored.store, stored.snapshots, stored.key, book)
        await fold(folded, opening.frames(), book)
        now, state = wall_clock()(), folded.state
        grace_s = round(settings.room.after_outage_s)
        present = Present(state, read_estate(settings.estate.directory), now, grace_s)
        listed, more = expected(present, asked)
        for one in listed:
            print(_json(one).decode() if as_json else _line(one, now))
        if not as_json:
            rest = ", more follow (--limit)" if more is not None else ""
            deaf = f"; nothing is heard since {state.hearing.deaf_since}" if state.hearing.deaf_since else ""
            print(f"{len(listed)} of {len(state.watches)} watches{rest}, position {state.position}{deaf}")

    return work


def _line(one: Expectation, now: datetime) -> str:
    moment = one.due.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    left = _left(one.due, now)
    mark = "  UNKNOWN" if one.unknown else ""
    return f"{moment}  {left:>9}  {one.kind:<14} {one.whom}: {one.what}, else {one.otherwise}{mark}"


def _left(due: datetime, now: datetime) -> str:
    """Return how long it is until then, or how long ago it was."""
    seconds = round((due - now).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    said = f"{hours}h{minutes:02}m" if hours else f"{minutes}m{abs(seconds) % 60:02}s"
    return said if seconds >= 0 else f"-{said}"


def _misused(line: str) -> NoReturn:
    print(line, file=sys.stderr)
    raise typer.Exit(ExitCode.USAGE)
