"""The section that says what a prediction of load assumes, and where the page finds its feeds."""

from pathlib import Path

from controlroom.settings.fields import Count, Place, Seconds, Section


class Replay(Section):
    """Replay and rehearsal: how long things take in a prediction of load, and which feeds a page offers."""

    handling_p1_s: Seconds = 600.0
    """Seconds that an operator works on an incident of priority 1, its paper included (default, confirm with
    the room's own figures: a queue stands or falls with it)."""
    handling_p2_s: Seconds = 420.0
    """The same for priority 2."""
    handling_p3_s: Seconds = 300.0
    """The same for priority 3."""
    handling_p4_s: Seconds = 120.0
    """The same for priority 4."""
    trip_s: Seconds = 2_400.0
    """Seconds that a crew is out for one order. A quarter of an hour each way and ten minutes there."""
    operators: Count = 8
    """Desks up to this size are predicted. Twice what sits there on a quiet night."""
    feeds: Place = Path("var/feeds")
    """Folder of the feeds that the engineer's page offers for replay, and of the reports that it makes."""
