"""What begins, ends and continues a duty, as changes: the same for a device's word and an operator's."""

from datetime import datetime, timedelta

from msgspec import Struct

from controlroom.estate.model import Place
from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.people.duty import RESULT_AT, Checked, CheckResult, Duty, DutyBegan, NotWatched
from controlroom.incidents.people.roster import end_of
from controlroom.incidents.people.terms import PeopleRules
from controlroom.signals.vocabulary import Kind


class Booking(Struct, frozen=True):
    """Who begins a duty: the person's key where the device gave one, the operator where one did it."""

    person: str | None = None
    by: str | None = None


def begun(handbook: Handbook, place: Place, booking: Booking, now: datetime) -> tuple[Change, ...]:
    """Return the beginning of a duty at this place, with everything that is expected from now on."""
    people = handbook.house.people
    shift_ends = end_of(people.shifts(place), now, timedelta(seconds=people.early_s))
    until = shift_ends or people.after(now, people.duty_max_s)
    duty = Duty(
        source=place.topic,
        kind=Kind(place.kind),
        person=booking.person or place.topic.rpartition("/")[2],
        since=now,
        every_s=people.every_s(place),
        grace_s=people.grace_s(place),
        until=until,
        checked_at=now,
        by=booking.by,
    )
    over = Watch(people.after(until, people.overrun_s), WatchKind.SHIFT_END, duty.source)
    return DutyBegan(duty), WatchArmed(_next_check(people, duty, now)), WatchArmed(over)


def checked(people: PeopleRules, duty: Duty, now: datetime, by: str | None = None) -> tuple[Change, ...]:
    """Return a sign of life that was taken, and the next one that is due."""
    result = RESULT_AT[duty.stage] if by is None else CheckResult.TELEPHONE
    return Checked(duty.source, duty.kind, result, by), WatchArmed(_next_check(people, duty, now))


def begun_anew(people: PeopleRules, duty: Duty, now: datetime) -> tuple[Change, ...]:
    """Return that the next sign of life is due in an interval, whatever became of the last."""
    return NotWatched(duty.source), WatchArmed(_next_check(people, duty, now))


def _next_check(people: PeopleRules, duty: Duty, now: datetime) -> Watch:
    return Watch(people.after(now, duty.every_s), WatchKind.CHECK, duty.source)
