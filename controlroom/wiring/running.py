"""A room put together: journal, memory, room, feeds, figures, doors; and how it is taken apart again."""

import asyncio
import random
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from msgspec.structs import replace

from controlroom import lifecycle
from controlroom.clock import Now, wall_clock, wall_clock_s
from controlroom.console.managers.figures import Figures
from controlroom.console.site import Site
from controlroom.dispatch.outbox import Outbox
from controlroom.exposition import Exposition, new_registry
from controlroom.incidents.record import Record
from controlroom.ingest.decode import Limits
from controlroom.ingest.intake import Intake
from controlroom.journal.archive import archivable
from controlroom.journal.records import encode_frame
from controlroom.journal.store import StoreAway, StoreRefused
from controlroom.journal.writer import Bounds, Writer
from controlroom.logs import CanonicalLog
from controlroom.measures.desk import DeskCounting
from controlroom.measures.desk_meter import DeskMeter
from controlroom.measures.devices import CallerWaits, CameraFigures
from controlroom.measures.exporter import GaugeExporter, PlanExporter
from controlroom.metrics import RoomMetrics
from controlroom.restore import Counting, Keeper
from controlroom.room import Room
from controlroom.settings import Settings
from controlroom.wiring.access import make_clerk, show_people
from controlroom.wiring.books import Books, read_books
from controlroom.wiring.crew_meter import CrewMeter
from controlroom.wiring.doors import Around, make_console
from controlroom.wiring.ear import Ear
from controlroom.wiring.estates import keep
from controlroom.wiring.feeds import make_current, make_session, order_publisher, show_counts
from controlroom.wiring.gauges import show_gauges
from controlroom.wiring.memory import Keeping, Memory, Timed, open_memory
from controlroom.wiring.past import PastProcess
from controlroom.wiring.patrols import draw_patrol_seed
from controlroom.wiring.recent import recent_records
from controlroom.wiring.reloading import Bell, show_rules
from controlroom.wiring.rule_desks import make_desks
from controlroom.wiring.rule_sets import RuleSets
from controlroom.wiring.searching import FILE, Searcher, follow_search
from controlroom.wiring.shadowing import show_shadow
from controlroom.wiring.watching import WatchMeter
from controlroom.wiring.webhooks import Webhooks

SHUT_S = 10.0
"""How long the stop waits for the store to take what was decided; supervisors allow 30 s in all."""


