"""The whole house on one machine: broker, store, room, city, crews and desk; and all of it ended again.

Broker and store are started by us or adopted from a demonstration that was killed; the room and the
city are programs of their own, as in production, and die with us. Whatever cannot work is found
before the first program is started.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from controlroom.console.files import VendorMissingError
from controlroom.console.files import load as load_files
from controlroom.embedded.broker import BrokerSettings, EmbeddedBroker
from controlroom.embedded.children import Child, ChildEnded, ChildPlan, start
from controlroom.embedded.folders import require_writable
from controlroom.embedded.ports import require_free_port
from controlroom.embedded.refusals import CannotStart, NotReady
from controlroom.embedded.valkey import EmbeddedValkey, ValkeySettings
from controlroom.settings import Settings
from controlroom.wiring.books import read_books
from controlroom.wiring.demonstration_people import Welcome, welcome

READY_WITHIN_S = 30.0
"""How long the room may take to begin: a long journal is read back at some 100,000 records a second."""

LOOK_EVERY_S = 0.05
"""How often a starting room is asked whether it is ready: a pause that nobody notices."""


HEARD_WITHIN_S = 0.1
"""How long it may take until an interrupt is heard that a part has already died of."""


class Addresses(msgspec.Struct, frozen=True):
    """Where the demonstration can be seen, and how one comes in."""

    console: str
    sign_in: str
    people: Path
    metrics: str
    broker: str


async def demonstrate(settings: Settings, config: Path, shown: Callable[[Addresses], None]) -> None:
    """Run everything until SIGINT or SIGTERM; raises CannotStart, ChildEnded, EstateError, BooksRefused.

    `shown` is called once, when there is something to look at.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    try:
        await _run(settings, config, shown, stopping)
    except* (CannotStart, ChildEnded):
        # An interrupt strikes the whole group: a part without a session of its own yet dies of it, as asked.
        await asyncio.sleep(HEARD_WITHIN_S)
        if not stopping.is_set():
            raise


