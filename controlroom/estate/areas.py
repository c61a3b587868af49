"""The ten Community Committee areas of Leeds, the first segment of every signal's topic.

Source: the council report's list of Community Committees. A closed set: it is a metric label, so a new
area is a change of this file and of every dashboard, not of a data file.
"""

from enum import StrEnum


class Area(StrEnum):
    """One Community Committee area; the value is its topic segment."""

    INNER_EAST = "inner-east"
    OUTER_EAST = "outer-east"
    INNER_NORTH_EAST = "inner-north-east"
    OUTER_NORTH_EAST = "outer-north-east"
    INNER_NORTH_WEST = "inner-north-west"
    OUTER_NORTH_WEST = "outer-north-west"
    INNER_SOUTH = "inner-south"
    OUTER_SOUTH = "outer-south"
    INNER_WEST = "inner-west"
    OUTER_WEST = "outer-west"
