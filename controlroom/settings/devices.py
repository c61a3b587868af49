"""The sections that say what is expected of devices in the field: cameras and help points.

Whole seconds, because they are compared with moments and written down in hours and minutes by people.
"""

from typing import Annotated

from pydantic import Field

from controlroom.settings.fields import Section

WholeSeconds = Annotated[int, Field(ge=1, le=604_800)]
"""Whole seconds, at most a week."""

Raises = Annotated[int, Field(ge=2, le=16)]
"""How many times something happens before it is a habit; the room remembers the last sixteen."""


class CameraSettings(Section):
    """When a camera counts as silent, flapping or dark together with others."""

    debounce_s: WholeSeconds = 60
    """Seconds that a fault must stand before it is work. A minute outlasts a camera's restart (ours, confirm
    with the installers)."""
    beat_s: WholeSeconds = 300
    """Seconds between two heartbeats of a camera whose record in `cameras.csv` does not say. Five minutes for
    1,188 cameras are four messages a second."""
    beats_missed: Annotated[int, Field(ge=1, le=100)] = 3
    """Heartbeats that may be missing before a camera is silent. One may be lost and one late."""
    flap_raises: Raises = 4
    """Raises within `flap_window_s` that are flapping: more than one restart and its repeat."""
    flap_window_s: WholeSeconds = 1_800
    """Seconds in which raises are counted. Half an hour, like the repeats of every other signal."""
    flap_quiet_s: WholeSeconds = 1_800
    """Seconds without a raise after which a camera flaps no more."""
    group_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Share of a parent's cameras that are one incident when they go dark together. Half: a failing recorder
    seldom takes all of them at once."""
    group_least: Annotated[int, Field(ge=2, le=10_000)] = 3
    """Cameras that must be dark together at least, whatever the share: two are a coincidence."""
    group_window_s: WholeSeconds = 600
    """Seconds within which they go dark. Ten minutes: silence shows within two heartbeats."""


class HelpPointSettings(Section):
    """When a call counts as abandoned, a button as stuck and a test as overdue."""

    ring_max_s: WholeSeconds = 180
    """Seconds that a call may ring before it counts as abandoned. The longer edge remembered of EN 50518 for
    other alarms (default, confirm against the standard)."""
    call_max_s: WholeSeconds = 1_800
    """Seconds that a call may last before its button counts as stuck. A caller who needs half an hour has a
    crew by then."""
    stuck_calls: Raises = 5
    """Calls within `stuck_window_s` that are a stuck button; each of them reached a person."""
    stuck_window_s: WholeSeconds = 600
    """Seconds in which calls are counted: ten minutes hold more calls than a person makes who waits."""
    stuck_quiet_s: WholeSeconds = 1_800
    """Seconds without a call after which a button is free again."""
    self_test_s: WholeSeconds = 86_400
    """Seconds between two tests of itself of a point whose record in `help_points.csv` does not say. Daily,
    as EN 50518 asks of a centre's own lines."""
    self_test_late_s: WholeSeconds = 7_200
    """Seconds that a test may be late. Two hours, so that the night of a clock change raises nothing."""
