"""What cameras hang on together: a switch, a recorder, a bus station's cabinet, a tower block's riser.

A parent is a word in the column `parent` of `cameras.csv` and nothing else: it becomes a place of its own
with the topic, area and site of its cameras, so that one incident can be about it. A parent whose
cameras stand at several sites stands for itself.
"""

from collections.abc import Iterable, Mapping

import msgspec

from controlroom.estate.model import Place
from controlroom.estate.table import Problem, Row, Table, whole_column

BEAT_S = (5, 86_400)
"""Seconds between two heartbeats that a camera may promise: more often is noise, more seldom says nothing."""

SELF_TEST_H = (1, 744)
"""Hours between two tests that a help point makes of itself: from hourly to monthly."""

HOUR_S = 3_600

HEARTBEAT = whole_column("heartbeat_s", "seconds", *BEAT_S)
SELF_TEST = whole_column("self_test_h", "hours", *SELF_TEST_H)
"""The columns of what a device promises to say."""

PROPOSED = "proposed"
"""Column and tag of a camera that is planned and not there."""

GROUP = "camera-group"
"""The kind of a parent: it is no camera, and it counts as none."""


def parent_topics(form: str, rows: Iterable[Row]) -> dict[str, str]:
    """Return the topic of each parent by its key: in the area of its first camera, `form` filled in."""
    topics: dict[str, str] = {}
    for row in rows:
        key = row.cells["parent"]
        if key and key not in topics:
            topics[key] = form.format(area=row.cells["area"], key=key)
    return topics


def parents_of(cameras: Iterable[Place], names: Mapping[str, str]) -> dict[str, Place]:
    """Return the place of each parent by its topic; `names` are those of the sites."""
    children: dict[str, list[Place]] = {}
    for camera in cameras:
        if camera.parent is not None:
            children.setdefault(camera.parent, []).append(camera)
    return {topic: _parent(topic, hanging, names) for topic, hanging in children.items()}


def apart(cameras: Mapping[str, Place]) -> tuple[dict[str, Place], dict[str, Place]]:
    """Return the cameras that are there, and those that are only proposed."""
    there = {topic: place for topic, place in cameras.items() if PROPOSED not in place.tags}
    return there, {topic: place for topic, place in cameras.items() if topic not in there}


def clashes(cameras: Table) -> list[Problem]:
    """Return the rows whose parent bears the key of a camera: nobody could tell the two apart."""
    return [
        Problem(cameras.file, row.line, "parent", repr(row.cells["parent"]), "a name that no camera has")
        for row in cameras.rows
        if row.cells["parent"] in cameras.keys
    ]


def _parent(topic: str, cameras: list[Place], names: Mapping[str, str]) -> Place:
    first, key = cameras[0], topic.rpartition("/")[2]
    sites = {camera.site for camera in cameras}
    site = first.site if len(sites) == 1 and first.site in names else key
    return msgspec.structs.replace(
        first,
        topic=topic,
        kind=GROUP,
        area=type(first.area)(topic.split("/")[1]),
        site=site,
        name=f"{names[site]} {key}" if site in names else key,
        risk=max(camera.risk for camera in cameras),
        parent=None,
        every_s=None,
    )
