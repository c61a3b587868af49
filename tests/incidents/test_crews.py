"""Which crew the room sends: the nearest one that has nothing to do, as far as areas tell."""

import pytest

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew, Estate
from controlroom.incidents.crews import nearest_free_unit

HERE, THERE, NOWHERE = Area.INNER_EAST, Area.INNER_WEST, Area.INNER_SOUTH
CITY = Estate(
    {},
    {
        unit: Crew(unit, area)
        for unit, area in {"MR-04": HERE, "MR-03": HERE, "MR-02": THERE, "MR-01": THERE}.items()
    },
)


@pytest.mark.parametrize(
    ("load", "sent"),
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
    load: dict[str, int], sent: str
) -> None:
    """Fewest orders in hand go first; among equals the area's own, then the lower call sign."""
    assert nearest_free_unit(CITY, load, HERE) == sent


def test_an_area_without_a_crew_gets_the_least_busy_of_the_city() -> None:
    """Where no crew is based, every crew of the city is equally near."""
    assert nearest_free_unit(CITY, {}, NOWHERE) == "MR-01"
    assert nearest_free_unit(CITY, {"MR-01": 1, "MR-02": 1}, NOWHERE) == "MR-03"


def test_a_city_without_crews_sends_nobody() -> None:
    """With no crew in the estate there is nobody to name."""
    assert nearest_free_unit(Estate({}, {}), {}, HERE) is None
