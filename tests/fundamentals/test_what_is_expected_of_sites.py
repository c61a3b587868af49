"""Short stories: a building, a path or a patrol should have done something by now, and did not."""

from datetime import timedelta

from controlroom.incidents.incident import WatchKind
from controlroom.signals.dispatch_messages import Outcome
from tests.fundamentals.sites_room import LIBRARY, MUSEUM, PARK, SCHOOL, YARD, SitesRoom, leeds, town


def test_a_school_that_is_not_set_by_night() -> None:
    """Half an hour after its day the school is still unset: an operator hears of it, once."""
    room = SitesRoom(leeds(2026, 3, 2, 6))
    room.hears(LIBRARY, leeds(2026, 3, 2, 7), event="closed")
    assert room.hears(SCHOOL, leeds(2026, 3, 2, 8, 10), event="opened") == ["opened-school-in-its-hours"]

    assert room.until(leeds(2026, 3, 2, 18, 29)) == []
    assert "late-to-set-unset-keys-held" in room.until(leeds(2026, 3, 2, 18, 30))
    assert list(room.state.sites.missed[SCHOOL]) == ["late_to_set"]

    assert room.hears(SCHOOL, leeds(2026, 3, 2, 19), event="closed") == ["closed"]
    assert SCHOOL not in room.state.sites.missed
    assert "late-to-set-unset-keys-held" not in room.until(leeds(2026, 3, 3, 6))


def test_a_school_that_is_set_in_time_is_heard_of_no_more() -> None:
    """What happened as it should is no signal, and the next evening is expected at once."""
    room = SitesRoom(leeds(2026, 3, 2, 6))
    room.hears(SCHOOL, leeds(2026, 3, 2, 8, 10), event="opened")
    room.hears(LIBRARY, leeds(2026, 3, 2, 17, 10), event="closed")
    room.hears(SCHOOL, leeds(2026, 3, 2, 17, 50), event="closed")

    assert room.until(leeds(2026, 3, 2, 19)) == []
    assert room.due(WatchKind.LATE_TO_SET)[SCHOOL] == leeds(2026, 3, 3, 18, 30)


def test_a_panel_that_never_spoke_is_unknown_and_nobody_is_sent() -> None:
    """Unknown is not normal and no alarm: it stands on the list and in the log until the panel says more."""
    room = SitesRoom(leeds(2026, 3, 2, 6))
    assert room.until(leeds(2026, 3, 2, 17, 30)) == ["late-to-set-unknown"]
    assert LIBRARY not in room.state.sites.set_states
    assert list(room.state.sites.missed[LIBRARY]) == ["late_to_set"]
    assert room.state.incidents == {}


def test_a_library_opened_at_three() -> None:
    """A library unset at three in the night is early opening; one unset by its cleaner at eight is not."""
    room = SitesRoom(leeds(2026, 3, 2, 20))
    assert "early-open" in room.hears(LIBRARY, leeds(2026, 3, 3, 3), event="opened")
    room.hears(LIBRARY, leeds(2026, 3, 3, 3, 20), event="closed")

    assert room.hears(LIBRARY, leeds(2026, 3, 3, 8, 1), event="opened")[-1] == "opened"
    assert [incident.event for incident in room.state.incidents.values()] == ["early_open"]


def test_a_bank_holiday_is_not_an_evening_like_others() -> None:
    """On a bank holiday the school has no hours to be late for, and unsetting it at noon is irregular."""
    room = SitesRoom(leeds(2026, 8, 31, 6))
    assert room.due(WatchKind.LATE_TO_SET)[SCHOOL] == leeds(2026, 9, 1, 18, 30)
    assert room.hears(SCHOOL, leeds(2026, 8, 31, 12), event="opened")[-1] == "early-open"


def test_the_night_the_clocks_go_back() -> None:
    """The store's shift ends at half past one, which comes twice: it is asked after each, an hour apart."""
    room = SitesRoom(leeds(2026, 10, 24, 12))
    assert room.due(WatchKind.LATE_TO_SET)[MUSEUM] == leeds(2026, 10, 25, 1, 30) + timedelta(minutes=30)
    room.until(leeds(2026, 10, 25, 1, 10, fold=1))
    assert room.due(WatchKind.LATE_TO_SET)[MUSEUM] == leeds(2026, 10, 25, 2)
    assert room.due(WatchKind.LATE_TO_SET)[SCHOOL] == leeds(2026, 10, 26, 18, 30)


