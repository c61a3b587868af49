"""Confirmation against a model that forgets nothing: `docs/room-facts.md`, read by somebody who keeps a list.

The model holds every signal of one site and looks through all of them each time; the room keeps a few clues
and must come to the same word: confirmed or not, what was confirmed, and whether it is news.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from controlroom.events import Event, PutOnTest, TakeOffTest
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.lessons import Confirmed
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.rules.verdict import Circumstances, RoomFacts, Route, Verdict
from controlroom.signals.vocabulary import Kind
from tests.build import OneWordJudge, after, estate, signal

WINDOW, HOLD_UP_WINDOW, APART = timedelta(minutes=30), timedelta(hours=8), timedelta(minutes=2)
GAPS_S = (1, 60, 119, 120, 121, 600, 1_799, 1_801, 14_400)


class Listening:
    """A judge that logs everything and keeps what it was told of the room."""

    version = "listening"
    calendars = OneWordJudge.calendars

    def __init__(self) -> None:
        self.room = RoomFacts()

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Log it."""
        self.room = circumstances.room
        return Verdict(
            table=circumstances.kind,
            rule="log",
            rule_set=self.version,
            route=Route.LOG,
            priority=4,
            why="Listening only.",
        )


class Heard(msgspec.Struct, frozen=True):
    """One signal that may confirm a later one."""

    event: str
    zone: str | None
    armed: bool
    at: datetime


class Confirmation(RuleBasedStateMachine):
    """One site with its panel, set and unset, on test and off, with two paths."""

    @initialize()
    def opens(self) -> None:
        """The room begins with nothing."""
        self.judge = Listening()
        self.book = Handbook(self.judge, estate(), HouseRules(demonstration=True))
        self.state = State()
        self.now = after(0)
        self.ids = count(1)
        self.unset = False
        self.on_test = False
        self.failed: set[str | None] = set()
        self.heard: list[Heard] = []
        self.run_began: datetime | None = None
        self.confirmed: dict[str, datetime] = {}

    @rule(seconds=st.sampled_from(GAPS_S))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @rule(event=st.sampled_from(["opened", "closed"]))
    def turn_the_key(self, event: str) -> None:
        """The system is unset or set."""
        self._tell(event)
        self.unset = event == "opened"

    @precondition(lambda self: not self.on_test)
    @rule()
    def put_on_test(self) -> None:
        """The site goes on test, with a second person's word."""
        until = self.now + timedelta(hours=20)
        self._decide(PutOnTest("S1", "service", "Fitters Ltd", until, "op-1", None, "op-2"))
        self.on_test = True

    @precondition(lambda self: self.on_test)
    @rule()
    def take_off_test(self) -> None:
        """The site is watched again."""
        self._decide(TakeOffTest("S1", "op-1"))
        self.on_test = False

    @rule()
    def restart(self) -> None:
        """A snapshot and back: the room knows as much as before."""
        self.state = from_bytes(to_bytes(self.state))

    @rule(zone=st.sampled_from(["P1", "P2", None]), event=st.sampled_from(["path_fault"]))
    def path_comes_back(self, zone: str | None, event: str) -> None:
        """A path is restored; one without a name restores all."""
        self._tell(event, zone=zone, condition="restored")
        self.failed = set() if zone is None else self.failed - {zone}

    @rule(
        event=st.sampled_from(["intruder", "intruder", "tamper", "hold_up", "intruder_external"]),
        zone=st.sampled_from(["Z1", "Z2", "Z3", None]),
        panel=st.sampled_from([False, False, False, False, True]),
    )
    def detector(self, event: str, zone: str | None, *, panel: bool) -> None:
        """A detector trips, or somebody presses."""
        self._signal(event, zone, panel=panel)

    @rule(zone=st.sampled_from(["P1", "P2", None]))
    def path_fails(self, zone: str | None) -> None:
        """A path of the panel fails."""
        self._signal("path_fault", zone, panel=False)
        self.failed = self.failed | {zone}

    def _signal(self, event: str, zone: str | None, *, panel: bool) -> None:
        """Tell a signal, and hold what the room said of it to the list."""
        new = Heard(event, zone, not self.unset, self.now)
        threat = self._threat(new) if event != "intruder_external" and not self.on_test else None
        if panel and not (self.on_test and event == "intruder_external"):
            threat = "hold_up" if event == "hold_up" else "intrusion"
        said = self._tell(event, zone=zone, panel_confirmed=panel)
        window = HOLD_UP_WINDOW if threat == "hold_up" else WINDOW
        counted = threat is not None and not self.on_test and event != "intruder_external"
        since = self.confirmed.get(threat or "")
        fresh = counted and (since is None or self.now - since > window)

        assert self.judge.room.confirmed is (threat is not None or panel), (new, self.heard)
        assert said == ([threat] if fresh else []), (new, self.heard)
        if fresh and threat is not None:
            self.confirmed[threat] = self.now
        if not self.on_test and event != "intruder_external":
            if event == "hold_up" and not self._lately("hold_up", HOLD_UP_WINDOW):
                self.run_began = self.now
            self.heard.append(new)

    def _threat(self, new: Heard) -> str | None:
        """Return what the table of the page says that this signal confirms."""
        pressed = self._lately("hold_up", HOLD_UP_WINDOW)
        if new.event == "hold_up":
            apart = pressed and self.run_began is not None and self.now - self.run_began > APART
            if apart or self._lately("tamper", APART):
                return "hold_up"
        if new.event == "tamper" and self._lately("hold_up", APART):
            return "hold_up"
        if new.armed and new.event != "hold_up" and any(self._independent(old, new) for old in self.heard):
            return "intrusion"
        return None

    def _lately(self, event: str, window: timedelta) -> bool:
        return any(old.event == event and self.now - old.at <= window for old in self.heard)

    def _independent(self, old: Heard, new: Heard) -> bool:
        """Whether the earlier one is another detector, or another way of being cut off, within the window."""
        if not old.armed or self.now - old.at > WINDOW or old.event == "hold_up":
            return False
        if old.event == "path_fault":
            return old.zone in self.failed and (new.event != "path_fault" or old.zone != new.zone)
        if new.event == "path_fault":
            return True
        return old.zone is not None and new.zone is not None and old.zone != new.zone

    def _tell(self, event: str, **data: Any) -> list[str]:
        """Tell a report of the panel, and return the threats that were confirmed anew."""
        more: dict[str, Any] = {"set_state": None, **data}
        return self._decide(signal(Kind.ARC_ALARM, f"s{next(self.ids)}", event=event, **more))

    def _decide(self, event: Event) -> list[str]:
        decision = decide(self.book, self.state, event, self.now)
        apply(self.state, self.state.position + 1, self.now, decision)
        return [str(change.threat) for change in decision.changes if isinstance(change, Confirmed)]


TestConfirmation = Confirmation.TestCase
TestConfirmation.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