class RunningRoom:
    """One room with its journal open: every part made, nothing running yet."""

    def __init__(self, settings: Settings, books: Books, memory: Memory, now: Now, bell: Bell) -> None:
        self.settings = settings
        self.memory = memory
        self.room = room = Room(books.handbook, memory.folded.state, now)
        self.intake = Intake(room, lambda: room.handbook.estate, _limits(settings), now)
        room.settle_with(self.intake.settled)
        self.registry = new_registry()
        self.metrics = RoomMetrics(self.registry, wall_clock_s)
        self.session = make_session(settings, self.intake, Ear(room))
        self.outbox = Outbox(room, order_publisher(self.session), self.metrics)
        self.current = make_current(room, self.session, memory.opening.now)
        self.webhooks = Webhooks(room, settings, self.metrics, now)
        self.writer = _writer(settings, memory, _Listener(self), self.metrics.append_s.observe)
        self.keeper = Keeper(
            memory.folded,
            memory.snapshots,
            memory.chain.key,
            settings.journal.snapshot_every_records,
            lambda: self.writer.head,
        )
        self.exposition = Exposition(self.registry)
        room.attach(self.writer)
        room.rest_when_due(self.keeper.due)
        counting = Counting(memory.folded.ledger, books.plan)
        desk = _desk_counting(memory, DeskMeter(self.registry), room)
        PlanExporter(books.plan.plan, lambda: counting.ledger, now, self.registry)
        self.desks = make_desks(room, settings, books, memory.opening, bell)
        self.clerk, way_in = make_clerk(settings, room, now)
        self.search = Searcher(memory.store, settings.service.data_dir / FILE, room.handbook.estate.place)
        self.past = PastProcess(settings)
        figures = _figures(settings, books, counting, desk)
        around = Around(way_in, now, memory.store, self.clerk.answers, figures, self.search, self.past)
        around = replace(around, tiles=books.tiles, templates=books.templates)
        self.console = make_console(room, around, self.session, self.desks, self.metrics)
        self.site = Site(self.console.app)
        room.provisional = self.console.hub.provisional
        log = CanonicalLog(settings.service.log_level, settings.service.log_format)
        _count_lost_lines(self.metrics, log)
        CameraFigures(lambda: room.state.cameras, lambda: room.handbook.estate, now, self.registry)
        room.follow(counting, desk, self.outbox, self.current, self.metrics, self.console.hub, log)
        room.follow(self.console.timelines, CallerWaits(self.registry), WatchMeter(self.metrics, room, now))
        room.follow(CrewMeter(self.metrics, room, now), self.webhooks, self.desks.beside)
        follow_search(self.metrics, self.search, room)
        room.batch_took = self.metrics.decide_s.observe
        publish = partial(GaugeExporter, registry=self.registry)
        show_gauges(self.metrics, publish, room, self.session, now)
        show_counts(self.metrics, room, self.intake, self.session)
        show_rules(self.metrics, self.desks.rules)
        show_people(self.metrics, way_in.desk, self.console.refusals)
        show_shadow(self.metrics, self.desks.beside, room)

    async def run(self, ready: Callable[[], None]) -> None:
        """Live until a stop signal comes, then stop in order."""
        parts = (
            lifecycle.Part("journal", self.writer.run),
            lifecycle.Part("room", self.room.run),
            lifecycle.Part("snapshots", self._keep),
            lifecycle.Part("people", self.clerk.run),
            lifecycle.Part("search", self.search.run),
            lifecycle.Part("rules", self.desks.rules.run, leaves_first=True),
            lifecycle.Part("shadow", self.desks.shadow.run, leaves_first=True),
            lifecycle.Part("lab", self.desks.lab.run, leaves_first=True),
            lifecycle.Part("past", self.past.run, leaves_first=True),
            lifecycle.Part("broker", self.session.run, leaves_first=True),
            lifecycle.Part("webhooks", self.webhooks.run, leaves_first=True),
        )
        stops = (
            lifecycle.Stop("room", self.room.caught_up),
            lifecycle.Stop("journal", lambda: self.writer.drain(SHUT_S)),
            lifecycle.Stop("snapshot", self._last_snapshot),
        )
        try:
            await self._open_doors()
            await lifecycle.run(parts, stops, ready=ready)
        finally:
            self.exposition.close()
            await self.site.close()
            await self.webhooks.close()
            for link in (*self.memory.links, self.clerk.link):
                await link.close()

    async def _open_doors(self) -> None:
        """Listen for Prometheus and for people, and take up the orders that were left; raises OSError."""
        settings = self.settings
        self.exposition.open(settings.metrics.host, settings.metrics.port)
        await self._show_recent()
        await self.clerk.open()
        await self.site.open(settings.console.host, settings.console.port)
        self.outbox.start()
        self.webhooks.start()
        draw_patrol_seed(self.room)

    async def _show_recent(self) -> None:
        """Give the console what happened last, so that a restart does not empty its lists."""
        head = self.memory.chain.head
        shown = await recent_records(self.memory.store, head)
        first = shown[0].position if shown else head.next_position
        self.console.hub.opened(head.epoch, first - 1)
        self.console.hub.released(shown)
        self.console.timelines.released(shown)

    async def _keep(self) -> None:
        """Save snapshots as they are taken, and roll old frames to the archive behind them."""
        log = structlog.get_logger("journal")
        while True:
            position = await self.keeper.save_next()
            if position is None:
                log.warning("snapshot_not_saved")
                continue
            keep = self.settings.journal.archive_after_records
            through = archivable(position, self.writer.head.last_position, keep)
            log.info("snapshot_saved", position=position)
            try:
                await self.memory.store.roll(through)
            except (StoreAway, StoreRefused, OSError) as error:
                log.warning("archive_not_rolled", error=str(error), advice="the next snapshot tries again")

    async def _last_snapshot(self) -> None:
        """Leave a snapshot behind, so that the next start reads no frames.

        A store that did not take everything takes no snapshot either, and nobody need wait for that.
        """
        if self.keeper.at_rest():
            await self.keeper.save_next()