def test_the_night_the_clocks_go_forward() -> None:
    """Half past one never comes that night: the shift ends when the clocks change, and no evening moves."""
    room = SitesRoom(leeds(2027, 3, 27, 12))
    due = room.due(WatchKind.LATE_TO_SET)
    assert due[MUSEUM] == leeds(2027, 3, 28, 2, 30)
    assert due[SCHOOL] == leeds(2027, 3, 29, 18, 30)


def test_a_restart_over_a_closing_time() -> None:
    """The room was away when the school should have been set: it asks two minutes after it is back, once."""
    room = SitesRoom(leeds(2026, 3, 2, 6))
    room.hears(SCHOOL, leeds(2026, 3, 2, 8, 10), event="opened")
    room.until(leeds(2026, 3, 2, 18))

    back = room.restarted(leeds(2026, 3, 2, 23))
    assert back.until(leeds(2026, 3, 2, 23, 1)) == []  # what panels sent meanwhile arrives first
    assert back.until(leeds(2026, 3, 2, 23, 2)).count("late-to-set-unset-keys-held") == 1
    assert back.due(WatchKind.LATE_TO_SET)[SCHOOL] == leeds(2026, 3, 3, 18, 30)


def test_a_library_that_was_sold_is_expected_no_longer() -> None:
    """A start with another estate drops the watches of what is gone, arms what is new and keeps the rest."""
    room = SitesRoom(leeds(2026, 3, 2, 6), estate=town(library=False))
    room.until(leeds(2026, 3, 2, 12))
    before = room.due(WatchKind.LATE_TO_SET)

    bought = room.restarted(leeds(2026, 3, 2, 13), estate=town())
    assert bought.due(WatchKind.LATE_TO_SET) == before | {LIBRARY: leeds(2026, 3, 2, 17, 30)}
    bought.hears(LIBRARY, leeds(2026, 3, 2, 14), event="opened")

    sold = bought.restarted(leeds(2026, 3, 2, 15), estate=town(library=False))
    assert sold.due(WatchKind.LATE_TO_SET) == before
    assert LIBRARY not in sold.state.sites.set_states
    assert "late-to-set-unset" not in sold.until(leeds(2026, 3, 2, 20))


def test_a_panel_that_forgets_its_test() -> None:
    """The panel tests every day; a day and an hour after the last test it is overdue, until one comes."""
    room = SitesRoom(leeds(2026, 3, 2, 6))
    room.hears(SCHOOL, leeds(2026, 3, 2, 9), event="test", test=True)
    room.hears(SCHOOL, leeds(2026, 3, 3, 9, 40), event="test", test=True)

    assert "test-overdue" not in room.until(leeds(2026, 3, 4, 10, 39))
    assert room.until(leeds(2026, 3, 4, 10, 40)) == ["test-overdue"]
    assert "test_overdue" in room.state.sites.missed[SCHOOL]
    room.hears(SCHOOL, leeds(2026, 3, 4, 11), event="test", test=True)
    assert "test_overdue" not in room.state.sites.missed.get(SCHOOL, {})


def test_a_path_is_watched_more_closely_while_its_sister_is_down() -> None:
    """The second path reports once a day until the first one falls silent, and then every three minutes."""
    noon = leeds(2026, 3, 2, 12)
    room = SitesRoom(noon, estate=town(paths=True))
    for path in ("path-1", "path-2"):
        room.hears(MUSEUM, noon, event="poll", zone=path)
    second = f"{MUSEUM} path-2"
    assert room.due(WatchKind.PATH_SILENT)[second] == noon + timedelta(hours=25)

    silent = noon + timedelta(minutes=3)
    assert room.until(silent) == ["path-silent-high-risk"]
    assert room.failed_paths("MUS-1") == ["path-1"]
    assert room.due(WatchKind.PATH_SILENT)[second] == silent + timedelta(minutes=3)

    room.hears(MUSEUM, noon + timedelta(minutes=5), event="poll", zone="path-1")
    assert room.failed_paths("MUS-1") == []
    assert room.due(WatchKind.PATH_SILENT)[second] == noon + timedelta(hours=25)


