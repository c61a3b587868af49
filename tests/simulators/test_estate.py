"""The demonstration estate: what is checked in, and that it has the council's numbers."""

import re
from collections import Counter
from pathlib import Path

import pytest

from controlroom.estate.areas import Area
from controlroom.estate.load import FILES
from controlroom.estate.model import Estate
from simulators.estate import DEMONSTRATION_SEED, generate
from simulators.gazetteer import EAST_NORTH_EAST, LOCALITIES
from simulators.proposed import WEST_NORTH_WEST

FOLDER = Path(__file__).parents[2] / "config" / "estate"


@pytest.mark.parametrize("name", FILES)
def test_checked_in_files_are_what_the_generator_writes(name: str) -> None:
    """A checked-in estate file equals the generator's output, byte for byte."""
    assert (FOLDER / name).read_bytes() == generate(DEMONSTRATION_SEED)[name].encode()


def test_no_other_file_lies_in_the_folder() -> None:
    """The folder holds the files and nothing that would be silently ignored."""
    assert {file.name for file in FOLDER.iterdir()} == set(FILES)


def test_another_seed_is_another_city() -> None:
    """The seed decides: another one gives other files, the same one the same."""
    assert generate(1) == generate(1)
    assert generate(1) != generate(2)


def test_cameras_are_the_councils_numbers(estate: Estate) -> None:
    """The four camera groups have exactly the counts of the council report."""
    groups = Counter(place.site_kind for place in estate.places.values() if place.kind == "camera-fault")
    assert groups == {"on-street": 329, "bus-station": 203, "utc": 90, "tower-block": 566}


def test_the_cameras_of_the_west_are_proposed_and_nothing_more(estate: Estate) -> None:
    """500 tower-block cameras of West North West are in the records, and none is a place that may speak."""
    assert len(estate.proposed) == 500
    assert {place.area for place in estate.proposed.values()} == set(WEST_NORTH_WEST)
    assert not estate.proposed.keys() & estate.places.keys()
    assert all(place.parent is None for place in estate.proposed.values())


def test_cross_green_is_patrolled_twice_a_night(estate: Estate) -> None:
    """The industrial estate has no panel; it is visited on two rounds, in two windows."""
    rounds = [one for one in estate.rounds.values() if one.site == "IND-001"]
    assert {one.window for one in rounds} == {"evening_round", "night_round"}
    assert "arc-alarm" not in estate.kinds["IND-001"]


def test_every_keyholder_rings_at_a_number_of_their_own_that_is_kept_for_drama(estate: Estate) -> None:
    """Ofcom keeps 07700 900000 to 900999 and 0113 496 0000 to 0999 free: nobody is ever rung."""
    holders = {one.reference for some in estate.keyholders.values() for one in some}
    assert estate.telephones.keys() == holders
    numbers = [one.dialled for one in estate.telephones.values()]
    assert len(set(numbers)) == len(numbers)
    assert not [one for one in numbers if re.fullmatch(r"\+44(7700900|1134960)\d{3}", one) is None]


def test_bus_stations_have_cameras_help_points_and_guards(estate: Estate) -> None:
    """Each of the 26 bus stations has cameras, a help point and a guard post."""
    for kind in ("camera-fault", "help-point", "guard"):
        at = {
            place.site
            for place in estate.places.values()
            if place.kind == kind and place.site.startswith("BUS-")
        }
        assert len(at) == 26


def test_tower_blocks_stand_in_the_north_east(estate: Estate) -> None:
    """Every tower-block camera is in the East North East housing wedge."""
    blocks = {place.area for place in estate.places.values() if place.site_kind == "tower-block"}
    assert blocks == set(EAST_NORTH_EAST)


def test_every_area_has_alarm_sites_and_a_crew(estate: Estate) -> None:
    """No area is without buildings to protect or without somebody to send."""
    assert {place.area for place in estate.places.values() if place.kind == "arc-alarm"} == set(Area)
    assert {crew.area for crew in estate.crews.values()} == set(Area)
    assert 10 <= len(estate.crews) <= 20


def test_alarm_sites_are_many_and_of_many_kinds(estate: Estate) -> None:
    """About four hundred panels of at least ten kinds of building, with all three systems."""
    panels = [place for place in estate.places.values() if place.kind == "arc-alarm"]
    assert len(panels) == 400
    assert len({place.site_kind for place in panels}) >= 10
    assert {"system-intruder", "system-fire", "system-panic"} <= frozenset().union(
        *(place.tags for place in panels)
    )


def test_everything_stands_near_a_locality_of_its_area(estate: Estate) -> None:
    """Each position is within a kilometre or so of a locality of the area that the topic names."""
    for place in estate.places.values():
        near = [
            each
            for each in LOCALITIES
            if abs(each.latitude - place.latitude) < 0.01 and abs(each.longitude - place.longitude) < 0.01
        ]
        assert place.area in {each.area for each in near}, place


def test_parks_and_cemeteries_are_places_of_their_own(estate: Estate) -> None:
    """Each pavilion and lodge has its grounds, in its area; some have a lake, and no cemetery has."""
    parks = [place for place in estate.places.values() if place.kind == "park"]
    assert Counter(place.site_kind for place in parks) == {"park": 14, "cemetery": 6}
    assert {place.site for place in parks} < {
        place.site for place in estate.places.values() if place.kind == "arc-alarm"
    }
    assert {place.site_kind for place in parks if "lake" in place.tags} == {"park"}


def test_a_home_is_a_site_of_its_own(estate: Estate) -> None:
    """A home stands where its court or block stands, but no other device shares its site."""
    homes = [place for place in estate.places.values() if place.kind == "telecare"]
    assert Counter(place.site_kind for place in homes) == {"sheltered-housing": 480, "tower-block": 57}
    assert all(estate.kinds[home.site] == {"telecare"} for home in homes)
    assert len({home.site for home in homes}) == len(homes)
