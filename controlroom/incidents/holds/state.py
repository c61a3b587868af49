"""What is held at this moment. A part of the state: snapshots and restarts keep it.

Bounds: one hold a cause, each `MEMBERS_KEPT` signals long, and for hours at most, as the rule says.
"""

from datetime import datetime
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from controlroom.incidents.draft import Draft
from controlroom.incidents.holds.changes import HoldChange, HoldEased, HoldEnded, SignalHeld
from controlroom.incidents.work.kept import MEMBERS_KEPT, STANDING_KEPT


class Held(Struct, frozen=True, gc=False):
    """A draft that waits: since when, and until when."""

    draft: Draft
    since: datetime
    until: datetime


class Holds(Struct):
    """Everything held by name, and the names at each site."""

    by_name: dict[str, Held] = field(default_factory=dict)
    at_site: dict[str, dict[str, None]] = field(default_factory=dict)


def name_of_hold(draft: Draft) -> str:
    """Return the name under which signals of one cause wait together."""
    incident = draft.incident
    return incident.merge or f"{incident.source} {incident.event}"


def together(held: Draft, further: Draft) -> Draft:
    """Return the further draft with everything of the held one: the same cause, told twice."""
    first, second = held.incident, further.incident
    standing = (*first.standing, *(name for name in second.standing if name not in first.standing))
    incident = replace(
        second,
        priority=min(first.priority, second.priority),
        activation=first.activation or second.activation,
        signals=first.signals + second.signals,
        members=(*first.members, *second.members)[:MEMBERS_KEPT],
        standing=standing[:STANDING_KEPT],
        ended=first.ended + second.ended,
    )
    return replace(further, incident=incident)


def eased(held: Held, standing: str) -> Held:
    """Return the hold without this condition, which is there no longer."""
    incident = held.draft.incident
    left = tuple(other for other in incident.standing if other != standing)
    incident = replace(incident, standing=left, ended=incident.ended + 1)
    return replace(held, draft=replace(held.draft, incident=incident))


def apply_hold(holds: Holds, change: HoldChange, now: datetime) -> None:
    """Bring the holds one change further."""
    match change:
        case SignalHeld(draft=draft):
            name = name_of_hold(draft)
            before = holds.by_name.get(name)
            if before is None:
                holds.by_name[name] = Held(draft, now, change.until)
            else:
                holds.by_name[name] = replace(before, draft=together(before.draft, draft))
                if before.draft.incident.site != draft.incident.site:  # the records have changed meanwhile
                    _leaves(holds, before.draft.incident.site, name)
            holds.at_site.setdefault(draft.incident.site, {})[name] = None
        case HoldEased(name=name):
            holds.by_name[name] = eased(holds.by_name[name], change.standing)
        case HoldEnded(name=name):
            site = holds.by_name.pop(name).draft.incident.site
            _leaves(holds, site, name)
        case _:
            assert_never(change)


def _leaves(holds: Holds, site: str, name: str) -> None:
    """Take the name off its site."""
    del holds.at_site[site][name]
    if not holds.at_site[site]:
        del holds.at_site[site]
