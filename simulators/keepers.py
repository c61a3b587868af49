"""What people and machines do by the clock on the wall: set and unset a building by its hours, walk a round.

The city's day runs at its own speed, but the room watches hours by the real clock. So these acts are
made for real moments and then put at the virtual second that is played then. A run that does not say when
it started (most tests) has none of them.

Some buildings are set late, some rounds are forgotten, a few libraries are opened in the night: about
one in `LATE_EVERY`, by the dice of the seed. Paths are polled every so many virtual seconds.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from controlroom.estate.model import Estate, Place, Round
from controlroom.incidents.sites.dusk import sunset
from controlroom.incidents.sites.hours import next_closing, next_opening
from controlroom.incidents.sites.supervision import REPORTING_S, paths_of
from controlroom.rules.calendars import Calendar
from controlroom.signals.payloads import ArcAlarm, GuardBooking, ParkReport
from controlroom.signals.vocabulary import AlarmEvent, GuardEvent, ParkEvent, SetState
from simulators.timetable import Act, Episode, dice, unfold

LATE_EVERY = 20
"""One closing in so many comes late, or one round is not walked: our guess."""

ABOUT_MIN = (15, 25)
"""Minutes between two reports of a guard who is about a place all night: inside the room's half hour."""

LATE_MIN = (35, 90)
"""Minutes after its hours at which a building is set that is set late: past the room's half hour."""

FIRST_WORD_S = 60.0
"""Virtual seconds in which, at the start, every building says how it stands: a receiver asks its panels."""

POLLS_A_TIME = 3
"""Polls in the time in which one must come."""


class Wall:
    """The real clock of a run: when it started, and how many virtual seconds pass in a real one."""

    def __init__(self, started: datetime, speed: float, calendars: Mapping[str, Calendar]) -> None:
        self.started = started
        self.speed = speed
        self.calendars = calendars

    def second(self, moment: datetime) -> float:
        """Return the virtual second that is played at this real moment."""
        return (moment - self.started).total_seconds() * self.speed


def panel_acts(estate: Estate, seed: int, wall: Wall) -> Iterator[Act]:
    """Yield what panels with hours say of themselves, and the polls of supervised paths, for ever."""
    panels = [place for place in estate.places.values() if place.kind == "arc-alarm"]
    return unfold(
        *(
            building(dice(seed, f"hours {place.topic}"), place, calendar, wall)
            for place in panels
            if (calendar := wall.calendars.get(place.hours or "")) is not None
        ),
        *polls(estate, seed),
    )


def polls(estate: Estate, seed: int) -> Iterator[Iterator[Episode]]:
    """Yield for each supervised path what it sends, for ever: one stream a path."""
    for place in estate.places.values():
        if place.kind == "arc-alarm" and (grade := place.path_grade) is not None:
            for path in paths_of(grade):
                yield _polls(dice(seed, f"polls {place.topic} {path}"), place, path, grade)


def patrol_acts(estate: Estate, seed: int, wall: Wall) -> Iterator[Act]:
    """Yield the visits of the patrols, for ever."""
    return unfold(
        *(
            _visits(dice(seed, f"round {one.name}"), one, calendar, wall)
            for one in estate.rounds.values()
            if (calendar := wall.calendars.get(one.window)) is not None
        )
    )


def park_acts(estate: Estate, seed: int, wall: Wall) -> Iterator[Act]:
    """Yield the openings and closings of parks that keep hours, for ever."""
    return unfold(
        *(
            gates(dice(seed, f"gates {place.topic}"), place, calendar, wall)
            for place in estate.places.values()
            if place.kind == "park" and (calendar := wall.calendars.get(place.hours or "")) is not None
        )
    )


def gates(rng: random.Random, place: Place, calendar: Calendar, wall: Wall) -> Iterator[Episode]:
    """Yield the state of a park at the start, its openings by its hours, its closings by these or at dusk."""
    at = wall.started
    is_open = calendar.holds(at) and at < sunset(at.date())
    yield (_gate(rng.uniform(1.0, FIRST_WORD_S), place, is_open=is_open),)
    while True:
        edge = (next_closing if is_open else next_opening)(calendar, at)
        if edge is None:
            return
        at = min(edge, sunset(edge.date())) if is_open else edge
        is_open = not is_open
        late = rng.randrange(LATE_EVERY) == 0
        minutes = rng.uniform(*LATE_MIN) if late else rng.uniform(0, 20)
        second = wall.second(at + timedelta(minutes=minutes))
        yield (_gate(max(second, FIRST_WORD_S + 1), place, is_open=is_open),)


