"""Brings the figures one record further. Which change counts is looked up by its type; most pass by."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from controlroom.incidents.changes import (
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentOpened,
    IncidentReopened,
    IncidentReturned,
    Logged,
    OrderMoved,
    SignalJoined,
)
from controlroom.incidents.holds.changes import HoldEnded
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.people.duty import Checked
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.state import ReferralMade
from controlroom.measures import alarms, entries
from controlroom.measures.book import Book
from controlroom.measures.ledger import Ledger, Taken
from controlroom.orders import SendCrew


def take(ledger: Ledger, book: Book, position: int, now: datetime, decision: Decision) -> None:
    """Bring the ledger to `position`; a record it has already taken changes nothing."""
    if position <= ledger.position:
        return
    ledger.position = position
    ledger.at = now
    if not ledger.since:
        ledger.since = book.day(now)
    taken: Taken | None = None
    for change in decision.changes:
        counts = COUNTING.get(type(change))
        if counts is not None:
            if taken is None:
                taken = Taken(position, now, decision, book)
            counts(ledger, change, taken)
    for order in decision.orders:
        if isinstance(order, SendCrew):
            alarms.order_given(ledger, order)


COUNTING: Final[dict[type, Callable[[Ledger, Any, Taken], None]]] = {
    Logged: alarms.logged,
    IncidentOpened: alarms.opened,
    IncidentReopened: alarms.reopened,
    IncidentClosed: alarms.closed,
    IncidentAbsorbed: alarms.regrouped,
    IncidentReturned: alarms.regrouped,
    IncidentDivided: alarms.regrouped,
    SignalJoined: alarms.joined,
    OrderMoved: alarms.order_moved,
    HoldEnded: alarms.held_ended,
    Checked: alarms.checked,
    ReferralMade: alarms.referred,
    EntryKept: entries.kept,
    EntryStruck: entries.struck,
    NarrativeKept: entries.narrated,
    QuarterFrozen: entries.signed,
}
"""What the figures make of a change of this type: a look at the type passes the others over. A test holds
which those are, so that a new change is left out by decision and never by oversight."""
