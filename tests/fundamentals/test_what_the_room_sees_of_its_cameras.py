"""Short stories: cameras that are dark, silent, restless, or dark together, and what becomes of them."""

from controlroom.events import WorkOrderCommand
from controlroom.incidents.cameras.availability import Light, since_the_start, within
from controlroom.incidents.endings import Ending
from controlroom.incidents.reasons import Reason
from controlroom.signals.maintenance import WorkResult, WorkStep
from tests.build import after
from tests.fundamentals.shipped_room import MINUTE
from tests.fundamentals.watched_city import WatchedCity

STREET = "leedswatch/inner-east/camera-fault/ST-1"
OTHER = "leedswatch/inner-east/camera-fault/ST-2"


def test_a_camera_that_comes_back_at_once_is_nobodys_work() -> None:
    """A fault that clears within the debounce opens nothing; it stands in the log and in the figures."""
    city = WatchedCity()
    told = city.camera("ST-2", "offline", 0)
    city.camera("ST-2", "offline", 0.5, "cleared")
    city.until(60)

    assert told.reasons[-1] is Reason.HELD_TO_SETTLE
    assert city.open() == []
    spent = since_the_start(city.state.cameras.uptime[OTHER], after(0), after(MINUTE))
    assert (spent.down, spent.up) == (30.0, 30.0)


def test_a_camera_that_stays_dark_is_work_after_its_hold() -> None:
    """A place of high risk that is still dark after its rule's five minutes gets a person's look."""
    city = WatchedCity()
    city.camera("ST-1", "signal_loss", 0)
    city.until(4.9)
    assert city.open() == []

    city.until(5)

    (incident,) = city.open()
    assert (incident.rule, incident.event) == ("blind-at-high-risk", "signal_loss")


def test_somebody_covers_a_camera_and_nobody_waits() -> None:
    """Tampering is never held back: somebody is at the camera now."""
    city = WatchedCity()
    city.camera("ST-1", "tamper", 0)

    assert [incident.event for incident in city.open()] == ["tamper"]


def test_a_tower_block_goes_dark() -> None:
    """Six cameras of one riser fail: one incident with all six, and it ends when the last one is back."""
    city = WatchedCity()
    for number in range(1, 6):
        city.camera(f"TB-{number}", "offline", number / 10)
    city.until(1.3)  # a minute after the third: half of the block

    (incident,) = city.open()
    assert (incident.event, incident.site, incident.rule) == ("group_dark", "TWR-1", "group-dark-tower-block")
    assert incident.cameras == ("TB-1", "TB-2", "TB-3", "TB-4", "TB-5")

    late = city.camera("TB-6", "offline", 3)
    assert (late.reasons[-1], city.open()[0].cameras[-1]) == (Reason.JOINED, "TB-6")

    for number in range(1, 6):
        city.camera(f"TB-{number}", "offline", 5 + number / 10, "cleared")
    assert city.open()[0].back == ("TB-1", "TB-2", "TB-3", "TB-4", "TB-5")
    city.camera("TB-6", "offline", 7, "cleared")
    assert (city.open(), city.closed(incident.id)) == ([], Ending.CAME_BACK)


def test_a_block_that_only_blinks_is_no_incident() -> None:
    """A power cut of half a minute takes every camera down and up again, and opens nothing."""
    city = WatchedCity()
    for number in range(1, 7):
        city.camera(f"TB-{number}", "offline", 0)
        city.camera(f"TB-{number}", "offline", 0.5, "cleared")
    city.until(30)

    assert city.open() == []
    assert city.state.cameras.suspected == {}


def test_single_incidents_go_into_the_one_of_their_switch() -> None:
    """Two cameras were somebody's question already; when the switch is found out there is one left."""
    city = WatchedCity()
    city.hears_panic(0)
    city.camera("BS-1", "offline", 1)
    city.until(2.5)
    assert [incident.event for incident in city.open()] == ["panic", "offline"]

    city.camera("BS-2", "offline", 4)
    city.camera("BS-3", "offline", 5)
    city.until(6)

    (group,) = city.open("group_dark")
    single = next(iter(city.state.closed.values()))
    assert (single.event, single.outcome, single.into) == ("offline", Ending.MERGED, group.id)
    assert group.cameras == ("BS-1", "BS-2", "BS-3")
    assert city.open("offline") == []


def test_a_camera_that_somebody_works_on_is_left_to_them() -> None:
    """What a person has taken up is listed with its group, and never taken out of that person's hands."""
    city = WatchedCity()
    for number in (1, 2, 3, 4):
        city.camera(f"TB-{number}", "offline", 0)
    city.until(2)
    (group,) = city.open()
    city.tell(WorkOrderCommand(WorkStep.RAISED, group.id, "operator-1", "riser, second floor"), 3)
    for number in (1, 2, 3, 4):
        city.camera(f"TB-{number}", "offline", 5, "cleared")

    assert [incident.id for incident in city.open()] == [group.id]
    assert city.open()[0].back == group.cameras


