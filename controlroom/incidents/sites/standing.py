"""What is expected of sites at this moment, read from the room's watches."""

from collections.abc import Mapping
from datetime import datetime

from controlroom.incidents.incident import WatchKind
from controlroom.incidents.state import State
from controlroom.incidents.watches import due_of

_NOTHING: dict[str, datetime] = {}


def stands(state: State, kind: WatchKind, subject: str) -> bool:
    """Say whether something of this kind is expected of this subject."""
    return due_of(state.watches, kind, subject) is not None


def standing(state: State, kind: WatchKind) -> Mapping[str, datetime]:
    """Return until when something of this kind is expected, by subject, in the order of arming."""
    return state.watches.armed.get(kind, _NOTHING)
