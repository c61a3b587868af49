"""What people may do with an incident, what they may not, and what is expected of them then."""

import pytest
from msgspec.structs import replace

from controlroom.commands.work import (
    EscalatedByHand,
    Noted,
    Parked,
    Reopened,
    Resolved,
    Unparked,
)
from controlroom.events import Closed, CrewSent, Owned, Tick
from controlroom.incidents.incident import THE_ROOM, Act, Incident, Level, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import next_deadline
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Condition, Kind
from tests.build import after, handbook, signal
from tests.incidents.test_decide import OneSite, Told

ID = "INC-1"


class Work(Told):
    """A room where everything waits for an operator, with one incident: a tamper, or a matter of life."""

    def __init__(self, event: str = "tamper") -> None:
        super().__init__(replace(handbook(), rules=OneSite()))
        self.tell(signal(Kind.ARC_ALARM, "first", event=event))

    @property
    def incident(self) -> Incident:
        """The incident, open or closed."""
        return self.state.incidents.get(ID) or self.state.closed[ID]

    @property
    def version(self) -> int:
        """The version that somebody who looks now sees."""
        return self.incident.version

    def own(self, author: str = "op-1", from_owner: str | None = None, at_s: float = 1) -> Reason:
        """Own it; return what the room said."""
        return self.tell(Owned(ID, self.version, author, from_owner), at_s).reasons[0]

    def park(self, until_s: float, second: str | None = None, reason: str = "keyholder comes") -> Reason:
        """Park it two seconds after noon; return what the room said."""
        parked = Parked(ID, self.version, "op-1", after(until_s), reason, second)
        return self.tell(parked, 2).reasons[0]

    def resolve(self, at_s: float = 2) -> Reason:
        """Resolve it; return what the room said."""
        return self.tell(Resolved(ID, self.version, "op-1", Outcome.NO_TRACE), at_s).reasons[0]

    def reopen(self, at_s: float) -> Reason:
        """Reopen it; return what the room said."""
        return self.tell(Reopened(ID, self.version, "op-2", "rang again"), at_s).reasons[0]


def test_somebody_elses_incident_is_taken_over_by_naming_that_person() -> None:
    """Nobody takes an owned incident by accident: the author says from whom, and the deadline begins anew."""
    room = Work()
    room.own("op-1")

    assert room.own("op-2", at_s=5) is Reason.OWNED_BY_ANOTHER
    assert room.own("op-2", from_owner="op-3", at_s=5) is Reason.OWNED_BY_ANOTHER
    assert room.own("op-2", from_owner="op-1", at_s=5) is Reason.COMMAND
    assert (room.incident.owner, room.incident.due) == ("op-2", after(905))
    assert room.own("op-2", from_owner="op-2", at_s=6) is Reason.COMMAND_REFUSED


def test_taking_over_leaves_what_is_expected_of_the_crew() -> None:
    """Where a crew has the work only the name changes: its acceptance is still missed in time."""
    room = Work()
    room.tell(CrewSent(ID, 1, "op-1"), at_s=10)

    assert room.own("op-2", at_s=20) is Reason.OWNED_BY_ANOTHER
    assert room.own("op-2", from_owner="op-1", at_s=20) is Reason.COMMAND
    assert (room.incident.status, room.incident.owner) == (Status.DISPATCHED, "op-2")
    assert room.tell(Tick(), at_s=70).reasons == (Reason.NOT_ACCEPTED,)


def test_what_the_room_sent_a_crew_to_can_be_owned() -> None:
    """Where the room itself sent the crew a person takes it, and what is expected of the crew stays."""
    room = Work("panic")
    assert (room.incident.status, room.incident.owner) == (Status.DISPATCHED, None)

    assert room.own("op-1", at_s=5) is Reason.COMMAND
    assert (room.incident.status, room.incident.owner) == (Status.DISPATCHED, "op-1")
    assert room.own("op-1", at_s=6) is Reason.OWNED_BY_ANOTHER
    assert room.own("op-1", from_owner="op-1", at_s=6) is Reason.COMMAND_REFUSED
    assert room.tell(Tick(), at_s=70).reasons == (Reason.NOT_ACCEPTED,)


def test_a_parked_incident_comes_back_at_its_moment() -> None:
    """Parking is a deadline with a reason; then the owner has it again, or everybody where nobody had it."""
    owned, free = Work(), Work()
    owned.own()
    for room in (owned, free):
        assert room.park(until_s=3_600) is Reason.COMMAND
        assert (room.incident.status, room.incident.parked) == (Status.PARKED, "keyholder comes")
        assert next_deadline(room.state) == room.incident.due == after(3_600)
        assert room.tell(Tick(), 3_600).reasons == (Reason.PARKING_OVER,)
        assert room.incident.parked is None

    assert (owned.incident.status, owned.incident.due) == (Status.OWNED, after(4_500))
    assert (free.incident.status, free.incident.due) == (Status.NEW, after(3_780))


