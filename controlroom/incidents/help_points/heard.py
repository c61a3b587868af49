"""What a help point's word changes besides its way through the rules: calls begin, are answered, end.

Nothing here decides who is told: a call is an incident by its rule from its first second. This is what the
room needs in order to notice what should have followed: a voice, an end, the next test of itself.
"""

from datetime import datetime, timedelta

from controlroom.estate.model import Place
from controlroom.incidents.calls import call_key
from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.help_points.changes import (
    AtHelpPoint,
    CallAnswered,
    CallBegan,
    CallEnded,
    SelfTested,
)
from controlroom.incidents.help_points.limits import HelpPointRules
from controlroom.incidents.help_points.note import calling
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.state import State
from controlroom.signals.envelope import HelpPointSignal
from controlroom.signals.vocabulary import CallStep


def heard_of_point(
    handbook: Handbook, state: State, signal: HelpPointSignal, place: Place, now: datetime
) -> tuple[Change, ...]:
    """Return what this word of a point of the estate changes."""
    rules, data = handbook.house.help_points, signal.data
    if data.step is CallStep.STARTED:
        return _began(rules, state, place.topic, data.call, now)
    if data.step is CallStep.ANSWERED:
        return _answered(rules, state, place.topic, data.call, now)
    if data.step is CallStep.ENDED:
        return _ended(state, place.topic, data.call, now)
    if data.step is CallStep.SELF_TEST:
        due = Watch(now + next_test_within(rules, place), WatchKind.HELP_POINT_TEST, place.topic)
        return (AtHelpPoint(SelfTested(place.topic)), WatchArmed(due))
    return ()


def next_test_within(rules: HelpPointRules, place: Place) -> timedelta:
    """Return how long after one test of itself the next one may come."""
    return timedelta(seconds=(place.every_s or rules.self_test_s) + rules.self_test_late_s)


def _began(rules: HelpPointRules, state: State, point: str, call: str, now: datetime) -> tuple[Change, ...]:
    if state.help_points.call_of(point, call) is not None:
        return ()  # told again under another id: the first time counts
    rings = Watch(now + timedelta(seconds=rules.ring_max_s), WatchKind.HELP_POINT_CALL, calling(point, call))
    began: tuple[Change, ...] = (AtHelpPoint(CallBegan(point, call)), WatchArmed(rings))
    since = now - timedelta(seconds=rules.stuck_window_s)
    lately = sum(at > since for at in state.help_points.starts.get(point, ())) + 1
    if point in state.help_points.stuck or lately < rules.stuck_calls:
        return began
    return (*began, WatchArmed(Watch(now, WatchKind.HELP_POINT_STUCK, point)))


def _answered(
    rules: HelpPointRules, state: State, point: str, call: str, now: datetime
) -> tuple[Change, ...]:
    known = state.help_points.call_of(point, call)
    if known is None or known.answered:
        return ()
    own = state.joinable.get(call_key(point, call))
    ends = known.since + timedelta(seconds=rules.call_max_s)
    lasts = Watch(max(ends, now), WatchKind.HELP_POINT_CALL, calling(point, call))
    seconds = (now - known.since) / timedelta(seconds=1)
    return (AtHelpPoint(CallAnswered(point, call, seconds, own)), WatchArmed(lasts))


def _ended(state: State, point: str, call: str, now: datetime) -> tuple[Change, ...]:
    known = state.help_points.call_of(point, call)
    if known is None:
        return ()
    over = AtHelpPoint(CallEnded(point, call))
    if known.answered or known.abandoned or point in state.help_points.stuck:
        return (over,)
    left = Watch(now, WatchKind.HELP_POINT_ABANDONED, calling(point, call))
    return (over, WatchArmed(left))
