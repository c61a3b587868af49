"""What was decided by at a past moment: the rule set and the estate then in force, or today's; and which.

A room keeps a copy of each estate and rule set that it starts with. Where the copy is gone, or the journal is
older than that, a past has the names, places and words of today, and says so.

Limit: house rules, partners and the map file are always today's.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from controlroom.console.views import Lens
from controlroom.estate.model import Estate
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Ruling
from controlroom.incidents.rule_changes.state import InForce
from controlroom.rules.plans import Plan


class AsOf(StrEnum):
    """Whether what is shown of rules or places is that of the moment."""

    SAME = "same"
    """What was in force then is in force now."""
    KEPT = "kept"
    """It has been replaced since; the copy that was kept is shown."""
    LOST = "lost"
    """It has been replaced since and no copy can be read: today's is shown."""
    UNSAID = "unsaid"
    """The journal does not say what was in force: today's is shown."""


class Then(msgspec.Struct, frozen=True):
    """The books of a moment: `rule_set` and `estate` are the versions then in force, empty where unsaid."""

    handbook: Handbook
    lens: Lens
    rule_set: str = ""
    rules: AsOf = AsOf.UNSAID
    estate: str = ""
    places: AsOf = AsOf.UNSAID


class BooksView(msgspec.Struct, frozen=True):
    """The same for a page."""

    rule_set: str
    rules: AsOf
    estate: str
    places: AsOf


BooksOf = Callable[[InForce], Then]
"""Reads the books of these versions, or says that they are not there. Slow: call it on a thread."""


def lens_through(then: Callable[[], Then]) -> Lens:
    """Return a lens that looks through the books of the moment that is looked at."""

    def estate() -> Estate:
        return then().lens.estate()

    def why(ruling: Ruling) -> str | None:
        return then().lens.why(ruling)

    def plan(table: str, rule: str) -> Plan | None:
        return then().lens.plan(table, rule)

    def asks(ruling: Ruling) -> tuple[str, ...]:
        return then().lens.asks(ruling)

    return Lens(estate=estate, why=why, plan=plan, asks=asks)


def view_of(then: Then) -> BooksView:
    """Return what a page is told of the books."""
    return BooksView(then.rule_set, then.rules, then.estate, then.places)
