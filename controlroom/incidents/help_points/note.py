"""The hand that changes what the room remembers of its help points; it decides nothing.

Returns the watches that are expected no longer, so that the one heap of watches stays in one hand.
"""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.help_points.changes import (
    CallAbandoned,
    CallAnswered,
    CallBegan,
    CallEnded,
    PointFree,
    PointStep,
    PointStuck,
    SelfTested,
    SelfTestMissed,
)
from controlroom.incidents.help_points.state import CALLS_KEPT, Call, HelpPoints, SelfTest, Stuck
from controlroom.incidents.incident import Incident, WatchKind

Ended = tuple[tuple[WatchKind, str], ...]

_NONE: Ended = ()


def note(points: HelpPoints, incidents: dict[str, Incident], step: PointStep, now: datetime) -> Ended:
    """Remember this step; return which watches it ends, by kind and subject."""
    match step:
        case CallBegan():
            _begin(points, step, now)
        case CallAnswered():
            _change(points, step.point, step.call, lambda call: replace(call, answered=True))
            about = incidents.get(step.incident or "")
            if about is not None and about.answer_s is None:
                incidents[about.id] = replace(about, answer_s=step.seconds)
        case CallAbandoned():
            _change(points, step.point, step.call, lambda call: replace(call, abandoned=True))
        case CallEnded():
            left = tuple(one for one in points.calls.get(step.point, ()) if one.call != step.call)
            if left:
                points.calls[step.point] = left
            else:
                points.calls.pop(step.point, None)
            return ((WatchKind.HELP_POINT_CALL, calling(step.point, step.call)),)
        case PointStuck():
            points.stuck[step.point] = Stuck(step.incident, 0, now)
        case PointFree():
            del points.stuck[step.point]
            points.starts.pop(step.point, None)
        case SelfTested():
            points.tested[step.point] = SelfTest(now)
        case SelfTestMissed():
            points.tested[step.point] = replace(points.tested[step.point], overdue=True)
        case _:
            assert_never(step)
    return _NONE


def calling(point: str, call: str) -> str:
    """Return the subject of the watch over a call."""
    return f"{point} {call}"


def _begin(points: HelpPoints, step: CallBegan, now: datetime) -> None:
    point = step.point
    points.calls[point] = (*points.calls.get(point, ()), Call(step.call, now))[-CALLS_KEPT:]
    points.starts[point] = (*points.starts.get(point, ()), now)[-CALLS_KEPT:]
    stuck = points.stuck.get(point)
    if stuck is not None:
        points.stuck[point] = Stuck(stuck.incident, stuck.calls + 1, now)


def _change(points: HelpPoints, point: str, call: str, change: Callable[[Call], Call]) -> None:
    calls = points.calls.get(point, ())
    points.calls[point] = tuple(change(one) if one.call == call else one for one in calls)
