"""Short stories: somebody presses the button of a help point, or a button presses itself."""

from controlroom.events import PutOnTest
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from tests.build import after
from tests.fundamentals.shipped_room import MINUTE
from tests.fundamentals.watched_city import WatchedCity


def test_a_caller_is_answered() -> None:
    """The operator sees the nearest cameras with the call; how long the caller waited is on the record."""
    city = WatchedCity()
    city.call("started", 0)
    (incident,) = city.open()
    assert incident.cameras == ("BS-1", "BS-2")  # the third stands 650 metres away

    city.call("answered", 0.3, desk="DESK-1")
    assert city.open()[0].answer_s == 18.0
    city.call("ended", 2, desk="DESK-1")
    city.until(60)
    assert (city.open(), city.state.help_points.calls) == ([], {})


def test_a_caller_who_is_not_answered_is_looked_for() -> None:
    """The caller walks away before a voice came: the same incident says so, and stays for a person."""
    city = WatchedCity()
    city.call("started", 0)
    city.call("ended", 0.3)
    city.until(0.3)

    (incident,) = city.open()
    assert (incident.signals, incident.status, incident.answer_s) == (2, Status.NEW, None)


def test_a_call_that_rings_and_rings_is_abandoned_once() -> None:
    """After three minutes without a voice a call counts as abandoned; a late answer is still an answer."""
    city = WatchedCity()
    city.call("started", 0)
    city.until(2.9)
    assert city.open()[0].signals == 1
    city.until(20)
    assert city.open()[0].signals == 2

    city.call("answered", 21, desk="DESK-1")
    assert (city.open()[0].status, city.open()[0].answer_s) == (Status.OWNED, 21 * MINUTE)


def test_a_stuck_button_is_rolled_up_and_hides_nobody() -> None:
    """Every call up to the fifth is an incident of its own; then one of them counts, and wants a person."""
    city = WatchedCity()
    for call in range(5):
        city.call("started", call, call=f"K{call}")
    city.until(4.1)
    assert [one.event for one in city.open()] == ["started"] * 5 + ["stuck"]

    sixth = city.call("started", 5, call="K5")
    city.call("started", 6, call="K6")
    (stuck,) = city.open("stuck")
    assert sixth.reasons[-1] is Reason.JOINED
    assert (stuck.signals, stuck.priority, stuck.status) == (3, 1, Status.ESCALATED)

    city.until(120)
    assert city.state.help_points.stuck == {}
    assert city.open("stuck")  # that the button is quiet says nothing about who pressed it


def test_a_call_that_never_ends_is_a_stuck_button() -> None:
    """A line that stays open for half an hour after its answer is a fault of the button."""
    city = WatchedCity()
    city.call("started", 0)
    city.call("answered", 0.2, desk="DESK-1")
    city.until(29)
    assert city.open("stuck") == []
    city.until(30)
    assert len(city.open("stuck")) == 1


def test_a_point_that_stops_testing_itself_is_a_fault() -> None:
    """A point that tested itself once is expected to do so daily; one that never did is unknown."""
    city = WatchedCity()
    city.until(48 * 60)
    assert city.open() == []
    city.call("self_test", 48 * 60, call="T1")
    city.call("self_test", 72 * 60, call="T2")
    city.until(97 * 60)
    assert city.open() == []

    city.until(98 * 60)
    (incident,) = city.open()
    assert (incident.event, incident.rule) == ("self_test_overdue", "self-test-overdue")
    city.call("self_test", 99 * 60, call="T3")
    assert city.state.help_points.tested["leedswatch/inner-east/help-point/H1"].overdue is False


def test_an_engineer_at_the_point_disturbs_nobody() -> None:
    """On test a stuck button and a missed test are logged; an unanswered call still gets a voice."""
    city = WatchedCity()
    until = after(600 * MINUTE)
    city.tell(PutOnTest("BUS-1", "new handset", "Fitters Ltd", until, "op-1", None, "op-2"), 0)
    city.call("started", 1)
    city.call("ended", 2)
    city.until(3)
    assert [(one.rule, one.signals) for one in city.open()] == [("call-on-test", 2)]
