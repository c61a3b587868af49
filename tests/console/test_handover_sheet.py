"""The sheet that the room drafts for a handover: what the next shift has to know, in the order it comes."""

from datetime import timedelta

from controlroom.console.handovers import sheet
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.rollups.state import Zone
from controlroom.incidents.watches import arm
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, signal, topic_of
from tests.console.small_room import SmallRoom


def test_what_is_due_next_stands_in_the_order_in_which_it_falls_due() -> None:
    """Thirty gates of the evening hide no patrol of the next hour; a day that is not today is named."""
    room = SmallRoom()
    for n in range(30):
        arm(room.state.watches, Watch(NOON + timedelta(hours=9), WatchKind.GATE_CLOSING, f"park-{n}"))
    arm(room.state.watches, Watch(NOON + timedelta(hours=1), WatchKind.VISIT, "RND-1"))
    arm(room.state.watches, Watch(NOON + timedelta(minutes=5), WatchKind.CAMERA_SILENCE, "nobody's work"))
    lines = [line for line in sheet(room.parts(), "sam") if line.heading == "Due next"]
    assert (lines[0].about, lines[0].text) == ("RND-1", "13:00, the patrol's visit")
    assert len(lines) == 20
    room.now += timedelta(days=-1)
    assert sheet(room.parts(), "sam")[0].text == "2 Mar 13:00, the patrol's visit"


def test_what_the_room_only_counts_is_muted_on_the_sheet() -> None:
    """A zone that is shelved alarms nobody, so the next shift is told which, since when, and how often."""
    room = SmallRoom()
    site = room.parts().lens.estate().places[topic_of(Kind.ARC_ALARM)].site
    room.state.rollups.zones[site] = {"Z01": Zone(6, NOON, 4), "Z02": Zone(1)}
    muted = [(line.about, line.text) for line in sheet(room.parts(), "sam") if line.heading == "Muted"]
    assert muted == [(site, f"zone Z01 at Library of {site} since 12:00, 4 more trips were counted")]


def test_what_nobody_has_is_said_so() -> None:
    """An incident without an owner reads as one, and another one names whose it is."""
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    (line,) = (line for line in sheet(room.parts(), "sam") if line.heading == "Open")
    assert "dispatched, nobody has it, due" in line.text
