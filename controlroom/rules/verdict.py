"""What a rule table is asked, and what it answers.

`Circumstances` is everything that a rule may look at; `Verdict` is everything that a rule can say.
Both are frozen data without behaviour, so a verdict can be journalled, compared and explained.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec

from controlroom.estate.areas import Area
from controlroom.estate.model import Place
from controlroom.rules.calendars import Calendar
from controlroom.signals.envelope import Signal
from controlroom.signals.vocabulary import Kind, SetState


class Route(StrEnum):
    """Where a signal goes."""

    MOBILE_RESPONSE = "mobile_response"
    LOG = "log"


class Dispatch(StrEnum):
    """Who sends the crew: the room at once, or an operator who looked first."""

    AUTOMATIC = "automatic"
    OPERATOR = "operator"


class Partner(StrEnum):
    """Whom an incident can be referred to: the closed list of the council's partners."""

    WEST_YORKSHIRE_POLICE = "west_yorkshire_police"
    WEST_YORKSHIRE_FIRE_AND_RESCUE = "west_yorkshire_fire_and_rescue"
    LASBT = "lasbt"  # Leeds Anti-Social Behaviour Team
    METRO = "metro"
    HOUSING_LEEDS = "housing_leeds"
    UTC = "utc"  # urban traffic control
    POLICE_EMERGENCY_PLANNING = "police_emergency_planning"
    PARKING_ENFORCEMENT = "parking_enforcement"
    COUNCIL_DEPARTMENT = "council_department"


class MergeKey(StrEnum):
    """By what signals join one incident: everything of a site, or everything of one place (topic)."""

    SITE = "site"
    PLACE = "place"


class RoomFacts(msgspec.Struct, frozen=True, gc=False):
    """What only the room's state knows about the signal's source at this moment.

    None means unknown, which is never the same as normal.
    """

    set_state: SetState | None = None
    confirmed: bool = False
    on_test: bool = False
    repeats: Annotated[int, msgspec.Meta(ge=0)] = 0
    path_ok: bool | None = None
    booked_on: bool | None = None
    open_incident: bool = False


class Circumstances(msgspec.Struct, frozen=True, gc=False):
    """One signal and all that a rule may know about it; `place` is None for an unknown source."""

    signal: Signal
    kind: Kind
    area: Area
    place: Place | None
    room: RoomFacts
    now: datetime


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What one rule says; durations in seconds, None where the rule sets none.

    `priority` runs from 1 (life) to 4 (record only). `merge` names the key by which signals of one site
    join one incident; None keeps each on its own. `rule_set` is the hash of the whole set.
    `read` names the facts that the rules looked at on the way to this verdict.
    """

    table: str
    rule: str
    rule_set: str
    route: Route
    priority: int
    why: str
    dispatch: Dispatch = Dispatch.AUTOMATIC
    answer_within_s: int | None = None
    respond_within_s: int | None = None
    action_plan: str | None = None
    inform: tuple[str, ...] = ()
    hold_s: int | None = None
    merge: str | None = None
    read: tuple[str, ...] = ()


class Judge(Protocol):
    """A compiled rule set: total, pure, bounded."""

    @property
    def version(self) -> str:
        """The hash of the whole rule set, as every verdict carries it."""
        ...

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars of the set by name, which opening hours and patrols' windows are also read from."""
        ...

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return the verdict; a signal that no rule takes gets the `no-rule` verdict, never an error."""
        ...


NO_RULE = "no-rule"
"""The rule id of the verdict for a signal that no rule takes: an operator looks, at high priority."""


def no_rule(kind: Kind, rule_set: str) -> Verdict:
    """Return the verdict for a signal that no rule takes: a person decides, soon."""
    return Verdict(
        table=kind,
        rule=NO_RULE,
        rule_set=rule_set,
        route=Route.MOBILE_RESPONSE,
        priority=2,
        why="No rule takes this signal, so a person looks at it.",
        dispatch=Dispatch.OPERATOR,
        answer_within_s=60,
    )
