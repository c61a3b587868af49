"""Which crew the room sends, and what it says of each: workload, way, keys, skills, risk, duty."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew, Estate, Place
from controlroom.estate.nearby import Point, great_circle_m
from controlroom.estate.shifts import read_shifts
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.crews.choosing import choose, recommended
from controlroom.incidents.crews.status import CrewStatus
from controlroom.incidents.crews.travel import DETOUR, SPEEDS_KMH, StraightLine
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.people.terms import PeopleRules
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, OneWordJudge

HERE, THERE, NOWHERE = Area.INNER_EAST, Area.INNER_WEST, Area.INNER_SOUTH
TOPIC = "leedswatch/inner-east/arc-alarm/SCH-1"
SCHOOL = Place(TOPIC, "arc-alarm", HERE, "SCH-1", "school", "Hill School", latitude=53.80, longitude=-1.50)


def city(*crews: Crew, place: Place = SCHOOL) -> Handbook:
    """Return a room with one school and these crews."""
    estate = Estate({place.topic: place}, {crew.unit: crew for crew in crews})
    return Handbook(OneWordJudge(), estate, HouseRules())


def job(
    source: str = TOPIC, kind: Kind = Kind.ARC_ALARM, event: str = "intruder", area: Area = HERE
) -> Incident:
    """Return something that a crew is to be sent to."""
    return Incident(
        id="INC-1",
        kind=kind,
        area=area,
        source=source,
        site="SCH-1",
        event=event,
        priority=1,
        status=Status.NEW,
        opened_at=NOON,
        rule="r",
        why="w",
        simulated=False,
        activation=True,
    )


def unit(name: str, area: Area = HERE, at: Point | None = None, **more: object) -> Crew:
    """Return a crew, at a point if one is given."""
    crew = Crew(name, area, latitude=at[0] if at else None, longitude=at[1] if at else None)
    return replace(crew, **more)


def sent(
    book: Handbook, state: State | None = None, now: datetime = NOON, what: Incident | None = None
) -> str | None:
    """Return the unit that the room sends."""
    choice = choose(book, state or State(), what or job(), now)
    return choice.unit if choice is not None else None


BY_AREA = city(unit("MR-04"), unit("MR-03"), unit("MR-02", THERE), unit("MR-01", THERE))


@pytest.mark.parametrize(
    ("load", "goes"),
    [
        ({}, "MR-03"),
        ({"MR-03": 1}, "MR-04"),
        ({"MR-03": 0, "MR-04": 1}, "MR-03"),
        ({"MR-03": 1, "MR-04": 1}, "MR-01"),
        ({"MR-03": 1, "MR-04": 1, "MR-01": 2}, "MR-02"),
        ({"MR-03": 2, "MR-04": 2, "MR-01": 2, "MR-02": 1}, "MR-02"),
        ({"MR-03": 2, "MR-04": 1, "MR-01": 1, "MR-02": 1}, "MR-04"),
        ({"MR-03": 3, "MR-04": 3, "MR-01": 3, "MR-02": 3}, "MR-03"),
    ],
)
def test_a_free_crew_of_the_area_goes_then_a_free_one_of_the_city_then_the_least_busy(
    load: dict[str, int], goes: str
) -> None:
    """Fewest orders in hand go first; where none has a position, the area's own, then the call sign."""
    assert sent(BY_AREA, State(load=load)) == goes


def test_an_area_without_a_crew_gets_the_least_busy_of_the_city() -> None:
    """Where no crew is based, every crew of the city is equally near."""
    assert sent(BY_AREA, what=job(area=NOWHERE)) == "MR-01"


def test_a_city_without_crews_sends_nobody() -> None:
    """With no crew in the estate there is nobody to name."""
    assert sent(city()) is None


def test_the_nearer_crew_goes_whatever_area_it_belongs_to() -> None:
    """Across the boundary is nearer than across the area."""
    book = city(unit("MR-01", HERE, (53.80, -1.60)), unit("MR-02", THERE, (53.80, -1.51)))
    assert sent(book) == "MR-02"


def test_the_last_known_place_counts_and_not_the_base() -> None:
    """A crew that just cleared a job next door is the nearest, wherever it came from."""
    book = city(unit("MR-01", HERE, (53.80, -1.60)), unit("MR-02", HERE, (53.80, -1.52)))
    here = CrewNote(latitude=53.80, longitude=-1.501)
    assert sent(book) == "MR-02"
    assert sent(book, State(crews={"MR-01": here})) == "MR-01"


def test_a_key_is_worth_ten_minutes() -> None:
    """The crew with the key goes before a nearer one without, but not before one that is far nearer."""
    school = replace(SCHOOL, keys_held=True)
    near = unit("MR-01", HERE, (53.80, -1.505))
    middle = unit("MR-02", HERE, (53.80, -1.54), keys=frozenset({"SCH-1"}))
    far = unit("MR-02", HERE, (53.80, -1.70), keys=frozenset({"SCH-1"}))
    assert sent(city(near, middle, place=school)) == "MR-02"
    assert sent(city(near, far, place=school)) == "MR-01"
    assert sent(city(near, middle)) == "MR-01"


def test_skills_count_where_they_are_wanted() -> None:
    """A fall wants somebody who lifts and gives first aid; an intruder does not."""
    plain = unit("MR-01", HERE, (53.80, -1.50))
    lifter = unit("MR-02", HERE, (53.80, -1.52), skills=frozenset({"first-aid", "manual-handling"}))
    book = city(plain, lifter)
    assert sent(book, what=job(kind=Kind.TELECARE, event="fall")) == "MR-02"
    assert sent(book) == "MR-01"


