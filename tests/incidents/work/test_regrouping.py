"""Merging and splitting incidents: nothing is lost, nobody is sent twice, and the way back is exact."""

import pytest
from msgspec.structs import replace

from controlroom.commands.work import (
    EscalatedByHand,
    Merged,
    Noted,
    Parked,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
)
from controlroom.events import Closed, CrewSent, Event, Owned, Tick
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Incident, Status, StepMark, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, next_deadline
from controlroom.incidents.watches import due_of, in_order
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import take
from controlroom.rules.verdict import Circumstances, Route, Verdict
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Condition, Kind
from tests.build import ALARMS_HANDLED, ALARMS_RESPONDED, BOOK, after, figure, handbook, signal
from tests.incidents.test_decide import OneSite, Told

FIRST, OTHER = "INC-1", "INC-2"


class RestoresLogged(OneSite):
    """Joins everything of a site, and only logs what is restored."""

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        restored = getattr(circumstances.signal.data, "condition", None) is Condition.RESTORED
        verdict = super().judge(circumstances)
        return replace(verdict, route=Route.LOG) if restored else verdict


class TwoSites(Told):
    """A room with two incidents that wait for an operator: a tamper, and a call at a help point."""

    def __init__(self) -> None:
        super().__init__(replace(handbook(), rules=RestoresLogged()))
        self.ledger = Ledger()
        self.tell(signal(Kind.ARC_ALARM, "a", event="tamper"))
        self.tell(signal(Kind.HELP_POINT, "h"), 10)

    def tell(self, event: Event, at_s: float = 0) -> Decision:
        """Decide and apply one event, and let the figures follow."""
        decision = super().tell(event, at_s)
        take(self.ledger, BOOK, self.state.position, after(at_s), decision)
        return decision

    def one(self, incident: str = FIRST) -> Incident:
        """An open incident."""
        return self.state.incidents[incident]

    def merge(self, at_s: float = 20) -> Reason:
        """Merge the call into the tamper; return what the room said."""
        command = Merged(FIRST, self.one().version, "op-1", OTHER, self.one(OTHER).version)
        return self.asks(command, at_s)

    def undo(self, incident: str = FIRST, at_s: float = 30) -> Reason:
        """Undo what was done last to this incident; return what the room said."""
        return self.asks(Undone(incident, self.one(incident).version, "op-1"), at_s)

    def asks(self, command: Event, at_s: float = 20) -> Reason:
        """Ask; return what the room said."""
        return self.tell(command, at_s).reasons[0]


def standing(state: State) -> object:
    """Return all that concerns open incidents, without versions and last acts."""
    incidents = {name: replace(one, version=0, last=None) for name, one in state.incidents.items()}
    armed = set(in_order(state.watches))
    return (
        incidents,
        armed,
        dict(state.joinable),
        {name: set(leads) for name, leads in state.standing.items()},
        dict(state.open_at),
        set(state.closed),
    )


def test_a_merged_incident_is_one_with_everything_of_both() -> None:
    """Signals, the earlier deadline and the way for further ones go over; the other is closed as merged."""
    room = TwoSites()
    room.tell(Noted(OTHER, 1, "op-2", "a child's voice"), 12)

    assert room.merge() is Reason.COMMAND

    whole = room.one()
    assert list(room.state.incidents) == [FIRST]
    assert (whole.signals, [member.position for member in whole.members]) == (2, [1, 2])
    assert [note.text for note in whole.notes] == ["a child's voice"]
    assert next_deadline(room.state) == whole.due == after(180)
    gone = room.state.closed[OTHER]
    assert (gone.status, gone.outcome, gone.into) == (Status.CLOSED, Ending.MERGED, FIRST)
    room.tell(signal(Kind.HELP_POINT, "h2"), 40)
    assert room.one().signals == 3


def test_a_merge_keeps_what_was_done_refused_and_confirmed_in_either() -> None:
    """A step that one did is done though the other passed it over; an undo takes exactly that back."""
    room, early, late = TwoSites(), after(1), after(2)
    passed, done = StepMark("look", "op-1", early, "dark"), StepMark("look", "op-2", late)
    rang = StepMark("ring", "op-2", late)
    first, other = room.one(), room.one(OTHER)
    room.state.incidents[FIRST] = replace(first, steps=(passed,), refused_by=("MR-01",), confirmed_by=(1,))
    room.state.incidents[OTHER] = replace(
        other, steps=(rang, done), refused_by=("MR-01", "MR-02"), confirmed_by=(2,)
    )
    before = standing(room.state)

    assert room.merge() is Reason.COMMAND
    whole = room.one()
    assert set(whole.steps) == {done, rang}
    assert (whole.refused_by, whole.confirmed_by) == (("MR-01", "MR-02"), (1, 2))
    room.undo()
    assert standing(room.state) == before