def _count_lost_lines(metrics: RoomMetrics, log: CanonicalLog) -> None:
    text = "Times that lines of the log could not be written."
    metrics.counted("controlroom_log_writes_lost", text, "log", lambda: {"canonical": log.lost})


class _Listener:
    """What the journal's writer tells the room and its keeper."""

    def __init__(self, running: RunningRoom) -> None:
        self._running = running
        self._log = structlog.get_logger("journal")

    def released(self, records: Sequence[Record], last_position: int) -> None:
        running = self._running
        running.room.released(records, last_position)
        if running.keeper.due() and not running.writer.pending:
            running.keeper.at_rest()

    def degraded(self, because: str) -> None:
        self._log.error("degraded", because=because, advice="signals are kept, nothing is acknowledged")
        self._running.room.degraded(because)

    def recovered(self) -> None:
        self._log.warning("recovered")
        self._running.room.recovered()


def _desk_counting(memory: Memory, meter: DeskMeter, room: Room) -> DeskCounting:
    """Return what counts how long people waited, and how much came."""
    simulated = room.handbook.house.demonstration
    return DeskCounting(memory.folded.desk, meter, count_simulated=simulated)


def _figures(settings: Settings, books: Books, counting: Counting, desk: DeskCounting) -> Figures:
    """Return what the manager's pages read."""
    return Figures(
        books.plan.plan,
        lambda: counting.ledger,
        lambda: desk.figures,
        settings.measures.operators_at_once,
        settings.measures.camera_pounds_a_year,
    )


def _writer(
    settings: Settings, memory: Memory, listener: _Listener, append_s: Callable[[float], None]
) -> Writer[Record]:
    journal = settings.journal
    bounds = Bounds(
        frame_records=journal.frame_records_max,
        frame_bytes=journal.frame_bytes_max,
        pending_limit=journal.pending_limit,
    )
    name = memory.writer
    return Writer(
        Timed(memory.store, append_s),
        memory.chain,
        lambda records: encode_frame(name, records),
        listener,
        random.SystemRandom().random,
        bounds,
    )


async def make_room(settings: Settings, bell: Bell) -> RunningRoom:
    """Open the journal and put the room together; raises what `books` and `memory` raise.

    Whoever rings the bell, now or later, has the rules read again.
    """
    now = wall_clock()
    books = read_books(settings)
    memory = await open_memory(settings, Keeping(books.handbook, books.plan, books.estate), now)
    await asyncio.to_thread(_keep, settings, books)
    for reason in memory.put_aside:
        structlog.get_logger("journal").warning("snapshot_put_aside", reason=reason)
    return RunningRoom(settings, books, memory, now, bell)


def _keep(settings: Settings, books: Books) -> None:
    """Keep a copy of what the room decides by, for whoever looks back; it decides without one."""
    data_dir, rules = settings.service.data_dir, settings.rules.directory
    try:
        keep(data_dir, settings.estate.directory, books.estate)
        RuleSets(data_dir, rules).keep_in_force(books.rules.version)
    except OSError as fault:
        structlog.get_logger("journal").warning("books_not_kept", error=str(fault))


def _limits(settings: Settings) -> Limits:
    return Limits(
        payload_bytes=settings.ingest.max_payload_bytes,
        future_s=round(settings.ingest.future_tolerance_s),
        simulated_welcome=settings.room.demonstration or settings.room.allow_simulated,
    )
