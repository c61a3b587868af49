"""The shapes that travel to the browser: small frozen data, encoded to JSON as they stand.

A `Delta` says what happened at one position; a page folds deltas over a snapshot. Every text in here that
came from outside went through `raw.short`, and the page renders all of it as text.
"""

from datetime import datetime

import msgspec

from controlroom.commands.keyholders import CallResult
from controlroom.console.plan_view import PlanView
from controlroom.console.raw import RawBytes
from controlroom.estate.areas import Area
from controlroom.estate.model import Keyholder
from controlroom.estate.partners import Category, Reached
from controlroom.events import QuarantineReason
from controlroom.incidents.incident import Level, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.referrals.findings import Finding
from controlroom.incidents.referrals.state import Delivery
from controlroom.rules.verdict import Route
from controlroom.signals.vocabulary import Condition, Kind


class SignalView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One routed signal. `site` and `name` are missing where the estate does not know the source."""

    kind: Kind
    area: Area
    source: str
    event: str
    route: Route
    priority: int
    rule: str
    reasons: tuple[Reason, ...]
    site: str | None = None
    name: str | None = None
    why: str | None = None
    test: bool = False
    incident: str | None = None
    unit: str | None = None


class ActView(msgspec.Struct, frozen=True):
    """Who changed an incident last, what it was, and when."""

    author: str
    what: str
    at: datetime


class NoteView(msgspec.Struct, frozen=True):
    """What somebody wrote down, and when."""

    author: str
    text: str
    at: datetime


class MarkView(msgspec.Struct, frozen=True):
    """A step of the plan that somebody did, or passed over: `skipped` is why, empty where it was done."""

    step: str
    author: str
    at: datetime
    skipped: str


class MemberView(msgspec.Struct, frozen=True):
    """One signal of an incident: the position of its record, and what it was."""

    position: int
    source: str
    event: str
    priority: int


class CallView(msgspec.Struct, frozen=True):
    """One call to a keyholder: what came of it, who said so, and when."""

    keyholder: str
    result: CallResult
    by: str
    at: datetime


class ReferralView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One referral of an incident: to whom, about what, with which words, and how far it has come.

    `because` is why its last delivery failed; None where none did.
    """

    id: str
    incident: str
    partner: str
    category: Category
    reason: str
    author: str
    at: datetime
    reached: Reached
    delivery: Delivery
    test: bool = False
    reference: str | None = None
    attempts: int = 0
    because: str | None = None
    moved_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


class IncidentView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One incident with the place's name and the unit that has its order, as a list shows it.

    `level` is who was told last that nobody moved, `parked` why it lies aside, `condition` whether what its
    signals reported still stands, `into` the incident that it was merged into, `held_s` for how long it
    was held for an abort, `rolled_up` why it stands for many, `confirmed_by` which signals confirmed its
    threat (positions). `notes`, `members` (its signals), `keyholders` of its site, `calls` to them,
    `referrals` and `plan` (None where its rule names none) come with the answer about one incident alone.
    `restricted` are those who alone may see it; nobody: everybody may.
    """

    id: str
    kind: Kind
    area: Area
    source: str
    site: str
    event: str
    priority: int
    status: Status
    opened_at: datetime
    rule: str
    why: str
    version: int
    signals: int
    name: str | None = None
    test: bool = False
    owner: str | None = None
    order: str | None = None
    unit: str | None = None
    step: str | None = None
    due: datetime | None = None
    because: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    level: Level | None = None
    parked: str | None = None
    condition: Condition | None = None
    last: ActView | None = None
    into: str | None = None
    held_s: int | None = None
    rolled_up: str | None = None
    confirmed_by: tuple[int, ...] = ()
    notes: tuple[NoteView, ...] = ()
    members: tuple[MemberView, ...] = ()
    keyholders: tuple[Keyholder, ...] = ()
    plan: PlanView | None = None
    steps: tuple[MarkView, ...] = ()
    cameras: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    answer_s: float | None = None
    referrals: tuple[ReferralView, ...] = ()
    calls: tuple[CallView, ...] = ()
    restricted: tuple[str, ...] = ()


class Opened(msgspec.Struct, frozen=True, tag="opened", tag_field="do"):
    """An incident stands as it is here, whole: new, open again, or with other signals than before."""

    incident: IncidentView


class Joined(msgspec.Struct, frozen=True, tag="joined", tag_field="do"):
    """One more signal belongs to an open incident; `standing` says that what it reports is there now.

    `confirmed_by` are the positions of the signals that confirm its threat, where this one does.
    """

    id: str
    priority: int
    standing: bool = False
    confirmed_by: tuple[int, ...] = ()


class Moved(msgspec.Struct, frozen=True, tag="moved", tag_field="do"):
    """An incident's status and due moment are now these; None in `due` means none.

    `owner`, `order`, `unit`, `because` and `level` are None where they stay as they were; `parked` and
    `outcome` are None where there is none.
    """

    id: str
    status: Status
    due: datetime | None
    owner: str | None
    order: str | None
    unit: str | None
    because: str | None
    level: Level | None = None
    parked: str | None = None
    outcome: str | None = None


class Written(msgspec.Struct, frozen=True, tag="noted", tag_field="do"):
    """Somebody wrote something down about an incident."""

    id: str
    author: str
    text: str


class Ticked(msgspec.Struct, frozen=True, tag="ticked", tag_field="do"):
    """A step of the plan was done, or passed over for the reason in `skipped`."""

    id: str
    step: str
    author: str
    skipped: str


class Eased(msgspec.Struct, frozen=True, tag="condition", tag_field="do"):
    """What one signal of an incident had reported is there no longer; `condition` is that of all of them."""

    id: str
    condition: Condition


class Over(msgspec.Struct, frozen=True, tag="closed", tag_field="do"):
    """An incident is closed."""

    id: str
    at: datetime
    outcome: str


class Stepped(msgspec.Struct, frozen=True, tag="stepped", tag_field="do"):
    """A unit came one step further with an order."""

    order: str
    step: str


class Listed(msgspec.Struct, frozen=True, tag="listed", tag_field="do"):
    """An incident is about these cameras; those in `back` have come back. Both lists are whole."""

    id: str
    cameras: tuple[str, ...]
    back: tuple[str, ...]


class Answered(msgspec.Struct, frozen=True, tag="answered", tag_field="do"):
    """The caller of an incident heard a voice after so many seconds."""

    id: str
    seconds: float


class QuarantineView(msgspec.Struct, frozen=True):
    """One message that was not taken as it came, with what arrived."""

    position: int
    at: datetime
    topic: str
    reason: QuarantineReason
    detail: str
    raw: RawBytes
    decided: bool
    """True where the signal was understood and decided as well."""


class Gone(msgspec.Struct, frozen=True, tag="gone", tag_field="do"):
    """An incident that a page may have is not for who looks at it any more."""

    id: str


IncidentStep = Opened | Joined | Moved | Written | Ticked | Eased | Over | Stepped | Listed | Answered | Gone
"""What a delta can do to the list of incidents."""


class Delta(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened at one position that somebody may want to see."""

    p: int
    at: datetime
    signal: SignalView | None = None
    steps: tuple[IncidentStep, ...] = ()
    quarantine: QuarantineView | None = None
