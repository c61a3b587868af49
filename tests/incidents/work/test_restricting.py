"""Tests of restricted operations in the core: who may act on one, and what regrouping makes of it."""

import msgspec
from msgspec.structs import replace

from controlroom.commands.handovers import HandoverTaken, HandoverWritten
from controlroom.commands.work import LetIn, Merged, Noted, ReadersNamed, Reopened, SplitOff, Undone
from controlroom.events import Closed, Event, Owned, WorkOrderCommand
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.maintenance import WorkResult, WorkStep
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom


def told(room: SmallRoom, command: Event) -> Reason:
    """Return what the room said to this."""
    return room.happens(command)[0].decision.reasons[0]


def room_of_two() -> SmallRoom:
    """Return a room with two incidents that wait for a person."""
    room = SmallRoom()
    room.happens(*(signal(Kind.ARC_ALARM, f"a{one}", event="other") for one in range(2)))
    return room


def test_only_its_readers_act_on_a_restricted_incident() -> None:
    """Its author is a reader; to all others it is as if it were not there, open or closed."""
    room = room_of_two()
    assert told(room, ReadersNamed("INC-1", 1, "sue", ("ana", " ana "), "")) is Reason.COMMAND_REFUSED
    assert told(room, ReadersNamed("INC-1", 1, "sue", ("ana", " ana "), "covert")) is Reason.COMMAND
    assert room.state.incidents["INC-1"].readers == ("sue", "ana")
    assert told(room, Owned("INC-1", 2, "bo")) is Reason.COMMAND_REFUSED
    assert told(room, Owned("INC-1", 1, "bo")) is Reason.COMMAND_REFUSED
    assert told(room, Owned("INC-1", 2, "ana")) is Reason.COMMAND
    assert told(room, Closed("INC-1", 3, "ana", Outcome.MADE_SAFE)) is Reason.COMMAND
    assert told(room, Reopened("INC-1", 4, "bo", "again")) is Reason.COMMAND_REFUSED
    assert room.state.restricted == {"INC-1": ("sue", "ana")}
    assert told(room, ReadersNamed("INC-1", 4, "ana", (), "over")) is Reason.COMMAND
    assert (room.state.restricted, room.state.closed["INC-1"].readers) == ({}, ())


def test_somebody_is_let_in_for_a_reason() -> None:
    """Who is not named becomes a reader of what is open and restricted, once, and it stands in it."""
    room = room_of_two()
    assert told(room, LetIn("INC-1", 1, "sam", "nobody is there")) is Reason.COMMAND_REFUSED
    told(room, ReadersNamed("INC-1", 1, "sue", ("ana",), "covert"))
    assert told(room, LetIn("INC-1", 2, "sam", " ")) is Reason.COMMAND_REFUSED
    assert told(room, LetIn("INC-1", 1, "sam", "nobody is there")) is Reason.COMMAND_STALE
    assert told(room, LetIn("INC-1", 2, "sam", "nobody is there")) is Reason.COMMAND
    assert room.state.restricted == {"INC-1": ("sue", "ana", "sam")}
    last = room.state.incidents["INC-1"].last
    assert (last is not None and last.what, last and last.author) == ("let in", "sam")
    assert told(room, LetIn("INC-1", 3, "sam", "again")) is Reason.COMMAND_REFUSED
    assert told(room, Closed("INC-1", 3, "sam", Outcome.MADE_SAFE)) is Reason.COMMAND
    assert told(room, LetIn("INC-1", 4, "bo", "nobody is there")) is Reason.COMMAND_REFUSED


def test_a_merge_keeps_what_is_restricted_restricted() -> None:
    """What a restricted incident takes in is restricted as well; who may not see both merges neither."""
    room = room_of_two()
    told(room, ReadersNamed("INC-1", 1, "sue", ("ana",), "covert"))
    assert told(room, Merged("INC-2", 1, "bo", "INC-1", 2)) is Reason.COMMAND_REFUSED
    assert told(room, Merged("INC-2", 1, "ana", "INC-1", 2)) is Reason.COMMAND
    assert room.state.restricted == {"INC-1": ("sue", "ana"), "INC-2": ("sue", "ana")}
    assert told(room, Undone("INC-2", 2, "ana")) is Reason.COMMAND
    assert room.state.restricted == {"INC-1": ("sue", "ana")}
    assert told(room, Merged("INC-1", 4, "ana", "INC-2", 3)) is Reason.COMMAND
    assert set(room.state.restricted) == {"INC-1", "INC-2"}
    assert told(room, SplitOff("INC-1", 5, "ana", (2,))) is Reason.COMMAND
    assert room.state.restricted[f"INC-{room.state.position}"] == ("sue", "ana")


def test_a_handover_hands_over_only_what_the_other_may_see() -> None:
    """Restricted work stays with its owner when somebody who is not named takes the shift over."""
    room = room_of_two()
    told(room, Owned("INC-1", 1, "ana"))
    told(room, Owned("INC-2", 1, "ana"))
    told(room, ReadersNamed("INC-1", 2, "sue", ("ana",), "covert"))
    given = room.happens(HandoverWritten("ana", "", ()))[0].position
    told(room, HandoverTaken("bo", f"HO-{given}", with_work=True))
    assert [one.owner for one in room.state.incidents.values()] == ["ana", "bo"]


def test_a_restart_knows_what_is_restricted() -> None:
    """The state with its restrictions comes back from its snapshot as it was."""
    room = room_of_two()
    told(room, ReadersNamed("INC-1", 1, "sue", ("ana",), "covert"))
    told(room, Noted("INC-1", 2, "ana", "hush"))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(room.state), type=State)
    assert again.restricted == {"INC-1": ("sue", "ana")}
    assert again.incidents["INC-1"].readers == ("sue", "ana")


def test_nobody_else_learns_by_a_merge_or_a_work_order_that_it_is_there() -> None:
    """Any version, any id: the answer to who may not see it is the same as about one that there is not."""
    room = SmallRoom()
    room.happens(signal(Kind.HELP_POINT, "h1"), signal(Kind.ARC_ALARM, "a1", event="other"))
    told(room, ReadersNamed("INC-1", 1, "sue", ("ana",), "covert"))
    for other, version in (("INC-1", 2), ("INC-1", 1), ("INC-9", 1)):
        assert told(room, Merged("INC-2", 1, "bo", other, version)) is Reason.COMMAND_REFUSED
    for incident in ("INC-1", "INC-9"):
        assert told(room, WorkOrderCommand(WorkStep.RAISED, incident, "bo")) is Reason.COMMAND_REFUSED
    assert told(room, WorkOrderCommand(WorkStep.RAISED, "INC-1", "ana")) is Reason.COMMAND
    (order,) = room.state.cameras.work_orders
    for step in (WorkStep.ATTENDED, WorkStep.CLEARED):
        command = WorkOrderCommand(step, order, "bo", "", WorkResult.REPLACED)
        assert told(room, command) is Reason.COMMAND_REFUSED
        assert told(room, replace(command, author="ana")) is Reason.COMMAND
