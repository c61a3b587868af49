"""The one queue of deadlines: armed, taken off, and found when it is due."""

import heapq

from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.state import State


def arm(state: State, watch: Watch) -> None:
    """Expect this; a watch of the same name stands for it no longer."""
    disarm(state, watch.kind, watch.subject)
    state.watch_count += 1
    state.armed[_name(watch.kind, watch.subject)] = state.watch_count
    heapq.heappush(state.watches, (watch.due, state.watch_count, watch))


def disarm(state: State, kind: WatchKind, subject: str) -> None:
    """Take a watch off; a watch that is not armed stays so. Dead entries leave the heap from its top."""
    state.armed.pop(_name(kind, subject), None)
    while state.watches:
        _, number, watch = state.watches[0]
        if state.armed.get(_name(watch.kind, watch.subject)) == number:
            return
        heapq.heappop(state.watches)


def _name(kind: WatchKind, subject: str) -> str:
    return f"{kind} {subject}"
