"""What parks and homes say in the simulated city: believable in order and in place."""

import itertools
from collections import Counter

import pytest

from controlroom.estate.model import Estate
from controlroom.signals.payloads import ParkReport, TelecareReport
from controlroom.signals.vocabulary import (
    LIFE_SAFETY_PARK,
    LIFE_SAFETY_TELECARE,
    ROOM_WORDS,
    ParkEvent,
    TelecareEvent,
)
from simulators import parks, telecare
from simulators.timetable import HOUR_S, Act

LONG = 400 * HOUR_S
"""Long enough for each word to be said, over a fortnight of virtual time."""


@pytest.fixture(scope="module")
def in_parks(estate: Estate) -> list[tuple[Act, ParkReport]]:
    """Return what parks report in a fortnight."""
    said = itertools.takewhile(lambda act: act.due_s < LONG, parks.acts(estate, 1, 1.0))
    return [(act, act.data) for act in said if isinstance(act.data, ParkReport)]


@pytest.fixture(scope="module")
def at_home(estate: Estate) -> list[tuple[Act, TelecareReport]]:
    """Return what homes report in a fortnight."""
    said = itertools.takewhile(lambda act: act.due_s < LONG, telecare.acts(estate, 1, 1.0))
    return [(act, act.data) for act in said if isinstance(act.data, TelecareReport)]


def test_a_park_is_opened_and_closed_in_turn(in_parks: list[tuple[Act, ParkReport]], estate: Estate) -> None:
    """A park without hours is opened within the first half hour, and never twice without being closed."""
    free = {place.topic for place in estate.places.values() if place.kind == "park" and place.hours is None}
    states: dict[str, list[ParkEvent]] = {}
    for act, report in in_parks:
        if report.event in (ParkEvent.OPENED, ParkEvent.CLOSED):
            states.setdefault(act.topic, []).append(report.event)
    assert states.keys() == free
    for events in states.values():
        assert events[::2] == [ParkEvent.OPENED] * len(events[::2])
        assert events[1::2] == [ParkEvent.CLOSED] * len(events[1::2])
        assert len(events) > 20
    first = {act.topic for act, report in in_parks if act.due_s < 1800}
    assert set(states) <= first


def test_every_word_of_a_park_is_said_where_it_can_be(
    in_parks: list[tuple[Act, ParkReport]], estate: Estate
) -> None:
    """All words come in a fortnight, dangers seldom; somebody is in the water only where there is a lake."""
    words = Counter(report.event for _, report in in_parks)
    assert set(words) == set(ParkEvent) - ROOM_WORDS
    assert sum(words[event] for event in LIFE_SAFETY_PARK) < words[ParkEvent.ANTISOCIAL_BEHAVIOUR]
    for act, report in in_parks:
        if report.event is ParkEvent.PERSON_IN_WATER:
            assert "lake" in estate.places[act.topic].tags


def test_a_gate_that_fails_is_mended(in_parks: list[tuple[Act, ParkReport]]) -> None:
    """Each gate fault is followed by the same gate moving again, within about an hour."""
    for act, report in in_parks:
        if report.event is ParkEvent.GATE_FAULT and act.due_s < LONG - 2 * HOUR_S:
            assert any(
                other.topic == act.topic
                and said.event is ParkEvent.GATE_MENDED
                and said.gate == report.gate
                and act.due_s < other.due_s <= act.due_s + HOUR_S
                for other, said in in_parks
            )


def test_most_of_telecare_is_housekeeping(at_home: list[tuple[Act, TelecareReport]]) -> None:
    """Every usual word comes in a fortnight, and tests and reassurance outnumber personal alarms tenfold."""
    words = Counter(report.event for _, report in at_home)
    assert set(words) == set(TelecareEvent)
    calm = words[TelecareEvent.TEST] + words[TelecareEvent.REASSURANCE_ANSWERED]
    assert calm > 10 * sum(words[event] for event in LIFE_SAFETY_TELECARE)


def test_what_is_pressed_is_reset(at_home: list[tuple[Act, TelecareReport]]) -> None:
    """A reset comes from the home and the device that called, and never without a call before it."""
    called: Counter[tuple[str, str | None]] = Counter()
    for act, report in at_home:
        if report.event in telecare.RESETS:
            called[act.topic, report.device] += 1
        elif report.event is TelecareEvent.RESET:
            called[act.topic, report.device] -= 1
            assert called[act.topic, report.device] >= 0


def test_a_silent_button_opens_no_voice_path(at_home: list[tuple[Act, TelecareReport]]) -> None:
    """A bogus-caller button is heard by nobody at the door."""
    silent = [report.speech for _, report in at_home if report.event is TelecareEvent.BOGUS_CALLER]
    assert silent
    assert not any(silent)
