"""Calls to keyholders: the list goes on by itself, who wanted to come is awaited, and a person is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.keyholders import CallResult, KeyholderCalled
from controlroom.commands.work import Merged, Reopened, Resolved, SplitOff, Undone
from controlroom.estate.model import Estate, Keyholder
from controlroom.events import Closed, Tick
from controlroom.incidents.incident import THE_ROOM, Status, WatchKind
from controlroom.incidents.keyholders.calling import call_list, next_holder
from controlroom.incidents.keyholders.calls import FAILED, is_there, on_the_way
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from controlroom.incidents.watches import due_of
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import after, estate, signal
from tests.incidents.work.test_lifecycle import ID, Work

KEYS = tuple(Keyholder(f"KH-{turn}", "S1", f"Keyholder {turn}", turn) for turn in (1, 2, 3))
CALLING, REACHED, NO_ANSWER = CallResult.CALLING, CallResult.REACHED, CallResult.NO_ANSWER
REFUSED, ON_THE_WAY, ARRIVED = CallResult.REFUSED, CallResult.ON_THE_WAY, CallResult.ARRIVED


class Lodge(Work):
    """A room whose site has three keyholders, and one incident there that somebody has."""

    def __init__(self, *holders: Keyholder) -> None:
        super().__init__()
        known = estate()
        keys = {"S1": holders or KEYS}
        self.book = replace(self.book, estate=Estate(known.places, known.crews, keyholders=keys))
        self.own("op-1", at_s=0)

    def call(self, keyholder: str, result: CallResult, at_s: float = 10, author: str = "op-1") -> Reason:
        """Record a call; return what the room said."""
        return self.tell(KeyholderCalled(ID, self.version, author, keyholder, result), at_s).reasons[0]

    def due(self, kind: WatchKind) -> object:
        """Return until when something of keyholders is awaited."""
        return due_of(self.state.watches, kind, ID)

    @property
    def next(self) -> str | None:
        """Who is called next."""
        found = next_holder(self.book, self.incident, after(0))
        return found.reference if found is not None else None

    def ticks_at(self, at_s: float) -> Reason:
        """Let the room look at what is due."""
        return self.tell(Tick(), at_s).reasons[0]


def test_a_call_that_nobody_answers_leads_to_the_next_one() -> None:
    """The call is on record, the next in the list is due in three minutes, and nothing else happens."""
    room = Lodge()
    assert room.next == "KH-1"

    assert room.call("KH-1", NO_ANSWER) is Reason.COMMAND
    assert room.next == "KH-2"
    assert room.due(WatchKind.KEYHOLDER_CALL) == after(10 + 180)
    assert [(call.keyholder, call.result, call.by) for call in room.incident.calls] == [
        ("KH-1", NO_ANSWER, "op-1")
    ]
    assert room.incident.status is Status.OWNED


def test_a_call_without_a_result_counts_as_unanswered_by_itself() -> None:
    """It rings; a minute later the room takes down that there was no word, and the next one is due."""
    room = Lodge()
    room.call("KH-1", CALLING)

    assert room.ticks_at(70) is Reason.KEYHOLDER_NO_WORD
    last = room.incident.calls[-1]
    assert (last.keyholder, last.result, last.by) == ("KH-1", CallResult.NO_WORD, THE_ROOM)
    assert room.next == "KH-2"
    assert room.due(WatchKind.KEYHOLDER_CALL) == after(70 + 180)


def test_who_was_reached_has_five_minutes_to_say_whether_they_come() -> None:
    """Past them the list goes on, though somebody heard it."""
    room = Lodge()
    room.call("KH-1", REACHED)

    assert room.due(WatchKind.KEYHOLDER_CALL) == after(310)
    assert room.ticks_at(310) is Reason.KEYHOLDER_NO_WORD
    assert room.next == "KH-2"


def test_a_list_that_nobody_goes_on_with_is_escalated() -> None:
    """The next call is expected of somebody; three minutes without one and the next level is told."""
    room = Lodge()
    room.call("KH-1", NO_ANSWER)

    assert room.ticks_at(190) is Reason.KEYHOLDER_NOT_CALLED
    assert (room.incident.status, room.incident.escalated_because) == (
        Status.ESCALATED,
        "KH-2 was not called",
    )


def test_after_the_last_one_somebody_is_told() -> None:
    """Nobody comes: the incident is escalated at the third failure, and nothing of keyholders is awaited."""
    room = Lodge()
    room.call("KH-1", NO_ANSWER, 10)
    room.call("KH-2", REFUSED, 20)
    room.call("KH-3", NO_ANSWER, 30)

    assert room.incident.escalated_because == "no keyholder of S1 comes: 3 called"
    assert (room.next, room.due(WatchKind.KEYHOLDER_CALL)) == (None, None)


def test_who_comes_is_expected_within_twenty_minutes_of_the_word() -> None:
    """Then the incident is escalated with the hour of the word, and the list goes on."""
    room = Lodge()
    room.call("KH-1", ON_THE_WAY)
    assert (room.due(WatchKind.KEYHOLDER_ATTENDS), room.next) == (after(10 + 1_200), None)
    room.tell(Tick(), 911)  # the owner, who had a quarter of an hour
    room.own("op-1", at_s=912)

    assert room.ticks_at(1_210) is Reason.KEYHOLDER_NOT_THERE
    assert room.incident.escalated_because == "KH-1 said at 12:00 that they come, and is not there"
    assert room.next == "KH-2"


def test_who_has_arrived_is_awaited_no_longer() -> None:
    """Nothing of keyholders is open, and nobody is called next."""
    room = Lodge()
    room.call("KH-1", ON_THE_WAY)
    room.call("KH-1", ARRIVED, 600)

    assert (room.due(WatchKind.KEYHOLDER_ATTENDS), room.due(WatchKind.KEYHOLDER_CALL)) == (None, None)
    assert room.next is None


def test_a_second_keyholder_on_the_way_does_not_excuse_the_first() -> None:
    """The one who said so first is awaited first."""
    room = Lodge()
    room.call("KH-1", ON_THE_WAY, 10)
    room.call("KH-2", ON_THE_WAY, 400)
    assert room.due(WatchKind.KEYHOLDER_ATTENDS) == after(1_210)
    room.call("KH-1", REFUSED, 500)
    assert room.due(WatchKind.KEYHOLDER_ATTENDS) == after(1_600)


@pytest.mark.parametrize("result", [CallResult.NO_WORD, CallResult.NOT_THERE])
def test_the_rooms_own_words_are_nobody_elses(result: CallResult) -> None:
    """A person says what came of a call; that nobody said it, the room knows alone."""
    room = Lodge()
    assert room.call("KH-1", result) is Reason.COMMAND_REFUSED
    assert room.call("KH-9", NO_ANSWER) is Reason.KEYHOLDER_UNKNOWN


def test_the_end_of_an_incident_ends_the_waiting() -> None:
    """Closed, nothing is awaited; resolved, what falls due passes without a word."""
    room = Lodge()
    room.call("KH-1", ON_THE_WAY)
    room.tell(Closed(ID, room.version, "op-1", Outcome.FALSE_ALARM), 20)
    assert not any(kind.startswith("keyholder") for kind in room.state.watches.armed)

    room = Lodge()
    room.call("KH-1", NO_ANSWER)
    room.tell(Resolved(ID, room.version, "op-1", Outcome.NO_TRACE), 20)
    assert room.ticks_at(190) is Reason.KEYHOLDER_NOT_AWAITED
    assert room.ticks_at(190) is Reason.NOTHING_DUE
    assert room.incident.status is Status.RESOLVED
    assert room.call("KH-2", CALLING, 195) is Reason.IS_RESOLVED


def test_a_merge_goes_on_with_the_calls_of_both_and_an_undo_gives_them_back() -> None:
    """Who is on the way to a part is awaited by the whole."""
    room = Lodge()
    room.tell(signal(Kind.GUARD, "other", event="on_duty", source="P1"), 1)
    other = next(one.id for one in room.state.incidents.values() if one.id != ID)
    room.call("KH-1", ON_THE_WAY, 5)
    version = room.state.incidents[other].version
    merged = Merged(other, version, "op-1", ID, room.version)
    assert room.tell(merged, 10).reasons == (Reason.COMMAND,)

    attends = WatchKind.KEYHOLDER_ATTENDS
    assert due_of(room.state.watches, attends, other) == after(1_205)
    assert due_of(room.state.watches, attends, ID) is None
    room.tell(Undone(other, room.state.incidents[other].version, "op-1"), 20)
    assert due_of(room.state.watches, attends, other) is None
    assert due_of(room.state.watches, attends, ID) == after(1_205)


def test_a_split_leaves_the_keyholder_with_the_incident_that_called() -> None:
    """Who said that they come is awaited until the same moment, and the new incident awaits nobody."""
    room = Lodge()
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 2)
    room.call("KH-1", ON_THE_WAY, 5)
    apart = (room.incident.members[-1].position,)
    assert room.tell(SplitOff(ID, room.version, "op-1", apart), 10).reasons == (Reason.COMMAND,)

    assert room.state.watches.armed[WatchKind.KEYHOLDER_ATTENDS] == {ID: after(1_205)}


def test_what_was_told_already_is_not_told_again_by_a_split() -> None:
    """Who splits after the next call was missed has the time of one call; nobody is told twice at once."""
    room = Lodge()
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 2)
    room.call("KH-1", NO_ANSWER, 5)
    assert room.ticks_at(185) is Reason.KEYHOLDER_NOT_CALLED
    apart = (room.incident.members[-1].position,)
    room.tell(SplitOff(ID, room.version, "op-1", apart), 200)
    assert room.due(WatchKind.KEYHOLDER_CALL) == after(380)


@pytest.mark.parametrize("end", [Closed, Resolved])
@pytest.mark.parametrize(("again_s", "due_s"), [(30, 1_205), (1_300, 1_480)])
def test_a_keyholder_is_awaited_again_when_the_incident_is(
    end: type[Closed | Resolved], again_s: float, due_s: float
) -> None:
    """Until the moment of their word; where that has passed, who reopens has the time of one call."""
    room = Lodge()
    room.call("KH-1", ON_THE_WAY, 5)
    room.tell(end(ID, room.version, "op-1", Outcome.NO_TRACE), 20 if again_s < 100 else 600)
    if end is Resolved and again_s > 1_205:
        assert room.ticks_at(1_205) is Reason.KEYHOLDER_NOT_AWAITED

    reopened = room.tell(Reopened(ID, room.version, "op-1", "rang again"), again_s)
    assert reopened.reasons == (Reason.COMMAND,)
    assert room.due(WatchKind.KEYHOLDER_ATTENDS) == after(due_s)


def test_a_call_after_a_reopening_arms_nothing_in_the_past() -> None:
    """Who calls the next one while an old word is awaited anew has the time of one call, from then on."""
    room = Lodge()
    room.call("KH-1", ON_THE_WAY, 5)
    room.tell(Closed(ID, room.version, "op-1", Outcome.NO_TRACE), 600)
    room.tell(Reopened(ID, room.version, "op-1", "rang again"), 1_300)
    room.call("KH-2", NO_ANSWER, 1_310)
    assert room.due(WatchKind.KEYHOLDER_ATTENDS) == after(1_490)


def test_the_list_is_that_of_the_hour() -> None:
    """Who cannot be called now is passed over; where nobody can be, everybody is called."""
    early, late = replace(KEYS[0], hours="no such hours"), KEYS[1]
    room = Lodge(early, late)
    assert call_list(room.book, "S1", after(0)) == (late,)
    assert call_list(Lodge(early).book, "S1", after(0)) == (early,)
    assert call_list(room.book, "S9", after(0)) == ()


said = st.sampled_from([CALLING, REACHED, NO_ANSWER, REFUSED, ON_THE_WAY, ARRIVED])
steps = st.lists(st.tuples(st.sampled_from(["KH-1", "KH-2", "KH-3"]), said, st.integers(1, 900)), max_size=12)


@given(steps)
def test_nobody_is_forgotten_whatever_is_said(told: list[tuple[str, CallResult, int]]) -> None:
    """After any calls and any lapse of time: deadlines stand, who comes is awaited, a restart agrees."""
    room, at_s = Lodge(), 0
    for keyholder, result, later_s in told:
        at_s += later_s
        while (due := next_deadline(room.state)) is not None and due <= after(at_s):
            room.tell(Tick(), at_s)
        room.call(keyholder, result, at_s)
        incident = room.incident
        assert incident.due is not None
        on_way = {call.keyholder: call.result for call in incident.calls}
        waits = ON_THE_WAY in on_way.values() and ARRIVED not in {one.result for one in incident.calls}
        assert (room.due(WatchKind.KEYHOLDER_ATTENDS) is not None) is waits
        if incident.calls[-1].result in FAILED:
            goes_on = room.due(WatchKind.KEYHOLDER_CALL) is not None
            assert goes_on is (room.next is not None)
    assert from_bytes(to_bytes(room.state)) == room.state


ends = st.sampled_from(["resolve", "reopen", "close", "split"])
acts = st.one_of(ends, st.tuples(st.sampled_from(["KH-1", "KH-2", "KH-3"]), said))


@given(st.lists(st.tuples(acts, st.integers(1, 400)), max_size=12))
def test_what_is_due_is_over_once_whatever_becomes_of_the_incident(
    done: list[tuple[str | tuple[str, CallResult], int]],
) -> None:
    """Each look at what is due leaves less of it (the room asserts it), and an open promise has its watch."""
    room, at_s = Lodge(), 0
    room.tell(signal(Kind.ARC_ALARM, "second", event="tamper"), 0)
    for act, later_s in done:
        at_s += later_s
        while (due := next_deadline(room.state)) is not None and due <= after(at_s):
            room.tell(Tick(), (due - after(0)).total_seconds())
        match act:
            case "resolve" | "close":
                end = Resolved if act == "resolve" else Closed
                room.tell(end(ID, room.version, "op-1", Outcome.NO_TRACE), at_s)
            case "reopen":
                room.tell(Reopened(ID, room.version, "op-1", "rang again"), at_s)
            case "split":
                apart = (room.incident.members[-1].position,)
                room.tell(SplitOff(ID, room.version, "op-1", apart), at_s)
            case (keyholder, result):
                if ID in room.state.incidents:
                    room.call(keyholder, result, at_s)
        one = room.state.incidents.get(ID)
        if one is not None and one.status is not Status.RESOLVED:
            waits = bool(on_the_way(one.calls)) and not is_there(one.calls)
            assert (room.due(WatchKind.KEYHOLDER_ATTENDS) is not None) is waits
