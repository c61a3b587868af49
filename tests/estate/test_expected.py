"""What the estate says is expected of sites, who holds their keys, and which rounds are walked."""

import pytest

from controlroom.estate.load import load
from controlroom.estate.model import Keyholder, Round
from controlroom.estate.table import EstateError
from controlroom.estate.telephones import Telephone
from tests.estate.test_load import GOOD, problems

SITES = (
    "site,name,site_kind,area,systems,risk,keys_held,latitude,longitude,hours,test_every_h,path_grade\n"
    "SCH-1,Hill School,school,inner-east,intruder,2,yes,53.8,-1.5,school_hours,24,SP3\n"
    "BUS-1,Hill Bus Station,bus-station,inner-east,panic,,,53.81,-1.51,,,DP4\n"
)
HOLDERS = "keyholder,site,role,turn\nKH-2,SCH-1,Keyholder 2 of SCH-1,2\nKH-1,SCH-1,Keyholder 1 of SCH-1,1\n"
ROUNDS = "round,site,window\nschool-evening,SCH-1,evening\n"
POST = "leedswatch/inner-east/guard/SCH-1"


def test_a_panel_says_what_is_expected_of_it() -> None:
    """Hours, test interval and grade are the place's; a single path is a tag that rules can ask for."""
    estate = load(GOOD | {"sites.csv": SITES})
    school = estate.places["leedswatch/inner-east/arc-alarm/SCH-1"]
    assert (school.hours, school.test_every_h, school.path_grade) == ("school_hours", 24, "SP3")
    assert "single-path" in school.tags
    assert "single-path" not in estate.places["leedswatch/inner-east/arc-alarm/BUS-1"].tags
    assert [place.site for place in estate.places.values() if place.expected_of] == ["SCH-1", "BUS-1"]
    assert estate.expecting == [place for place in estate.places.values() if place.expected_of]


def test_keyholders_stand_in_the_order_in_which_they_are_called() -> None:
    """Whatever the order of the rows, turn one is called first."""
    estate = load(GOOD | {"keyholders.csv": HOLDERS})
    assert estate.keyholders == {
        "SCH-1": (
            Keyholder("KH-1", "SCH-1", "Keyholder 1 of SCH-1", 1),
            Keyholder("KH-2", "SCH-1", "Keyholder 2 of SCH-1", 2),
        )
    }


def test_a_keyholder_rings_at_a_number_that_is_kept_apart() -> None:
    """The number is found by the reference; a cell that is none is said with its line, and not quoted."""
    rows = ("keyholder,site,role,turn,telephone", "KH-1,SCH-1,One,1,0113 496 0123", "KH-2,SCH-1,Two,2,", "")
    text = "\n".join(rows)
    estate = load(GOOD | {"keyholders.csv": text})
    assert estate.telephones == {"KH-1": Telephone("+441134960123", "0113 496 0123")}
    assert "496" not in repr(estate)
    (said,) = problems(keyholders__csv=text.replace("0113 496 0123", "1134960123"))
    assert said.startswith(
        "keyholders.csv:2:telephone: found something else (personal, not shown here); allowed: a number"
    )
    assert "1134960123" not in said


def test_a_round_makes_a_post_that_visits_are_reported_from() -> None:
    """The patrolled site can speak on the guard feed under its own key."""
    estate = load(GOOD | {"patrols.csv": ROUNDS})
    assert estate.rounds == {"school-evening": Round("school-evening", POST, "SCH-1", "evening")}
    assert estate.places[POST].tags == frozenset({"patrol"})
    assert estate.expecting == [estate.rounds["school-evening"]]


def test_what_does_not_fit_is_said_with_its_place() -> None:
    """A grade that is none, hours of no day, a keyholder of no site and an unknown calendar are problems."""
    interval, grade = problems(sites__csv=SITES.replace("SP3", "SP9").replace(",24,", ",0,"))
    assert interval == (
        "sites.csv:2:test_every_h: found '0'; allowed: a whole number from 1 to 744, or nothing"
    )
    assert grade.startswith("sites.csv:2:path_grade: found 'SP9'; allowed: one of SP1, SP2,")
    assert grade.endswith("DP4, or nothing; did you mean 'SP6'?")
    (lost,) = problems(keyholders__csv=HOLDERS.replace("KH-1,SCH-1", "KH-1,SCH-9"))
    assert lost.startswith("keyholders.csv:3:site: found the unknown site 'SCH-9'")
    with pytest.raises(EstateError) as raised:
        load(GOOD | {"sites.csv": SITES, "patrols.csv": ROUNDS}, {"school_hour"})
    hours, window = map(str, raised.value.problems)
    allowed = "allowed: a calendar of calendars.yaml"
    assert hours.startswith(f"sites.csv:2:hours: found the unknown calendar 'school_hours'; {allowed}")
    assert hours.endswith("; did you mean 'school_hour'?")
    assert window == f"patrols.csv:2:window: found the unknown calendar 'evening'; {allowed}"
