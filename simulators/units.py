"""The made-up crews of the estate, and what they should know of its sites.

One unit an area is manned around the clock in two shifts, the others join for the evening, when most alarms
come. Bases are depots and offices of the area; each carries the keys of its area. All of it is made up.
"""

from collections.abc import Iterable, Iterator

from controlroom.estate.areas import Area
from simulators.expected import Record

CREWS = 16
"""Not in the council's report: sized for a service of eighty staff."""

AROUND_THE_CLOCK = "daily 07:00-19:00; daily 19:00-07:00"
EVENINGS = "daily 14:00-02:00"

BASES = ("depot", "office", "leisure-centre", "library", "community-centre", "school")
"""Kinds of site that a unit waits at, the first that its area has."""

SKILLS = ("first-aid", "first-aid;manual-handling", "dog", "first-aid;water-safety", "locksmith")
"""What units can do, in turn."""

ALONE_EVERY = 3
"""Every third unit is one person."""

NOTES: dict[str, Record] = {
    "school": {"entry": "Gate at the back, panel in the main entrance", "hazards": "asbestos"},
    "depot": {
        "entry": "Barrier by the weighbridge",
        "notes": "Vehicles move at all hours",
        "hazards": "electrical",
    },
    "leisure-centre": {
        "entry": "Plant side",
        "notes": "Chlorine in the plant room",
        "hazards": "deep-water;gas-store",
    },
    "museum": {"entry": "Loading bay only", "notes": "Ring the duty curator before going in", "hazards": ""},
    "waste-site": {"entry": "Main gate", "notes": "Cash in the office", "hazards": "dogs;gas-store"},
    "cemetery": {"entry": "Lodge gate", "notes": "No lighting", "hazards": "lone-working"},
    "park": {"entry": "Pavilion side gate", "notes": "No lighting", "hazards": "lone-working"},
}
"""What is to be known of sites, by kind."""

MARKED = "tower-block"
"""Where the register has markers about people, one block in ten: made up, and of nobody."""
MARKED_EVERY = 10
MARKER: Record = {"notes": "Go in with two people; ask the desk which landing", "hazards": "violent-person"}
REVIEWS = ("2026-09-30", "2027-03-31", "2027-06-30")
"""Days by which markers are looked at again, in turn: the first is past in the year that is demonstrated."""


def crews(sites: Iterable[Record]) -> Iterator[Record]:
    """Yield the units, area by area in turn."""
    areas, all_sites = [*Area], [*sites]
    for number in range(1, CREWS + 1):
        area = areas[(number - 1) % len(areas)]
        yield {
            "unit": f"MR-{number:02}",
            "area": area,
            "call_sign": f"Romeo {number}",
            "base": _waits_at(all_sites, area, (number - 1) // len(areas)),
            "skills": SKILLS[(number - 1) % len(SKILLS)],
            "keys": area,
            "shift": AROUND_THE_CLOCK if number <= len(areas) else EVENINGS,
            "capacity": "1" if number % ALONE_EVERY == 0 else "2",
            "check_every_min": "15",
        }


def notes(sites: Iterable[Record]) -> Iterator[Record]:
    """Yield what is to be known of every site of a kind of which something is."""
    blocks = 0
    for site in sites:
        known = NOTES.get(site["site_kind"])
        if known is not None:
            yield {"site": site["site"], **known}
        elif site["site_kind"] == MARKED:
            blocks += 1
            if blocks % MARKED_EVERY == 1:
                review = REVIEWS[blocks // MARKED_EVERY % len(REVIEWS)]
                yield {"site": site["site"], **MARKER, "review_by": review}


def _waits_at(sites: list[Record], area: str, nth: int) -> str:
    """Return the site that the area's nth unit waits at."""
    ranked = [
        site["site"] for kind in BASES for site in sites if site["area"] == area and site["site_kind"] == kind
    ]
    return ranked[nth % len(ranked)]
