"""How long anything about an incident may stand still before somebody is told. Every figure is a default.

None of them comes from a standard word for word: each is to be confirmed with the centre's own procedure.
"""

import msgspec

from controlroom.incidents.incident import Incident
from controlroom.signals.vocabulary import (
    LIFE_SAFETY_ALARMS,
    LIFE_SAFETY_PARK,
    LIFE_SAFETY_SILENCE,
    LIFE_SAFETY_TELECARE,
    LIFE_SAFETY_WORKER,
    CallStep,
    Kind,
)


class WorkRules(msgspec.Struct, frozen=True):
    """The house's patience, in seconds. "Urgent" is priority 1, where a life may depend on it.

    `escalate_every_s`, `escalate_urgent_every_s`: how long an escalated incident may stay unanswered before
    the next level is told: the 180 s of EN 50518's slower answers as they are remembered, and twice its 30 s.
    `owner_moves_within_s`, `owner_moves_urgent_s`: how long an owner may leave an incident without a word;
    a note is a word. A quarter of an hour is a long telephone call, five minutes is a long silence.
    `arrive_within_s`: how long after its order a crew may be on its way where the rule does not say; the
    30 min of most intruder rules.
    `clear_within_s`: how long a crew may be at a place without a word. Half an hour, because a crew works
    alone too, and its silence may mean that it needs help itself.
    `park_max_s`, `park_life_max_s`: how far away the end of a parking may be: half a shift, so that who
    parked it is still there, and a quarter of an hour where a life may depend on it (and two persons).
    `reopen_within_s`: how long a resolved incident stands before it is closed, and a closed one may be opened
    again: as long as a caller needs to ring back.
    `restore_within_s`: how long a mains or path fault waits for its restore before it is listed as unpaired:
    a third of the 12 h that are remembered of EN 50131-1 for a panel's battery.
    `swinger_after`, `shelved_max_s`: after how many trips in one set period a zone is shelved, and for how
    long at most: CP-01 lets panels do it after one to six trips and for at least eight hours.
    `flood_from`: new incidents of one area in ten minutes from which it is in flood: three times the ten that
    EEMUA 191 calls a flood for one operator.
    """

    escalate_every_s: int = 180
    escalate_urgent_every_s: int = 60
    owner_moves_within_s: int = 900
    owner_moves_urgent_s: int = 300
    arrive_within_s: int = 1_800
    clear_within_s: int = 1_800
    park_max_s: int = 14_400
    park_life_max_s: int = 900
    reopen_within_s: int = 900
    restore_within_s: int = 14_400
    swinger_after: int = 5
    shelved_max_s: int = 28_800
    flood_from: int = 30


URGENT = 1
"""The priority of signals on which a life may depend."""


def escalate_s(work: WorkRules, priority: int) -> int:
    """Return after how many seconds the next level is told of an incident of this priority."""
    return work.escalate_urgent_every_s if priority == URGENT else work.escalate_every_s


def owner_s(work: WorkRules, priority: int) -> int:
    """Return after how many seconds an owner who does nothing is asked about an incident of this priority."""
    return work.owner_moves_urgent_s if priority == URGENT else work.owner_moves_within_s


_LIFE: dict[Kind, frozenset[str]] = {
    Kind.ARC_ALARM: LIFE_SAFETY_ALARMS,
    Kind.CAMERA_FAULT: frozenset(),
    Kind.HELP_POINT: frozenset({CallStep.STARTED, CallStep.ABANDONED}),
    Kind.LONE_WORKER: LIFE_SAFETY_WORKER | LIFE_SAFETY_SILENCE,
    Kind.GUARD: LIFE_SAFETY_SILENCE,
    Kind.PARK: LIFE_SAFETY_PARK,
    Kind.TELECARE: LIFE_SAFETY_TELECARE,
}
"""Words about a life, by their feed: "other" of a resident's sensor is a call, of a panel it is not."""


def is_about_life(kind: Kind, event: str) -> bool:
    """Say whether this word of this feed is about a life, whatever priority a table gives it."""
    return event in _LIFE[kind]


def about_life(incident: Incident) -> bool:
    """Say whether a life may depend on this incident: by its priority, or by the word that opened it."""
    return incident.priority == URGENT or is_about_life(incident.kind, incident.event)
