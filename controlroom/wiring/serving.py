"""One process that serves one room: the event loop, the log, and every way in which it cannot begin.

What stops a start is said in one sentence that names what to change, and so is a journal that can no
longer be written; whatever else happens later is an incident of the service itself and ends it with a
trace, so that a supervisor starts it anew.
"""

import asyncio
import gc
import signal

import structlog
import uvloop

from controlroom.console.files import VendorMissingError
from controlroom.estate.table import EstateError
from controlroom.journal.store import Fenced, JournalError, StoreAway
from controlroom.logs import set_up
from controlroom.settings import Settings
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.listening import CannotListen, require_listenable
from controlroom.wiring.reloading import Bell
from controlroom.wiring.running import make_room

COLLECT_EVERY_S = 600.0
"""How often reference cycles are looked for. The collector's own timing is off: records hold no cycles, and
its looks at them were pauses of 30 to 100 ms at 11,000 signals a second. What libraries leave in ten minutes
is little, and looking for it in a room of ordinary size is a pause of some tens of milliseconds."""


class CannotServe(Exception):
    """The room cannot begin; the text says what is in the way. `unreachable`: somebody else is away."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


class RoomEnded(Exception):
    """The room served and its journal ended it; the text says why. `fenced`: by another writer."""

    def __init__(self, why: str, *, fenced: bool) -> None:
        super().__init__(why)
        self.fenced = fenced


def serve_room(settings: Settings) -> None:
    """Serve until a stop signal; raises CannotServe when it cannot begin, RoomEnded when it must end."""
    set_up(settings.service.log_level, settings.service.log_format)
    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    gc.disable()  # a journal that is read in makes millions of objects, none of them in a cycle
    bell = Bell()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, bell.ring)
    try:
        require_listenable("console", settings.console.host, settings.console.port)
        require_listenable("metrics", settings.metrics.host, settings.metrics.port)
        running = await make_room(settings, bell)
    except StoreAway as fault:
        raise CannotServe(f"store.url: {fault}; start it, or set store.url", unreachable=True) from fault
    except (BooksRefused, CannotListen, EstateError, JournalError, VendorMissingError) as fault:
        raise CannotServe(str(fault)) from fault
    gc.collect()
    gc.freeze()  # the estate and the rules stay: the collector need not walk them again
    asyncio.get_running_loop().call_later(COLLECT_EVERY_S, _collect)
    log = structlog.get_logger("lifecycle")

    def ready() -> None:
        log.info("ready", console=running.site.port, position=running.room.state.position)

    try:
        await running.run(ready)
    except OSError as fault:
        raise CannotServe(f"console.port or metrics.port cannot be used: {fault}") from fault
    except ExceptionGroup as group:
        ended = _first(group, JournalError)
        if ended is None:
            raise
        log.critical("ended", because=str(ended), position=running.room.state.position)
        raise RoomEnded(_meaning(settings.room.name, ended), fenced=isinstance(ended, Fenced)) from ended
    log.info("stopped", position=running.room.state.position)


def _first(group: ExceptionGroup[Exception], kind: type[JournalError]) -> JournalError | None:
    """Return the first fault of this kind, however deep it stands in the group; None without one."""
    for fault in group.exceptions:
        found = _first(fault, kind) if isinstance(fault, ExceptionGroup) else fault
        if isinstance(found, kind):
            return found
    return None


def _meaning(room: str, ended: JournalError) -> str:
    """Say what it means that the journal ended the room, and what to do."""
    if isinstance(ended, Fenced):
        return (
            f"another instance has taken over room {room} ({ended}); this one has ended and stored nothing "
            "after it. Run one instance a room, or give this one another room.name"
        )
    return f"the journal of room {room} cannot be written any more: {ended}; run: controlroom audit verify"


def _collect() -> None:
    """Collect what no reference count could, and see to it again in a while."""
    gc.collect()
    asyncio.get_running_loop().call_later(COLLECT_EVERY_S, _collect)
