"""A room with the rules that the project ships, told one thing after another on virtual time."""

from functools import cache
from pathlib import Path
from typing import Any

from controlroom.events import Event, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import Change
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, next_deadline
from controlroom.rules.compile import Compiled
from controlroom.rules.model import RuleSet
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.rule_files import read_rule_files
from tests.build import after, estate, signal
from tests.moving_on import due_now, moved_on

CONFIG = Path(__file__).parents[2] / "config"
MINUTE = 60
NIGHT = 12 * 60
"""Minutes from the stories' noon to midnight."""


@cache
def shipped_rules() -> RuleSet:
    """Return the shipped tables."""
    return read_rule_files(CONFIG / "rules").rules()


@cache
def _book() -> Handbook:
    return Handbook(Compiled(shipped_rules()), estate(), HouseRules(demonstration=True))


class ShippedRoom:
    """Tells events by the minute after noon; `rules` are the ids of those that spoke, in order."""

    def __init__(self) -> None:
        self.state = State()
        self.rules: list[str] = []
        self._told = 0

    def tell(self, event: Event, minute: float = 0) -> Decision:
        """Decide and apply one event."""
        now = after(minute * MINUTE)
        watch = due_now(self.state, event, now)
        decision = decide(_book(), self.state, event, now)
        if decision.first_position is None:
            apply(self.state, self.state.position + 1, now, decision)
        assert moved_on(watch, self.state, decision), watch
        if decision.ruling is not None:
            self.rules.append(decision.ruling.rule)
        return decision

    def until(self, minute: float) -> list[Change]:
        """Let everything fall due that is due by then, each at its moment; return what it changed."""
        changes: list[Change] = []
        while (due := next_deadline(self.state)) is not None and due <= after(minute * MINUTE):
            changes += self.tell(Tick(), (due - after(0)).total_seconds() / MINUTE).changes
        return changes

    def alarm(self, event: str, minute: float = 0, **data: Any) -> str:
        """Tell a report of the library's panel, set unless said otherwise; return the rule that took it."""
        return self.hears(Kind.ARC_ALARM, minute, event=event, **data)

    def hears(self, kind: Kind, minute: float = 0, **data: Any) -> str:
        """Tell a signal of this kind; return the rule that took it."""
        self._told += 1
        self.tell(signal(kind, f"s{self._told}", **data), minute)
        return self.rules[-1]
