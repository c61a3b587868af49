"""What came in before a past moment, by kind and route: the live page's counts, over the last minutes.

The live page counts since its room's process started, which no journal tells. Here the last `WINDOW` before
the moment are counted, or as far back as `COUNTED` records reach: the answer says from when on.
"""

from datetime import datetime, timedelta

import msgspec

from controlroom.console.past.fold import SHOWN_BEFORE, STEPS_BACK, Past
from controlroom.incidents.changes import IncidentOpened, Logged, SignalJoined
from controlroom.rules.verdict import Route
from controlroom.signals.vocabulary import Kind

WINDOW = timedelta(minutes=10)
"""What is counted: long enough for a rate, short enough to see a flood begin."""

COUNTED = SHOWN_BEFORE - STEPS_BACK
"""Records that every past holds before where it stands, however it came there."""


class Came(msgspec.Struct, frozen=True):
    """Signals by kind and route, from `since` on."""

    since: datetime
    counts: dict[Kind, dict[str, int]]


def came(past: Past, moment: datetime) -> Came:
    """Return what had come in the last minutes before this moment, at which the past stands."""
    counts: dict[Kind, dict[str, int]] = {kind: dict.fromkeys(Route, 0) for kind in Kind}
    since, until = moment - WINDOW, past.position - past.first
    begun = max(0, until + 1 - COUNTED)
    for record in reversed(past.records[begun : until + 1]):
        if record.now < since:
            break
        for change in record.decision.changes:
            if isinstance(change, Logged):
                counts[change.kind][Route.LOG] += 1
            elif isinstance(change, IncidentOpened):
                counts[change.incident.kind][Route.MOBILE_RESPONSE] += 1
            elif isinstance(change, SignalJoined):
                counts[change.kind][Route.MOBILE_RESPONSE] += 1
    else:
        since = max(since, past.records[begun].now)
    return Came(since, counts)
