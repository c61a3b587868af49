"""What the city does by the real clock: buildings set and unset by their hours, polls, and patrols."""

from datetime import timedelta
from itertools import pairwise, takewhile
from pathlib import Path

import pytest

from controlroom.estate.model import Estate
from controlroom.rules.almanac import read_calendars
from controlroom.rules.calendars import Calendar
from controlroom.rules.problems import Findings
from controlroom.signals.payloads import ArcAlarm, ParkReport
from controlroom.signals.vocabulary import AlarmEvent, ParkEvent
from simulators.keepers import FIRST_WORD_S, Wall, panel_acts, park_acts, patrol_acts
from simulators.timetable import HOUR_S, Act
from tests.fundamentals.sites_room import leeds

FILE = Path(__file__).parents[2] / "config" / "calendars.yaml"
SPEED = 10.0
NOON = leeds(2026, 3, 2, 12)


@pytest.fixture(scope="module")
def calendars() -> dict[str, Calendar]:
    """Return the shipped calendars."""
    return read_calendars(str(FILE), FILE.read_text("utf-8"), Findings())


def day_of(estate: Estate, calendars: dict[str, Calendar], seed: int = 1) -> list[Act]:
    """Return what panels do by the clock in a real day from noon on."""
    acts = panel_acts(estate, seed, Wall(NOON, SPEED, calendars))
    return list(takewhile(lambda act: act.due_s < 24 * HOUR_S * SPEED, acts))


def test_every_building_with_hours_says_how_it_stands_and_keeps_them(
    estate: Estate, calendars: dict[str, Calendar]
) -> None:
    """At noon all schools and libraries are open; each is set that evening and unset next morning."""
    panels = [place for place in estate.places.values() if place.kind == "arc-alarm"]
    keeping = {place.topic for place in panels if place.hours is not None}
    said = [act for act in day_of(estate, calendars) if isinstance(act.data, ArcAlarm)]
    assert len(keeping) == 98
    first = {act.topic: act.data for act in said if act.due_s <= FIRST_WORD_S and act.topic in keeping}
    assert {getattr(data, "event", None) for data in first.values()} == {AlarmEvent.OPENED}
    for topic in keeping:
        events = [getattr(act.data, "event", None) for act in said if act.topic == topic]
        assert events == [AlarmEvent.OPENED, AlarmEvent.CLOSED, AlarmEvent.OPENED], topic


def test_some_buildings_are_set_late(estate: Estate, calendars: dict[str, Calendar]) -> None:
    """Of some hundred closings a few come more than half an hour after the hours, most of them do not."""
    late = leeds(2026, 3, 2, 18, 30)
    closed = [
        NOON + timedelta(seconds=act.due_s / SPEED)
        for act in day_of(estate, calendars)
        if isinstance(act.data, ArcAlarm) and act.data.event is AlarmEvent.CLOSED
    ]
    assert 1 <= sum(moment > late for moment in closed) <= 15


def test_the_same_seed_keeps_the_same_hours(estate: Estate, calendars: dict[str, Calendar]) -> None:
    """Two runs of a seed are the same acts; another seed is another day."""
    assert day_of(estate, calendars) == day_of(estate, calendars)
    assert day_of(estate, calendars) != day_of(estate, calendars, seed=2)


def test_paths_are_polled_more_often_than_they_must_be(
    estate: Estate, calendars: dict[str, Calendar]
) -> None:
    """The primary path of every museum store is heard of at least every half an hour of the city's day."""
    last: dict[str, float] = {}
    museums = {place.topic for place in estate.places.values() if place.path_grade == "DP2"}
    for act in day_of(estate, calendars):
        if act.topic not in museums or not isinstance(act.data, ArcAlarm):
            continue
        if act.data.event is AlarmEvent.POLL and act.data.zone == "path-1":
            assert act.due_s - last.get(act.topic, act.due_s) <= 1_800
            last[act.topic] = act.due_s
    assert len(last) == 6


def test_patrols_come_in_their_windows_but_for_a_few(estate: Estate, calendars: dict[str, Calendar]) -> None:
    """In a week most rounds are walked, each inside its window."""
    wall = Wall(NOON, SPEED, calendars)
    week = [*takewhile(lambda act: act.due_s < 168 * HOUR_S * SPEED, patrol_acts(estate, 1, wall))]
    windows: dict[str, list[Calendar]] = {}
    for one in estate.rounds.values():
        windows.setdefault(one.topic, []).append(calendars[one.window])
    for act in week:
        at = NOON + timedelta(seconds=act.due_s / SPEED)
        assert any(window.holds(at) for window in windows[act.topic])
    random = {one.topic for one in estate.rounds.values() if one.random}
    walked = [act for act in week if act.topic not in random]
    assert 0.85 < len(walked) / (7 * sum(one.topic not in random for one in estate.rounds.values())) < 1


def test_somebody_is_about_a_place_that_is_called_at_random(
    estate: Estate, calendars: dict[str, Calendar]
) -> None:
    """The room may call at any moment of the window: within half an hour of each there is a visit."""
    (one,) = (one for one in estate.rounds.values() if one.random)
    acts = patrol_acts(estate, 1, Wall(NOON, SPEED, calendars))
    day = takewhile(lambda act: act.due_s < 24 * HOUR_S * SPEED, acts)
    night = [act for act in day if act.topic == one.topic]
    moments = [NOON + timedelta(seconds=act.due_s / SPEED) for act in night]
    inside = [at for at in moments if calendars[one.window].holds(at)]
    assert len(inside) > 5
    assert max(later - at for at, later in pairwise(inside)) < timedelta(minutes=30)


def test_parks_with_gates_close_at_dusk(estate: Estate, calendars: dict[str, Calendar]) -> None:
    """In March every park that keeps hours is open at noon, closed in the evening, and open next day."""
    acts = park_acts(estate, 1, Wall(NOON, SPEED, calendars))
    said: dict[str, list[ParkEvent]] = {}
    for act in takewhile(lambda act: act.due_s < 24 * HOUR_S * SPEED, acts):
        assert isinstance(act.data, ParkReport)
        said.setdefault(act.topic, []).append(act.data.event)
        if act.data.event is ParkEvent.CLOSED:
            assert NOON + timedelta(seconds=act.due_s / SPEED) >= leeds(2026, 3, 2, 17, 40)
    assert len(said) == sum(
        place.hours is not None for place in estate.places.values() if place.kind == "park"
    )
    assert {tuple(events) for events in said.values()} == {
        (ParkEvent.OPENED, ParkEvent.CLOSED, ParkEvent.OPENED)
    }
