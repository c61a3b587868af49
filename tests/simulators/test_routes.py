"""The city meets the shipped rules: both routes at once, and no word that only one side knows."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from controlroom.estate.areas import Area
from controlroom.estate.load import SITE_KINDS, CameraGroup
from controlroom.estate.model import Estate
from controlroom.rules.compile import Compiled
from controlroom.rules.load import load
from controlroom.rules.names import Names
from controlroom.rules.verdict import NO_RULE, Circumstances, RoomFacts, Route, Verdict
from controlroom.signals.envelope import read
from controlroom.wiring.rule_files import read_rule_files
from simulators.city import life
from simulators.speech import Run, wires

CONFIG = Path(__file__).parents[2] / "config"
FILES = read_rule_files(CONFIG / "rules")
TABLES, CALENDARS = FILES.tables, FILES.calendars
MORNING = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
SPEED = 10.0


@pytest.fixture(scope="module")
def judge() -> Compiled:
    """Return the shipped rules, compiled."""
    return Compiled(load(TABLES, CALENDARS))


def verdicts(estate: Estate, judge: Compiled, seed: int, end_s: float) -> list[Verdict]:
    """Return what the shipped rules say of everything that is sent in the first `end_s` virtual seconds."""
    found = []
    said = life(estate, seed, 1.0, Run("run", 1, SPEED))
    for message in itertools.takewhile(lambda message: message.due_s < end_s, said):
        now = MORNING + timedelta(seconds=message.due_s / SPEED)
        signal = read(wires(message, now, SPEED)[0])
        area = Area(message.topic.split("/")[1])
        place = estate.place(message.topic)
        found.append(judge.judge(Circumstances(signal, message.kind, area, place, RoomFacts(), now)))
    return found


@pytest.mark.parametrize("seed", [1, 2, 3, 2015])
def test_both_routes_are_taken_within_ten_seconds(estate: Estate, judge: Compiled, seed: int) -> None:
    """At ten times real time, ten seconds of the city bring several mobile responses and log entries."""
    routes = [verdict.route for verdict in verdicts(estate, judge, seed, 10 * SPEED)]
    assert routes.count(Route.MOBILE_RESPONSE) >= 3
    assert routes.count(Route.LOG) >= 10


def test_a_rule_takes_everything_that_the_city_says(estate: Estate, judge: Compiled) -> None:
    """An hour of the city leaves nothing to the verdict of last resort and wakes many of the rules."""
    rules = {verdict.rule for verdict in verdicts(estate, judge, 1, 3600)}
    assert NO_RULE not in rules
    assert len(rules) >= 25


def test_the_rules_name_only_kinds_of_site_that_an_estate_can_have() -> None:
    """The shipped tables load when their kinds of site are checked against the estate's closed list."""
    assert load(TABLES, CALENDARS, Names(site_kinds=frozenset({*SITE_KINDS, *CameraGroup}))).tables
