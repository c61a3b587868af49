"""What the room is told of the link, as the session goes up and down."""

import asyncio

from controlroom.events import Event, LinkLost, LinkRestored
from controlroom.incidents.state import State
from controlroom.ingest.session.model import ConnectionState, Loss, Phase
from controlroom.room import Room
from controlroom.wiring.ear import PAUSE_COUNTS_S, Ear
from tests.build import NOON, handbook
from tests.journal.virtual_time import run


class Noted(Room):
    """A room that only notes what it is told."""

    def __init__(self) -> None:
        super().__init__(handbook(), State(), lambda: NOON)
        self.told: list[Event] = []

    def tell(self, event: Event, token: object = None) -> None:
        del token
        self.told.append(event)


CONNECTED, PAUSED = ConnectionState(Phase.CONNECTED), ConnectionState(Phase.PAUSED)
LOST = ConnectionState(Phase.DISCONNECTED, Loss.UNREACHABLE)


async def _ups_and_downs() -> None:
    room = Noted()
    ear = Ear(room)
    connecting = ConnectionState(Phase.CONNECTING)
    for state in (
        connecting,
        LOST,
        CONNECTED,
        PAUSED,
        CONNECTED,
        LOST,
        LOST,
        CONNECTED,
    ):
        ear.heard(state)
    assert room.told == [LinkRestored(), LinkLost(Loss.UNREACHABLE), LinkRestored()]


def test_the_room_is_told_of_every_change_once() -> None:
    """Deaf from the start: what it hears first is the link standing; a short pause is nothing."""
    run(_ups_and_downs())


async def _a_long_pause() -> None:
    room = Noted()
    ear = Ear(room)
    ear.heard(CONNECTED)
    ear.heard(PAUSED)
    await asyncio.sleep(PAUSE_COUNTS_S + 1)
    ear.heard(CONNECTED)
    assert room.told == [LinkRestored(), LinkLost(Phase.PAUSED), LinkRestored()]


def test_a_pause_that_lasts_is_an_outage() -> None:
    """A session that is paused for longer than ten seconds hears nothing, and the room knows."""
    run(_a_long_pause())
