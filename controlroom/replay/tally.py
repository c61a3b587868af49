"""What one history came to: signals by where they went, incidents, orders; and the work that it makes.

A follower of a lane's steps that keeps counts, and of each new incident and order the little that the
prediction of load needs.
"""

from collections import Counter
from datetime import datetime

import msgspec

from controlroom.events import SignalReceived
from controlroom.incidents.changes import IncidentOpened, Logged, SignalJoined
from controlroom.incidents.holds.changes import SignalHeld
from controlroom.incidents.reasons import Reason
from controlroom.orders import SendCrew
from controlroom.replay.lane import Step


class Work(msgspec.Struct, frozen=True, gc=False):
    """A new incident as somebody has to deal with it: when, how urgent, by when an answer is due.

    `answer_s` None: the rule sets no time. `crew`: a unit was sent at once.
    """

    at: datetime
    priority: int
    answer_s: int | None
    crew: bool


class Trip(msgspec.Struct, frozen=True, gc=False):
    """An order: when, to whom, how urgent."""

    at: datetime
    unit: str
    priority: int


class Tally:
    """The counts of one history, and its work in the order of events."""

    def __init__(self) -> None:
        self.signals = 0
        self.duplicates = 0
        self.routes: Counter[str] = Counter()
        self.priorities: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.work: list[Work] = []
        self.trips: list[Trip] = []

    def take(self, step: Step) -> None:
        """Count one step."""
        decision = step.decision
        if type(step.event) is SignalReceived:
            self.signals += 1
        reasons = decision.reasons
        if decision.first_position is not None:
            self.duplicates += Reason.DUPLICATE in reasons
            return
        self.reasons.update(reasons)
        if decision.ruling is not None:
            self._ruled(step)
        for change in decision.changes:
            if type(change) is IncidentOpened:
                opened = change.incident
                sent = opened.order is not None
                self.work.append(Work(step.now, opened.priority, opened.answer_within_s, sent))
        for order in decision.orders:
            if isinstance(order, SendCrew):
                self.trips.append(Trip(step.now, order.unit, order.priority))

    def _ruled(self, step: Step) -> None:
        """Count where a case went by its rule."""
        ruling = step.decision.ruling
        if ruling is not None:
            self.rules[f"{ruling.table}/{ruling.rule}"] += 1
        for change in step.decision.changes:
            if type(change) is Logged:
                self.routes["log"] += 1
                self.priorities[str(change.priority)] += 1
            elif type(change) is IncidentOpened:
                self.routes["mobile_response"] += 1
                self.priorities[str(change.incident.priority)] += 1
            elif type(change) is SignalJoined:
                self.routes["joined"] += 1
                self.priorities[str(change.priority)] += 1
            elif type(change) is SignalHeld:
                self.routes["held"] += 1
