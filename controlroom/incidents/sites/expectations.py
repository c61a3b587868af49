"""What is expected of a place or a round next, and until when: the watches that should stand for it.

One watch each, the next of its kind; the one after it is armed when that one is over. So 100,000 sites
have some hundred thousand watches and no diary.

Sites share their hours, and would all be asked in the same second. Where there are more than
`ASKED_PER_S` places they are asked one after another over as many seconds as that takes, each always at
its own second; a city of some hundred sites is asked at once.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from controlroom.estate.model import Place, Round
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.sites.dusk import sunset
from controlroom.incidents.sites.hours import next_closing, next_opening
from controlroom.incidents.sites.supervision import paths_of, silence_of
from controlroom.incidents.sites.surprise import next_call
from controlroom.incidents.state import State
from controlroom.rules.calendars import LONDON, Calendar
from controlroom.signals.vocabulary import Kind

ASKED_PER_S = 500
"""Places asked in a second, at 100 us each a twentieth of the room's time: signals do not wait for them."""

DUSK = "dusk"
"""The tag of a gate that closes at sunset, where that is before the end of its calendar."""


class Almanac:
    """The hours of one moment: each calendar is read once, however many sites share it. No state is kept."""

    def __init__(self, handbook: Handbook, now: datetime, seed: bytes = b"") -> None:
        self._calendars = handbook.rules.calendars
        self._seconds = len(handbook.estate.expecting) // ASKED_PER_S + 1
        self._found: dict[tuple[str, timedelta, bool], datetime | None] = {}
        self.patience = handbook.house.sites
        self.now = now
        self._seed = seed
        self.called_within = timedelta(minutes=self.patience.called_visit_min)

    def calendar(self, name: str | None) -> Calendar | None:
        """Return the calendar; None where there is none of that name (any more)."""
        return None if name is None else self._calendars.get(name)

    def wait(self, subject: str, minutes: int) -> timedelta:
        """Return how long after its hour this subject is asked."""
        return timedelta(minutes=minutes, seconds=zlib.crc32(subject.encode()) % self._seconds)

    def after_closing(self, name: str | None, wait: timedelta) -> datetime | None:
        """Return the next moment that is `wait` after an end of this calendar's hours."""
        return self._after(name, wait, opens=False)

    def after_opening(self, name: str | None, wait: timedelta) -> datetime | None:
        """Return the next moment that is `wait` after a beginning of this calendar's hours."""
        return self._after(name, wait, opens=True)

    def after_dusk(self, name: str | None, wait: timedelta) -> datetime | None:
        """Return the next moment that is `wait` after sunset or the end of the hours, whichever is first."""
        calendar = self.calendar(name)
        if calendar is None:
            return None
        day = (self.now - wait).astimezone(LONDON).date()
        for ahead in (0, 1):
            set_at = sunset(day + timedelta(days=ahead))
            if set_at > self.now - wait and calendar.holds(set_at):
                ends = self.after_closing(name, wait)
                return set_at + wait if ends is None else min(set_at + wait, ends)
        return self.after_closing(name, wait)

    def next_call(self, of: Round) -> datetime | None:
        """Return the next moment at which a random round is called."""
        calendar = self.calendar(of.window)
        if calendar is None:
            return None
        return next_call(self._seed, of.name, calendar, self.now, self.called_within)

    def _after(self, name: str | None, wait: timedelta, *, opens: bool) -> datetime | None:
        calendar = self.calendar(name)
        if calendar is None or name is None:
            return None
        key = (name, wait, opens)
        if key not in self._found:
            edge = (next_opening if opens else next_closing)(calendar, self.now - wait)
            self._found[key] = None if edge is None else edge + wait
        return self._found[key]


def wanted(almanac: Almanac, state: State, of: Place | Round) -> Iterator[Watch]:
    """Yield the watches that should stand for this place or round, as if none did."""
    for kind, subject in names(state, of):
        due = due_by(almanac, state, of, kind, subject)
        if due is not None:
            yield Watch(due, kind, subject)


def names(state: State, of: Place | Round) -> Iterator[tuple[WatchKind, str]]:
    """Yield kind and subject of each watch that should stand for this place or round."""
    for kind in _kinds(of):
        yield kind, of.name if isinstance(of, Round) else of.topic
    if isinstance(of, Round):
        return
    if of.test_every_h is not None:
        yield WatchKind.TEST_OVERDUE, of.topic
    if of.path_grade is not None:
        failed = state.paths.get(of.site, ())
        for path in paths_of(of.path_grade):
            if path not in failed:
                yield WatchKind.PATH_SILENT, path_subject(of.topic, path)


def due_by(
    almanac: Almanac, state: State, of: Place | Round, kind: WatchKind, subject: str
) -> datetime | None:
    """Return until when this is expected, from now on; None where no hour of its calendar is near."""
    if isinstance(of, Place) and kind is WatchKind.TEST_OVERDUE:
        return test_due(almanac, state, of, of.test_every_h or 0)
    if isinstance(of, Place) and kind is WatchKind.PATH_SILENT:
        path, failed = subject.rpartition(" ")[2], state.paths.get(of.site, ())
        return path_due(almanac, state, of.topic, path, silence_of(of.path_grade or "", path, failed))
    if isinstance(of, Round) and of.name in state.sites.called:
        return state.sites.called[of.name] + almanac.called_within
    return hour_of(almanac, of, kind)


def hour_of(almanac: Almanac, of: Place | Round, kind: WatchKind) -> datetime | None:
    """Return until when something is expected by a calendar; None where it is not expected of this one."""
    if kind not in _kinds(of):
        return None
    if isinstance(of, Round) and of.random:
        return almanac.next_call(of)
    if isinstance(of, Round):
        return almanac.after_closing(of.window, almanac.wait(of.name, almanac.patience.visit_min))
    if kind is WatchKind.LATE_TO_SET:
        return almanac.after_closing(of.hours, almanac.wait(of.topic, almanac.patience.late_to_set_min))
    wait = almanac.wait(of.topic, almanac.patience.gate_min)
    if kind is WatchKind.GATE_OPENING:
        return almanac.after_opening(of.hours, wait)
    return (almanac.after_dusk if DUSK in of.tags else almanac.after_closing)(of.hours, wait)


def _kinds(of: Place | Round) -> tuple[WatchKind, ...]:
    """Return what is expected of this one by a calendar."""
    if isinstance(of, Round):
        return _OF_A_ROUND
    if of.hours is None:
        return ()
    return _OF_A_PANEL if of.kind == Kind.ARC_ALARM else _OF_A_PARK


_OF_A_ROUND = (WatchKind.VISIT,)
_OF_A_PANEL = (WatchKind.LATE_TO_SET,)
_OF_A_PARK = (WatchKind.GATE_OPENING, WatchKind.GATE_CLOSING)


def test_due(almanac: Almanac, state: State, of: Place, every_h: int) -> datetime:
    """Return until when the panel's next test is expected: an interval after the last one, or after now."""
    wait = almanac.wait(of.topic, almanac.patience.test_min) + timedelta(hours=every_h)
    return max(almanac.now, state.sites.tested.get(of.topic, almanac.now) + wait)


def path_subject(topic: str, path: str) -> str:
    """Return the name of the watch over a path."""
    return f"{topic} {path}"


def path_due(almanac: Almanac, state: State, topic: str, path: str, silence: timedelta) -> datetime:
    """Return until when this path is expected to be heard of, after the last time or after now."""
    return max(almanac.now, state.sites.polled.get(path_subject(topic, path), almanac.now) + silence)
