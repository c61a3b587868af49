"""What is due is over when the room has looked at it: gone, or expected at a later moment.

A watch that stands as it stood would be asked again for ever, and nothing that is told would be decided.
"""

from datetime import datetime

from controlroom.events import Event, Tick
from controlroom.incidents.incident import Watch
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.watches import due_of, first


def due_now(state: State, event: Event, now: datetime) -> Watch | None:
    """Return the watch that this event looks at; None where it is no tick, or nothing is due."""
    watch = first(state.watches, hearing=state.hearing.deaf_since is None)
    return watch if type(event) is Tick and watch is not None and watch.due <= now else None


def moved_on(watch: Watch | None, state: State, decision: Decision) -> bool:
    """Say whether the decision, which is applied, took this watch off or moved it past its moment."""
    if watch is None:
        return True
    due = due_of(state.watches, watch.kind, watch.subject)
    return bool(decision.changes) and (due is None or due > watch.due)
