"""The action plan as a gate: what is required is done or explained before a person closes."""

from msgspec.structs import replace

from controlroom.commands.plan_steps import Demands, StepDone, StepSkipped
from controlroom.commands.work import Resolved
from controlroom.events import Closed, Owned
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, signal
from tests.incidents.test_decide import Told

ID = "INC-1"
ASKED = Demands(("ring", "look"))


class Planned(Told):
    """A room with one incident that waits for a person."""

    def __init__(self) -> None:
        super().__init__(handbook())
        self.tell(signal(Kind.ARC_ALARM, "first", event="other"))

    @property
    def incident(self) -> Incident:
        """The incident, open or closed."""
        return self.state.incidents.get(ID) or self.state.closed[ID]

    def close(self, plan: Demands = ASKED, at_s: float = 9) -> Reason:
        """Close it; return what the room said."""
        closed = Closed(ID, self.incident.version, "op-1", Outcome.GENUINE, plan)
        return self.tell(closed, at_s).reasons[0]

    def done(self, step: str, at_s: float = 5) -> Reason:
        """Mark a step as done; return what the room said."""
        return self.tell(StepDone(ID, self.incident.version, "op-1", step), at_s).reasons[0]

    def skipped(self, step: str, reason: str) -> Reason:
        """Pass a step over; return what the room said."""
        return self.tell(StepSkipped(ID, self.incident.version, "op-2", step, reason), 6).reasons[0]


def test_open_steps_keep_an_incident_from_being_closed() -> None:
    """Neither close nor resolve is taken while a required step is neither done nor explained."""
    room = Planned()
    assert room.close() is Reason.PLAN_STEPS_OPEN
    assert room.done("ring") is Reason.COMMAND
    resolved = Resolved(ID, room.incident.version, "op-1", Outcome.GENUINE, ASKED)
    assert room.tell(resolved, 7).reasons == (Reason.PLAN_STEPS_OPEN,)
    assert room.skipped("look", "no camera there") is Reason.COMMAND
    assert room.close() is Reason.COMMAND
    marks = [(one.step, one.author, one.skipped) for one in room.incident.steps]
    assert marks == [("ring", "op-1", ""), ("look", "op-2", "no camera there")]


def test_what_is_left_can_be_explained_with_the_closing() -> None:
    """One reason passes over all that is left, and each step keeps it."""
    room = Planned()
    room.done("ring")
    assert room.close(replace(ASKED, skipped_because="  ")) is Reason.PLAN_STEPS_OPEN
    assert room.close(replace(ASKED, skipped_because="worn contact")) is Reason.COMMAND
    assert room.incident.status is Status.CLOSED
    assert [(one.step, one.skipped) for one in room.incident.steps] == [
        ("ring", ""),
        ("look", "worn contact"),
    ]


def test_a_step_is_marked_once_and_never_without_a_word() -> None:
    """Who was first did it; passing over needs a reason."""
    room = Planned()
    assert room.skipped("ring", " ") is Reason.COMMAND_REFUSED
    assert room.done("ring") is Reason.COMMAND
    assert room.done("ring") is Reason.PLAN_STEP_MARKED
    assert len(room.incident.steps) == 1


def test_the_owners_step_is_a_word() -> None:
    """An owner who works the plan moves: the time until somebody asks begins anew."""
    room = Planned()
    room.tell(Owned(ID, 1, "op-1"), 1)
    room.done("ring", at_s=100)
    assert room.incident.due == after(1_000)
    assert room.incident.last is not None
    assert room.incident.last.what == "plan step"
