"""A believable day for tests, made once: a Saturday on which everything happens.

Of the shipped estate but for most bus stations' cameras, whose heartbeats are nearly all of a day's messages.
"""

from datetime import datetime
from functools import cache
from itertools import takewhile
from pathlib import Path

from msgspec.structs import replace

from controlroom.estate.load import load
from controlroom.estate.model import Estate
from controlroom.rules.almanac import read_calendars
from controlroom.rules.calendars import LONDON, Calendar
from controlroom.rules.problems import Findings
from simulators.day.city import believable
from simulators.day.occasions import SORTS
from simulators.day.town import DAY_S, Town
from simulators.estate import DEMONSTRATION_SEED, generate
from simulators.keepers import Wall
from simulators.speech import Message, Run

CALENDARS = Path(__file__).parents[2] / "config" / "calendars.yaml"
MONDAY = datetime(2026, 3, 2, tzinfo=LONDON)
SATURDAY = datetime(2026, 3, 7, tzinfo=LONDON)


@cache
def shipped() -> Estate:
    """Return the demonstration estate with the cameras of three bus stations only."""
    whole = load(generate(DEMONSTRATION_SEED))
    beating = {topic for topic, one in whole.places.items() if one.kind == "camera-fault"} & {
        topic for topic, one in whole.places.items() if one.site_kind == "bus-station" and one.site > "BUS-03"
    }
    places = {topic: place for topic, place in whole.places.items() if topic not in beating}
    return replace(whole, places=places, kinds={}, units={}, cameras_of={}, expecting=[])


@cache
def calendars() -> dict[str, Calendar]:
    """Return the shipped calendars."""
    return dict(read_calendars(str(CALENDARS), CALENDARS.read_text("utf-8"), Findings()))


def town_on(
    begins: datetime, seed: int = 2015, chosen: frozenset[str] = frozenset(), calls: float = 1.0
) -> Town:
    """Return the city from this moment on, at its own speed."""
    return Town(shipped(), seed, Wall(begins, 1.0, calendars()), calls, chosen)


def said_in(town: Town, seconds: float = DAY_S) -> list[Message]:
    """Return what devices say in the first seconds of the run."""
    run = Run("day", 1000, town.wall.speed, town.wall)
    return [*takewhile(lambda message: message.due_s < seconds, believable(town, run))]


@cache
def a_monday() -> tuple[Message, ...]:
    """Return a Monday of the shipped seed."""
    return tuple(said_in(town_on(MONDAY)))


@cache
def full_saturday() -> tuple[Message, ...]:
    """Return a Saturday with every occasion."""
    return tuple(said_in(town_on(SATURDAY, chosen=frozenset(SORTS))))
