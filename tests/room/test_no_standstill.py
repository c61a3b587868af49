"""What falls due is over once: the room never asks the same thing for ever while somebody calls for help."""

import asyncio

import pytest
from msgspec.structs import replace

from controlroom.commands.keyholders import CallResult, KeyholderCalled
from controlroom.commands.work import Resolved
from controlroom.estate.model import Estate, Keyholder
from controlroom.events import Event, Owned, Tick
from controlroom.incidents.changes import WatchExpired
from controlroom.incidents.incident import Status, Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, next_deadline
from controlroom.room import Room, Settled
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import after, estate, handbook, signal
from tests.incidents.test_decide import OneSite
from tests.incidents.work.test_lifecycle import ID
from tests.room.desk import Shelf

TURNS = 50
"""Turns of the loop after each event: far more batches than it takes, and an end where it takes for ever."""


class Clocked:
    """A room at work whose clock stands where the test puts it, so that a standstill ends the test too."""

    def __init__(self) -> None:
        known = estate()
        keys = tuple(Keyholder(f"KH-{turn}", "S1", f"Keyholder {turn}", turn) for turn in (1, 2))
        here = Estate(known.places, known.crews, keyholders={"S1": keys})
        house = replace(handbook(), rules=OneSite(), estate=here)
        self.at_s = 0.0
        self.shelf, self.settled = Shelf(), list[Settled]()
        self.room = Room(house, State(), lambda: after(self.at_s))
        self.room.attach(self.shelf)
        self.room.settle_with(self.settled.extend)

    @property
    def version(self) -> int:
        """The version of the incident that everything is about."""
        return self.room.state.incidents[ID].version

    async def tell(self, event: Event, at_s: float) -> None:
        """Tell the room and let it decide, with a store that keeps up."""
        self.at_s = at_s
        self.room.tell(event, event)
        for _ in range(TURNS):
            await asyncio.sleep(0)
            taken, self.shelf.waiting = self.shelf.waiting, []
            self.shelf.stored += taken
            if taken:
                self.room.released(taken, taken[-1].position)


@pytest.mark.parametrize(
    ("result", "resolved_s"),
    [(CallResult.NO_ANSWER, 20), (CallResult.CALLING, 20), (CallResult.ON_THE_WAY, 600)],
)
async def test_a_call_that_is_awaited_no_more_does_not_hold_up_a_panic(
    result: CallResult, resolved_s: float
) -> None:
    """What was promised for an incident that is resolved is over in one record, and the panic is decided."""
    desk = Clocked()
    task = asyncio.create_task(desk.room.run())
    await desk.tell(signal(Kind.ARC_ALARM, "first", event="tamper"), 0)
    await desk.tell(Owned(ID, desk.version, "op-1"), 1)
    await desk.tell(KeyholderCalled(ID, desk.version, "op-1", "KH-1", result), 10)
    await desk.tell(Resolved(ID, desk.version, "op-1", Outcome.NO_TRACE), resolved_s)
    armed = desk.room.state.watches.armed
    (due,) = (due for kind in armed if kind.startswith("keyholder") for due in armed[kind].values())

    panic = signal(Kind.ARC_ALARM, "help", event="panic", source="P1")
    await desk.tell(panic, (due - after(0)).total_seconds() + 1)
    task.cancel()

    assert (desk.settled[-1].told.event, desk.room.waiting) == (panic, 0)
    ticks = [one.decision.reasons for one in desk.shelf.stored if type(one.event) is Tick]
    assert (Reason.KEYHOLDER_NOT_AWAITED,) in ticks
    assert desk.room.state.incidents[ID].status is Status.RESOLVED
    first = next_deadline(desk.room.state)
    assert first is not None
    assert first > after(desk.at_s)


async def test_what_changes_something_is_never_dropped_whatever_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A decision with changes leaves a record, also one that says that nothing was due."""
    desk = Clocked()
    task = asyncio.create_task(desk.room.run())
    await desk.tell(signal(Kind.ARC_ALARM, "first", event="tamper"), 0)
    due = next_deadline(desk.room.state)
    assert due is not None
    over = Decision((WatchExpired(Watch(due, WatchKind.ANSWER, ID)),), reasons=(Reason.NOTHING_DUE,))
    monkeypatch.setattr("controlroom.room.decide", lambda *_: over)

    await desk.tell(Tick(), (due - after(0)).total_seconds())
    task.cancel()

    assert [one.decision for one in desk.shelf.stored[1:2]] == [over]
    assert (next_deadline(desk.room.state), desk.room.waiting) == (None, 0)
