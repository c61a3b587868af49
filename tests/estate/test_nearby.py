"""Which cameras look at a help point, and what cameras hang on."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.estate.areas import Area
from controlroom.estate.load import FILES, load
from controlroom.estate.model import Place
from controlroom.estate.nearby import metres, nearest_cameras
from controlroom.estate.parents import GROUP
from controlroom.estate.table import EstateError
from tests.fundamentals.watched_city import city

spots = st.tuples(st.floats(53.69, 53.96), st.floats(-1.81, -1.28))


def _place(key: str, latitude: float, longitude: float) -> Place:
    return Place(
        topic=f"leedswatch/inner-east/x/{key}",
        kind="x",
        area=Area.INNER_EAST,
        site=key,
        site_kind="on-street",
        name=key,
        latitude=latitude,
        longitude=longitude,
    )


def test_a_degree_north_is_a_hundred_and_eleven_kilometres() -> None:
    """The distance is that of the great circle, and the same both ways."""
    here, there = _place("a", 53.0, -1.5), _place("b", 54.0, -1.5)

    assert metres(here, there) == pytest.approx(111_195, abs=1)
    assert metres(here, there) == metres(there, here)


@given(st.lists(spots, max_size=30), spots, st.floats(10, 20_000))
def test_the_squares_lose_no_camera(
    cameras: list[tuple[float, float]], spot: tuple[float, float], r: float
) -> None:
    """What is found by squares is what a look at every camera finds, the nearest first."""
    placed = [_place(f"c{number:02}", *at) for number, at in enumerate(cameras)]
    point = _place("p", *spot)

    found = nearest_cameras([point], placed, r, 5)[point.topic]

    every = sorted((metres(point, camera), camera.key) for camera in placed)
    assert found == tuple(key for far, key in every if far <= r)[:5]


def test_north_is_not_east() -> None:
    """A degree east is shorter than a degree north, by the cosine of the latitude."""
    here = _place("a", 53.8, -1.5)
    east, north = metres(here, _place("b", 53.8, -1.49)), metres(here, _place("c", 53.81, -1.5))

    assert east / north == pytest.approx(cos(radians(53.8)), rel=1e-3)


def test_a_parent_is_a_place_of_its_cameras() -> None:
    """What cameras hang on is named, stands at their site, and lists them; it is no camera itself."""
    parent = city().places["leedswatch/inner-east/camera-fault/RISER-1"]

    assert (parent.kind, parent.site, parent.name) == (GROUP, "TWR-1", "Beech Heights RISER-1")
    assert len(city().cameras_of[parent.topic]) == 6


def test_a_parent_cannot_be_a_camera() -> None:
    """A parent that bears the key of a camera is refused where it stands."""
    head = "camera,name,group,site,area,tags,risk,latitude,longitude,parent,heartbeat_s\n"
    rows = "A,a,on-street,,inner-east,,1,53.8,-1.5,B,\nB,b,on-street,,inner-east,,1,53.8,-1.5,,4\n"
    files = {name: ",".join(column.name for column in columns) for name, columns in FILES.items()} | {
        "sites.csv": "site,name,site_kind,area,systems,tags,risk,keys_held,latitude,longitude\n",
        "cameras.csv": head + rows,
        "help_points.csv": "point,name,site,tags,risk\n",
    }
    with pytest.raises(EstateError) as refused:
        load(files)

    assert [str(problem) for problem in refused.value.problems] == [
        "cameras.csv:2:parent: found 'B'; allowed: a name that no camera has",
        "cameras.csv:3:heartbeat_s: found '4'; allowed: whole seconds from 5 to 86400, or nothing",
    ]
