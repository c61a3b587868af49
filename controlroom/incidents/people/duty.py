"""A duty: somebody is at work alone, and owes the room a sign of life every so often.

A duty begins with a booking on and ends with a booking off, by the device or by an operator. A sign that
does not come is first *late*, a grace later *missed*; then the room escalates in three steps, each
with a time of its own: the worker is called (`missed`), the supervisor (`unreached`), a crew
goes (`unaccounted`). Any check that is taken, from the device or by telephone, ends that at once.

A sign of life from somebody nobody booked on begins a duty too: who presses is at work, and from then on
somebody would notice if the next one did not come.

After a duress alarm the duty is *silent*: nobody rings, and what the device says counts for nothing, for
somebody else may be holding it. Only a person's word ends that.

A crew on scene can be watched over in the same way: `begun` asks for a source, a kind and terms, not for a
place. Bounds: at most one duty a source, and only sources of the estate have one.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.incident import WatchKind
from controlroom.incidents.watches import Watches, disarm
from controlroom.signals.vocabulary import Kind

WATCHES = (WatchKind.CHECK, WatchKind.CONTACT, WatchKind.AMBER, WatchKind.SHIFT_END)
"""What can be expected of somebody on duty, each under the source's topic."""


class Stage(StrEnum):
    """How far the silence of somebody on duty has come."""

    WELL = "well"
    LATE = "late"
    MISSED = "missed"
    UNREACHED = "unreached"
    UNACCOUNTED = "unaccounted"


class CheckResult(StrEnum):
    """How a check went; a metric label, so the set is closed. `missed` is one that never came."""

    ON_TIME = "on_time"
    LATE = "late"
    AFTER_MISS = "after_miss"
    TELEPHONE = "telephone"
    MISSED = "missed"


RESULT_AT = {
    Stage.WELL: CheckResult.ON_TIME,
    Stage.LATE: CheckResult.LATE,
    Stage.MISSED: CheckResult.AFTER_MISS,
    Stage.UNREACHED: CheckResult.AFTER_MISS,
    Stage.UNACCOUNTED: CheckResult.AFTER_MISS,
}
"""What a device's check counts as, by the stage that it ends."""


class Duty(Struct, frozen=True, gc=False):
    """Somebody at work. `person` is the key that the device gives, `by` the operator who booked them on.

    `every_s` and `grace_s` hold for this duty, whatever the estate says later; `until` is when it should be
    over. `incident` is the one that the last missed check led to, None while all is well.
    """

    source: str
    kind: Kind
    person: str
    since: datetime
    every_s: int
    grace_s: int
    until: datetime
    checked_at: datetime
    stage: Stage = Stage.WELL
    incident: str | None = None
    silent: bool = False
    battery_low: bool = False
    by: str | None = None


class DutyBegan(Struct, frozen=True, gc=False, tag="duty_began"):
    """Somebody is on duty; whoever was on duty there before is not any more."""

    duty: Duty


class DutyEnded(Struct, frozen=True, gc=False, tag="duty_ended"):
    """Somebody is off duty; `by` is the operator who said so, None for the device."""

    source: str
    by: str | None = None


class Checked(Struct, frozen=True, gc=False, tag="checked"):
    """A sign of life was taken; `by` is the operator who took it, None for the device."""

    source: str
    kind: Kind
    result: CheckResult
    by: str | None = None


class CheckSlipped(Struct, frozen=True, gc=False, tag="check_slipped"):
    """No sign of life, one stage further; `incident` is where that is dealt with, if anywhere yet."""

    source: str
    kind: Kind
    stage: Stage
    incident: str | None = None


class DutyNoted(Struct, frozen=True, gc=False, tag="duty_noted"):
    """Something to know of somebody on duty: the battery is low, or nobody may ring."""

    source: str
    battery_low: bool = False
    silent: bool = False


class NotWatched(Struct, frozen=True, gc=False, tag="not_watched"):
    """A check of somebody is over without an outcome: a person closed its incident. It begins anew."""

    source: str


Watched = DutyBegan | DutyEnded | Checked | CheckSlipped | DutyNoted | NotWatched
"""What changes about people on duty."""


def watch_over(duties: dict[str, Duty], watches: Watches, change: Watched, now: datetime) -> None:
    """Bring the duties one change further, and take off what is expected no longer."""
    if isinstance(change, DutyBegan):
        _forget(watches, change.duty.source, WATCHES)
        duties[change.duty.source] = change.duty
        return
    duty = duties[change.source]
    match change:
        case DutyEnded():
            _forget(watches, duty.source, WATCHES)
            del duties[duty.source]
        case Checked():
            _forget(watches, duty.source, (WatchKind.CONTACT, WatchKind.AMBER))
            duties[duty.source] = replace(
                duty, stage=Stage.WELL, incident=None, silent=False, checked_at=now, battery_low=False
            )
        case NotWatched():
            duties[duty.source] = replace(duty, stage=Stage.WELL, incident=None, silent=False)
        case CheckSlipped():
            duties[duty.source] = replace(duty, stage=change.stage, incident=change.incident or duty.incident)
        case DutyNoted():
            duties[duty.source] = replace(
                duty,
                battery_low=duty.battery_low or change.battery_low,
                silent=duty.silent or change.silent,
            )


def _forget(watches: Watches, source: str, kinds: tuple[WatchKind, ...]) -> None:
    for kind in kinds:
        disarm(watches, kind, source)
