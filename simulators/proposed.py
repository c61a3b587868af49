"""What the report has besides buildings: the patrolled estate, and the cameras proposed for the West.

The council proposed 500 cameras in the tower blocks of West North West (WNW). They are in the records, marked
`proposed`: nobody expects them to speak, and nothing counts them. The industrial estate at Cross Green has no
panel of its own; it is visited on two rounds a night, for which its tenants pay.
"""

import random
from collections.abc import Iterator

from controlroom.estate.areas import Area
from controlroom.estate.load import CameraGroup
from simulators.expected import Record
from simulators.gazetteer import LOCALITIES, STREET_FIRST

WEST_NORTH_WEST = (Area.INNER_WEST, Area.OUTER_WEST, Area.INNER_NORTH_WEST, Area.OUTER_NORTH_WEST)
"""The WNW housing wedge."""

PROPOSED = 500
"""Tower-block cameras proposed in the council report."""

BLOCKS = 50
"""Blocks that they would stand in: ten cameras each as in the East, our assumption."""

ESTATE_ROUNDS = ("evening_round", "night_round")
"""Calendars of the windows in which the patrol visits the industrial estate; ours."""


def blocks(rng: random.Random) -> Iterator[Record]:
    """Yield the blocks of West North West: no panel, no homes with telecare, no camera yet."""
    wedge = [locality for locality in LOCALITIES if locality.area in WEST_NORTH_WEST]
    for number in range(BLOCKS):
        locality = wedge[number % len(wedge)]
        yield {
            "site": f"TWW-{number + 1:02}",
            "name": f"{locality.name} {rng.choice(STREET_FIRST)} Towers {number + 1}",
            "site_kind": "tower-block",
            "area": locality.area,
            "systems": "",
            "tags": "housing",
            "risk": "2",
            "keys_held": "no",
            "latitude": f"{locality.latitude + rng.uniform(-0.006, 0.006):.5f}",
            "longitude": f"{locality.longitude + rng.uniform(-0.006, 0.006):.5f}",
        }


def cameras(sites: list[Record]) -> Iterator[Record]:
    """Yield the proposed cameras of these blocks."""
    for number in range(PROPOSED):
        site = sites[number % len(sites)]
        key = f"TP-{number + 1:03}"
        at = {name: site[name] for name in ("site", "area", "latitude", "longitude")}
        yield at | {
            "camera": key,
            "name": f"{site['name']} camera {key} (proposed)",
            "group": CameraGroup.TOWER_BLOCK,
            "risk": "1",
            "proposed": "yes",
        }


def industrial_estate() -> Record:
    """Return the Cross Green Industrial Estate, which is patrolled."""
    at = next(locality for locality in LOCALITIES if locality.name == "Cross Green")
    return {
        "site": "IND-001",
        "name": "Cross Green Industrial Estate",
        "site_kind": "industrial-estate",
        "area": at.area,
        "systems": "",
        "tags": "private;income",
        "risk": "2",
        "keys_held": "no",
        "latitude": f"{at.latitude:.5f}",
        "longitude": f"{at.longitude:.5f}",
    }


RANDOM_ROUND = "night_round"
"""The window in which the room calls for the visit when nobody expects it."""


def estate_rounds(site: Record) -> Iterator[Record]:
    """Yield the patrol's rounds of the industrial estate."""
    for window in ESTATE_ROUNDS:
        yield {
            "round": f"RND-{site['site']}-{window.partition('_')[0]}",
            "site": site["site"],
            "window": window,
            "moment": "random" if window == RANDOM_ROUND else "",
        }
