"""One process that serves one room: the event loop, the log, and every way in which it cannot begin.

What stops a start is said in one sentence that names what to change; what happens later is an incident
of the service itself and ends it with a trace, so that a supervisor starts it anew.
"""

import asyncio
import gc
import signal

import structlog
import uvloop

from controlroom.estate.table import EstateError
from controlroom.journal.store import JournalError, StoreAway
from controlroom.logs import set_up
from controlroom.settings import Settings
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.reloading import Bell
from controlroom.wiring.running import make_room

GC_THRESHOLD = 50_000
"""Objects made before the collector looks again: records hold no cycles, so most looks would be wasted."""


class CannotServe(Exception):
    """The room cannot begin; the text says what is in the way. `unreachable`: somebody else is away."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


def serve_room(settings: Settings) -> None:
    """Serve until a stop signal; raises CannotServe when the room cannot begin."""
    set_up(settings.service.log_level, settings.service.log_format)
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    bell = Bell()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, bell.ring)
    try:
        running = await make_room(settings, bell)
    except StoreAway as fault:
        raise CannotServe(f"store.url: {fault}; start it, or set store.url", unreachable=True) from fault
    except (JournalError, EstateError, BooksRefused) as fault:
        raise CannotServe(str(fault)) from fault
    gc.collect()
    gc.freeze()  # the estate and the rules stay for good: the collector need not walk them again
    gc.set_threshold(GC_THRESHOLD, 20, 100)
    log = structlog.get_logger("lifecycle")

    def ready() -> None:
        log.info("ready", console=running.site.port, position=running.room.state.position)

    try:
        await running.run(ready)
    except OSError as fault:
        raise CannotServe(f"console.port or metrics.port cannot be used: {fault}") from fault
    log.info("stopped", position=running.room.state.position)
