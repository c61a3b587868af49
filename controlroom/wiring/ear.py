"""Tells the room when it goes deaf and when it hears again, as the session with the broker goes up and down.

A session that stands but is paused (the room has more than it can take) hears nothing either. Short
pauses are the ordinary back-pressure of a flood; one that lasts is an outage like any other.
"""

import asyncio

from controlroom.events import LinkLost, LinkRestored
from controlroom.ingest.session.model import ConnectionState, Phase
from controlroom.room import Room

PAUSE_COUNTS_S = 10.0
"""How long a pause may last before the room counts as deaf: far below every grace, and longer than the
room takes for the messages that it may hold."""


class Ear:
    """Listens to the session's state. The room is deaf from its opening until the session first stands."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._hears = False
        self._paused: asyncio.TimerHandle | None = None

    def heard(self, state: ConnectionState) -> None:
        """Take a new state of the session; the room is told only of what it does not know."""
        if self._paused is not None:
            self._paused.cancel()
            self._paused = None
        if state.phase is Phase.CONNECTED and not self._hears:
            self._hears = True
            self._room.tell(LinkRestored())
        elif state.phase is Phase.PAUSED and self._hears:
            self._paused = asyncio.get_running_loop().call_later(PAUSE_COUNTS_S, self._lost, Phase.PAUSED)
        elif state.phase is Phase.DISCONNECTED and self._hears:
            self._lost(state.loss or state.phase)

    def _lost(self, because: str) -> None:
        self._hears = False
        self._room.tell(LinkLost(because))
