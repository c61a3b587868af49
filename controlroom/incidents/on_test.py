"""Out of live handling for a while: sites, places and zones that somebody put on test.

A test has a reason, an owner and an end at most `test_max_s` away (a house rule, 24 h by default); a watch
ends it by itself. Its signals are decided by the rules as always, with the fact `on_test`; those that
the rules then only log are counted, by event, and the first of them listed: the report of what was
swallowed comes with the end of the test. A target that can send life-safety signals needs a second
person's word. An extension is a new test after the old one, so that somebody thinks about it again.

Bounds: `TESTS_MAX` at once, `LISTED_MAX` positions each; zones are taken as they are written.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

TESTS_MAX = 1_000
"""Targets on test at once; more would be a room that handles nothing."""

LISTED_MAX = 100
"""Positions that a test lists of what it swallowed; the counts go on."""


class OnTest(Struct, frozen=True, gc=False):
    """One target on test. `zone` None is the whole target; `second` the other person, None where not needed.

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

    @property
    def name(self) -> str:
        """The name it stands under in the state and in its watch."""
        return name_of(self.target, self.zone)


def name_of(target: str, zone: str | None) -> str:
    """Return the name of the test of a target, or of one zone of it."""
    return target if zone is None else f"{target} {zone}"


def covering(tests: dict[str, OnTest], site: str, topic: str, zone: str | None) -> str | None:
    """Return the name of the narrowest test that covers a signal; None when none does."""
    if zone is not None:
        for target in (topic, site):
            name = name_of(target, zone)
            if name in tests:
                return name
    for name in (topic, site):
        if name in tests:
            return name
    return None


def swallow(test: OnTest, event: str, position: int) -> OnTest:
    """Return the test with one more signal in its report."""
    swallowed = test.swallowed | {event: test.swallowed.get(event, 0) + 1}
    listed = test.positions if len(test.positions) >= LISTED_MAX else (*test.positions, position)
    return replace(test, swallowed=swallowed, positions=listed)