def test_a_flapping_camera_is_one_incident_that_counts() -> None:
    """Four raises in half an hour are flapping: one incident counts on, until half an hour is quiet."""
    city = WatchedCity()
    for time in range(4):
        city.camera("ST-2", "offline", 5 * time)
        city.camera("ST-2", "offline", 5 * time + 0.5, "cleared")
    city.until(16)
    (incident,) = city.open()
    assert incident.event == "flapping"

    for time in range(4, 8):
        city.camera("ST-2", "offline", 5 * time)
        city.camera("ST-2", "offline", 5 * time + 0.5, "cleared")

    assert [(one.id, one.signals) for one in city.open()] == [(incident.id, 5)]
    city.until(66)
    assert (city.open(), city.closed(incident.id)) == ([], Ending.CAME_BACK)


def test_a_camera_that_flapped_and_stays_dark_is_work_again() -> None:
    """A camera may be quiet because it is dead: after the flapping its fault is work like any other."""
    city = WatchedCity()
    for time in range(4):
        city.camera("ST-2", "offline", 5 * time)
        if time < 3:
            city.camera("ST-2", "offline", 5 * time + 0.5, "cleared")
    city.until(60)

    assert [incident.event for incident in city.open()] == ["flapping", "offline"]


def test_a_silent_camera_is_found_out() -> None:
    """A camera that promised a heartbeat a minute and sent none for three is silent, until it is heard."""
    city = WatchedCity()
    for minute in range(10):
        city.camera("ST-1", "heartbeat", minute)
    city.until(11.9)
    assert city.open() == []

    city.until(12)
    (incident,) = city.open()
    assert (incident.event, incident.rule, incident.opened_at) == (
        "silent",
        "blind-at-high-risk",
        after(12 * MINUTE),
    )

    city.camera("ST-1", "heartbeat", 20)
    uptime = city.state.cameras.uptime[STREET]
    assert uptime.light is Light.UP
    assert since_the_start(uptime, after(0), after(20 * MINUTE)).down == 8 * MINUTE


def test_nobody_misses_a_camera_that_was_never_heard() -> None:
    """Unknown is not normal and not a fault: a camera is expected again only once it was heard."""
    city = WatchedCity()
    city.camera("ST-2", "image_quality", 0)
    city.until(24 * 60)

    assert city.open() == []
    whole = since_the_start(city.state.cameras.uptime.get(STREET), after(0), after(MINUTE))
    assert (whole.unknown, whole.availability) == (60.0, None)


def test_heartbeats_are_cheap() -> None:
    """An hour of a camera that beats twenty times as often as it must leaves a record every half interval."""
    city = WatchedCity()
    for beat in range(1_200):
        city.camera("ST-2", "heartbeat", beat / 20)
    beats = city.records

    assert beats <= 2 * 12 + 60 // 15 + 1
    assert len(city.state.heard) <= 24


def test_the_share_of_time_with_a_picture_is_exact() -> None:
    """Up, down and unknown add up to the whole period, to the second, whatever it is."""
    city = WatchedCity()
    city.camera("ST-2", "hardware", 0)
    city.camera("ST-2", "offline", 10)
    city.camera("ST-2", "offline", 25, "cleared")
    uptime = city.state.cameras.uptime[OTHER]

    spent = within(uptime, after(20 * MINUTE), after(60 * MINUTE))
    assert (spent.down, spent.up, spent.unknown) == (5 * MINUTE, 35 * MINUTE, 0)
    assert spent.availability == 35 / 40
    before = within(uptime, after(-10 * MINUTE), after(5 * MINUTE))
    assert (before.up, before.unknown) == (5 * MINUTE, 10 * MINUTE)


def test_an_engineer_repairs_a_camera() -> None:
    """A work order is raised on a fault, attended and cleared with what was found, each step by somebody."""
    city = WatchedCity()
    city.camera("ST-1", "signal_loss", 0)
    city.until(5)
    (incident,) = city.open()
    raised = city.tell(WorkOrderCommand(WorkStep.RAISED, incident.id, "operator-1", "no picture"), 6)
    twice = city.tell(WorkOrderCommand(WorkStep.RAISED, incident.id, "operator-2"), 7)
    (order,) = city.state.cameras.work_orders
    city.tell(WorkOrderCommand(WorkStep.ATTENDED, order, "operator-1"), 60)
    no_result = city.tell(WorkOrderCommand(WorkStep.CLEARED, order, "operator-1"), 80)
    city.tell(WorkOrderCommand(WorkStep.CLEARED, order, "operator-2", "", WorkResult.REPLACED), 90)

    done = city.state.cameras.cleared[order]
    assert raised.reasons == (Reason.COMMAND,)
    assert twice.reasons == no_result.reasons == (Reason.COMMAND_REFUSED,)
    assert (done.subject, done.fault, done.note) == (STREET, "signal_loss", "no picture")
    assert (done.attended_at, done.result, done.cleared_by) == (
        after(60 * MINUTE),
        WorkResult.REPLACED,
        "operator-2",
    )
    assert city.state.cameras.work_orders == {}
