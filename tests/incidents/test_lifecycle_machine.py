"""The life of incidents against a small model, written from `docs/incidents.md` and not from the code.

The model knows for each incident its status, who has it, its crew's last step and the moment by which
somebody must have moved. Whatever people, crews and time do, in whatever order, the room agrees with it.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controlroom.commands.work import Resolved
from controlroom.events import Closed, CrewReported, CrewSent, Event, Owned, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.people.duty import WATCHES
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.incidents.watches import in_order
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import after, handbook, signal

ACCEPT_S, ARRIVE_S, CLEAR_S, ANSWER_S, RESOLVED_S = 60, 1_800, 1_800, 180, 900
OWNER_S = {1: 300, 4: 900}
ESCALATE_S = {1: 60, 4: 180}
"""The times of `docs/incidents.md`, by priority where it asks for it; the test rules set none."""

KINDS = {
    "new": "answer",
    "owned": "owner_moves",
    "dispatched": "arrival",
    "on_scene": "clearance",
    "escalated": "escalation",
    "resolved": "reopening",
}

UNITS = ("MR-01", "MR-02")
AUTHORS = st.sampled_from(["op-1", "op-2"])
WAITING, WITH_CREW = {"new", "escalated"}, {"dispatched", "on_scene"}
RANK = {None: 0, "accepted": 1, "en_route": 2, "on_scene": 3, "cleared": 4, "refused": 4, "acknowledged": 0}


class Model(msgspec.Struct):
    """One incident as the page describes it; `room_sent` says that no person sent the crew."""

    priority: int
    status: str
    due: datetime
    owner: str | None = None
    order: str | None = None
    unit: str | None = None
    issued: datetime | None = None
    step: str | None = None
    room_sent: bool = True
    refused: tuple[str, ...] = ()
    merged: bool = False

    @property
    def crew_goes(self) -> bool:
        """Whether a crew was ordered that has not refused."""
        return self.order is not None and self.step != "refused"


class Lifecycle(RuleBasedStateMachine):
    """A room that is told things at a moment that only goes forward."""

    @initialize()
    def opens(self) -> None:
        """The room begins with nothing."""
        self.book = handbook(demonstration=True)
        self.state = State()
        self.now = after(0)
        self.open: dict[str, Model] = {}
        self.ids = count(1)

    def tell(self, event: Event) -> Decision:
        """Decide and apply one event."""
        decision = decide(self.book, self.state, event, self.now)
        apply(self.state, self.state.position + 1, self.now, decision)
        return decision

    def later(self, seconds: float) -> datetime:
        return self.now + timedelta(seconds=seconds)

    def _dispatch(self, model: Model, decision: Decision, *, by_room: bool) -> None:
        """A crew is ordered: it has a minute to accept."""
        (order,) = (one for one in decision.orders if isinstance(one, SendCrew))
        model.order, model.unit, model.step, model.issued = order.id, order.unit, None, self.now
        model.status, model.due, model.room_sent = "dispatched", self.later(ACCEPT_S), by_room

    def _escalate(self, model: Model) -> None:
        model.status, model.due = "escalated", self.later(ESCALATE_S[model.priority])

    @rule(word=st.sampled_from(["panic", "intruder"]))
    def alarm(self, word: str) -> None:
        """A panel calls: a crew is sent, to a new incident or to the one that it joins."""
        decision = self.tell(signal(Kind.ARC_ALARM, f"a{next(self.ids)}", event=word))
        joined = next((m for m in self.open.values() if m.merged and m.status != "resolved"), None)
        if word == "intruder" and joined is not None:
            if not joined.crew_goes:
                self._dispatch(joined, decision, by_room=True)
            return
        model = Model(1, "", self.now, merged=word == "intruder")
        self.open[f"INC-{self.state.position}"] = model
        self._dispatch(model, decision, by_room=True)

    @rule()
    def question(self) -> None:
        """Something comes that a person has to look at first."""
        number = next(self.ids)
        self.tell(signal(Kind.HELP_POINT, f"h{number}", call=f"K{number}", step="answered"))
        self.open[f"INC-{self.state.position}"] = Model(4, "new", self.later(ANSWER_S))

    def _some(self, data: st.DataObject) -> tuple[str, Model]:
        name = data.draw(st.sampled_from(sorted(self.open)))
        return name, self.open[name]

    def _command(self, event: Any) -> bool:
        """Whether the room took the command."""
        return bool(self.tell(event).changes)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), author=AUTHORS, verb=st.sampled_from(["own", "close", "send", "resolve"]))
    def stale(self, data: st.DataObject, author: str, verb: str) -> None:
        """A command that saw an older version changes nothing and is told so."""
        name, _ = self._some(data)
        version = self.state.incidents[name].version - 1
        decision = self.tell(_asked(verb, name, version, author, None))

        assert (decision.changes, decision.reasons) == ((), (Reason.COMMAND_STALE,))

    @precondition(lambda self: self.open)
    @rule(data=st.data(), author=AUTHORS, knows=st.booleans())
    def own(self, data: st.DataObject, author: str, knows: bool) -> None:  # noqa: FBT001 - drawn by name
        """A person takes what waits; what another has only by naming that person."""
        name, model = self._some(data)
        owner = model.owner if knows else None
        taken = self._command(_asked("own", name, self.state.incidents[name].version, author, owner))
        if model.status in WITH_CREW:
            may = author != model.owner and owner == model.owner
        elif model.status == "owned":
            may = owner is not None and author != model.owner
        else:
            may = model.status in WAITING

        assert taken is may
        if may:
            model.owner = author
            if model.status not in WITH_CREW:
                model.status, model.due = "owned", self.later(OWNER_S[model.priority])

    @precondition(lambda self: self.open)
    @rule(data=st.data(), author=AUTHORS)
    def close(self, data: st.DataObject, author: str) -> None:
        """Whatever is open can be closed by a person."""
        name, _ = self._some(data)

        assert self._command(_asked("close", name, self.state.incidents[name].version, author, None))
        del self.open[name]

    @precondition(lambda self: self.open)
    @rule(data=st.data(), author=AUTHORS)
    def resolve(self, data: st.DataObject, author: str) -> None:
        """Work without a crew on it can be called done; it is closed when nobody objects."""
        name, model = self._some(data)
        taken = self._command(_asked("resolve", name, self.state.incidents[name].version, author, None))

        assert taken is (not model.crew_goes and model.status != "resolved")
        if taken:
            model.status, model.due = "resolved", self.later(RESOLVED_S)
            model.owner = model.owner or author

    @precondition(lambda self: self.open)
    @rule(data=st.data(), author=AUTHORS, unit=st.sampled_from(UNITS))
    def send(self, data: st.DataObject, author: str, unit: str) -> None:
        """A person sends a crew where none goes."""
        name, model = self._some(data)
        version = self.state.incidents[name].version
        decision = self.tell(CrewSent(name, version, author, unit))

        assert bool(decision.orders) is (not model.crew_goes and model.status != "resolved")
        if decision.orders:
            self._dispatch(model, decision, by_room=False)
            model.owner = author

    @precondition(lambda self: any(model.order for model in self.open.values()))
    @rule(data=st.data(), step=st.sampled_from([str(step) for step in Step if step is not Step.STOOD_DOWN]))
    def report(self, data: st.DataObject, step: str) -> None:
        """A crew says how far it is; only what is further than its last word counts."""
        name = data.draw(st.sampled_from(sorted(name for name, model in self.open.items() if model.order)))
        model = self.open[name]
        outcome = Outcome.NO_TRACE if step == "cleared" else None
        decision = self.tell(
            CrewReported(Wire("t", b""), str(model.order), str(model.unit), Step(step), outcome)
        )
        too_late = step == "refused" and model.step not in {None, "accepted", "en_route"}
        if RANK[step] <= RANK[model.step] or too_late:
            assert decision.reasons == (Reason.REPORT_STALE,)
            return
        model.step = step
        if step == "cleared":
            del self.open[name]
        elif step == "refused":
            self._refused(model, decision)
        elif step == "on_scene":
            model.status, model.due = "on_scene", self.later(CLEAR_S)
        else:
            assert model.issued is not None
            arrives = model.issued + timedelta(seconds=ARRIVE_S)
            model.status, model.due = "dispatched", max(arrives, self.later(ACCEPT_S))

    def _refused(self, model: Model, decision: Decision) -> None:
        """The next unit is sent where the room had sent the first; else, or if none is left, all are told."""
        model.refused = (*model.refused, str(model.unit))
        left = set(UNITS) - set(model.refused)
        if model.room_sent and model.owner is None and left and len(model.refused) < 3:
            self._dispatch(model, decision, by_room=True)
            assert model.unit in left
        else:
            assert decision.orders == ()
            self._escalate(model)

    @rule(seconds=st.sampled_from([1, 30, 59, 60, 61, 200, 900, 1_800]))
    def wait(self, seconds: int) -> None:
        """Time passes; whoever did not move in time is told on, one level after the other."""
        until = self.later(seconds)
        while (due := next_deadline(self.state)) is not None and due <= until:
            self.now = due
            if next(in_order(self.state.watches)).kind in WATCHES:
                self.tell(Tick())  # about the crew itself, which is another story
                continue
            (late,) = (name for name in self._late(due)[:1])
            decision = self.tell(Tick())
            if self.open[late].status == "resolved":
                del self.open[late]
            else:
                self._silent(self.open[late], decision)
        self.now = until
        assert not self._late(until)

    def _silent(self, model: Model, decision: Decision) -> None:
        """The next crew goes where the room had sent one that did not accept; else people are told."""
        asked = {*model.refused, str(model.unit)}
        offered = model.status == "dispatched" and model.step is None
        left = set(UNITS) - asked and len(asked) < 3
        if offered and model.room_sent and model.owner is None and left:
            model.refused = (*model.refused, str(model.unit))
            assert [order.unit for order in decision.orders] == [model.unit, *(set(UNITS) - asked)]
            self._dispatch(model, decision, by_room=True)
        else:
            assert decision.orders == ()
            self._escalate(model)

    def _late(self, now: datetime) -> list[str]:
        """Return what the model says is due by now; of one moment by the names of watch and subject."""
        late = [(model.due, *_expected(name, model), name) for name, model in self.open.items()]
        return [one[-1] for one in sorted(late) if one[0] <= now]

    @rule()
    def restart(self) -> None:
        """A snapshot and back changes nothing."""
        self.state = from_bytes(to_bytes(self.state))

    @invariant()
    def agrees(self) -> None:
        """The room has the model's incidents, each with its status, owner, order and deadline."""
        if not hasattr(self, "open"):
            return
        room = {
            name: (str(one.status), one.owner, one.order, one.due)
            for name, one in self.state.incidents.items()
        }
        assert room == {
            name: (model.status, model.owner, model.order, model.due) for name, model in self.open.items()
        }

    @invariant()
    def carries(self) -> None:
        """A unit carries the orders that it has not ended, and no count is below nothing."""
        if hasattr(self, "open"):
            assert all(load >= 0 for load in self.state.load.values())


def _expected(name: str, model: Model) -> tuple[str, str]:
    """Return what kind of thing is expected, and about what."""
    if model.status == "dispatched" and model.step is None:
        return "acceptance", str(model.order)
    return KINDS[model.status], name


def _asked(verb: str, name: str, version: int, author: str, owner: str | None) -> Event:
    """Return the command of this verb."""
    match verb:
        case "own":
            return Owned(name, version, author, owner)
        case "close":
            return Closed(name, version, author, Outcome.GENUINE)
        case "send":
            return CrewSent(name, version, author)
        case _:
            return Resolved(name, version, author, Outcome.NO_TRACE)


TestLifecycle = Lifecycle.TestCase
TestLifecycle.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
