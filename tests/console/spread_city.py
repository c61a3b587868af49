"""The test city with room between its places, and a few more cameras: a map of it has something to show."""

from msgspec.structs import replace

from controlroom.estate.model import Estate, Place
from controlroom.estate.nearby import nearest_cameras
from controlroom.signals.vocabulary import Kind
from tests.build import estate, topic_of
from tests.console.small_room import SmallRoom

STEP = 0.02
"""Degrees between two places: more than a kilometre, so no two of them hide each other."""

CAMERAS = ("C2", "C3", "C4", "C5")
"""Cameras beside the help point, the nearest first."""


def spread_city() -> Estate:
    """Return the city of `tests.build`, its places in a row, its second crew at a base."""
    known = estate()
    own = [place for place in known.places.values() if place.kind != "lone-worker" or place.key == "W1"]
    places = [
        replace(place, latitude=53.76 + at * STEP / 2, longitude=-1.6 + at * STEP)
        for at, place in enumerate(own)
    ]
    point, camera = (one_of(places, kind) for kind in (Kind.HELP_POINT, Kind.CAMERA_FAULT))
    places += [
        replace(
            camera,
            topic=topic_of(Kind.CAMERA_FAULT, key),
            site=key,
            name=f"Corner {key}",
            latitude=point.latitude + at / 10_000,
            longitude=point.longitude,
        )
        for at, key in enumerate(CAMERAS, 1)
    ]
    cameras = [place for place in places if place.kind == Kind.CAMERA_FAULT]
    nowhere, based = known.crews.values()
    return Estate(
        {place.topic: place for place in places},
        {nowhere.unit: nowhere, based.unit: replace(based, latitude=53.8, longitude=-1.65)},
        cameras_near=nearest_cameras([point], cameras),
    )


def one_of(places: list[Place], kind: Kind) -> Place:
    """Return the first place of this kind."""
    return next(place for place in places if place.kind == kind)


def spread_room() -> SmallRoom:
    """Return a small room that looks after this city."""
    room = SmallRoom()
    room.handbook = replace(room.handbook, estate=spread_city())
    return room
