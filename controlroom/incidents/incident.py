"""What people work on: incidents, the orders given for them, and the watches so that neither is forgotten.

A *signal* is what the field said, an *incident* is what somebody has to deal with. Whether the
signal's condition still holds is not part of an incident's status: a restore never closes anything.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from controlroom.estate.areas import Area
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.keyholders.calls import Call
from controlroom.signals.vocabulary import Condition, Kind


class Status(StrEnum):
    """How far the work on an incident has come.

    `escalated` means that nobody moved in time; `parked` that it waits for a moment that somebody set;
    `resolved` that the work is done and that somebody may still say that it is not.
    """

    NEW = "new"
    OWNED = "owned"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    ESCALATED = "escalated"
    CLOSED = "closed"
    PARKED = "parked"
    RESOLVED = "resolved"


class Level(StrEnum):
    """Who is told of an incident that nobody moved; each level after the one before."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    DUTY_MANAGER = "duty_manager"


_LEVELS = tuple(Level)


def level_of(escalations: int) -> Level | None:
    """Return who is told at this escalation, counted from one; None before the first."""
    return _LEVELS[min(escalations, len(_LEVELS)) - 1] if escalations else None


class Act(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Who changed an incident last, what it was, and when."""

    author: str
    what: str
    at: datetime


THE_ROOM = "the room"
"""Who acted where no person did."""


class Note(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What somebody wrote down about an incident, and when."""

    author: str
    text: str
    at: datetime


class StepMark(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A step of the action plan that somebody did, or passed over for the reason in `skipped`."""

    step: str
    author: str
    at: datetime
    skipped: str = ""


class Member(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One signal of an incident: where its record stands in the journal, and what it was.

    `standing` is the name of its condition, empty where it has none that could go away.
    """

    position: int
    source: str
    event: str
    priority: int
    activation: bool
    standing: str = ""


class Incident(msgspec.Struct, frozen=True, gc=False):
    """One thing to deal with. `version` counts its changes; a command names the one it saw.

    `event` is the word of the
    field's vocabulary that opened it. `activation` marks an alarm that the plan's measures 18 and 19 count.
    `merge` is the key by which later signals join it; None keeps them apart. `due` is the next moment
    by which somebody must have acted, None when it is closed.

    `escalations` counts how often somebody was told that nobody moved; `last` is the act that gave it its
    version, None before the first. `refused_by` are the units that refused or did not answer. The two times
    are the rule's, in seconds, None where it sets none. `parked` is why it lies aside, None when it does not.
    `outcome` is what was found, from the resolving on, `cause` why an alarm was false, None where nobody
    said.

    `members` are its first signals (`signals` counts all), `notes` the last ones, `standing` the conditions
    of its signals that still stand, `ended` how many have gone: a separate axis that closes nothing.
    `leads` are the merge keys of incidents that were merged into it, `into` the one that took it in.
    `held_s` is for how many seconds it was held for an abort, None where it was not.
    `rolled_up` is why it stands for many ("flood", "runaway"), None where it does not.
    `cameras` are the keys of the cameras that it is about, or that look at its help point, and `back` those
    of them that have come back. `answer_s` is how many seconds a caller waited for a voice, None while or
    where nobody answered. `confirmed_by` are the positions of the signals that confirmed its threat (BS
    8243), one alone where the panel did, none where nothing has. `referrals` are the ids of what was referred
    to partners, `calls` those that were made to keyholders, the oldest first. `steps` are the steps of its
    action plan that somebody marked. `readers` are those who alone may see it, nobody: everybody may. From
    version `joined_from` to `joined_to` there came only signals that made it no more urgent.
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
    simulated: bool
    activation: bool
    version: int = 1
    signals: int = 1
    merge: str | None = None
    owner: str | None = None
    order: str | None = None
    due: datetime | None = None
    escalated_because: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    escalations: int = 0
    last: Act | None = None
    refused_by: tuple[str, ...] = ()
    answer_within_s: int | None = None
    respond_within_s: int | None = None
    parked: str | None = None
    members: tuple[Member, ...] = ()
    notes: tuple[Note, ...] = ()
    standing: tuple[str, ...] = ()
    ended: int = 0
    held_s: int | None = None
    rolled_up: str | None = None
    leads: tuple[str, ...] = ()
    into: str | None = None
    cameras: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    answer_s: float | None = None
    confirmed_by: tuple[int, ...] = ()
    cause: str | None = None
    referrals: tuple[str, ...] = ()
    steps: tuple[StepMark, ...] = ()
    calls: tuple[Call, ...] = ()
    readers: tuple[str, ...] = ()
    joined_from: int = 0
    joined_to: int = 0

    def but_for_signals(self, version: int) -> bool:
        """Say whether since this version nothing came but signals that made it no more urgent."""
        return self.joined_to == self.version and self.joined_from <= version <= self.version

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys by which signals join: its own, and those of incidents that it took in."""
        return (self.merge, *self.leads) if self.merge is not None else self.leads

    @property
    def condition(self) -> Condition | None:
        """Whether what its signals reported still stands; None where they report nothing that could end."""
        if self.standing:
            return Condition.ACTIVE
        return Condition.RESTORED if self.ended else None

    @property
    def level(self) -> Level | None:
        """Who was told last that nobody moved; None where nobody had to be."""
        return level_of(self.escalations)


class Undo(msgspec.Struct, frozen=True, gc=False):
    """What a merge or a split of an incident can be undone by, while it has this version.

    `before` is the incident as it was; `other` is the one that was taken in, as it was, or the new one.
    `order` is what its crew went for before, None where nobody went.
    """

    version: int
    before: Incident
    other: Incident
    merged: bool
    order: StandingOrder | None = None


class WatchKind(StrEnum):
    """What should have happened by now."""

    ACCEPTANCE = "acceptance"
    ANSWER = "answer"
    END_OF_TEST = "end_of_test"
    ESCALATION = "escalation"
    OWNER_MOVES = "owner_moves"
    ARRIVAL = "arrival"
    CLEARANCE = "clearance"
    LATE_TO_SET = "late_to_set"
    EARLY_OPEN = "early_open"
    TEST_OVERDUE = "test_overdue"
    PATH_SILENT = "path_silent"
    FALSE_CALLS = "false_calls"
    GATE_OPENING = "gate_opening"
    GATE_CLOSING = "gate_closing"
    VISIT = "visit"
    ROLL_CALL = "roll_call"
    END_OF_PARKING = "end_of_parking"
    REOPENING = "reopening"
    END_OF_HOLD = "end_of_hold"
    RESTORE = "restore"
    END_OF_SHELF = "end_of_shelf"
    CHECK = "check"
    CONTACT = "contact"
    AMBER = "amber"
    BOOK_ON = "book_on"
    SHIFT_END = "shift_end"
    CAMERA_SILENCE = "camera_silence"
    CAMERA_SETTLED = "camera_settled"
    CAMERA_FLAPPING = "camera_flapping"
    CAMERA_GROUP = "camera_group"
    HELP_POINT_CALL = "help_point_call"
    HELP_POINT_ABANDONED = "help_point_abandoned"
    HELP_POINT_STUCK = "help_point_stuck"
    HELP_POINT_TEST = "help_point_test"
    FOOTAGE_DUE = "footage_due"
    KEYHOLDER_CALL = "keyholder_call"
    KEYHOLDER_ATTENDS = "keyholder_attends"
    UPDATE_HEARD = "update_heard"


EXPECTED: dict[Status, WatchKind] = {
    Status.NEW: WatchKind.ANSWER,
    Status.OWNED: WatchKind.OWNER_MOVES,
    Status.DISPATCHED: WatchKind.ARRIVAL,
    Status.ON_SCENE: WatchKind.CLEARANCE,
    Status.ESCALATED: WatchKind.ESCALATION,
    Status.PARKED: WatchKind.END_OF_PARKING,
    Status.RESOLVED: WatchKind.REOPENING,
}
"""The watch of an incident in this status; one whose order is not accepted yet has that order's watch."""


class Watch(msgspec.Struct, frozen=True, order=True, gc=False):
    """Expect something of `subject`, an order, incident, test or source, by `due`, else the room says so.

    Watches stand in the order of due moment, kind, subject (see `watches`).
    """

    due: datetime
    kind: WatchKind
    subject: str
