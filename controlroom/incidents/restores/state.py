"""Mains and path faults that stand: each waits for its restore, and says when that is overdue.

Bounds: places of the estate only, `FAULTS_KEPT` at once; a further one is decided and logged as ever.
"""

from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

FAULTS_KEPT = 10_000
"""Faults that stand at once: five times the sites of a city, as after a storm. Some 3 MB."""


class Fault(Struct, frozen=True, gc=False):
    """One fault that stands: its panel, its word, since when; `unpaired` once its restore is overdue."""

    site: str
    source: str
    event: str
    since: datetime
    position: int
    unpaired: bool = False


class FaultNoted(Struct, frozen=True, gc=False, tag="fault_noted"):
    """A fault stands under this name, the name of its condition."""

    name: str
    site: str
    source: str
    event: str


class FaultCleared(Struct, frozen=True, gc=False, tag="fault_cleared"):
    """The restore of a fault has come."""

    name: str


class FaultUnpaired(Struct, frozen=True, gc=False, tag="fault_unpaired"):
    """The restore of a fault has not come in the house's time; the fault still stands."""

    name: str


FaultChange = FaultNoted | FaultCleared | FaultUnpaired
"""Everything that can happen to a fault."""


def apply_fault(faults: dict[str, Fault], change: FaultChange, position: int, now: datetime) -> None:
    """Bring the list of faults one change further."""
    match change:
        case FaultNoted():
            faults[change.name] = Fault(change.site, change.source, change.event, now, position)
        case FaultCleared():
            del faults[change.name]
        case FaultUnpaired():
            faults[change.name] = replace(faults[change.name], unpaired=True)
        case _:
            assert_never(change)
