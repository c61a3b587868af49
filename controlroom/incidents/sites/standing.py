"""What is expected of sites at this moment, read from the room's watches."""

from collections.abc import Mapping
from datetime import datetime

from controlroom.incidents.incident import WatchKind
from controlroom.incidents.state import State


def standing(state: State, kind: WatchKind) -> Mapping[str, datetime]:
    """Return until when something of this kind is expected, by subject."""
    return state.watches.armed.get(kind, {})
