"""How a crew is, from its own words, its orders and its roster: nothing of it is kept twice.

A word about duty counts for `people.duty_max_s` (twelve hours, the longest shift we know); after that, and
for a unit that never said anything, the roster says whether it is there. A unit without a roster is. So a
crew that forgot to book on is sent all the same: an order that nobody accepts goes to the next one within a
minute.
"""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from controlroom.estate.model import Crew
from controlroom.estate.shifts import DAY_MINUTES
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.handbook import Handbook
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
    """A moment, and the clock on the wall in Leeds: the minute since Monday's midnight, and the hour."""

    now: datetime
    minute_of_week: int
    hour: int


def wall_at(now: datetime) -> Wall:
    """Return what the clock on the wall says at this moment."""
    minute, hour = _on_the_wall(int(now.timestamp()) // 60)
    return Wall(now, minute, hour)


@lru_cache(maxsize=8)
def _on_the_wall(minute: int) -> tuple[int, int]:
    """Return minute of the week and hour of a minute since 1970; many decisions fall into one minute."""
    local = datetime.fromtimestamp(minute * 60, LONDON)
    return local.weekday() * DAY_MINUTES + local.hour * 60 + local.minute, local.hour


def is_on_duty(handbook: Handbook, crew: Crew, note: CrewNote | None, wall: Wall) -> bool:
    """Say whether the crew is at work: by its own word while that counts, else by its roster."""
    people = handbook.house.people
    if note is not None and note.on_duty is not None and note.said_at is not None:
        until = people.after(note.said_at, people.duty_max_s)
        if wall.now < until:
            return note.on_duty
    week = handbook.estate.on_shift.get(crew.unit)
    return week is None or people.pace != 1.0 or week[wall.minute_of_week] == 1


def may_be_sent(handbook: Handbook, crew: Crew, note: CrewNote | None, wall: Wall) -> bool:
    """Say whether the room may send the crew by itself."""
    return (note is None or not note.busy) and is_on_duty(handbook, crew, note, wall)


def status_of(handbook: Handbook, state: State, crew: Crew, wall: Wall) -> CrewStatus:
    """Return how the crew is."""
    jobs = jobs_of(state, crew.unit)
    if jobs:
        note = state.crews.get(crew.unit)
        offered = jobs[0].step is None
        return CrewStatus.BUSY if offered and note is not None and note.busy else _BY_STEP[jobs[0].step]
    note = state.crews.get(crew.unit)
    if not is_on_duty(handbook, crew, note, wall):
        return CrewStatus.OFF_DUTY
    return CrewStatus.BUSY if note is not None and note.busy else CrewStatus.AVAILABLE


def jobs_of(state: State, unit: str) -> list[StandingOrder]:
    """Return what the unit has in hand, the order that it is furthest with first, then the oldest."""
    jobs = [state.orders[order] for order in state.in_hand.get(unit, ())]
    return sorted(jobs, key=lambda job: FURTHEST_FIRST.index(job.step))
