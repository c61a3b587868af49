"""The map's facts: which points there are, and how they stand now."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from controlroom.console.city_map import now_of, points_of
from controlroom.console.files import STATIC
from controlroom.estate.load import load
from controlroom.events import PutOnTest
from controlroom.incidents.apply import apply
from controlroom.incidents.crews.changes import CrewNoted
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import ExpectationMissed, Expected, SetNoted
from controlroom.signals.dispatch_messages import CrewWord
from controlroom.signals.vocabulary import Kind, SetState
from tests.build import NOON, after, signal, topic_of
from tests.console.small_room import SmallRoom
from tests.console.spread_city import CAMERAS, spread_city, spread_room

PANEL = topic_of(Kind.ARC_ALARM)


def now(room: SmallRoom) -> dict[str, object]:
    """Return how the points stand, as a plain dictionary."""
    told = now_of(room.handbook, room.state, room.now)
    return {name: getattr(told, name) for name in told.__struct_fields__}


def test_every_site_camera_help_point_and_crew_is_a_point_and_no_home_is() -> None:
    """Ids are kind and key; a crew without a place has no coordinates; a help point names its cameras."""
    points = {point.id: point for point in points_of(spread_city())}
    wanted = ["site:K1", "site:P1", "site:S1", "site:W1", "camera:C1", *(f"camera:{key}" for key in CAMERAS)]
    assert list(points) == [*wanted, "help_point:H1", "crew:MR-01", "crew:MR-02"]
    assert points["help_point:H1"].cameras == CAMERAS
    assert (points["crew:MR-01"].latitude, points["crew:MR-02"].latitude) == (None, 53.8)
    assert not any("T1" in name for name in points)


def test_the_demonstration_city_is_whole_on_the_map() -> None:
    """Every camera that is there, every help point, every crew; homes and planned cameras are not shown."""
    files = {file.name: file.read_text("utf-8") for file in Path("config/estate").glob("*.csv")}
    points = points_of(load(files))
    assert len({point.id for point in points}) == len(points)
    kinds = [point.kind for point in points]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "site": 401,
        "camera": 329 + 203 + 90 + 566,
        "help_point": 78,
        "crew": 16,
    }
    assert all(point.latitude is not None for point in points)


def test_the_outline_says_how_it_was_made_and_holds_the_demonstration_city() -> None:
    """One closed ring in which every place of the estate lies, two rivers, and towns inside it."""
    drawn = json.loads((STATIC / "map/leeds.geojson").read_text("utf-8"))
    assert "no survey" in drawn["provenance"]
    by_kind: dict[str, list[Any]] = {}
    for feature in drawn["features"]:
        kind = feature["properties"]["kind"]
        by_kind.setdefault(kind, []).append(feature["geometry"]["coordinates"])
    ((ring,),) = by_kind["district"]
    assert ring[0] == ring[-1]
    assert len(by_kind["river"]) == 2
    files = {file.name: file.read_text("utf-8") for file in Path("config/estate").glob("*.csv")}
    points = [(point.longitude, point.latitude) for point in points_of(load(files))]
    assert [at for at in (*points, *by_kind["town"]) if not inside(ring, *at)] == []


def inside(ring: list[tuple[float, float]], east: float, north: float) -> bool:
    """Return whether a point lies in a ring: a line from it to the east leaves it an odd number of times."""
    crossings = [
        east < east_a + (east_b - east_a) * (north - north_a) / (north_b - north_a)
        for (east_a, north_a), (east_b, north_b) in pairwise(ring)
        if (north_a > north) is not (north_b > north)
    ]
    return sum(crossings) % 2 == 1


def test_what_was_never_heard_is_silent_and_nothing_else_is_told_of_it() -> None:
    """A room that has just begun knows of no panel, no fault and no test."""
    told = now(spread_room())
    assert told["silent"] == ("camera:C1", *(f"camera:{key}" for key in CAMERAS))
    assert [told[name] for name in ("down", "stuck", "untested", "owing", "on_test", "incidents")] == [()] * 6
    assert told["sites"] == {}


def test_a_camera_in_fault_is_down_and_one_that_came_back_is_in_no_list() -> None:
    """What is as it should be is not told."""
    room = spread_room()
    room.happens(signal(Kind.CAMERA_FAULT, "c1", fault="offline", state="raised"))
    assert (now(room)["down"], "camera:C1" in str(now(room)["silent"])) == (("camera:C1",), False)
    room.passes(5)
    room.happens(signal(Kind.CAMERA_FAULT, "c2", fault="offline", state="cleared"))
    assert "camera:C1" not in str(now(room))


def test_sites_stand_by_what_their_panel_said_and_owe_what_did_not_come() -> None:
    """A site whose panel said nothing is in no list of states."""
    room = spread_room()
    late = (SetNoted(PANEL, SetState.UNSET), ExpectationMissed(PANEL, Expected.LATE_TO_SET))
    apply(room.state, 1, NOON, Decision(late))
    assert now(room)["sites"] == {"unset": ("site:S1",)}
    assert now(room)["owing"] == ("site:S1",)


def test_a_test_of_a_site_or_of_a_topic_shows_at_its_point() -> None:
    """The site by its key, a help point by its topic."""
    room = spread_room()
    for target in ("S1", topic_of(Kind.HELP_POINT)):
        until = NOON + timedelta(hours=1)
        room.happens(PutOnTest(target, "yearly service", "A. Fitter", until, "ana", second_author="ben"))
    assert now(room)["on_test"] == ("site:S1", "help_point:H1")


def test_a_crew_is_where_it_was_last_and_else_where_it_waits() -> None:
    """A reported place goes before the base, and says that it was reported, and when."""
    room = spread_room()
    nowhere, based = now_of(room.handbook, room.state, room.now).crews
    assert (nowhere.latitude, nowhere.reported) == (None, False)
    assert (based.latitude, based.reported) == (53.8, False)
    apply(room.state, 1, NOON, Decision((CrewNoted("MR-02", None, 53.81, -1.52),)))
    assert room.handbook.estate.crews["MR-02"].latitude == 53.8
    _, moved = now_of(room.handbook, room.state, after(1)).crews
    assert (moved.latitude, moved.longitude, moved.reported, moved.at) == (53.81, -1.52, True, NOON)
    apply(room.state, 2, after(60), Decision((CrewNoted("MR-02", CrewWord.AVAILABLE),)))
    _, same = now_of(room.handbook, room.state, after(61)).crews
    assert same.at == NOON  # another word says nothing of where it is


def test_a_home_has_a_place_only_while_something_is_open_there() -> None:
    """The incident's own id, and nothing of who lives there."""
    room = spread_room()
    assert now(room)["incidents"] == ()
    room.happens(signal(Kind.TELECARE, "t1", event="panic"))
    (spot,) = now_of(room.handbook, room.state, room.now).incidents
    home = room.handbook.estate.places[topic_of(Kind.TELECARE)]
    assert (spot.incident, spot.latitude, spot.longitude) == ("INC-1", home.latitude, home.longitude)