@pytest.mark.parametrize("until_s", [1, 2, 14_403])
def test_parking_has_an_end_within_half_a_shift(until_s: float) -> None:
    """An end that is past, now, or too far away is no parking."""
    assert Work().park(until_s) is Reason.PARK_END_NOT_ALLOWED


def test_a_matter_of_life_is_parked_by_two_persons_and_for_a_quarter_of_an_hour() -> None:
    """One tired person alone cannot lay a life aside, and two cannot for long."""
    room = Work("gas")

    assert room.park(600) is Reason.PARK_NEEDS_SECOND
    assert room.park(600, second=" OP-1 ") is Reason.PARK_NEEDS_SECOND
    assert room.park(1_000, second="op-2") is Reason.PARK_END_NOT_ALLOWED
    assert room.park(600, second="op-2", reason=" ") is Reason.PARK_NOT_SAID
    assert room.park(600, second="op-2") is Reason.COMMAND


def test_a_more_urgent_signal_wakes_a_parked_incident() -> None:
    """What is parked still listens: a more urgent signal of the site asks for a person at once."""
    room = Work()
    room.park(3_600)
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper", zone="Z2"), 10)
    assert room.incident.status is Status.PARKED

    room.tell(signal(Kind.ARC_ALARM, "third", event="gas"), 20)

    assert (room.incident.status, room.incident.due, room.incident.parked) == (Status.NEW, after(50), None)


def test_what_is_parked_can_be_taken_up_early_and_nothing_else() -> None:
    """Taking up brings it back with a deadline; an incident that is not parked is not taken up."""
    room = Work()
    room.park(3_600)

    assert room.tell(Unparked(ID, room.version, "op-2"), 60).reasons == (Reason.COMMAND,)
    assert (room.incident.status, room.incident.due) == (Status.NEW, after(240))
    assert room.incident.last == Act("op-2", "unparked", after(60))
    assert room.tell(Unparked(ID, room.version, "op-2"), 61).reasons == (Reason.COMMAND_REFUSED,)


def test_a_resolved_incident_closes_when_nobody_says_that_it_is_not_over() -> None:
    """Resolved is not closed: for a quarter of an hour a caller may ring back, then the room closes it."""
    room = Work()
    assert room.resolve() is Reason.COMMAND
    assert (room.incident.status, room.incident.outcome) == (Status.RESOLVED, "no_trace")

    assert room.tell(Tick(), 902).reasons == (Reason.NOT_REOPENED,)

    assert room.state.closed[ID].outcome == "no_trace"
    assert next_deadline(room.state) is None


def test_a_new_alarm_after_the_resolving_is_a_new_incident() -> None:
    """What is done takes no more signals; reopened, it does again, unless another one stands in its place."""
    room = Work()
    room.resolve()
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 10)
    assert list(room.state.incidents) == [ID, "INC-3"]

    assert room.reopen(20) is Reason.COMMAND
    room.tell(signal(Kind.ARC_ALARM, "third", event="tamper"), 30)

    assert room.state.incidents["INC-3"].signals == 2


def test_a_signal_that_joins_keeps_nobody_from_helping() -> None:
    """Owning, notes, steps and sending stand where only signals joined; ending needs every one to be seen."""
    room = Work()
    seen = room.version
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 1)
    room.tell(signal(Kind.ARC_ALARM, "third", event="tamper"), 2)

    stale = (Reason.COMMAND_STALE,)
    assert room.tell(Closed(ID, seen, "op-1", Outcome.FALSE_ALARM), 3).reasons == stale
    assert room.tell(Parked(ID, seen, "op-1", after(600), "wait"), 3).reasons == stale
    assert room.tell(Owned(ID, seen, "op-1"), 3).reasons == (Reason.COMMAND,)
    assert room.tell(Noted(ID, seen, "op-2", "seen"), 4).reasons == stale, "somebody owned it in between"

    seen = room.version
    room.tell(signal(Kind.ARC_ALARM, "fourth", event="tamper"), 5)
    assert room.tell(Noted(ID, seen + 2, "op-2", "nobody saw that yet"), 6).reasons == stale
    assert room.tell(CrewSent(ID, seen, "op-1"), 6).reasons == (Reason.COMMAND,)


def test_a_signal_that_makes_it_more_urgent_is_to_be_seen_first() -> None:
    """Who owned a tamper would not know that it is a fire by now; what joins after the fire is no matter."""
    room = Work()
    seen = room.version
    room.state.incidents[ID] = replace(room.incident, priority=5)
    room.tell(signal(Kind.ARC_ALARM, "worse", event="tamper"), 1)
    raised = room.version
    room.tell(signal(Kind.ARC_ALARM, "again", event="tamper"), 2)

    assert room.incident.priority < 5
    assert room.tell(Owned(ID, seen, "op-1"), 3).reasons == (Reason.COMMAND_STALE,)
    assert room.tell(Owned(ID, raised, "op-1"), 3).reasons == (Reason.COMMAND,)


