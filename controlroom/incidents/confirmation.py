"""When two signals of one site are more than one: sequential confirmation after BS 8243.

Intrusion is confirmed by a second, independent detector (another zone of the same site) within the site's
window, by an alarm beside a path fault that still stands, or by a second path. A hold-up is confirmed by a
second activation more than `HOLD_UP_APART_S` after an earlier one, or by a tamper within that time.
A detector outside (`intruder_external`) never confirms, nor does a signal without a zone (nobody can
say that it is another one), nor anything on test, restored, or of a system known to be unset (but
hold-up, which people press by day). A panel that confirms by itself is believed and not confirmed twice.

The figures are those that installers and panel makers quote: confirm against the standard.
Bounds: places of the estate only; at most `CLUES_MAX` clues each, the oldest given up first.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from controlroom.estate.model import CONFIRM_MAX
from controlroom.incidents.lessons import ClueKept, Threat
from controlroom.incidents.paths import UNNAMED
from controlroom.signals.vocabulary import AlarmEvent

HOLD_UP_APART_S = 120
"""Two hold-up activations must be further apart than this, a tamper no further: two minutes."""

HOLD_UP_WINDOW_S = 28_800
"""How long a hold-up waits for a second one. From memory it may be 8 to 20 hours; 8 is a default of ours."""

CLUES_MAX = 16
"""Clues kept of a site: more zones than any walk through a building trips before somebody looks."""

_HOLD_UP_APART = timedelta(seconds=HOLD_UP_APART_S)
_HOLD_UP_WINDOW = timedelta(seconds=HOLD_UP_WINDOW_S)
_LONGEST_WINDOW = timedelta(minutes=CONFIRM_MAX)

# Names of our own, because Python 3.11 looks a member of an enum up at ten times the price of a name.
_INTRUDER, _TAMPER, _PATH_FAULT, _HOLD_UP = (
    AlarmEvent.INTRUDER,
    AlarmEvent.TAMPER,
    AlarmEvent.PATH_FAULT,
    AlarmEvent.HOLD_UP,
)


def is_clue(event: AlarmEvent) -> bool:
    """Say whether a signal of this event is remembered for a later one."""
    return event is _INTRUDER or event is _TAMPER or event is _PATH_FAULT or event is _HOLD_UP


class Clue(Struct, frozen=True, gc=False, array_like=True):
    """One detector's last signal, and the first of its run of hold-ups: positions and moments."""

    event: AlarmEvent
    zone: str | None
    armed: bool
    position: int
    at: datetime
    first_position: int
    first_at: datetime


def second_to(
    kept: tuple[Clue, ...], new: ClueKept, now: datetime, window: timedelta, failed: tuple[str, ...]
) -> tuple[Threat, int] | None:
    """Return what this signal confirms and the position of the other; None when it is alone.

    `failed` are the paths of the site that stand failed; `window` is the site's.
    """
    for clue in kept:
        hold_up = _hold_up(clue, new, now)
        if hold_up is not None:
            return Threat.HOLD_UP, hold_up
    if new.armed and new.event is not _HOLD_UP:
        for clue in reversed(kept):
            if clue.armed and now - clue.at <= window and _independent(clue, new, failed):
                return Threat.INTRUSION, clue.position
    return None


def _independent(clue: Clue, new: ClueKept, failed: tuple[str, ...]) -> bool:
    """Say whether a kept clue is of another detector, or another way of being cut off, than the new one."""
    if clue.event is _HOLD_UP:
        return False
    if clue.event is _PATH_FAULT:
        return (clue.zone or UNNAMED) in failed and (new.event is not _PATH_FAULT or clue.zone != new.zone)
    if new.event is _PATH_FAULT:
        return True
    return clue.zone is not None and new.zone is not None and clue.zone != new.zone


def _hold_up(clue: Clue, new: ClueKept, now: datetime) -> int | None:
    """Return the position of the signal that makes these two a confirmed hold-up; None when they are none."""
    if clue.event is _HOLD_UP:
        if new.event is _TAMPER and now - clue.at <= _HOLD_UP_APART:
            return clue.position
        if (
            new.event is _HOLD_UP
            and now - clue.at <= _HOLD_UP_WINDOW
            and now - clue.first_at > _HOLD_UP_APART
        ):
            return clue.first_position
    elif new.event is _HOLD_UP and clue.event is _TAMPER and now - clue.at <= _HOLD_UP_APART:
        return clue.position
    return None


def still_confirmed(threat: Threat, since: datetime | None, now: datetime, window: timedelta) -> bool:
    """Say whether this threat was confirmed so lately that it is not to be confirmed again."""
    return since is not None and now - since <= (_HOLD_UP_WINDOW if threat is Threat.HOLD_UP else window)


def keep(kept: tuple[Clue, ...], new: ClueKept, position: int, now: datetime) -> tuple[Clue, ...]:
    """Return the site's clues with this one as the latest, without those that can confirm nothing more."""
    hold_up = new.event is _HOLD_UP
    zone = None if hold_up else new.zone
    clue = Clue(new.event, zone, new.armed, position, now, position, now)
    others = []
    for old in kept:
        alive = now - old.at <= (_HOLD_UP_WINDOW if old.event is _HOLD_UP else _LONGEST_WINDOW)
        if not alive:
            continue
        same = old.event is new.event and old.zone == zone
        if not same or (old.armed and not new.armed and not hold_up):
            others.append(old)  # what is heard while unset takes nothing from what was heard while set
        elif hold_up:
            clue = replace(clue, first_position=old.first_position, first_at=old.first_at)
    if len(others) >= CLUES_MAX:
        oldest = next(place for place, old in enumerate(others) if old.event is not _HOLD_UP)
        del others[oldest]
    return (*others, clue)
