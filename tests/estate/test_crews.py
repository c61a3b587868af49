"""Crews and site notes: what a row means, and what is said about a bad one."""

from datetime import date

import pytest

from controlroom.estate.areas import Area
from controlroom.estate.load import load
from controlroom.estate.model import Crew, SiteNotes
from controlroom.estate.shifts import read_shifts
from controlroom.estate.table import EstateError
from tests.estate.test_load import GOOD, problems

HEADER = "unit,area,call_sign,base,latitude,longitude,skills,keys,shift,capacity,check_every_min\n"


def crews(row: str) -> str:
    """Return crews.csv with this row."""
    return f"{HEADER}{row}\n"


def one(row: str) -> Crew:
    """Return the crew of this row."""
    (crew,) = load(GOOD | {"crews.csv": crews(row)}).crews.values()
    return crew


def test_a_full_row_is_a_full_crew() -> None:
    """Every cell is kept, and the position is that of the base."""
    assert one(
        "MR-01,inner-east,Romeo 1,SCH-1,,,first-aid;dog,SCH-1;outer-west,daily 06:00-18:00,2,15"
    ) == Crew(
        unit="MR-01",
        area=Area.INNER_EAST,
        call_sign="Romeo 1",
        base="SCH-1",
        latitude=53.8,
        longitude=-1.5,
        skills=frozenset({"first-aid", "dog"}),
        keys=frozenset({"SCH-1", "outer-west"}),
        shifts=read_shifts("daily 06:00-18:00"),
        capacity=2,
        check_every_min=15,
    )


def test_a_bare_row_is_a_crew_that_is_always_there() -> None:
    """Unit and area are enough: no position, no roster, one person, called by its unit."""
    bare = one("MR-01,inner-east,,,,,,,,,")
    assert (bare.call_sign, bare.latitude, bare.shifts, bare.capacity) == ("MR-01", None, (), 1)


def test_coordinates_go_before_the_base() -> None:
    """A unit that waits at a lay-by is there, whatever site it belongs to."""
    assert one("MR-01,inner-east,,SCH-1,53.7,-1.6,,,,,").latitude == 53.7


def test_keys_are_of_sites_or_of_areas() -> None:
    """A bunch for an area opens all of its sites; a single key opens one."""
    crew = one("MR-01,inner-east,,,,,,SCH-1;outer-west,,,")
    assert crew.has_key("SCH-1", "inner-east")
    assert crew.has_key("LIB-9", "outer-west")
    assert not crew.has_key("LIB-9", "inner-east")


def test_a_crew_is_watched_over_as_somebody_who_works_alone() -> None:
    """It has a place of its own, in its area, with the interval of its row."""
    estate = load(GOOD | {"crews.csv": crews("MR-01,inner-east,Romeo 1,SCH-1,,,,,,,15")})
    place = estate.place("leedswatch/inner-east/lone-worker/MR-01")
    assert place is not None
    assert (place.name, place.site, place.duty.check_every_min) == ("Crew Romeo 1", "MR-01", 15)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("MR-01,inner-east,,SCH-9,,,,,,,", "crews.csv:2:base: found the unknown site 'SCH-9'"),
        ("MR-01,inner-east,,,,,,SCH-9,,,", "crews.csv:2:keys: found the unknown site 'SCH-9'"),
        ("MR-01,inner-east,,,53.8,,,,,,", "crews.csv:2:latitude: found half a position"),
        ("MR-01,inner-east,,,51.5,-1.5,,,,,", "crews.csv:2:latitude: found '51.5'"),
        ("MR-01,inner-east,,,,,flying,,,,", "crews.csv:2:skills: found 'flying'"),
        ("MR-01,inner-east,,,,,,,always,,", "crews.csv:2:shift: found 'always'"),
        ("MR-01,inner-east,,,,,,,,9,", "crews.csv:2:capacity: found '9'"),
    ],
)
def test_a_bad_cell_is_said_with_its_line(row: str, said: str) -> None:
    """Each slip is named with file, line and column, and with what is allowed."""
    assert problems(crews__csv=crews(row))[0].startswith(said)


def test_notes_are_of_sites_and_may_be_missing() -> None:
    """What a crew should know of a site is found by it; a site that is not there is refused."""
    notes = "site,entry,notes,hazards\nSCH-1,Side gate,Ring first,dogs;asbestos\n"
    known = load(GOOD | {"site_notes.csv": notes}).notes
    assert known == {"SCH-1": SiteNotes("Side gate", "Ring first", ("asbestos", "dogs"))}
    assert load(GOOD).notes == {}
    with pytest.raises(EstateError, match=r"site_notes\.csv:2:site: found the unknown site 'SCH-9'"):
        load(GOOD | {"site_notes.csv": notes.replace("SCH-1", "SCH-9")})


def test_a_marker_about_a_person_is_reviewed_and_stands_first() -> None:
    """A marker without a day of review is refused with its line; with one it stands before things."""
    notes = "site,hazards,review_by\nSCH-1,asbestos;violent-person,"
    with pytest.raises(EstateError, match=r"site_notes\.csv:2:review_by: found nothing"):
        load(GOOD | {"site_notes.csv": notes + "\n"})
    known = load(GOOD | {"site_notes.csv": notes + "2027-03-31\n"}).notes["SCH-1"]
    assert known == SiteNotes("", "", ("violent-person", "asbestos"), date(2027, 3, 31))
