"""The result of a replay as one frozen thing: the same input gives the same one, byte for byte.

It holds no clock reading, no path of a machine and nothing whose order is a set's; text, JSON and the page
are made from it alone.
"""

from datetime import datetime

import msgspec

from controlroom.replay.difference import Difference
from controlroom.replay.grouping import Collected, Group, Totals
from controlroom.replay.load import Assumptions, Load, load_of
from controlroom.replay.tally import Tally


class Source(msgspec.Struct, frozen=True):
    """What was replayed, in words that hold on every machine; `events` is how many things happened."""

    name: str
    begins: datetime
    ends: datetime
    events: int
    estate: str = ""
    notes: tuple[str, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """One history: its counts, and what decided it (`version` of the rule set, or "recorded")."""

    name: str
    version: str
    signals: int
    duplicates: int
    routes: dict[str, int]
    priorities: dict[str, int]
    rules: dict[str, int]
    load: Load


class Report(msgspec.Struct, frozen=True):
    """A whole replay; `new` is None where one rule set ran alone and nothing was compared."""

    source: Source
    assumed: Assumptions
    old: Side
    new: Side | None
    totals: Totals
    groups: tuple[Group, ...]
    unnamed: dict[str, int]
    differences: tuple[Difference, ...]

    @property
    def different(self) -> bool:
        """Whether anything is decided differently."""
        return bool(self.totals.direct or self.totals.consequences)


def side(name: str, version: str, tally: Tally, source: Source, assumed: Assumptions) -> Side:
    """Return one history's part of the report."""
    return Side(
        name=name,
        version=version,
        signals=tally.signals,
        duplicates=tally.duplicates,
        routes=dict(sorted(tally.routes.items())),
        priorities=dict(sorted(tally.priorities.items())),
        rules=dict(sorted(tally.rules.items())),
        load=load_of(tally, source.begins, source.ends, assumed),
    )


def report(source: Source, assumed: Assumptions, old: Side, new: Side | None, found: Collected) -> Report:
    """Return the whole."""
    return Report(
        source=source,
        assumed=assumed,
        old=old,
        new=new,
        totals=found.totals,
        groups=found.groups(),
        unnamed=found.unnamed(),
        differences=tuple(found.listed),
    )


def to_json(told: Report) -> bytes:
    """Return the report as JSON, its keys in a fixed order, with a line feed at its end."""
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