def test_nobody_goes_alone_to_a_place_of_high_risk_if_two_are_near() -> None:
    """Two people from a little further away go before one."""
    alone, two = unit("MR-01", HERE, (53.80, -1.50)), unit("MR-02", HERE, (53.80, -1.52), capacity=2)
    assert sent(city(alone, two, place=replace(SCHOOL, risk=3))) == "MR-02"
    assert sent(city(alone, two)) == "MR-01"


def test_who_is_off_duty_or_busy_is_not_sent() -> None:
    """The crew's own word counts before its roster, for twelve hours."""
    book = city(unit("MR-01"), unit("MR-02", THERE))
    off = State(crews={"MR-01": CrewNote(on_duty=False, said_at=NOON)})
    busy = State(crews={"MR-01": CrewNote(on_duty=True, said_at=NOON, busy=True)})
    assert (sent(book, off), sent(book, busy)) == ("MR-02", "MR-02")
    assert sent(book, off, NOON + timedelta(hours=12)) == "MR-01"
    assert sent(city(unit("MR-01")), off) is None


NIGHT = datetime(2026, 1, 12, 2, tzinfo=UTC)
"""Two in the morning of a Monday."""


def test_a_roster_says_who_is_there() -> None:
    """A night shift that began yesterday still runs at two, a day shift does not; a booking goes first."""
    day, night = read_shifts("mon-fri 06:00-18:00"), read_shifts("sun 18:00-06:00")
    book = city(unit("MR-01", shifts=day), unit("MR-02", shifts=night))
    on = State(crews={"MR-01": CrewNote(on_duty=True, said_at=NIGHT)})
    assert (sent(book, now=NIGHT), sent(book, on, NIGHT)) == ("MR-02", "MR-01")
    assert sent(book, now=NIGHT + timedelta(hours=10)) == "MR-01"
    assert sent(book, now=NIGHT + timedelta(hours=24)) is None


def test_a_city_that_runs_faster_than_the_clock_has_no_roster() -> None:
    """As for everybody who is watched over: its day is not ours."""
    book = city(unit("MR-01", shifts=read_shifts("mon-fri 06:00-18:00")))
    fast = replace(book, house=HouseRules(people=PeopleRules(pace=10.0)))
    assert (sent(book, now=NIGHT), sent(fast, now=NIGHT)) == (None, "MR-01")


def test_a_crew_is_not_sent_to_itself() -> None:
    """Whoever looks for a crew that says nothing is another one."""
    book = city(unit("MR-01", at=(53.80, -1.50)), unit("MR-02", at=(53.80, -1.60)))
    missing = replace(job(source=book.estate.crews["MR-01"].topic, kind=Kind.LONE_WORKER), site="MR-01")
    assert sent(book, what=missing) == "MR-02"
    assert [one.unit for one in recommended(book, State(), missing, NOON)] == ["MR-02"]


def test_each_crew_is_listed_with_why_it_stands_where_it_stands() -> None:
    """An operator sees all of them, in the order of sending, in words; who may not be sent stands below."""
    school = replace(SCHOOL, keys_held=True, risk=3)
    book = city(
        unit("MR-01", HERE, (53.80, -1.50), capacity=2, keys=frozenset({"inner-east"})),
        unit("MR-02", THERE, None),
        unit("MR-03", HERE, (53.81, -1.52)),
        unit("MR-04", HERE, (53.80, -1.50)),
        place=school,
    )
    state = State(load={"MR-01": 1}, crews={"MR-03": CrewNote(on_duty=False, said_at=NOON)})
    refused = replace(job(), refused_by=("MR-04",))
    listed = recommended(book, state, refused, NOON)
    assert [(one.unit, one.may_be_sent) for one in listed] == [
        ("MR-02", True),
        ("MR-01", True),
        ("MR-04", False),
        ("MR-03", False),
    ]
    assert listed[0].because == (
        "not in the area, about 20 min",
        "nothing in hand",
        "no key (+10 min)",
        "alone at high risk (+5 min)",
    )
    assert listed[1].because == ("1 min away", "1 in hand", "has the key", "2 people")
    assert listed[2].because[-1] == "refused this, or did not answer"
    assert (listed[3].status, listed[3].because[-1]) == (CrewStatus.OFF_DUTY, "off duty")


def test_the_way_is_the_great_circle_at_the_hours_speed() -> None:
    """Ten kilometres as the crow flies at thirty an hour, by streets a third longer: twenty-six minutes."""
    start, end = (53.80, -1.50), (53.80 + 10_000 / 111_195, -1.50)
    assert great_circle_m(start, end) == pytest.approx(10_000, rel=1e-3)
    assert StraightLine().seconds(start, end, 12) == pytest.approx(1_200 * DETOUR, rel=1e-3)
    assert StraightLine().seconds(start, end, 8) > StraightLine().seconds(start, end, 3)
    assert len(SPEEDS_KMH) == 24


class _Bridge:
    """A routing service that knows of a closed bridge: who comes from the north drives an hour."""

    def seconds(self, start: Point, end: Point, hour: int) -> float:
        """Return an hour from the north, a minute from the south."""
        del hour
        return 3_600.0 if start[0] > end[0] else 60.0


def test_a_routing_service_takes_the_place_of_the_straight_line() -> None:
    """Whatever says how long the way is decides; nothing else changes."""
    book = city(unit("MR-01", at=(53.81, -1.50)), unit("MR-02", at=(53.70, -1.50)))
    assert sent(book) == "MR-01"
    assert sent(replace(book, travel=_Bridge())) == "MR-02"
