"""The made-up estate's numbers with the police and contracts with customers. None of them is anybody's.

Every set of buildings that has an intruder or a panic system has a number for it; a few are withdrawn, run
out, or have false calls, so that the check of a reference has something to find. The units on Cross Green
are charged for responses and patrols, the schools for responses.
"""

from collections.abc import Iterable, Iterator

Record = dict[str, str]

FORCE = "West Yorkshire Police"
SYSTEMS = {"intruder": ("intruder", "IA"), "panic": ("hold_up", "PA")}
"""What the police give a number for, and the letters in it."""

WITHDRAWN_EVERY, EXPIRED_EVERY, FALSE_EVERY = 40, 60, 25
"""One number in so many is withdrawn, run out, or had a false call: our guess."""

CUSTOMERS = {
    "private-client": ("cross-green", "Cross Green traders", "responses;patrols"),
    "industrial-estate": ("cross-green", "Cross Green traders", "responses;patrols"),
    "school": ("education", "Schools of the district", "responses"),
}
"""Kinds of site that somebody pays for."""

VISIT_MIN = "10"
"""Minutes that a patrol's visit counts for, as agreed."""


def police_references(sites: Iterable[Record]) -> Iterator[Record]:
    """Yield a number for each system of each site that the police answer."""
    number = 0
    for site in sites:
        for system in filter(SYSTEMS.get, site["systems"].split(";")):
            number += 1
            name, letters = SYSTEMS[system]
            yield {
                "reference": f"WYP-{letters}-{number:05}",
                "site": site["site"],
                "system": name,
                "force": FORCE,
                "level": "3" if number % WITHDRAWN_EVERY == 0 else "1",
                "premises": site["name"],
                "valid_from": "2020-04-01",
                "valid_to": "2026-03-31" if number % EXPIRED_EVERY == 0 else "",
                "false_calls": "2026-02-14" if number % FALSE_EVERY == 0 else "",
            }


def contracts(sites: Iterable[Record]) -> Iterator[Record]:
    """Yield a contract for each site that somebody pays for."""
    for site in sites:
        if site["site_kind"] in CUSTOMERS:
            customer, name, charges = CUSTOMERS[site["site_kind"]]
            yield {
                "contract": f"C-{site['site']}",
                "customer": customer,
                "name": name,
                "site": site["site"],
                "charges": charges,
                "visit_min": VISIT_MIN if "patrols" in charges else "",
                "since": "2025-04-01",
                "until": "",
            }
