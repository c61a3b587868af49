"""The life of orders against a small model, written from `docs/mobile-response.md` and not from the code.

The model knows which orders live, for which incident, with which unit, and how far each is. Crews' reports go
into a bag and come out twice, late, in any order, or never; operators send, recall, reassign, close and
reopen; crews go on and off duty; time passes; the room restarts. Whatever happens: never two live orders for
an incident, never an order alive for an incident that is not open, never an accepted job without a deadline
or a person.
"""

from datetime import timedelta
from itertools import count
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controlroom.commands.crews import CrewReassigned, CrewRecalled, CrewSpoke, StepTaken
from controlroom.events import Closed, CrewReported, CrewSent, Event, OrdersHandedOver, Owned, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.orders import SendCrew, StandDown
from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import after, handbook, signal

UNITS = ("MR-01", "MR-02")
RANK = {None: 0, "accepted": 1, "en_route": 2, "on_scene": 3, "cleared": 4, "refused": 4}
WAYS = ("accepted", "en_route", "on_scene", "cleared", "refused", "stood_down")


class Job(msgspec.Struct):
    """One order as the page describes it: whose, for what, how far, and whether it lives."""

    incident: str
    unit: str
    step: str | None = None
    lives: bool = True
    told: bool = False


class Orders(RuleBasedStateMachine):
    """A room that is told things at a moment that only goes forward."""

    @initialize()
    def opens(self) -> None:
        """The room begins with nothing."""
        self.book = handbook(demonstration=True)
        self.state = State()
        self.now = after(0)
        self.jobs: dict[str, Job] = {}
        self.bag: list[Event] = []
        self.ids = count(1)

    def tell(self, event: Event) -> Decision:
        """Decide and apply one event, and take note of what went out."""
        decision = decide(self.book, self.state, event, self.now)
        if decision.first_position is not None:
            return decision
        apply(self.state, self.state.position + 1, self.now, decision)
        taken = Reason.REPORT_TAKEN in decision.reasons
        if taken and isinstance(event, CrewReported | StepTaken) and event.step is Step.REFUSED:
            self.jobs[event.order].lives = False  # before the next crew is looked at
        for order in decision.orders:
            if isinstance(order, StandDown):
                job = self.jobs[order.order]
                assert job.lives, "only who has something in hand is stood down"
                job.lives, job.told = False, True
        for order in decision.orders:
            if isinstance(order, SendCrew):
                assert order.id not in self.jobs
                assert not self.goes(order.incident), "nobody is sent a second crew while one goes"
                self.jobs[order.id] = Job(order.incident, order.unit)
        return decision

    def goes(self, incident: str) -> list[str]:
        """Return the orders that live for this incident."""
        return [name for name, job in self.jobs.items() if job.lives and job.incident == incident]

    @rule(word=st.sampled_from(["panic", "fire"]))
    def alarm(self, word: str) -> None:
        """A panel calls, and a crew is sent where one is on duty."""
        self.tell(signal(Kind.ARC_ALARM, f"a{next(self.ids)}", event=word))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), step=st.sampled_from(WAYS), by_hand=st.booleans(), named=st.booleans())
    def says(self, data: st.DataObject, step: str, by_hand: bool, named: bool) -> None:  # noqa: FBT001 - drawn by name
        """A crew speaks of any order that it ever had; nobody has heard it yet."""
        name = data.draw(st.sampled_from(sorted(self.jobs)))
        outcome = Outcome.FALSE_ALARM if step == "cleared" else None
        key = f"{name}-{step}".encode() if named else f"{name}-{step}-{next(self.ids)}".encode()
        unit = self.jobs[name].unit
        if by_hand:
            self.bag.append(StepTaken(name, unit, Step(step), "op-1", key, outcome))
        else:
            self.bag.append(CrewReported(Wire("t", b""), name, unit, Step(step), outcome, key=key))

    @precondition(lambda self: self.bag)
    @rule(data=st.data(), again=st.booleans())
    def arrives(self, data: st.DataObject, again: bool) -> None:  # noqa: FBT001 - drawn by name
        """Some report arrives, whichever, and may arrive once more later."""
        place = data.draw(st.integers(0, len(self.bag) - 1))
        event: Any = self.bag[place] if again else self.bag.pop(place)
        job, step = self.jobs[event.order], str(event.step)
        known = self.state.first_heard(event.key) is not None
        may = job.lives and RANK.get(step, 0) > RANK[job.step]
        if step == "refused" and job.step == "on_scene":
            may = False
        decision = self.tell(event)
        if known:
            assert decision.reasons == (Reason.DUPLICATE,)
            return
        took = Reason.REPORT_TAKEN in decision.reasons
        assert took is (may or (step == "stood_down" and self._answers(event.order, took)))
        if may:
            job.step = step
            job.lives = step not in {"cleared", "refused"}

    def _answers(self, order: str, took: bool) -> bool:  # noqa: FBT001 - what was seen
        """Whether this is the first answer to a stand-down whose order the room still knows."""
        job = self.jobs[order]
        first = job.told and job.step != "stood_down" and order in self.state.orders
        if first and took:
            job.step = "stood_down"
        return first

    def _incident(self, data: st.DataObject) -> tuple[str, int]:
        name = data.draw(st.sampled_from(sorted(self.state.incidents)))
        return name, self.state.incidents[name].version

    @precondition(lambda self: self.state.incidents)
    @rule(data=st.data())
    def closes(self, data: st.DataObject) -> None:
        """A person closes any incident; whoever goes there is told."""
        name, version = self._incident(data)
        going = self.goes(name)
        self.tell(Closed(name, version, "op-1", Outcome.GENUINE))
        assert [self.jobs[order].told for order in going] == [True] * len(going)

    @precondition(lambda self: self.state.incidents)
    @rule(
        data=st.data(),
        verb=st.sampled_from(["send", "recall", "reassign", "own"]),
        unit=st.sampled_from(UNITS),
    )
    def asks(self, data: st.DataObject, verb: str, unit: str) -> None:
        """A person sends a crew, calls one back, gives the work to another one, or takes the incident."""
        name, version = self._incident(data)
        going = self.goes(name)
        match verb:
            case "send":
                decision = self.tell(CrewSent(name, version, "op-1", unit))
                assert bool(decision.orders) is (not going)
            case "recall":
                decision = self.tell(CrewRecalled(name, version, "op-1", "not needed"))
                assert [type(order) for order in decision.orders] == [StandDown] * len(going)
            case "reassign":
                other = bool(going) and self.jobs[going[0]].unit != unit
                decision = self.tell(CrewReassigned(name, version, "op-1", "nearer", unit))
                assert [type(order) for order in decision.orders] == ([StandDown, SendCrew] if other else [])
            case _:
                self.tell(Owned(name, version, "op-1"))

    @rule(
        unit=st.sampled_from(UNITS),
        word=st.sampled_from([one for one in CrewWord if one is not CrewWord.SOS]),
    )
    def about_itself(self, unit: str, word: CrewWord) -> None:
        """A crew goes on duty or off; who goes off has nothing in hand any more."""
        self.tell(CrewSpoke(Wire("t", b""), unit, word, f"{unit}{next(self.ids)}".encode()))
        if word is CrewWord.BOOKED_OFF:
            assert not [job for job in self.jobs.values() if job.lives and job.unit == unit]

    @precondition(lambda self: self.state.unsent)
    @rule()
    def broker(self) -> None:
        """The broker has everything that was sent."""
        self.tell(OrdersHandedOver(tuple(self.state.unsent)))

    @rule(seconds=st.sampled_from([1, 30, 60, 300, 1_800, 2_400]))
    def wait(self, seconds: int) -> None:
        """Time passes, and whatever falls due is looked at."""
        until = self.now + timedelta(seconds=seconds)
        while (due := next_deadline(self.state)) is not None and due <= until:
            self.now = due
            self.tell(Tick())
        self.now = until

    @rule()
    def restart(self) -> None:
        """A snapshot and back changes nothing."""
        self.state = from_bytes(to_bytes(self.state))

    @invariant()
    def agrees(self) -> None:
        """The room has the model's live orders, each with its unit and step, and no other."""
        if not hasattr(self, "jobs"):
            return
        room = {
            name: (job.order.incident, job.order.unit, job.step)
            for name, job in self.state.orders.items()
            if job.live
        }
        model = {name: (job.incident, job.unit, job.step) for name, job in self.jobs.items() if job.lives}
        assert room == model
        hands = {order for orders in self.state.in_hand.values() for order in orders}
        assert hands == set(model)
        assert {unit: n for unit, n in self.state.load.items() if n} == {
            unit: len(orders) for unit, orders in self.state.in_hand.items()
        }

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """A live order belongs to an open incident, alone, and that incident has a deadline."""
        if not hasattr(self, "jobs"):
            return
        for name, job in self.jobs.items():
            if job.lives:
                incident = self.state.incidents[job.incident]
                assert self.goes(job.incident) == [name]
                assert (incident.order, incident.due is not None) == (name, True)


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
