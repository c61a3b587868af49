"""How much came to the operators: windows of ten minutes, quiet ones too, by month, hour and source."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.incidents.changes import IncidentOpened
from controlroom.incidents.record import Decision
from controlroom.measures.load import OTHERS, SOURCES_KEPT, Load, bear, up_to
from tests.measures.test_answering import WAITING

START = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)


def opened(source: str = "s") -> Decision:
    """Return a decision that opens an incident of this source."""
    return Decision((IncidentOpened(replace(WAITING, source=source)),))


def after_min(minutes: float) -> datetime:
    """Return the moment that many minutes after the start."""
    return START + timedelta(minutes=minutes)


def test_quiet_windows_count_as_well() -> None:
    """Three incidents in the first ten minutes of an hour are five quiet windows and one of three."""
    load = Load()
    for minute in (1, 2, 9.9):
        bear(load, after_min(minute), opened(), count_simulated=True)
    figures = up_to(load, after_min(60)).months["2026-03"]

    assert figures.windows == {3: 1, 0: 5}
    assert figures.sources == {"s": 3}
    assert load.months["2026-03"].windows == {}, "reading changes nothing"


def test_the_night_of_a_clock_change_has_the_windows_that_it_has() -> None:
    """In the night in which the clock goes forward, from midnight to three by the clock is two hours."""
    load = Load()
    midnight = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    bear(load, midnight, opened(), count_simulated=True)
    bear(load, midnight + timedelta(hours=2), opened(), count_simulated=True)

    assert load.months["2026-03"].windows == {1: 1, 0: 11}
    assert load.months["2026-03"].hours == {0: 1, 3: 1}


def test_a_month_ends_at_midnight_in_leeds() -> None:
    """A quiet time over the end of March is split where April begins in Leeds, at 23:00 UTC."""
    load = Load()
    bear(load, datetime(2026, 3, 31, 22, 0, tzinfo=UTC), opened(), count_simulated=True)
    figures = up_to(load, datetime(2026, 4, 1, 0, 0, tzinfo=UTC))

    assert sum(figures.months["2026-03"].windows.values()) == 6
    assert sum(figures.months["2026-04"].windows.values()) == 6


def test_a_flood_of_invented_sources_is_bounded() -> None:
    """More sources than the estate could have are counted together, and none is lost."""
    load = Load()
    for number in range(SOURCES_KEPT + 50):
        bear(load, START, opened(f"s{number}"), count_simulated=True)
    sources = load.months["2026-03"].sources

    assert len(sources) == SOURCES_KEPT + 1
    assert sources[OTHERS] == 50


@given(st.lists(st.integers(0, 100_000), max_size=40))
def test_every_incident_and_every_window_is_counted_once(minutes: list[int]) -> None:
    """Whatever the gaps, over months and clock changes: all incidents, and all windows since the first."""
    load = Load()
    moments = sorted(after_min(minute) for minute in minutes)
    for moment in moments:
        bear(load, moment, opened(), count_simulated=True)
    end = after_min(100_020)
    months = up_to(load, end).months.values()
    windows = sum(sum(month.windows.values()) for month in months)
    incidents = sum(count * times for month in months for count, times in month.windows.items())

    assert incidents == len(moments) == sum(sum(month.hours.values()) for month in months)
    first = int(moments[0].timestamp()) // 600 if moments else int(end.timestamp()) // 600
    assert windows == int(end.timestamp()) // 600 - first
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(load), type=Load) == load
