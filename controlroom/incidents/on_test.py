"""Out of live handling for a while: sites, places, zones and codes that somebody put on test.

A test has a reason, an owner and an end at most `test_max_s` away (a house rule, 24 h by default); a watch
ends it by itself. Its signals are decided by the rules as always, with the fact `on_test`; those that
the rules then only log are counted, by event, and the first of them listed: the report of what was
swallowed comes with the end of the test. A target that can send life-safety signals needs a second
person's word. An extension is a new test after the old one, so that somebody thinks about it again.

Bounds: `TESTS_MAX` at once, `LISTED_MAX` positions each, `REPORTS_KEPT` reports; zones and codes are taken
as they are written.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.meaning import meaning_of
from controlroom.signals.envelope import ArcAlarmSignal, Signal

TESTS_MAX = 1_000
"""Targets on test at once; more would be a room that handles nothing."""

LISTED_MAX = 100
"""Positions that a test lists of what it swallowed; the counts go on."""


REPORTS_KEPT = 100
"""Tests that are over and can still be listed without asking the journal: some days of a city's."""


class OnTest(Struct, frozen=True, gc=False):
    """One target on test. `zone` and `code` None are the whole target; `second` the other person, if needed.

    `swallowed` counts by event what was only logged, `positions` lists the first of it.
    """

    target: str
    zone: str | None
    reason: str
    owner: str
    until: datetime
    since: datetime
    author: str
    second: str | None = None
    swallowed: dict[str, int] = {}
    positions: tuple[int, ...] = ()
    code: str | None = None

    @property
    def name(self) -> str:
        """The name it stands under in the state and in its watch."""
        return name_of(self.target, self.zone, self.code)


def name_of(target: str, zone: str | None, code: str | None = None) -> str:
    """Return the name of the test of a target, or of one zone, one code, or one code of one zone of it."""
    name = target if zone is None else f"{target} {zone}"
    return name if code is None else f"{name} code={code}"  # no zone is written with "="


def covering(
    tests: dict[str, OnTest], site: str, topic: str, zone: str | None, codes: tuple[str, ...] = ()
) -> str | None:
    """Return the name of the narrowest test that covers a signal; None when none does.

    `codes` are the signal's word and its panel's own code, where it has them.
    """
    for part in (zone, None) if zone is not None else (None,):
        for code in (*codes, None):
            for target in (topic, site):
                name = name_of(target, part, code)
                if name in tests:
                    return name
    return None


def said(signal: Signal) -> tuple[str, ...]:
    """Return by what codes a signal can be put on test: its word, and its panel's own code."""
    word = meaning_of(signal).event
    own = signal.data.code if type(signal) is ArcAlarmSignal else None
    return (word,) if own is None else (word, own)


def swallow(test: OnTest, event: str, position: int) -> OnTest:
    """Return the test with one more signal in its report."""
    swallowed = test.swallowed | {event: test.swallowed.get(event, 0) + 1}
    listed = test.positions if len(test.positions) >= LISTED_MAX else (*test.positions, position)
    return replace(test, swallowed=swallowed, positions=listed)
