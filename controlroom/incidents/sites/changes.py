"""What the room learns about a site: facts that no incident shows, kept until the next of their kind.

Each is about a place of the estate, named by its topic; the moment is that of its record.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from controlroom.estate.police import System
from controlroom.incidents.incident import WatchKind
from controlroom.signals.vocabulary import SetState


class Expected(StrEnum):
    """What was expected of a site and did not come, in the words of the signal that the room then raises."""

    LATE_TO_SET = "late_to_set"
    TEST_OVERDUE = "test_overdue"
    PATH_SILENT = "path_silent"
    NOT_OPENED = "not_opened"
    NOT_CLOSED = "not_closed"
    VISIT_MISSED = "visit_missed"


class SetNoted(Struct, frozen=True, gc=False, tag="set_noted"):
    """A panel is now set, part set or unset, and was something else or unknown before."""

    topic: str
    state: SetState


class Sign(StrEnum):
    """What a place let the room hear of itself, besides its case."""

    TESTED = "tested"
    POLLED = "polled"
    OPENED = "opened"
    CLOSED = "closed"
    VISITED = "visited"


class SignNoted(Struct, frozen=True, gc=False, tag="sign_noted"):
    """A place gave a sign that is expected again; `detail` is the path of a poll, or who proved a visit."""

    topic: str
    sign: Sign
    detail: str = ""


class ExpectationMissed(Struct, frozen=True, gc=False, tag="expectation_missed"):
    """What was expected of a place did not come; `detail` names the path or the round, where there is one."""

    topic: str
    what: Expected
    detail: str = ""


class ExpectationDropped(Struct, frozen=True, gc=False, tag="expectation_dropped"):
    """Something is expected no longer: the place is no more in the estate, or is not asked for it."""

    kind: WatchKind
    subject: str


class PlaceForgotten(Struct, frozen=True, gc=False, tag="place_forgotten"):
    """A place is no longer in the estate; what was noted of it goes with it."""

    topic: str


class FalseCallCounted(Struct, frozen=True, gc=False, tag="false_call_counted"):
    """An incident of this system of a site was a false alarm; it began on this day in Leeds."""

    site: str
    system: System
    on: date


class PatrolSeeded(Struct, frozen=True, gc=False, tag="patrol_seeded"):
    """The moments of random rounds follow from this secret from now on."""

    seed: bytes


class VisitCalled(Struct, frozen=True, gc=False, tag="visit_called"):
    """A random round is called: somebody has to go now."""

    round: str


class VisitSettled(Struct, frozen=True, gc=False, tag="visit_settled"):
    """What was called of a round is over, kept or missed."""

    round: str


Patrolled = PatrolSeeded | VisitCalled | VisitSettled
"""What the room learns of its random rounds."""

SiteChange = (
    SetNoted
    | SignNoted
    | ExpectationMissed
    | ExpectationDropped
    | PlaceForgotten
    | FalseCallCounted
    | Patrolled
)
"""What the room learns about sites."""
