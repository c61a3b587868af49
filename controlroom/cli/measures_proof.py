"""The figures that a room would start with, against a recount of the raw journal from its first frame.

The plan is read as plain YAML here, so that not even the reading of it is shared with the ledger.
"""

from collections.abc import Callable, Coroutine
from datetime import date

import msgspec
import yaml

from controlroom.cli.audit_store import Stored
from controlroom.cli.report_made import ledger_of, told
from controlroom.measures.cells import events_of
from controlroom.measures.ledger import Ledger
from controlroom.measures.recount import Cell, Recount, difference
from controlroom.settings import Settings


class Proof(msgspec.Struct, frozen=True):
    """What was compared, and the first difference: measure, day, area, what ledger and recount say."""

    records: int
    cells: int
    events: int
    difference: tuple[str, str, str, int, int] | None = None

    def __str__(self) -> str:
        if self.difference is None:
            return (
                f"{self.events:,} events in {self.cells:,} figures of a measure, day and area: "
                f"each equals the recount of {self.records:,} records"
            )
        measure, day, area, mine, theirs = self.difference
        where = f"in {area}" if area else "in no area"
        return f"{measure} on {day} {where}: the ledger says {mine}, the journal {theirs}"

    def json(self) -> str:
        """Return it as one JSON object."""
        return msgspec.json.encode(self).decode()


def proving(settings: Settings) -> Callable[[Stored], Coroutine[None, None, Proof]]:
    """Return the work of counting twice and comparing."""

    async def work(stored: Stored) -> Proof:
        ledger = await ledger_of(settings, stored)
        text = settings.measures.plan.read_text(encoding="utf-8")
        recount = Recount(yaml.safe_load(text)["measures"], count_simulated=settings.room.demonstration)
        async for frame in told(stored.store.frames(), ledger.position, "recounted"):
            recount.frame(frame.body, through=ledger.position)
        return proof_of(ledger, recount)

    return work


def proof_of(ledger: Ledger, recount: Recount) -> Proof:
    """Return the comparison; a figure also has to be the sum of the events that it opens onto."""
    mine: dict[Cell, int] = {
        (measure, date.fromordinal(day).isoformat(), area): sum(weight for _, weight in events_of(cell))
        for measure, days in ledger.cells.items()
        for day, areas in days.items()
        for area, cell in areas.items()
    }
    found = difference(mine, recount.figures())
    return Proof(
        recount.records, len(mine), sum(mine.values()), None if found is None else (*found[0], *found[1:])
    )
