"""What a decision changes: facts, in the past tense, enough to rebuild the state without deciding again.

A restart applies these and never asks a rule; so yesterday's state is yesterday's even when today's
rules differ. Every change is applied in one place (`apply`).

`nth` of the three ways a signal can go is which of its run it was (see `repeats`); 0 is not counted.
"""

from datetime import datetime

import msgspec

from controlroom.events import QuarantineReason
from controlroom.incidents.cameras.changes import AtCameras
from controlroom.incidents.crews.changes import CrewChange
from controlroom.incidents.handovers.state import HandoverChange
from controlroom.incidents.hearing import Heeded
from controlroom.incidents.help_points.changes import AtHelpPoint
from controlroom.incidents.holds.changes import HoldChange
from controlroom.incidents.incident import Incident, Status, Undo, Watch
from controlroom.incidents.keyholders.calls import KeyholderNoted
from controlroom.incidents.lessons import Lesson
from controlroom.incidents.log_book.changes import LogBookChange
from controlroom.incidents.people.duty import Checked, Watched
from controlroom.incidents.plan.changes import PlanChange
from controlroom.incidents.referrals.state import ReferralChange
from controlroom.incidents.restores.state import FaultChange
from controlroom.incidents.rollups.state import RollupChange
from controlroom.incidents.rule_changes.state import AtRules
from controlroom.incidents.sites.changes import SiteChange
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind


class Heard(msgspec.Struct, frozen=True, gc=False, tag="heard"):
    """A signal of this key was decided, so the same key is never decided again."""

    key: bytes


class ConditionNoted(msgspec.Struct, frozen=True, gc=False, tag="condition"):
    """A source now says this of itself ("set", "unset", "offline", ...)."""

    source: str
    condition: str


class Logged(msgspec.Struct, frozen=True, gc=False, tag="logged"):
    """A signal went to the log: that is its disposition. `activation` marks a plan-measure alarm."""

    kind: Kind
    source: str
    priority: int
    rule: str
    event: str
    simulated: bool
    activation: bool
    nth: int = 0


class IncidentOpened(msgspec.Struct, frozen=True, gc=False, tag="opened"):
    """A new incident stands in the queue."""

    incident: Incident
    nth: int = 0


class SignalJoined(msgspec.Struct, frozen=True, gc=False, tag="joined"):
    """A further signal belongs to an open incident; the incident keeps the more urgent priority.

    `confirmed_by` are the positions of the signals that confirm a threat, this one among them, if it does.
    The times are those of a more urgent signal's rule: the incident has no longer than them.
    """

    incident: str
    kind: Kind
    source: str
    priority: int
    event: str
    activation: bool
    simulated: bool
    nth: int = 0
    standing: str = ""
    confirmed_by: tuple[int, ...] = ()
    answer_within_s: int | None = None
    respond_within_s: int | None = None


class IncidentMoved(msgspec.Struct, frozen=True, gc=False, tag="moved"):
    """An incident changed its status, its owner or its next due moment.

    `escalations` is how often somebody was told by now, 0 where that stays; `by` is who did it and `what`
    the word for it, empty for the room itself and for the status; `refused` is a unit that said no.
    `parked` is why it lies aside and `outcome` what was found, empty where it does not or nobody said.
    """

    incident: str
    status: Status
    due: datetime | None = None
    owner: str | None = None
    order: str | None = None
    because: str | None = None
    escalations: int = 0
    by: str = ""
    what: str = ""
    refused: str = ""
    parked: str = ""
    outcome: str = ""


class IncidentClosed(msgspec.Struct, frozen=True, gc=False, tag="incident_closed"):
    """An incident is over; `by` is who said so, empty for the room itself, `cause` why an alarm was false."""

    incident: str
    at: datetime
    outcome: str
    by: str = ""
    cause: str = ""


class IncidentReopened(msgspec.Struct, frozen=True, gc=False, tag="incident_reopened"):
    """A closed incident is work again, as it stands here."""

    incident: Incident


class IncidentNoted(msgspec.Struct, frozen=True, gc=False, tag="incident_noted"):
    """Somebody wrote something down about an incident."""

    incident: str
    author: str
    text: str


class PlanStepMarked(msgspec.Struct, frozen=True, gc=False, tag="plan_step_marked"):
    """A step of an incident's plan was done, or passed over for this reason."""

    incident: str
    step: str
    author: str
    skipped: str = ""


