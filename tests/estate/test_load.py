"""Loading the estate: what a good folder means, and what is said about a bad one."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.estate.areas import Area
from controlroom.estate.load import FILES, load
from controlroom.estate.model import Crew, Estate, Place
from controlroom.estate.table import EstateError

GOOD = {
    "sites.csv": (
        "site,name,site_kind,area,systems,tags,risk,keys_held,latitude,longitude\n"
        "SCH-1,Hill School,school,inner-east,intruder;fire,children,2,yes,53.8,-1.5\n"
        "BUS-1,Hill Bus Station,bus-station,inner-east,,,,,53.81,-1.51\n"
    ),
    "cameras.csv": (
        "camera,name,group,site,area,tags,risk,latitude,longitude\n"
        "ST-1,Hill Road,on-street,,outer-west,dome,3,53.79,-1.66\n"
        "BS-1,Stand A,bus-station,BUS-1,inner-east,,,53.81,-1.51\n"
    ),
    "help_points.csv": "point,name,site,tags,risk\nHP-1,Stand A,BUS-1,,\n",
    "workers.csv": "worker,name,site,tags,risk\nLW-1,Ranger 1,SCH-1,,2\n",
    "guards.csv": "post,name,site,tags,risk\nGP-1,Gate,BUS-1,,\n",
    "parks.csv": "park,name,site,tags,risk\nPK-1,Hill Field,SCH-1,lake,\n",
    "telecare.csv": "home,name,site,tags,risk\nTC-1,Flat 1,SCH-1,key-safe,3\n",
    "crews.csv": "unit,area\nMR-01,inner-east\n",
}

CREWS = [column.name for column in FILES["crews.csv"]]


def problems(**changed: str | None) -> list[str]:
    """Return what is said about the good folder with these files changed (None: taken away)."""
    files = GOOD | {name.replace("__", "."): text for name, text in changed.items()}
    with pytest.raises(EstateError) as raised:
        load({name: text for name, text in files.items() if text is not None})
    assert str(raised.value).splitlines() == [str(problem) for problem in raised.value.problems]
    return [str(problem) for problem in raised.value.problems]


def sites(row: str) -> str:
    """Return sites.csv with this row after the good ones (line 4)."""
    return GOOD["sites.csv"] + row + "\n"


def test_a_good_folder_becomes_places_by_topic() -> None:
    """A panel, its systems as tags, speaks on the topic made of its area, kind and key."""
    assert load(GOOD).place("leedswatch/inner-east/arc-alarm/SCH-1") == Place(
        topic="leedswatch/inner-east/arc-alarm/SCH-1",
        kind="arc-alarm",
        area=Area.INNER_EAST,
        site="SCH-1",
        site_kind="school",
        name="Hill School",
        tags=frozenset({"children", "system-intruder", "system-fire"}),
        risk=2,
        keys_held=True,
        latitude=53.8,
        longitude=-1.5,
    )


def test_a_site_without_systems_is_silent() -> None:
    """A site without an alarm panel is no place that speaks."""
    kinds = [place.kind for place in load(GOOD).places.values() if "crew" not in place.tags]
    devices = ["help-point", "lone-worker", "guard", "park", "telecare"]
    assert kinds == ["arc-alarm", "camera-fault", "camera-fault", *devices]


def test_a_device_takes_area_and_position_from_its_site() -> None:
    """A help point stands where its site stands, in its area."""
    place = load(GOOD).place("leedswatch/inner-east/help-point/HP-1")
    assert place is not None
    assert (place.site_kind, place.latitude, place.longitude) == ("bus-station", 53.81, -1.51)


def test_a_camera_without_a_site_stands_for_itself() -> None:
    """An on-street camera is its own site, and its group is its site kind and a tag."""
    place = load(GOOD).place("leedswatch/outer-west/camera-fault/ST-1")
    assert place is not None
    assert (place.site, place.site_kind, place.tags, place.risk) == (
        "ST-1",
        "on-street",
        frozenset({"dome", "on-street"}),
        3,
    )


def test_crews_are_known_by_their_call_sign() -> None:
    """A crew is found by its unit."""
    assert load(GOOD).crews == {"MR-01": Crew("MR-01", Area.INNER_EAST, "MR-01")}


def test_what_a_spreadsheet_adds_does_not_matter() -> None:
    """Byte order mark, Windows line ends, padding, empty rows, other column order: the same estate."""
    dressed = dict(GOOD)
    dressed["crews.csv"] = "\ufeffarea,unit\r\n inner-east , MR-01 \r\n,\r\n\r\n"
    assert load(dressed) == load(GOOD)


ROW = "SCH-2,Second,school,inner-east,fire,,1,no,53.8,-1.5"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("SCH-2,Second,shcool,inner-east,fire,,1,no,53.8,-1.5", "sites.csv:4:site_kind: found 'shcool'"),
        ("SCH-2,Second,school,iner-east,fire,,1,no,53.8,-1.5", "did you mean 'inner-east'?"),
        ("SCH-2,Second,school,inner-east,water,,1,no,53.8,-1.5", "sites.csv:4:systems: found 'water'"),
        (
            "SCH-2,Second,school,inner-east,fire,Has Space,1,no,53.8,-1.5",
            "sites.csv:4:tags: found 'Has Space'",
        ),
        (
            "SCH-2,Second,school,inner-east,fire,,4,no,53.8,-1.5",
            "sites.csv:4:risk: found '4'; allowed: 1 (low)",
        ),
        (
            "SCH-2,Second,school,inner-east,fire,,1,maybe,53.8,-1.5",
            "keys_held: found 'maybe'; allowed: yes or no",
        ),
        (
            "SCH-2,Second,school,inner-east,fire,,1,no,north,-1.5",
            "latitude: found 'north'; allowed: a number from",
        ),
        ("SCH-2,Second,school,inner-east,fire,,1,no,nan,-1.5", "latitude: found 'nan'"),
        ("SCH-2,Second,school,inner-east,fire,,1,no,53.8,1.5", "longitude: found '1.5'"),
        ("SCH 2,Second,school,inner-east,fire,,1,no,53.8,-1.5", "sites.csv:4:site: found 'SCH 2'"),
        (",Second,school,inner-east,fire,,1,no,53.8,-1.5", "sites.csv:4:site: found an empty cell"),
        (ROW + ",more", "sites.csv:4:site: found 11 cells, the extra one 'more'; allowed: 10 cells"),
        ("SCH-2,Second", "sites.csv:4:site_kind: found an empty cell"),
        (
            "SCH-1,Second,school,inner-east,fire,,1,no,53.8,-1.5",
            "found 'SCH-1' again; allowed: once only (line 2)",
        ),
        ('SCH-2,"Second', "sites.csv:4:row: found no CSV (unexpected end of data)"),
    ],
)
def test_a_bad_cell_is_said_with_place_and_remedy(row: str, said: str) -> None:
    """Whatever is wrong in a row is said with file, line, column, what was found and what is allowed."""
    assert any(said in problem for problem in problems(sites__csv=sites(row)))


def test_every_problem_of_every_file_is_said_at_once() -> None:
    """Faults in several files and several columns of one row come together, in file and line order."""
    said = problems(
        sites__csv=sites("SCH-2,,school,nowhere,fire,,9,no,53.8,-1.5"),
        crews__csv="unit,area\nMR-01,here\n",
        guards__csv=None,
    )
    assert [problem.split(": ")[0] for problem in said] == [
        "sites.csv:4:name",
        "sites.csv:4:area",
        "sites.csv:4:risk",
        "guards.csv:1:file",
        "crews.csv:2:area",
    ]


def test_an_unknown_column_is_a_problem_with_the_nearest_name() -> None:
    """A misspelt column is refused, or its cells would be ignored in silence."""
    known = ", ".join(CREWS)
    assert problems(crews__csv="unti,area\nMR-01,inner-east\n") == [
        f"crews.csv:1:unti: found the unknown column 'unti'; allowed: {known}; did you mean 'unit'?",
        f"crews.csv:1:unit: found no such column; allowed: the header {','.join(CREWS)}",
    ]


def test_a_column_twice_is_a_problem() -> None:
    """Two columns of one name would leave open which counts."""
    assert problems(crews__csv="unit,area,area\nMR-01,inner-east,outer-east\n") == [
        "crews.csv:1:area: found the column twice; allowed: once"
    ]


def test_an_empty_file_and_an_unknown_file_are_problems() -> None:
    """A file without a header and a file that nobody reads are both said."""
    said = problems(crews__csv="", crew__csv="unit,area\n")
    assert said[0].startswith("crew.csv:1:file: found an unknown file")
    assert said[0].endswith("did you mean 'crews.csv'?")
    assert said[1] == f"crews.csv:1:unit: found an empty file; allowed: the header {','.join(CREWS)}"


def test_an_unknown_site_is_said_with_the_nearest_one() -> None:
    """A device at a site that is not there is refused."""
    (said,) = problems(guards__csv="post,name,site,tags,risk\nGP-1,Gate,BUS1,,\n")
    assert said.startswith("guards.csv:2:site: found the unknown site 'BUS1'; allowed: a site of sites.csv")
    assert said.endswith("did you mean 'BUS-1'?")


def test_a_site_with_a_fault_of_its_own_is_not_called_unknown() -> None:
    """One slip in sites.csv is one problem, not one more for each camera there."""
    broken = GOOD["sites.csv"].replace(
        "BUS-1,Hill Bus Station,bus-station,", "BUS-1,Hill Bus Station,bus-stop,"
    )
    assert len(problems(sites__csv=broken)) == 1


def test_a_camera_in_another_area_than_its_site_is_a_problem() -> None:
    """The topic of a camera cannot disagree with where its site is."""
    said = problems(cameras__csv=GOOD["cameras.csv"].replace("BUS-1,inner-east", "BUS-1,inner-west"))
    assert said == ["cameras.csv:3:area: found 'inner-west'; allowed: inner-east, the area of its site BUS-1"]


@given(st.dictionaries(st.sampled_from(list(FILES)), st.text(max_size=300), min_size=1))
def test_any_text_is_an_estate_or_a_list_of_problems(texts: dict[str, str]) -> None:
    """No text of any file makes the load end in anything but an estate or its problems."""
    with contextlib.suppress(EstateError):
        assert isinstance(load(GOOD | texts), Estate)


def test_a_site_states_its_own_confirmation_window() -> None:
    """The column may be left out; what stands in it is 30 to 60 minutes."""
    text = GOOD["sites.csv"]
    header, *rows = text.splitlines()
    assert {place.confirm_within_min for place in load(GOOD).places.values()} == {None}
    for minutes, good in (("60", True), ("30", True), ("61", False), ("29", False), ("half", False)):
        written = "\n".join([f"{header},confirm_within_min", *(f"{row},{minutes}" for row in rows)])
        files = GOOD | {"sites.csv": written}
        if good:
            windows = {place.confirm_within_min for place in load(files).places.values()}
            assert windows == {int(minutes), None}
        else:
            with pytest.raises(EstateError):
                load(files)