def test_what_was_merged_is_not_reopened_beside_the_other() -> None:
    """Its signals are worked on in the other incident; a second copy of it would be worked on twice."""
    room = TwoSites()
    room.merge()
    gone = room.state.closed[OTHER]
    assert room.asks(Reopened(OTHER, gone.version, "op-1", "was another matter")) is Reason.COMMAND_REFUSED
    assert OTHER not in room.state.incidents


def test_an_undone_merge_leaves_what_stood_before() -> None:
    """Undoing gives both incidents back, with their deadlines and their ways for further signals."""
    room = TwoSites()
    before = standing(room.state)

    room.merge()
    assert room.undo() is Reason.COMMAND

    assert standing(room.state) == before
    assert room.undo() is Reason.UNDO_TOO_LATE


def test_a_command_that_saw_the_merged_incident_is_stale_after_the_undo() -> None:
    """Versions go on counting through an undo, for both incidents."""
    room = TwoSites()
    room.merge()
    merged, gone = room.one().version, room.state.closed[OTHER].version
    room.undo()

    assert room.asks(Owned(FIRST, merged, "op-2")) is Reason.COMMAND_STALE
    assert room.one(OTHER).version > gone


def test_what_ended_in_between_stays_ended() -> None:
    """A restore that came while two incidents were one is not taken back by the undo."""
    room = TwoSites()
    room.merge()
    room.tell(signal(Kind.ARC_ALARM, "r", event="tamper", condition="restored"), 25)
    assert room.undo() is Reason.COMMAND

    assert (room.one().condition, room.one().ended) == (Condition.RESTORED, 1)
    assert room.state.standing == {}


def test_after_anything_else_an_undo_is_too_late() -> None:
    """An undo never takes back what somebody did meanwhile."""
    room = TwoSites()
    room.merge()
    room.asks(Owned(FIRST, room.one().version, "op-2"), 25)

    assert room.undo() is Reason.UNDO_TOO_LATE
    assert list(room.state.incidents) == [FIRST]


def test_an_undo_after_the_deadline_is_due_at_once() -> None:
    """What would have been missed while two incidents were one is missed now, not never."""
    room = TwoSites()
    room.asks(Owned(FIRST, 1, "op-1"), 15)
    room.merge()
    room.asks(SplitOff(FIRST, room.one().version, "op-1", (2,)), 25)
    assert room.undo(at_s=950) is Reason.COMMAND

    assert room.one().due == after(950)
    assert (next_deadline(room.state) or after(951)) <= after(950)


@pytest.mark.parametrize("why", ["itself", "unknown", "old", "crew", "parked", "resolved"])
def test_what_is_not_merged(why: str) -> None:
    """Not with itself, not on an old view, not over a crew on its way, not what is parked or resolved."""
    room, other, seen, expected = TwoSites(), OTHER, 1, Reason.COMMAND_REFUSED
    match why:
        case "itself":
            other = FIRST
        case "unknown":
            other = "INC-99"
        case "old":
            seen, expected = 7, Reason.COMMAND_STALE
        case "crew":
            room.tell(CrewSent(OTHER, 1, "op-1"), 15)
            seen, expected = 2, Reason.CREW_HAS_IT
        case "parked":
            room.tell(Parked(OTHER, 1, "op-1", after(600), "wait", "op-2"), 15)
            seen, expected = 2, Reason.IS_PARKED
        case _:
            room.tell(Resolved(OTHER, 1, "op-1", Outcome.NO_TRACE), 15)
            seen, expected = 2, Reason.IS_RESOLVED

    assert room.asks(Merged(FIRST, 1, "op-1", other, seen)) is expected
    assert not room.state.undo


def test_a_split_makes_an_incident_of_its_own_that_waits_for_a_person() -> None:
    """The signals that are another matter leave with their places in the journal; the rest stays as it is."""
    room = TwoSites()
    room.tell(signal(Kind.ARC_ALARM, "a2", event="gas", zone="Z2"), 15)
    room.tell(Owned(FIRST, room.one().version, "op-1"), 16)

    assert room.asks(SplitOff(FIRST, room.one().version, "op-1", (3,))) is Reason.COMMAND

    rest, new = room.one(), room.one("INC-5")
    assert (rest.signals, rest.priority, rest.owner, rest.status) == (1, 3, "op-1", Status.OWNED)
    assert (new.signals, new.priority, new.event, new.status) == (1, 1, "gas", Status.NEW)
    assert [member.position for member in new.members] == [3]
    assert room.state.standing == {rest.standing[0]: {FIRST: None}, new.standing[0]: {"INC-5": None}}
    assert new.due == after(50)