class ConditionEnded(msgspec.Struct, frozen=True, gc=False, tag="condition_ended"):
    """What a signal of an open incident reported is there no longer; `left` others of it still stand."""

    incident: str
    standing: str
    left: int


class IncidentRestated(msgspec.Struct, frozen=True, gc=False, tag="restated"):
    """An open incident stands as it is here, with other signals than before; `undo` leads back."""

    incident: Incident
    undo: Undo | None = None


class IncidentAbsorbed(msgspec.Struct, frozen=True, gc=False, tag="absorbed"):
    """An incident is a part of another one, and work no longer."""

    incident: str
    into: str
    at: datetime


class IncidentReturned(msgspec.Struct, frozen=True, gc=False, tag="returned"):
    """An incident that was a part of another one is work again, as it stands here."""

    incident: Incident
    of: str


class IncidentDivided(msgspec.Struct, frozen=True, gc=False, tag="divided"):
    """Signals of another incident are an incident of their own; so many of them are activations."""

    incident: Incident
    of: str
    activations: int


class ReadersSet(msgspec.Struct, frozen=True, gc=False, tag="readers_set"):
    """An incident stands as it is here, and who may see it is said in it; `reason` is why, in words."""

    incident: Incident
    reason: str = ""


Regrouping = IncidentRestated | IncidentAbsorbed | IncidentReturned | IncidentDivided
"""What merging and splitting change."""

WorkChange = IncidentReopened | IncidentNoted | PlanStepMarked | ConditionEnded | ReadersSet | Regrouping
"""What the work on incidents changes besides their moves."""


class OrderMoved(msgspec.Struct, frozen=True, gc=False, tag="order_moved"):
    """A unit came one step further with an order; `by` is who took its word down, empty for its terminal."""

    order: str
    step: Step
    by: str = ""


class OrderHandedOver(msgspec.Struct, frozen=True, gc=False, tag="order_handed_over"):
    """The broker has this order."""

    order: str


class WatchArmed(msgspec.Struct, frozen=True, gc=False, tag="armed"):
    """Something is expected by a certain moment."""

    watch: Watch


class WatchExpired(msgspec.Struct, frozen=True, gc=False, tag="expired"):
    """A watch fired; it is gone, whatever it led to."""

    watch: Watch


class Quarantined(msgspec.Struct, frozen=True, gc=False, tag="quarantined"):
    """A message is in quarantine; its bytes are in the event of the same record."""

    topic: str
    reason: QuarantineReason
    detail: str


OutsideChange = ReferralChange | KeyholderNoted
"""What is known of those outside the house: partners and keyholders."""

Learnt = (
    HoldChange
    | FaultChange
    | RollupChange
    | Lesson
    | Heeded
    | Watched
    | SiteChange
    | AtCameras
    | AtHelpPoint
    | LogBookChange
    | HandoverChange
    | PlanChange
    | AtRules
)
"""What the room comes to know of the field and of people: none of it moves an incident."""

Change = (
    Heard
    | ConditionNoted
    | Logged
    | IncidentOpened
    | SignalJoined
    | IncidentMoved
    | IncidentClosed
    | OrderMoved
    | OrderHandedOver
    | CrewChange
    | WatchArmed
    | WatchExpired
    | Quarantined
    | WorkChange
    | OutsideChange
    | Learnt
)
"""The closed union; `apply` and every projection know all of it, by a match or a table that a test holds."""

UNCOUNTED: frozenset[type] = frozenset(
    {Heard, WatchArmed, OrderHandedOver, ConditionNoted, AtCameras, Checked}
)
"""The commonest changes, which no counter of the room's knows: a look at the type passes them over."""

CountedByWord = (
    WorkChange | FaultChange | RollupChange | LogBookChange | OutsideChange | PlanChange | HandoverChange
)
"""What is counted by a word of a table, or by nobody."""

COUNTED_WORK: dict[type, str] = {
    IncidentReopened: "reopened",
    IncidentNoted: "noted",
    PlanStepMarked: "plan_step",
    ConditionEnded: "condition_ended",
    IncidentAbsorbed: "merged",
    IncidentDivided: "split",
    IncidentReturned: "returned",
    ReadersSet: "readers_set",
}
"""What is counted of the work on incidents besides moves and ends, and the word that a metric has for it."""