def test_both_paths_of_a_site_are_cut() -> None:
    """When the second path falls silent beside the first the site is mute, and an operator looks at once."""
    noon = leeds(2026, 3, 2, 12)
    room = SitesRoom(noon, estate=town(paths=True))
    room.hears(MUSEUM, noon, event="path_fault", zone="path-1")
    assert room.until(noon + timedelta(minutes=3)) == ["both-paths-silent"]


def test_a_site_near_its_false_call_limit() -> None:
    """After the second false call in twelve months somebody is told, and the third must not come."""
    room = SitesRoom(leeds(2027, 3, 1, 6))
    room.hears(SCHOOL, leeds(2027, 3, 1, 20), event="closed")
    room.hears(SCHOOL, leeds(2027, 3, 1, 23), event="intruder", zone="Z1")
    assert "false-call-warning" not in room.closes(leeds(2027, 3, 1, 23, 30), Outcome.FALSE_ALARM)

    room.hears(SCHOOL, leeds(2028, 2, 29, 3), event="intruder", zone="Z1")
    assert "false-call-warning" in room.closes(leeds(2028, 2, 29, 4), Outcome.FALSE_ALARM)
    (warning,) = room.state.incidents.values()
    assert (warning.event, warning.site) == ("false_call_warning", "SCH-1")


def test_a_false_call_of_a_year_ago_counts_no_longer() -> None:
    """A call of 1 March is a year old on the next 1 March, leap year or not, and warns of nothing then."""
    room = SitesRoom(leeds(2027, 3, 1, 6))
    for at in (leeds(2027, 3, 1, 23), leeds(2028, 3, 1, 3)):
        room.hears(SCHOOL, at, event="intruder", zone="Z1")
        assert "false-call-warning" not in room.closes(at + timedelta(hours=1), Outcome.FALSE_ALARM)


def test_a_patrol_that_does_not_come() -> None:
    """A visit in its window is all that is asked; without one an operator hears of it after the window."""
    room = SitesRoom(leeds(2026, 3, 2, 12), estate=town(patrol=True))
    assert room.hears(YARD, leeds(2026, 3, 2, 21), event="visit")[-1] == "visit"
    assert "visit-missed" not in room.until(leeds(2026, 3, 3, 12))

    assert "visit-missed" in room.until(leeds(2026, 3, 3, 22, 15))
    room.hears(YARD, leeds(2026, 3, 3, 23), event="visit")
    assert YARD not in room.state.sites.missed


def test_a_park_that_is_not_closed_at_dusk() -> None:
    """In March the sun sets before the park's hours end: half an hour later somebody is asked to lock it."""
    room = SitesRoom(leeds(2026, 3, 20, 7), estate=town(park=True))
    assert room.hears(PARK, leeds(2026, 3, 20, 8, 10), event="opened")[-1] == "opened"
    assert "not-closed" not in room.until(leeds(2026, 3, 20, 18, 48))
    assert "not-closed" in room.until(leeds(2026, 3, 20, 18, 49))

    room.hears(PARK, leeds(2026, 3, 20, 19, 30), event="closed")
    assert PARK not in room.state.sites.missed
    assert "not-opened" in room.until(leeds(2026, 3, 21, 8, 30))


def test_in_june_the_hours_end_before_the_sun_sets() -> None:
    """On midsummer's day the park closes at nine, and one that is closed is heard of no more."""
    room = SitesRoom(leeds(2026, 6, 21, 7), estate=town(park=True))
    room.hears(PARK, leeds(2026, 6, 21, 8), event="opened")
    assert room.due(WatchKind.GATE_CLOSING)[PARK] == leeds(2026, 6, 21, 21, 30)
    room.hears(PARK, leeds(2026, 6, 21, 21, 5), event="closed")
    assert "not-closed" not in room.until(leeds(2026, 6, 22, 7))


def test_a_school_that_trips_and_is_unset_at_night() -> None:
    """Somebody trips the alarm at three and unsets it: the trip is aborted once, the unset is looked at."""
    room = SitesRoom(leeds(2026, 3, 3, 2))
    assert room.hears(SCHOOL, leeds(2026, 3, 3, 3), event="intruder", zone="Z1", set_state="set") == [
        "intruder-set"
    ]
    assert room.state.holds.by_name

    said = room.hears(SCHOOL, leeds(2026, 3, 3, 3, 1), event="opened")

    assert said == ["opened-out-of-hours", "early-open"]
    assert not room.state.holds.by_name
    (incident,) = room.state.incidents.values()
    assert incident.rule == "opened-out-of-hours"