@pytest.mark.parametrize("positions", [(), (1,), (1, 3), (99,)])
def test_a_split_takes_a_part_and_only_of_its_own(positions: tuple[int, ...]) -> None:
    """All of an incident, nothing of it, or signals of another one are no part."""
    room = TwoSites()
    command = SplitOff(FIRST, room.one().version, "op-1", positions)
    assert room.asks(command) is Reason.SPLIT_NOT_POSSIBLE


@pytest.mark.parametrize("how", ["split", "merge", "undo"])
def test_a_crew_that_was_asked_is_still_awaited(how: str) -> None:
    """Whoever escalates and regroups what a crew was ordered to takes no deadline off that crew."""
    room = TwoSites()
    room.tell(signal(Kind.ARC_ALARM, "a2", event="gas", zone="Z2"), 15)
    (order,) = room.tell(CrewSent(FIRST, room.one().version, "op-1"), 16).orders
    room.asks(EscalatedByHand(FIRST, room.one().version, "op-1", "no answer"), 17)
    if how == "merge":
        assert room.merge() is Reason.COMMAND
    else:
        assert room.asks(SplitOff(FIRST, room.one().version, "op-1", (3,))) is Reason.COMMAND
    if how == "undo":
        assert room.undo() is Reason.COMMAND

    assert due_of(room.state.watches, WatchKind.ACCEPTANCE, order.id) == after(76)
    assert Reason.NOT_ACCEPTED in [room.asks(Tick(), 76) for _ in range(2)]


def test_what_is_split_off_remembers_who_refused() -> None:
    """A unit that said no to the whole said no to its parts, and is not asked again by the room."""
    room = TwoSites()
    room.tell(signal(Kind.ARC_ALARM, "a2", event="gas", zone="Z2"), 15)
    room.state.incidents[FIRST] = replace(room.one(), refused_by=("MR-01",))
    room.asks(SplitOff(FIRST, room.one().version, "op-1", (3,)))
    new = next(name for name in room.state.incidents if name not in {FIRST, OTHER})

    (order,) = room.tell(CrewSent(new, 1, "op-1"), 30).orders

    assert order.unit == "MR-02"


def test_an_undone_split_leaves_what_stood_before() -> None:
    """The new incident goes back into the old one, unless somebody has begun to work on it."""
    room = TwoSites()
    room.tell(signal(Kind.ARC_ALARM, "a2", event="gas", zone="Z2"), 15)
    before = room.one()
    room.asks(SplitOff(FIRST, room.one().version, "op-1", (3,)), 20)
    assert room.undo() is Reason.COMMAND
    assert replace(room.one(), version=0, last=None) == replace(before, version=0, last=None)
    assert room.state.closed["INC-4"].into == FIRST

    room.asks(SplitOff(FIRST, room.one().version, "op-1", (3,)), 40)
    new = next(name for name in room.state.incidents if name not in {FIRST, OTHER})
    room.tell(Owned(new, 1, "op-2"), 50)
    assert room.undo(at_s=60) is Reason.UNDO_TOO_LATE


def test_the_figures_follow_every_regrouping() -> None:
    """However incidents are merged and split, each activation is handled once, and answered once."""
    room = TwoSites()
    room.tell(signal(Kind.ARC_ALARM, "a2", event="intruder", zone="Z2"), 15)
    room.merge()
    room.asks(SplitOff(FIRST, room.one().version, "op-1", (3,)), 25)
    new = next(name for name in room.state.incidents if name != FIRST)
    order = room.tell(CrewSent(new, 1, "op-1"), 30).orders[0]
    room.report(Step.ACCEPTED, order=order.id, unit=order.unit, at_s=40)
    assert figure(room.ledger, ALARMS_RESPONDED) == 1

    room.tell(Closed(new, room.one(new).version, "op-1", Outcome.GENUINE), 50)
    room.tell(Closed(FIRST, room.one().version, "op-1", Outcome.GENUINE), 51)

    assert (figure(room.ledger, ALARMS_HANDLED), figure(room.ledger, ALARMS_RESPONDED)) == (2, 1)
    assert not room.ledger.opened


def test_a_merged_incident_still_escalates() -> None:
    """The earlier of the two deadlines is the one that counts."""
    room = TwoSites()
    room.merge()
    assert room.asks(Tick(), 180) is Reason.NOT_ANSWERED
