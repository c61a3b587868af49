"""The closed union of what the room can be told. Each member is journalled as it came.

Time enters beside the event, as the `now` that the inbox stamped; an event carries only the clocks of others.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from controlroom.commands.access import AccessNoted
from controlroom.commands.crews import CrewReassigned, CrewRecalled, CrewSpoke, CrewTaken
from controlroom.commands.handovers import HandoverCommand
from controlroom.commands.keyholders import KeyholderCommand
from controlroom.commands.log_book import LogBookCommand
from controlroom.commands.patrols import PatrolEvent, VisitReported
from controlroom.commands.plan import PlanCommand
from controlroom.commands.plan_steps import NOTHING_ASKED, Demands
from controlroom.commands.referrals import DeliveryEvent, ReferralCommand, ReferralResent
from controlroom.commands.rule_changes import RuleChangeCommand
from controlroom.commands.work import WorkCommand
from controlroom.signals.dispatch_messages import Cause, Outcome, Step
from controlroom.signals.envelope import Signal
from controlroom.signals.maintenance import WorkResult, WorkStep
from controlroom.signals.wire import Wire


class QuarantineReason(StrEnum):
    """Why a message could not be taken as it came; a metric label, so the set is closed."""

    BAD_JSON = "bad_json"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_SOURCE = "unknown_source"
    WRONG_TOPIC = "wrong_topic"
    OVERSIZE = "oversize"
    NOT_UTF8 = "not_utf8"
    FUTURE_TIME = "future_time"
    SIMULATED_REFUSED = "simulated_refused"


class SignalReceived(msgspec.Struct, frozen=True, gc=False):
    """The field said something that was understood.

    `key` is the digest of (source, id), the name of a duplicate. `doubt` is set where the signal is
    decided *and* put into quarantine: an unknown source, or a device clock that runs ahead.
    `signal` is not stored: it is read again from `wire` by whoever needs it.
    """

    signal: Signal
    wire: Wire
    key: bytes
    doubt: QuarantineReason | None = None
    detail: str = ""


class MessageQuarantined(msgspec.Struct, frozen=True, gc=False, tag="quarantined"):
    """The field said something that was not understood; the raw bytes are kept with the reason.

    Of a message that was too large, `wire` holds the beginning and `detail` length and digest of the whole.
    """

    wire: Wire
    reason: QuarantineReason
    detail: str


class CrewReported(msgspec.Struct, frozen=True, gc=False, tag="crew_reported"):
    """A unit said how far it is with an order.

    `key` is the digest of topic and report id, the name of a repeat; empty in journals before 0.4. The
    position is that of its vehicle, WGS 84 degrees, None where it did not say.
    """

    wire: Wire
    order: str
    unit: str
    step: Step
    outcome: Outcome | None = None
    reason: str | None = None
    cause: Cause | None = None
    latitude: float | None = None
    longitude: float | None = None
    key: bytes = b""


class OrdersHandedOver(msgspec.Struct, frozen=True, gc=False, tag="orders_handed_over"):
    """The broker confirmed that it has these orders; they are not sent again after a restart."""

    orders: tuple[str, ...]


class Owned(msgspec.Struct, frozen=True, gc=False, tag="owned"):
    """An operator takes an incident; `version` is the one that the operator saw.

    `from_owner` names the person from whom; None where nobody has it. `reason` is why it is taken.
    """

    incident: str
    version: int
    author: str
    from_owner: str | None = None
    reason: str = ""


class Closed(msgspec.Struct, frozen=True, gc=False, tag="closed"):
    """An operator closes an incident with what was found; `plan` is what its action plan asks for."""

    incident: str
    version: int
    author: str
    outcome: Outcome
    plan: Demands = NOTHING_ASKED


class CrewSent(msgspec.Struct, frozen=True, gc=False, tag="crew_sent"):
    """An operator sends a crew to an incident; `reason` says why this one, where the room would another."""

    incident: str
    version: int
    author: str
    unit: str | None = None
    reason: str = ""


Command = (
    Owned
    | Closed
    | CrewSent
    | CrewRecalled
    | CrewReassigned
    | WorkCommand
    | ReferralCommand
    | KeyholderCommand
)
"""What an operator can ask of the room about an incident."""


class PutOnTest(msgspec.Struct, frozen=True, gc=False, tag="put_on_test"):
    """A site, a place (by topic), one zone or one code of either goes on test until a moment.

    `code` is a word of the vocabulary ("mains_fault") or the panel's own code ("CID 1130"). `owner` is who
    answers for the test, `second_author` the other person that a target which can send life-safety signals
    needs; None where nobody else spoke.
    """

    target: str
    reason: str
    owner: str
    until: datetime
    author: str
    zone: str | None = None
    second_author: str | None = None
    code: str | None = None


class TakeOffTest(msgspec.Struct, frozen=True, gc=False, tag="take_off_test"):
    """A target goes back into live handling before its test runs out."""

    target: str
    author: str
    zone: str | None = None
    code: str | None = None


TestCommand = PutOnTest | TakeOffTest
"""What an operator can ask of the room about tests."""


class PersonChecked(msgspec.Struct, frozen=True, gc=False, tag="person_checked"):
    """An operator spoke to somebody who is watched over: that is a check. `source` is the topic."""

    source: str
    author: str


class PersonBookedOn(msgspec.Struct, frozen=True, gc=False, tag="person_booked_on"):
    """An operator books somebody on duty, who asked for it by telephone or radio."""

    source: str
    author: str


class PersonBookedOff(msgspec.Struct, frozen=True, gc=False, tag="person_booked_off"):
    """An operator books somebody off duty."""

    source: str
    author: str


PersonCommand = PersonChecked | PersonBookedOn | PersonBookedOff
"""What an operator can say about somebody who is watched over."""


class WorkOrderCommand(msgspec.Struct, frozen=True, gc=False, tag="work_order"):
    """An operator raises an engineer's work order, or says that it was attended, or what came of it.

    `about` is the incident that it is raised on, later the work order itself; `result` comes with the end.
    """

    step: WorkStep
    about: str
    author: str
    note: str = ""
    result: WorkResult | None = None


DeskAsk = (
    Command
    | TestCommand
    | PersonCommand
    | WorkOrderCommand
    | LogBookCommand
    | HandoverCommand
    | PlanCommand
    | ReferralResent
    | VisitReported
    | AccessNoted
    | RuleChangeCommand
)
"""What people ask of the room beside what they take down of crews."""

Ask = DeskAsk | CrewTaken
"""All that people can ask of the room; each is answered when it is durable."""


class RoomOpened(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag="room_opened"):
    """A writer took the room over; all before it was durable. `estate` is its version, empty where unsaid."""

    writer: str
    epoch: int
    rule_set: str
    demonstration: bool
    estate: str = ""


class LinkLost(msgspec.Struct, frozen=True, gc=False, tag="link_lost"):
    """Nothing of the field can arrive now; `because` says why, in the word of the session."""

    because: str


class LinkRestored(msgspec.Struct, frozen=True, gc=False, tag="link_restored"):
    """The session with the broker stands and is subscribed: the field is heard from here on."""


class How(StrEnum):
    """On which way a rule set comes into force: its files were read again, promoted, or gone back to."""

    RELOAD = "reload"
    PROMOTION = "promotion"
    ROLLBACK = "rollback"


class RulesSwapped(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag="rules_swapped"):
    """A rule set that loads and verifies shall decide from here on; `author` asked for it.

    `rule_set` and `previous` are versions; `previous` is the set that it was offered against, and equal
    to `rule_set` where the files say what is in force already. `reason` is why, in the author's words.
    """

    author: str
    rule_set: str
    previous: str
    reason: str = ""
    how: How = How.RELOAD


class RulesRefused(msgspec.Struct, frozen=True, gc=False, tag="rules_refused"):
    """A rule set did not load or verify; the one in force stays.

    `problems` are the first ones, cut to a bounded length; `found` is how many there were.
    """

    author: str
    problems: tuple[str, ...]
    found: int


class Tick(msgspec.Struct, frozen=True, gc=False, tag="tick"):
    """A deadline has passed; the room looks at every watch that is due."""


Event = (
    SignalReceived
    | MessageQuarantined
    | CrewReported
    | CrewSpoke
    | CrewTaken
    | OrdersHandedOver
    | DeskAsk
    | DeliveryEvent
    | PatrolEvent
    | RoomOpened
    | LinkLost
    | LinkRestored
    | RulesSwapped
    | RulesRefused
    | Tick
)