def _gate(at: float, place: Place, *, is_open: bool) -> Act:
    """Return the opening or closing of a park, as a gate controller sends it."""
    event = ParkEvent.OPENED if is_open else ParkEvent.CLOSED
    return Act(at, place.topic, ParkReport(park=place.topic.rpartition("/")[2], event=event))


class Habit(msgspec.Struct, frozen=True):
    """How people use a building: between which minutes around its hours they unset it.

    `says_open`: its panel says at the start of a run that it stands open.
    """

    unset_min: tuple[float, float] = (-20.0, 0.0)
    says_open: bool = True


USUAL = Habit()


def building(
    rng: random.Random, place: Place, calendar: Calendar, wall: Wall, habit: Habit = USUAL
) -> Iterator[Episode]:
    """Yield the state of a building at the start, and then its openings and closings by its hours."""
    is_open = calendar.holds(wall.started)
    first = _panel(rng.uniform(1.0, FIRST_WORD_S), place, AlarmEvent.OPENED if is_open else AlarmEvent.CLOSED)
    if habit.says_open or not is_open:
        yield (first,)
    at = wall.started
    while True:
        edge = (next_closing if is_open else next_opening)(calendar, at)
        if edge is None:
            return
        at, is_open = edge, not is_open
        event = AlarmEvent.OPENED if is_open else AlarmEvent.CLOSED
        late = not is_open and rng.randrange(LATE_EVERY) == 0
        usual = habit.unset_min if is_open else (0.0, 20.0)
        minutes = rng.uniform(*(LATE_MIN if late else usual))
        second = wall.second(edge + timedelta(minutes=minutes))
        yield (_panel(max(second, FIRST_WORD_S + 1), place, event),)


def _polls(rng: random.Random, place: Place, path: str, grade: str) -> Iterator[Episode]:
    """Yield the polls of a path, a few in each of its times."""
    gap_s = REPORTING_S[grade][paths_of(grade).index(path)] / POLLS_A_TIME
    at = rng.uniform(1.0, FIRST_WORD_S)
    while True:
        said = ArcAlarm(site=place.site, event=AlarmEvent.POLL, zone=path)
        yield (Act(at, place.topic, said),)
        at += gap_s * rng.uniform(0.9, 1.0)


def _visits(rng: random.Random, one: Round, calendar: Calendar, wall: Wall) -> Iterator[Episode]:
    """Yield one visit in each window, but for those that are forgotten."""
    at = wall.started
    while True:
        opens = next_opening(calendar, at)
        closes = next_closing(calendar, opens) if opens is not None else None
        if opens is None or closes is None:
            return
        at = closes
        if one.random:
            yield from _all_night(rng, one, (opens, closes), wall)
            continue
        share = rng.uniform(0.1, 0.9)
        if rng.randrange(LATE_EVERY) != 0:
            said = GuardBooking(guard=f"PATROL-{rng.randint(1, 4)}", post=one.site, event=GuardEvent.VISIT)
            yield (Act(wall.second(opens + (closes - opens) * share), one.topic, said),)


def _all_night(
    rng: random.Random, one: Round, window: tuple[datetime, datetime], wall: Wall
) -> Iterator[Episode]:
    """Yield the visits of a guard who is about the place all night: the room may call at any moment of it."""
    at, closes = window
    guard = f"PATROL-{rng.randint(1, 4)}"
    while (at := at + timedelta(minutes=rng.uniform(*ABOUT_MIN))) < closes:
        said = GuardBooking(guard=guard, post=one.site, event=GuardEvent.VISIT)
        yield (Act(wall.second(at), one.topic, said),)


def _panel(at: float, place: Place, event: AlarmEvent) -> Act:
    """Return an opening or closing with the state that follows from it."""
    opened = event is AlarmEvent.OPENED
    state, code = (SetState.UNSET, "CID 1401") if opened else (SetState.SET, "CID 3401")
    return Act(at, place.topic, ArcAlarm(site=place.site, event=event, set_state=state, code=code))
