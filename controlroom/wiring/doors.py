"""The doors that people and machines use: the console with its API, and the page that Prometheus reads."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

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
from controlroom.journal.answers import AnswerStore, Kept
from controlroom.journal.lookup import record_of, records_at
from controlroom.journal.records import is_writable
from controlroom.journal.store import JournalError, Store, StoreAway, StoreRefused
from controlroom.metrics import RoomMetrics
from controlroom.room import Room, Settled, Told
from controlroom.rules.template_file import Template
from controlroom.wiring.rule_desks import Desks
from controlroom.wiring.searching import Searcher

REMEMBER_WITHIN_S = 1.0
"""A command waits no longer for being remembered: the room has to hear of it."""


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


class Answers:
    """What is remembered of commands that may be sent again; nothing while the store is slow or away."""

    def __init__(self, room: Room, journal: Store, answers: AnswerStore) -> None:
        self._room = room
        self._journal = journal
        self._answers = answers

    async def read(self, name: bytes) -> Kept | None:
        """Return what is known of a key; None where the store does not say."""
        with suppress(StoreAway, StoreRefused, TimeoutError):
            self._insist()
            async with asyncio.timeout(REMEMBER_WITHIN_S):
                return await self._answers.read(name)
        return None

    async def keep(self, name: bytes, kept: Kept) -> None:
        """Remember it, where the store takes it."""
        with suppress(StoreAway, StoreRefused, TimeoutError):
            self._insist()
            async with asyncio.timeout(REMEMBER_WITHIN_S):
                await self._answers.keep(name, kept)

    async def decided(self, told: bytes, after: int) -> Settled | None:
        """Return what came of these bytes; raises the 503 while the store cannot say."""
        try:
            self._insist()
            record = await record_of(self._journal, told, after)
        except JournalError as away:
            detail = "whether the first one was taken cannot be seen now; send it again under the same key"
            raise problem(503, "not-stored-yet", detail) from away
        if record is None:
            return None
        return Settled(Told(record.event, record.now, None), record.position, record.decision)

    def _insist(self) -> None:
        """Raise StoreAway at once while the room knows that its store is away."""
        if self._room.degraded_because is not None:
            raise StoreAway(self._room.degraded_because)


class Around(msgspec.Struct, frozen=True):
    """What stands around a room: how people come in, its clock, journal, figures, past and map file."""

    entrance: Entrance
    now: Now
    store: Store
    answers: AnswerStore
    figures: Figures
    search: Searcher
    past: PastReader
    tiles: MapTiles | None = None
    templates: tuple[Template, ...] = ()


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
        answers=Answers(room, around.store, around.answers),
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
        templates=around.templates,
    )
    return Console(parts, Meter(metrics), around.entrance)
