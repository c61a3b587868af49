"""What is expected of sites at this moment, read from the room's watches."""

from collections.abc import Mapping
from datetime import datetime

from controlroom.incidents.incident import WatchKind
from controlroom.incidents.state import State


def stands(state: State, kind: WatchKind, subject: str) -> bool:
    """Say whether something of this kind is expected of this subject."""
    return f"{kind} {subject}" in state.armed


def standing(state: State, kind: WatchKind) -> Mapping[str, datetime]:
    """Return until when something of this kind is expected, by subject."""
    return {
        watch.subject: due
        for due, number, watch in state.watches
        if watch.kind is kind and state.armed.get(f"{kind} {watch.subject}") == number
    }
