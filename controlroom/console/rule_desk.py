"""What the console knows of the rule tables, and where it asks for a reload."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from controlroom.signals.vocabulary import Kind


class ReloadResult(StrEnum):
    """How an attempt to change the rules ended; a metric label, so the set is closed."""

    SWAPPED = "swapped"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    STALE = "stale"
    UNREVIEWED = "unreviewed"
    NOT_POSSIBLE = "not_possible"


class TableCount(msgspec.Struct, frozen=True):
    """How many rules a table has."""

    table: Kind
    rules: int


class Refusal(msgspec.Struct, frozen=True):
    """An attempt that was refused: its first problems, and how many were found in all."""

    at: datetime
    by: str
    problems: tuple[str, ...]
    found: int


class RulesStanding(msgspec.Struct, frozen=True):
    """The rule set in force. `loaded_by` is an author, or `start`; `refused` None: never since the start.

    `warnings` are the first findings that did not keep the set out.
    """

    version: str
    tables: tuple[TableCount, ...]
    loaded_at: datetime
    loaded_by: str
    warnings: tuple[str, ...] = ()
    refused: Refusal | None = None


class Reloaded(msgspec.Struct, frozen=True):
    """What became of a reload, the position of its record, and how the rules stand after it.

    `reason` is the word of the decision.
    """

    result: ReloadResult
    position: int
    standing: RulesStanding
    reason: str = ""


class DeskBusy(Exception):
    """More reloads wait than make sense; the text says what to do."""


class RuleDesk(Protocol):
    """Where a reload is asked for."""

    def standing(self) -> RulesStanding:
        """Return how the rules stand."""
        ...

    async def reload(self, author: str) -> Reloaded:
        """Return what became of the reload once that is durable; raises DeskBusy.

        Giving up the wait does not take the request back.
        """
        ...
