"""The queue of deadlines against a plain dictionary: armed, moved, taken off, due, and through restarts.

What is put on test is expected to end, which gives watches that people arm and take off by name; the model is
a dictionary from that name to its end. Whatever happens in whatever order, what is due is what the dictionary
says, once, and never anything else.
"""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controlroom.events import PutOnTest, TakeOffTest, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import WatchArmed, WatchExpired
from controlroom.incidents.decide import decide
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, topic_of

TARGETS = ("S1", *(topic_of(kind) for kind in Kind))
ZONES = (None, "Z1", "Z2")


class Watches(RuleBasedStateMachine):
    """A room in which only tests are expected to end."""

    @initialize()
    def opens(self) -> None:
        """The room begins with nothing."""
        self.book = handbook()
        self.state = State()
        self.now = after(0)
        self.due: dict[str, datetime] = {}

    def _decide(self, event: PutOnTest | TakeOffTest | Tick) -> Decision:
        decision = decide(self.book, self.state, event, self.now)
        apply(self.state, self.state.position + 1, self.now, decision)
        return decision

    @rule(thing=st.sampled_from(TARGETS), zone=st.sampled_from(ZONES), seconds=st.integers(1, 500))
    def arm(self, thing: str, zone: str | None, seconds: int) -> None:
        """Something goes on test; what is on test already stays until it is taken off."""
        until = self.now + timedelta(seconds=seconds)
        decision = self._decide(PutOnTest(thing, "service", "Fitters", until, "op-1", zone, "op-2"))
        name = thing if zone is None else f"{thing} {zone}"

        assert (decision.reasons == (Reason.TEST_STANDS,)) is (name in self.due)
        self.due.setdefault(name, until)

    @precondition(lambda self: self.due)
    @rule(data=st.data(), seconds=st.integers(0, 500))
    def move(self, data: st.DataObject, seconds: int) -> None:
        """A watch of the same name is armed for another moment: only the last one counts."""
        name = data.draw(st.sampled_from(sorted(self.due)))
        due = self.now + timedelta(seconds=seconds)
        watch = WatchArmed(Watch(due, WatchKind.END_OF_TEST, name))
        apply(self.state, self.state.position + 1, self.now, Decision((watch,)))
        self.due[name] = due

    @rule(thing=st.sampled_from(TARGETS), zone=st.sampled_from(ZONES))
    def take_off(self, thing: str, zone: str | None) -> None:
        """Something comes off test, if it is on."""
        name = thing if zone is None else f"{thing} {zone}"
        decision = self._decide(TakeOffTest(thing, "op-1", zone))

        assert bool(decision.changes) is (name in self.due)
        self.due.pop(name, None)

    @rule(seconds=st.integers(0, 300))
    def wait(self, seconds: int) -> None:
        """Time passes unseen, as in a process that is not there: nothing fires, nothing is lost."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def look(self) -> None:
        """Everything that is due fires, the earliest first, each once; then nothing is."""
        fired = []
        while (decision := self._decide(Tick())).reasons != (Reason.NOTHING_DUE,):
            (expired,) = (change for change in decision.changes if isinstance(change, WatchExpired))
            fired.append(expired.watch)
        expected = {name: due for name, due in self.due.items() if due <= self.now}

        assert {watch.subject: watch.due for watch in fired} == expected
        assert len(fired) == len(expected)
        assert [watch.due for watch in fired] == sorted(watch.due for watch in fired)
        for name in expected:
            del self.due[name]

    @rule()
    def restart(self) -> None:
        """A snapshot and back changes nothing, not even the bytes."""
        snapshot = to_bytes(self.state)
        self.state = from_bytes(snapshot)

        assert to_bytes(self.state) == snapshot

    @invariant()
    def next_is_the_earliest(self) -> None:
        """The next deadline is the earliest of all, and the queue counts what the dictionary holds."""
        if hasattr(self, "due"):
            assert next_deadline(self.state) == min(self.due.values(), default=None)
            assert len(self.state.watches) == len(self.due)


TestWatches = Watches.TestCase
TestWatches.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
