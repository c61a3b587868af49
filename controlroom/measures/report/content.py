"""What a report says, whatever its form: title, what a reader has to know, rows, who signed.

One place for the words, so that no two forms of one report differ. Written for a councillor who has ten
minutes: figures first, then how they are counted.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from controlroom.estate.areas import Area
from controlroom.measures.scorecard import Line, Scorecard
from controlroom.rules.calendars import LONDON

COLUMNS = (
    "Measure",
    "This quarter",
    "Year to date",
    "Same quarter last year",
    "Change",
    "Status",
    "Target",
)
"""The columns that every form shows; the long texts stand below or beside, as the form allows."""

FURTHER = ("Owner", "What counts", "Narrative", "Corrective action", "Corrected since signed")
"""What a table for machines has besides."""


class Heading(Struct, frozen=True):
    """What stands above the figures."""

    title: str
    period: str
    place: str
    facts: tuple[str, ...]
    demonstration: bool


def heading(card: Scorecard, made_at: datetime, *, demonstration: bool) -> Heading:
    """Return the head of a report of this card."""
    facts = [f"Counted from {card.position:,} records of the journal, made on {moment(made_at)}."]
    signed = card.signed
    if signed is None:
        facts.append("Not signed off yet: figures of this quarter may still be corrected.")
    else:
        facts.append(
            f"Signed off by {signed.author} on {moment(signed.at)}, up to record {signed.position:,}."
        )
    if not card.in_team:
        facts.append("Small numbers of sensitive measures are not shown, nor what they could be told from.")
    return Heading(card.plan, card.quarter.in_words, place_of(card), tuple(facts), demonstration)


def place_of(card: Scorecard) -> str:
    """Return where the figures are of."""
    return "The whole city" if card.area is None else area_name(card.area)


def area_name(area: str) -> str:
    """Return the name of a Community Committee's area as people write it."""
    return f"{Area(area).value.replace('-', ' ').title()} Community Committee"


def row(line: Line) -> tuple[str, ...]:
    """Return what stands in `COLUMNS` for this line."""
    return (
        line.measure.wording,
        line.actual.text + since_signed(line),
        line.to_date.text,
        line.year_before.text,
        line.change,
        line.status,
        line.target,
    )


def further(line: Line) -> tuple[str, ...]:
    """Return what stands in `FURTHER` for this line."""
    measure = line.measure
    moved = f"{line.since_signed:+d}" if line.since_signed else ""
    return measure.owner, measure.definition, line.narrative, line.corrective_action, moved


def since_signed(line: Line) -> str:
    """Return what was corrected after the sign-off, in brackets; nothing where nothing was."""
    return f" ({line.since_signed:+d} since signed)" if line.since_signed else ""


def notes(card: Scorecard) -> Iterator[tuple[str, str, str]]:
    """Yield wording, narrative and corrective action of each line that has either."""
    for group in card.groups:
        for line in group.lines:
            if line.narrative or line.corrective_action:
                yield line.measure.wording, line.narrative, line.corrective_action


def definitions(card: Scorecard) -> Iterator[tuple[str, str, str]]:
    """Yield wording, definition and owner of each measure."""
    for group in card.groups:
        for line in group.lines:
            yield line.measure.wording, line.measure.definition, line.measure.owner


def moment(at: datetime) -> str:
    """Return a moment on the wall in Leeds."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"
