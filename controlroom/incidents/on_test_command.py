"""What a command about a test leads to: the target is on test or off it, or the command says why not."""

from datetime import datetime
from typing import assert_never

from controlroom.estate.model import Estate
from controlroom.events import PutOnTest, TakeOffTest, TestCommand
from controlroom.incidents.changes import WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.lessons import CameOffTest, WentOnTest
from controlroom.incidents.moments import after
from controlroom.incidents.on_test import TESTS_MAX, OnTest, name_of
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import Kind

LIFE_SAFETY_KINDS = frozenset({Kind.ARC_ALARM, Kind.HELP_POINT, Kind.LONE_WORKER, Kind.PARK, Kind.TELECARE})
"""What can call for help. Every alarm panel counts: any keypad can send a duress or a hold-up code."""


def on_test_command(handbook: Handbook, state: State, command: TestCommand, now: datetime) -> Decision:
    """Return what follows from a command about a test; one that is not possible changes nothing."""
    match command:
        case PutOnTest():
            because = _against(handbook, state, command, now)
            return _begin(command, now) if because is None else Decision(reasons=(because,))
        case TakeOffTest():
            standing = state.tests.get(name_of(command.target, command.zone, command.code))
            if standing is None:
                return Decision(reasons=(Reason.TEST_NOT_THERE,))
            return Decision((CameOffTest(standing, command.author),), reasons=(Reason.TEST_ENDED,))
        case _:
            assert_never(command)


def needs_second(estate: Estate, target: str) -> bool:
    """Say whether this target can send life-safety signals, so that two persons put it on test."""
    return not LIFE_SAFETY_KINDS.isdisjoint(estate.kinds.get(target, frozenset()))


def _against(handbook: Handbook, state: State, command: PutOnTest, now: datetime) -> Reason | None:
    """Return what stands against this test; None when nothing does."""
    if command.target not in handbook.estate.kinds:
        return Reason.TEST_TARGET_UNKNOWN
    if not all(said.strip() for said in (command.reason, command.owner, command.author)):
        return Reason.TEST_NOT_SAID
    if not now < command.until <= after(now, handbook.house.test_max_s):
        return Reason.TEST_END_NOT_ALLOWED
    second = _person(command.second_author or "")
    if needs_second(handbook.estate, command.target) and second in {"", _person(command.author)}:
        return Reason.TEST_NEEDS_SECOND
    if name_of(command.target, command.zone, command.code) in state.tests:
        return Reason.TEST_STANDS
    return Reason.TESTS_FULL if len(state.tests) >= TESTS_MAX else None


def _person(name: str) -> str:
    """Return the name as it is compared: nobody becomes a second person by a capital or a space."""
    return " ".join(name.casefold().split())


def _begin(command: PutOnTest, now: datetime) -> Decision:
    test = OnTest(
        target=command.target,
        zone=command.zone,
        reason=command.reason,
        owner=command.owner,
        until=command.until,
        since=now,
        author=command.author,
        second=command.second_author,
        code=command.code,
    )
    end = Watch(command.until, WatchKind.END_OF_TEST, test.name)
    return Decision((WentOnTest(test), WatchArmed(end)), reasons=(Reason.TEST_BEGUN,))
