"""How a crew is, from its own words, its orders and its roster: nothing of it is kept twice.

A word about duty counts for `people.duty_max_s` (twelve hours, the longest shift we know); after that, and
for a unit that never said anything, the roster says whether it is there. A unit without a roster is. So a
crew that forgot to book on is sent all the same: an order that nobody accepts goes to the next one within a
minute.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from controlroom.estate.model import Crew
from controlroom.estate.shifts import runs
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import StandingOrder
from controlroom.incidents.people.terms import PeopleRules
from controlroom.incidents.state import State
from controlroom.rules.calendars import LONDON
from controlroom.signals.dispatch_messages import Step

FURTHEST_FIRST = (Step.ON_SCENE, Step.EN_ROUTE, Step.ACCEPTED, None)
"""What a crew is on comes before what waits."""


class CrewStatus(StrEnum):
    """How a crew is. `busy`: it has accepted and not left yet, or takes nothing by its own word."""

    OFF_DUTY = "off_duty"
    AVAILABLE = "available"
    OFFERED = "offered"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    BUSY = "busy"


_BY_STEP = {
    Step.ON_SCENE: CrewStatus.ON_SCENE,
    Step.EN_ROUTE: CrewStatus.EN_ROUTE,
    Step.ACCEPTED: CrewStatus.BUSY,
    None: CrewStatus.OFFERED,
}


class Wall(Struct, frozen=True, gc=False):
    """A moment, and what the clock on the wall in Leeds says: weekday (0 is Monday), minute of the day."""

    now: datetime
    weekday: int
    minute: int

    @property
    def hour(self) -> int:
        """The hour of the day."""
        return self.minute // 60


def wall_at(now: datetime) -> Wall:
    """Return what the clock on the wall says at this moment."""
    local = now.astimezone(LONDON)
    return Wall(now, local.weekday(), local.hour * 60 + local.minute)


def is_on_duty(people: PeopleRules, crew: Crew, note: CrewNote | None, wall: Wall) -> bool:
    """Say whether the crew is at work: by its own word while that counts, else by its roster."""
    if note is not None and note.on_duty is not None and note.said_at is not None:
        until = people.after(note.said_at, people.duty_max_s)
        if wall.now < until:
            return note.on_duty
    return people.pace != 1.0 or not crew.shifts or runs(crew.shifts, wall.weekday, wall.minute)


def may_be_sent(people: PeopleRules, crew: Crew, note: CrewNote | None, wall: Wall) -> bool:
    """Say whether the room may send the crew by itself."""
    return (note is None or not note.busy) and is_on_duty(people, crew, note, wall)


def status_of(handbook: Handbook, state: State, crew: Crew, wall: Wall) -> CrewStatus:
    """Return how the crew is."""
    jobs = jobs_of(state, crew.unit)
    if jobs:
        note = state.crews.get(crew.unit)
        offered = jobs[0].step is None
        return CrewStatus.BUSY if offered and note is not None and note.busy else _BY_STEP[jobs[0].step]
    note = state.crews.get(crew.unit)
    if not is_on_duty(handbook.house.people, crew, note, wall):
        return CrewStatus.OFF_DUTY
    return CrewStatus.BUSY if note is not None and note.busy else CrewStatus.AVAILABLE


def jobs_of(state: State, unit: str) -> list[StandingOrder]:
    """Return what the unit has in hand, the order that it is furthest with first, then the oldest."""
    jobs = [state.orders[order] for order in state.in_hand.get(unit, ())]
    return sorted(jobs, key=lambda job: FURTHEST_FIRST.index(job.step))
