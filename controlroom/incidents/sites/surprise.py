"""The moment at which a random round is called: nobody outside can know it, and a replay finds it again.

It is drawn from a secret that the journal holds since the room first had such a round, the round's name and
the beginning of the span. So whoever watches a yard for a month learns nothing of the next night, while a
restart and a replay call at the same moments. The call comes early enough that the visit ends in the span.

Limit: whoever may read the journal, or an export of it, can know the moments to come.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from controlroom.incidents.sites.hours import last_opening, next_closing, next_opening
from controlroom.rules.calendars import Calendar

_MICROSECOND = timedelta(microseconds=1)
_FRACTIONS = 2**64
"""A moment is drawn from so many: finer than any clock."""


def moment_of(seed: bytes, name: str, opens: datetime, closes: datetime, within: timedelta) -> datetime:
    """Return the moment in this span at which the round is called, so that the visit ends in the span."""
    said = f"{name} {opens.astimezone(UTC).isoformat()}"
    drawn = int.from_bytes(hmac.new(seed, said.encode(), hashlib.sha256).digest()[:8], "big")
    room = max(closes - opens - within, timedelta())
    return opens + timedelta(microseconds=room // _MICROSECOND * drawn // _FRACTIONS)


def next_call(
    seed: bytes, name: str, calendar: Calendar, now: datetime, within: timedelta
) -> datetime | None:
    """Return the next moment after now at which the round is called; None without a seed or a near span."""
    opens = last_opening(calendar, now) if calendar.holds(now) else next_opening(calendar, now)
    while seed and opens is not None:
        closes = next_closing(calendar, opens)
        if closes is None:
            return None
        moment = moment_of(seed, name, opens, closes, within)
        if moment > now:
            return moment
        opens = next_opening(calendar, max(opens, now))
    return None
