"""The doors that people and machines use: the console with its API, and the page that Prometheus reads."""

import asyncio
from collections.abc import Sequence

import msgspec

from controlroom.clock import Now
from controlroom.console.app import Console, Entrance
from controlroom.console.device_health import DeviceHealth
from controlroom.console.lab import Engineering
from controlroom.console.managers.figures import Figures
from controlroom.console.map_tiles import MapTiles
from controlroom.console.messages import Resync
from controlroom.console.parts import Check, Parts, RoomStatus
from controlroom.console.past.desk import PastReader
from controlroom.console.problems import problem
from controlroom.console.views import Lens
from controlroom.events import Ask
from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import Phase
from controlroom.journal.acts import Trail
from controlroom.journal.lookup import records_at
from controlroom.journal.records import is_writable
from controlroom.journal.store import Store
from controlroom.metrics import RoomMetrics
from controlroom.room import Room, Settled
from controlroom.wiring.rule_desks import Desks
from controlroom.wiring.searching import Searcher


class RoomDesk:
    """Where operators' commands are handed in; each waits until what came of it is durable."""

    def __init__(self, room: Room) -> None:
        self._room = room
        room.settle_with(self._settled)

    async def tell(self, command: Ask) -> Settled:
        """Return what came of the command once it is durable; raises the 400 where no journal can hold it.

        It is tried here, before the room decides it: there, the writer would end, and the service with it.
        """
        if not is_writable(command):
            raise problem(400, "not-valid", "it holds a character or a number that the journal cannot keep")
        answer: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
        self._room.tell(command, answer)
        return await answer

    def _settled(self, settled: Sequence[Settled]) -> None:
        for item in settled:
            token = item.told.token
            if isinstance(token, asyncio.Future) and not token.done():
                token.set_result(item)


class Meter:
    """Counts the pages that follow the stream."""

    def __init__(self, metrics: RoomMetrics) -> None:
        self.following = 0
        self._resyncs = dict.fromkeys(map(str, Resync), 0)
        metrics.counted(
            "controlroom_stream_resyncs",
            "Consoles that had to start again, by why.",
            "reason",
            lambda: self._resyncs,
        )
        metrics.gauge(
            "controlroom_stream_clients", "Pages that follow the live stream.", lambda: self.following
        )

    def clients(self, count: int) -> None:
        """Set the number of pages that follow."""
        self.following = count

    def resynced(self, reason: str) -> None:
        """Count a page that had to start over."""
        self._resyncs[reason] += 1


class Around(msgspec.Struct, frozen=True):
    """What stands around a room: how people come in, its clock, journal, figures, past and map file."""

    entrance: Entrance
    now: Now
    store: Store
    figures: Figures
    search: Searcher
    past: PastReader
    tiles: MapTiles | None = None


def make_console(room: Room, around: Around, session: Session, desks: Desks, metrics: RoomMetrics) -> Console:
    """Return the console over this room."""

    def status() -> RoomStatus:
        return RoomStatus(
            demonstration=room.handbook.house.demonstration,
            degraded=room.degraded_because,
            rule_set=room.handbook.rules.version,
            instance=around.entrance.room,
        )

    def checks() -> tuple[Check, ...]:
        phase = session.state.phase
        return (
            Check("broker", phase in {Phase.CONNECTED, Phase.PAUSED}, str(phase)),
            Check("store", room.degraded_because is None, room.degraded_because or "every frame is durable"),
            Check("rules", ok=True, detail=room.handbook.rules.version),
        )

    health = DeviceHealth(lambda: room.handbook.estate, around.now)
    room.follow(health)
    room.settle_with(health.settled)
    rules = desks.rules
    lens = Lens(estate=lambda: room.handbook.estate, why=rules.why, plan=rules.plan, asks=rules.asks)
    parts = Parts(
        state=lambda: room.state,
        status=status,
        checks=checks,
        desk=RoomDesk(room),
        rules=desks.rules,
        shadow=desks.shadow,
        engineering=Engineering(desks.lab, desks.shadow, health.view),
        past=around.past,
        lens=lens,
        now=around.now,
        handbook=lambda: room.handbook,
        records=lambda positions: records_at(around.store, positions),
        figures=around.figures,
        trail=Trail(around.store, lambda: room.state.position),
        search=around.search,
        tiles=around.tiles,
    )
    return Console(parts, Meter(metrics), around.entrance)
