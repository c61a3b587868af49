"""The words that rules may name of the world around them: sites, site kinds, tags, action plans.

Taken from the estate that the room has loaded, so that a rule about a school which is spelt wrongly, or a tag
that no place carries, is found when the rules are loaded and not by the alarm that it should have met.
Site kinds are the closed list of the estate's file format: a rule may speak of museums before there is one.
So may it of tags that have a meaning of their own (`KNOWN_TAGS`).
"""

from collections.abc import Iterable

import msgspec

from controlroom.estate.load import KNOWN_TAGS, SITE_KINDS, SYSTEMS, CameraGroup
from controlroom.estate.model import Estate


class Names(msgspec.Struct, frozen=True):
    """Open words that can be checked against the world; None: that word is not checked."""

    sites: frozenset[str] | None = None
    site_kinds: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    action_plans: frozenset[str] | None = None

    def of(self, field: str) -> frozenset[str] | None:
        """Return the words that this field may be compared with; None: any."""
        match field:
            case "site" | "signal.site":
                return self.sites
            case "site_kind":
                return self.site_kinds
            case "tags":
                return self.tags
            case _:
                return None


def names_of(estate: Estate) -> Names:
    """Return the words of this estate; action plans are the rule files' own and are not checked by these."""
    places = estate.places.values()
    systems = (f"system-{name}" for name in SYSTEMS)
    return Names(
        sites=frozenset(place.site for place in places),
        site_kinds=frozenset({*SITE_KINDS, *(group.value for group in CameraGroup)}),
        tags=frozenset(KNOWN_TAGS).union(systems, *(place.tags for place in places)),
    )


def with_plans(names: Names, plans: Iterable[str] | None) -> Names:
    """Return the words with these action plans, and no others; None: any action plan will do."""
    return msgspec.structs.replace(names, action_plans=None if plans is None else frozenset(plans))