def test_what_was_not_over_is_opened_again_within_the_houses_time() -> None:
    """A closed incident is work again for who reopens it, with its history; later it is a new one."""
    room = Work()
    room.tell(Closed(ID, 1, "op-1", Outcome.FALSE_ALARM), 10)

    assert room.tell(Reopened(ID, 1, "op-2", "again"), 20).reasons == (Reason.COMMAND_STALE,)
    assert room.reopen(at_s=911) is Reason.REOPENED_TOO_LATE
    assert room.reopen(at_s=910) is Reason.COMMAND
    assert ID not in room.state.closed
    assert (room.incident.owner, room.incident.due, room.incident.outcome) == ("op-2", after(1_810), None)
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 920)
    assert room.incident.signals == 2


def test_work_that_a_crew_has_is_neither_parked_nor_resolved() -> None:
    """Who is on the way keeps an incident open; what is resolved is reopened before anything else."""
    room = Work()
    room.tell(CrewSent(ID, 1, "op-1"))
    assert room.park(60) is Reason.CREW_HAS_IT
    assert room.resolve() is Reason.CREW_HAS_IT

    done = Work()
    done.resolve()
    assert done.park(60) is done.resolve() is done.own() is Reason.IS_RESOLVED
    assert done.tell(CrewSent(ID, done.version, "op-1")).reasons == (Reason.IS_RESOLVED,)
    assert done.tell(EscalatedByHand(ID, done.version, "op-1", "x")).reasons == (Reason.IS_RESOLVED,)


def test_an_operator_escalates_by_hand() -> None:
    """The next level is told at once, with the reason, and again when nobody takes it."""
    room = Work()
    room.own()
    room.tell(EscalatedByHand(ID, room.version, "op-1", "two sites at once"), at_s=10)

    assert (room.incident.level, room.incident.escalated_because) == (Level.OPERATOR, "two sites at once")
    assert room.incident.last == Act("op-1", "escalated", after(10))
    room.tell(Tick(), at_s=190)
    assert room.incident.level is Level.SUPERVISOR


def test_a_note_is_a_word_from_the_owner() -> None:
    """The owner's note begins the deadline anew; another's note is kept and changes no deadline."""
    room = Work()
    room.own("op-1", at_s=10)
    room.tell(Noted(ID, room.version, "op-2", "saw it too"), 100)
    assert room.incident.due == after(910)

    room.tell(Noted(ID, room.version, "op-1", "keyholder on the way"), 200)

    assert room.incident.due == after(1_100)
    assert [(note.author, note.text) for note in room.incident.notes] == [
        ("op-2", "saw it too"),
        ("op-1", "keyholder on the way"),
    ]
    assert room.tell(Noted(ID, room.version, "op-1", "  "), 201).reasons == (Reason.COMMAND_REFUSED,)


def test_notes_are_bounded() -> None:
    """An incident shows its last twenty notes; the journal has all of them."""
    room = Work()
    for number in range(25):
        room.tell(Noted(ID, room.version, "op-1", str(number)), number)

    assert [note.text for note in room.incident.notes] == [str(number) for number in range(5, 25)]


def test_an_incident_knows_who_did_what_last() -> None:
    """Every version has its author, the room and the field included, for whoever comes too late."""
    room = Work()
    last = [room.incident.last]
    room.tell(Tick(), 180)
    last.append(room.incident.last)
    room.tell(CrewSent(ID, room.version, "op-1", "MR-01"), 190)
    room.report(Step.ACCEPTED, order="ORD-3", at_s=200)
    last.append(room.incident.last)
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 210)

    assert last == [None, Act(THE_ROOM, "escalated", after(180)), Act("MR-01", "dispatched", after(200))]
    assert room.incident.last == Act(signal(Kind.ARC_ALARM).signal.source, "signal joined", after(210))


def test_the_condition_is_an_axis_of_its_own() -> None:
    """Restores are counted against what stands, zone by zone, and close nothing."""
    room = Work()
    assert room.incident.condition is Condition.ACTIVE
    room.tell(signal(Kind.ARC_ALARM, "2", event="tamper", zone="Z2"), 1)
    version = room.version

    for number, zone in enumerate(("Z1", "Z1", "Z2")):
        restored = signal(Kind.ARC_ALARM, f"r{number}", event="tamper", zone=zone, condition="restored")
        room.tell(restored, 2)
        room.tell(restored, 2)

    assert (room.incident.condition, room.incident.ended) == (Condition.RESTORED, 2)
    assert room.incident.status is Status.NEW
    assert room.incident.version - version == 3  # OneSite routes a restore into the incident, as a signal
    assert room.state.standing == {}


def test_each_signal_keeps_its_place_in_the_journal() -> None:
    """An incident lists the records of its signals, with what each was."""
    room = Work()
    room.own()
    room.tell(signal(Kind.ARC_ALARM, "2", event="gas", zone="Z2"), 2)

    assert [(one.position, one.event, one.priority) for one in room.incident.members] == [
        (1, "tamper", 3),
        (3, "gas", 1),
    ]
