"""What cannot be had of the past: a command, and a moment that the journal does not hold."""

from datetime import datetime

import msgspec

from controlroom.console.past.seek import Range
from controlroom.console.problems import ProblemError, problem
from controlroom.events import Ask
from controlroom.room import Settled
from controlroom.rules.calendars import LONDON


class NoDesk:
    """The desk of the past: nothing can be done there."""

    async def tell(self, command: Ask) -> Settled:
        """Refuse every command."""
        raise problem(409, "in-the-past", f"{type(command).__name__}: nothing can be done in the past")


def outside(over: Range, asked_for: str) -> ProblemError:
    """Return the problem of a moment or position that the journal does not hold, with what it holds."""
    return problem(
        404,
        "outside-the-journal",
        f"{asked_for} is not in the journal, which reaches from {said(over.first.at)} "
        f"(position {over.first.position}) to {said(over.last.at)} (position {over.last.position})",
        first=msgspec.to_builtins(over.first),
        last=msgspec.to_builtins(over.last),
    )


def said(moment: datetime) -> str:
    """Return a moment in words, by the clock in Leeds."""
    return f"{moment.astimezone(LONDON):%d %B %Y %H:%M:%S %Z}"
