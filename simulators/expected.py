"""What the made-up estate expects of its sites: hours, tests, supervised paths, keyholders, patrols.

Kinds of site have the hours of a calendar of `config/calendars.yaml`; every panel tests daily; the museum
stores have two supervised paths, private clients one. Keyholders are roles with a reference into a register
that does not exist, and with numbers that Ofcom keeps free for drama: nobody is ever rung.
"""

from collections.abc import Iterable, Iterator

Record = dict[str, str]

HOURS = {"school": "school_hours", "library": "library_hours"}
"""The calendars that kinds of site are open by; the others keep no hours that anybody watches."""

TEST_EVERY_H = "24"
"""A test a day: the usual programming of a panel that reports to an alarm receiving centre."""

GRADES = {"museum": "DP2", "private-client": "SP2"}
"""Kinds of site whose paths are supervised, by times slow enough for a made-up city."""

DRAMA = ("07700 900", "0113 496 0")
"""How numbers begin that Ofcom keeps free for drama, a mobile and one in Leeds; three digits follow.

One for each keyholder of a building: two, as many as the police ask for.
"""
DRAMA_EACH = 1000

ROUNDS = (("depot", "evening_round"), ("waste-site", "night_round"))
"""Kinds of site that a patrol visits, and the calendar of its window."""

NO_KEYS = frozenset({"bus-station", "tower-block"})
"""Kinds of site that are never shut, and so have nobody to be called with a key."""


def expecting(site: Record) -> Record:
    """Return the site's row with what is expected of its panel."""
    if not site["systems"]:
        return site
    kind = site["site_kind"]
    return site | {
        "hours": HOURS.get(kind, ""),
        "test_every_h": TEST_EVERY_H,
        "path_grade": GRADES.get(kind, ""),
    }


def keyholders(sites: Iterable[Record]) -> Iterator[Record]:
    """Yield the keyholders of every building that is ever shut."""
    locked = (site for site in sites if site["site_kind"] not in NO_KEYS)
    for place, site in enumerate(locked):
        for turn, begins in enumerate(DRAMA, start=1):
            yield {
                "keyholder": f"KH-{site['site']}-{turn}",
                "site": site["site"],
                "role": f"Keyholder {turn} of {site['site']}",
                "turn": str(turn),
                "telephone": f"{begins}{place % DRAMA_EACH:03}",
            }


def patrols(sites: Iterable[Record]) -> Iterator[Record]:
    """Yield a round for every site that a patrol visits."""
    windows = dict(ROUNDS)
    for site in sites:
        window = windows.get(site["site_kind"])
        if window is not None:
            yield {"round": f"RND-{site['site']}", "site": site["site"], "window": window}
