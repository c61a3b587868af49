"""The last handovers of the room: a part of its state, changed only by `keep`.

Bounded: the last ones. A sheet that nobody took yet is among them until so many newer ones were written.
"""

from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from controlroom.commands.handovers import SheetLine

HANDOVERS_KEPT = 60
"""A month of two shifts a day; all of them are in the journal."""


class Handover(Struct, frozen=True, gc=False):
    """One handover. `taken_by` and `taken_at` are None until the other side has signed."""

    id: str
    given_by: str
    given_at: datetime
    expect: str
    sheet: tuple[SheetLine, ...]
    taken_by: str | None = None
    taken_at: datetime | None = None
    with_work: bool = False
    said: str = ""


class HandoverGiven(Struct, frozen=True, gc=False, tag="handover_given"):
    """A sheet is written and signed by one side."""

    handover: Handover


class HandoverSigned(Struct, frozen=True, gc=False, tag="handover_signed"):
    """The other side has signed."""

    handover: str
    by: str
    at: datetime
    with_work: bool
    said: str = ""


HandoverChange = HandoverGiven | HandoverSigned
"""What changes about handovers."""


def keep(handovers: dict[str, Handover], change: HandoverChange) -> None:
    """Bring the handovers one change further."""
    match change:
        case HandoverGiven(handover=given):
            handovers[given.id] = given
            if len(handovers) > HANDOVERS_KEPT:
                del handovers[next(iter(handovers))]
        case HandoverSigned():
            known = handovers.get(change.handover)
            if known is not None:
                handovers[known.id] = replace(
                    known,
                    taken_by=change.by,
                    taken_at=change.at,
                    with_work=change.with_work,
                    said=change.said,
                )
        case _:
            assert_never(change)
