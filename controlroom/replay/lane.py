"""One life of the room over what is given: production `decide` and `apply`, on virtual time.

A lane owns a state and nothing else. Whether its decisions come from a rule set (`RuleLane`) or from the
recording (`RecordedLane`), the run around it does not care.

A recorded command was given by a person who saw one history. Where a lane's history is another one, the
command is *fitted*: it is told with the version that the incident has here, as the person meant the incident
and not its version; a crew's word is taken from the unit that went here. What does not exist here at all is
refused by the room itself, as a live one would (docs/adr/0018-commands-in-a-replay.md).
"""

from datetime import datetime
from typing import Protocol

import msgspec
from msgspec.structs import replace

from controlroom.events import CrewReported, Event, RulesSwapped
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.watches import first
from controlroom.replay.asked import Asked, Wording
from controlroom.replay.given import Given
from controlroom.rules.verdict import Circumstances, Judge, Verdict

_STALE = (Reason.COMMAND_STALE,)


class Step(msgspec.Struct, frozen=True, gc=False):
    """What a lane decided of one thing: `said` is what its rules said on the way, as they were asked.

    `event` is what it was told, fitted to its own history.
    """

    number: int
    now: datetime
    event: Event
    decision: Decision
    said: tuple[Verdict, ...] = ()
    asked: tuple[Circumstances, ...] = ()


class Lane(Protocol):
    """A history that goes on: told a thing it decides, and `keep` makes the decision part of it.

    `recorded` says that its ticks stand in the recording.
    """

    state: State
    recorded: bool

    def tell(self, given: Given, event: Event) -> Step:
        """Return what is decided of `event`; nothing has changed yet."""
        ...

    def keep(self, step: Step) -> None:
        """Let the decision of this step be part of the history."""
        ...

    def due(self, until: datetime) -> Watch | None:
        """Return what is due first in this history by then, for the run to tell; None where nothing is."""
        ...


class RuleLane:
    """A history by one handbook."""

    def __init__(self, handbook: Handbook, state: State, wording: Wording | None = None) -> None:
        self.state = state
        self.recorded = False
        self.rules = Asked(handbook.rules, wording)
        self.handbook = replace(handbook, rules=self.rules)

    def tell(self, given: Given, event: Event) -> Step:
        """Return what these rules decide of it here."""
        return self.tell_in(self.state, given, event)

    def tell_in(self, state: State, given: Given, event: Event) -> Step:
        """Return what these rules decide of it in that state, which is only read but for its number."""
        rules = self.rules
        if rules.said:
            rules.forget()
        state.position = given.number - 1
        fit = _fitted(self.rules, state, given, event) if given.recorded is not None else event
        decision = decide(self.handbook, state, fit, given.now)
        if not rules.said:
            return Step(given.number, given.now, fit, decision)
        return Step(given.number, given.now, fit, decision, tuple(rules.said), tuple(rules.asked))

    def keep(self, step: Step) -> None:
        """Apply the decision; a duplicate and a tick for nothing leave no record, as in the room."""
        decision = step.decision
        for_nothing = decision.reasons == (Reason.NOTHING_DUE,) and not decision.changes
        if decision.first_position is None and not for_nothing:
            self.state.position = step.number - 1
            apply(self.state, step.number, step.now, decision)

    def due(self, until: datetime) -> Watch | None:
        """Return what is due first in this history by then; None where nothing is."""
        state = self.state
        watch = first(state.watches, hearing=state.hearing.deaf_since is None)
        return watch if watch is not None and watch.due <= until else None


class RecordedLane:
    """The history that was lived: decides nothing, repeats what the journal says."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.recorded = True

    def tell(self, given: Given, event: Event) -> Step:
        """Return what was decided then."""
        return Step(given.number, given.now, event, given.recorded or Decision())

    def keep(self, step: Step) -> None:
        """Apply what was decided."""
        self.state.position = step.number - 1
        apply(self.state, step.number, step.now, step.decision)

    def due(self, until: datetime) -> Watch | None:
        """Return None, as every tick of this history stands in the recording."""
        del until
        return None


def _fitted(rules: Judge, state: State, given: Given, event: Event) -> Event:
    """Return the recorded event as it is told to this history."""
    if type(event) is CrewReported:
        order = state.orders.get(event.order)
        return replace(event, unit=order.order.unit) if order is not None else event
    if type(event) is RulesSwapped:
        return _kept_rules(rules, given, event)
    if given.recorded is None or given.recorded.reasons == _STALE:
        return event
    for name, version in (("incident", "version"), ("other", "other_version")):
        meant, seen = getattr(event, name, None), getattr(event, version, None)
        incident = state.incidents.get(meant) or state.closed.get(meant) if meant is not None else None
        if incident is not None and seen is not None and incident.version != seen:
            event = msgspec.structs.replace(event, **{version: incident.version})
    return event


def _kept_rules(rules: Judge, given: Given, event: RulesSwapped) -> RulesSwapped:
    """Return a recorded swap as one between sets unknown here: this lane keeps the rules that it is given.

    The room calls the roll after a swap, and so does the lane; only a swap that took place is repeated.
    """
    swapped = given.recorded is not None and given.recorded.reasons == (Reason.RULES_SWAPPED,)
    if not swapped:
        return event
    new = event.rule_set if event.rule_set != rules.version else f"{event.rule_set} again"
    return replace(event, previous=rules.version, rule_set=new)