async def _run(
    settings: Settings, config: Path, shown: Callable[[Addresses], None], stopping: asyncio.Event
) -> None:
    """Start one part after the other and keep them until the stop, which ends them the other way round."""
    books = read_books(settings)
    try:
        load_files()
    except VendorMissingError as fault:
        raise CannotStart(str(fault)) from fault
    valkey, broker = _servers(settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(valkey)
        await stack.enter_async_context(broker)
        coming_in = await welcome(on_store(settings, valkey.url), tuple(books.handbook.estate.crews))
        room = start(_room(settings, config, valkey.url))
        stack.push_async_callback(room.stop)
        if not await _ready(settings, room, stopping):
            return
        city = start(_city(settings))
        stack.push_async_callback(city.stop)
        desk = start(_desk(settings, coming_in.token))
        stack.push_async_callback(desk.stop)
        shown(_addresses(settings, coming_in))
        await _until_stopped(stopping, valkey, broker, (room, city, desk))


def _servers(settings: Settings) -> tuple[EmbeddedValkey, EmbeddedBroker]:
    """Return the two servers, and find whatever would be in the way before either is started."""
    data = settings.service.data_dir
    require_writable(data, "service.data_dir")
    valkey = EmbeddedValkey(ValkeySettings(data, "service.data_dir"))
    broker = EmbeddedBroker(BrokerSettings(data, port=settings.broker.port, var_setting="service.data_dir"))
    valkey.check()
    broker.check()
    require_free_port("console.port", settings.console.port)
    require_free_port("metrics.port", settings.metrics.port)
    return valkey, broker


def _room(settings: Settings, config: Path, store: str) -> ChildPlan:
    return ChildPlan(
        name="the room",
        argv=(sys.executable, "-m", "controlroom", "serve", "--config", str(config)),
        log=settings.service.data_dir / "room.log",
        env=(
            ("CONTROLROOM_STORE__URL", store),
            ("CONTROLROOM_BROKER__PORT", str(settings.broker.port)),
            ("CONTROLROOM_PEOPLE__PACE", str(max(1.0, settings.demo.speed))),
        ),
        stop_within_s=30.0,
    )


def _city(settings: Settings) -> ChildPlan:
    demo = settings.demo
    return ChildPlan(
        name="the city",
        argv=(
            *(sys.executable, "-m", "simulators", "city", "--believable", "--with-crews"),
            *("--broker", f"127.0.0.1:{settings.broker.port}"),
            *("--speed", str(demo.speed), "--seed", str(demo.seed)),
            *("--estate", str(settings.estate.directory)),
        ),
        log=settings.service.data_dir / "city.log",
        stop_within_s=5.0,
    )


def _desk(settings: Settings, token: Path) -> ChildPlan:
    """Return the plan of the people who write the log book."""
    return ChildPlan(
        name="the desk",
        argv=(
            *(sys.executable, "-m", "simulators", "desk"),
            *("--api", f"http://{settings.console.host}:{settings.console.port}"),
            *("--token-file", str(token)),
            *("--speed", str(settings.demo.speed), "--seed", str(settings.demo.seed)),
        ),
        log=settings.service.data_dir / "desk.log",
        stop_within_s=5.0,
    )


async def _ready(settings: Settings, room: Child, stopping: asyncio.Event) -> bool:
    """Wait until the room says that it is ready; False when somebody stopped us first. Raises ChildEnded."""
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(room.watch(), name="demo.room")
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                while not stopping.is_set() and not await _says_ready(settings):  # noqa: ASYNC110 - HTTP polls
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            what = f"was not ready within {READY_WITHIN_S:g} s"
            raise NotReady("the room", what, room.plan.log, room.last_lines()) from None
        watch.cancel()
    return not stopping.is_set()


async def _says_ready(settings: Settings) -> bool:
    """Ask `/readyz` once, in plain HTTP."""
    try:
        reader, writer = await asyncio.open_connection(settings.console.host, settings.console.port)
    except OSError:
        return False
    try:
        writer.write(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        status = await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()
    return b" 200 " in status


async def _until_stopped(
    stopping: asyncio.Event, valkey: EmbeddedValkey, broker: EmbeddedBroker, children: tuple[Child, ...]
) -> None:
    """Wait for the stop; raises ChildEnded when a part ends before it."""
    try:
        async with asyncio.TaskGroup() as group:
            watches = [
                group.create_task(valkey.watch(), name="demo.valkey"),
                group.create_task(broker.watch(), name="demo.broker"),
                *(group.create_task(child.watch(), name=f"demo.{child.plan.name}") for child in children),
            ]
            await stopping.wait()
            for watch in watches:
                watch.cancel()
    except* ChildEnded as ended:
        raise _to_blame(ended, children) from None


def _to_blame(ended: BaseExceptionGroup[ChildEnded], children: tuple[Child, ...]) -> ChildEnded:
    """Return the end of a server, else of the first child: when the room goes, the desk goes after it."""
    ours = {child.plan.name for child in children}
    for fault in ended.exceptions:
        if isinstance(fault, ChildEnded) and fault.name not in ours:
            return fault
    return next(child.end() for child in children if child.code() is not None)


def on_store(settings: Settings, store: str) -> Settings:
    """Return the settings of a room on the store that we started."""
    return settings.model_copy(update={"store": settings.store.model_copy(update={"url": store})})


def _addresses(settings: Settings, coming_in: Welcome) -> Addresses:
    console = f"http://{settings.console.host}:{settings.console.port}"
    return Addresses(
        console=f"{console}/",
        sign_in=f"{console}/sign-in/once/{coming_in.once}",
        people=coming_in.people,
        metrics=f"http://{settings.metrics.host}:{settings.metrics.port}/metrics",
        broker=f"mqtt://127.0.0.1:{settings.broker.port}",
    )
