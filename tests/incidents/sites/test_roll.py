"""The roll call: every place is called once, in parts, and what the rules change moves the hours."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from controlroom.estate.areas import Area
from controlroom.estate.model import Estate, Place
from controlroom.incidents.changes import WatchArmed
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.hearing import WentDeaf
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.sites.roll import PART, PAUSE_S
from controlroom.incidents.sites.standing import standing
from controlroom.rules.calendars import Calendar, Span
from tests.build import OneWordJudge
from tests.fundamentals.sites_room import SitesRoom, leeds, town

HOURS = Calendar("day", tuple(Span(day, 8 * 60, 18 * 60) for day in range(7)))


def large(count: int) -> Estate:
    """Return an estate of so many buildings with the same hours."""
    made = (
        Place(
            f"leedswatch/inner-east/arc-alarm/S{n}",
            "arc-alarm",
            Area.INNER_EAST,
            f"S{n}",
            "school",
            "A",
            hours="day",
        )
        for n in range(count)
    )
    return Estate({place.topic: place for place in made}, {})


class Judge(OneWordJudge):
    """Knows one calendar."""

    def __init__(self, hours: Calendar = HOURS) -> None:
        self.calendars = {"day": hours}


def test_a_large_estate_is_called_in_parts() -> None:
    """The first record arms one part, a tenth of a second later the next follows, until all stand."""
    book, opened = Handbook(Judge(), large(2 * PART + 1), HouseRules()), leeds(2026, 3, 2, 6)
    room = SitesRoom(opened, handbook=book)
    assert sum(isinstance(one, WatchArmed) for one in room.opening.changes) == PART + 1

    room.until(opened + timedelta(seconds=PAUSE_S))
    assert len(room.due(WatchKind.LATE_TO_SET)) == 2 * PART
    room.until(opened + timedelta(seconds=1))
    assert len(room.due(WatchKind.LATE_TO_SET)) == 2 * PART + 1
    assert room.due(WatchKind.ROLL_CALL) == {}


def test_many_sites_of_the_same_hours_are_asked_one_after_another() -> None:
    """Two thousand buildings that close at six are asked over some seconds, each always at its own."""
    book, opened = Handbook(Judge(), large(2_000), HouseRules()), leeds(2026, 3, 2, 6)
    first = SitesRoom(opened, handbook=book)
    first.until(opened + timedelta(seconds=5))
    due = set(first.due(WatchKind.LATE_TO_SET).values())
    assert due == {leeds(2026, 3, 2, 18, 30) + timedelta(seconds=second) for second in range(5)}


@pytest.mark.parametrize("restart", [False, True], ids=["by a reload", "over a restart"])
def test_other_hours_take_hold_at_once(restart: bool) -> None:  # noqa: FBT001 - which of two ways
    """When the calendars change, the watches that stand move to the new hours."""
    opened = leeds(2026, 3, 2, 6)
    book = Handbook(Judge(), large(1), HouseRules())
    room = SitesRoom(opened, handbook=book)
    sooner = replace(HOURS, weekly=tuple(replace(span, end=16 * 60) for span in HOURS.weekly))
    changed = replace(book, rules=Judge(sooner))
    if restart:
        room = SitesRoom(opened + timedelta(hours=1), room.state, handbook=changed)
    else:
        room.swaps(changed, opened + timedelta(hours=1))
        room.until(opened + timedelta(hours=1))
    assert set(room.due(WatchKind.LATE_TO_SET).values()) == {leeds(2026, 3, 2, 16, 30)}


def test_a_start_that_changes_nothing_arms_nothing() -> None:
    """The watches that stand are left as they are, and the record of the opening says so."""
    room = SitesRoom(leeds(2026, 3, 2, 6), estate=town(paths=True, patrol=True))
    before = {kind: standing(room.state, kind) for kind in WatchKind}
    again = room.restarted(leeds(2026, 3, 2, 6, 1), estate=town(paths=True, patrol=True))
    assert [type(change) for change in again.opening.changes] == [WentDeaf]
    assert {kind: standing(again.state, kind) for kind in WatchKind} == before
