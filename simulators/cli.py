"""The commands: `city`, `crews`, `desk`, `estate`. Exit 0 done or asked to stop, 2 misused, 3 cannot begin.

SIGINT and SIGTERM end everything within a second; what the broker has not acknowledged by then is told.
A progress line goes to standard error, and only when that is a terminal.
"""

import asyncio
import contextlib
import itertools
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer

from controlroom.clock import wall_clock
from controlroom.estate.load import FILES, load
from controlroom.estate.model import Estate
from controlroom.estate.table import EstateError
from controlroom.rules.almanac import read_calendars
from controlroom.rules.calendars import Calendar
from controlroom.rules.problems import Findings, InvalidRulesError
from simulators.city import city as city_life
from simulators.city import perform
from simulators.day.city import shown
from simulators.day.occasions import SORTS
from simulators.day.town import Town
from simulators.desk import Desk
from simulators.dispatch import Dispatch
from simulators.estate import DEMONSTRATION_SEED, generate
from simulators.keepers import Wall
from simulators.options import CityAsked, CrewsAsked, DeskAsked, command
from simulators.publisher import Broker, Publisher, RefusedError, Tally
from simulators.speech import RECEIPTS, Run
from simulators.trouble import Shares, disturbed

EXIT_CANNOT_BEGIN = 3
"""The exit code for a configuration that cannot be used, as everywhere in this project."""

TICK_S = 0.5
"""How often the progress line is drawn: smooth enough to watch."""

LAST_WORDS_S = 0.5
"""How long after a signal the city waits for what is on its way: half of its last second."""

HIGHEST_PORT = 65_535

app = typer.Typer(
    help="The simulated city: everything that speaks to the control room.", no_args_is_help=True
)


@app.command()
@command(CityAsked)
def city(asked: CityAsked) -> None:
    """Play the city's feeds."""
    loaded, broker = _estate(asked.estate), _broker(asked)
    clock = wall_clock()
    started = clock()
    name = f"{started:%Y%m%dT%H%M%S}{started.microsecond // 1000:03}"
    wall = Wall(started, asked.speed, _calendars(asked.estate))
    run = Run(name, int(started.timestamp()), asked.speed, wall)
    shares = Shares(asked.garbage, asked.duplicates)
    if asked.believable:
        town = Town(loaded, asked.seed, wall, asked.rate_scale, frozenset(SORTS))
        said = disturbed(shown(town, run), asked.seed, shares, run)
    else:
        said = city_life(loaded, asked.seed, asked.rate_scale, shares, run)

    async def play() -> None:
        publisher = Publisher(_named(broker, "city"), subscriptions=(f"{RECEIPTS}+/+/+",), notice=_notice)
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(publisher.run(), name="city's connection")]
            running.append(tasks.create_task(_progress("city", publisher.tally), name="progress"))
            if asked.with_crews:
                running.append(tasks.create_task(_dispatch(asked, loaded, broker).run(), name="crews"))
            try:
                await perform(itertools.islice(said, asked.count), publisher.send, asked.speed, clock)
                await publisher.drain()
            except asyncio.CancelledError:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LAST_WORDS_S):
                        await publisher.drain()
                raise
            finally:
                _farewell("city", publisher.tally)
            for task in running:
                task.cancel()

    _run(play)


@app.command()
@command(CrewsAsked)
def crews(asked: CrewsAsked) -> None:
    """Let the crews answer orders."""
    loaded, broker = _estate(asked.estate), _broker(asked)

    async def play() -> None:
        dispatch = _dispatch(asked, loaded, broker)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_progress("crews", dispatch.publisher.tally), name="progress")
            try:
                await dispatch.run()
            finally:
                _farewell("crews", dispatch.publisher.tally)

    _run(play)


@app.command()
@command(DeskAsked)
def desk(asked: DeskAsked) -> None:
    """Write what people write: the log book's entries, over the API."""
    try:
        token = asked.token_file.read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise _stop(
            f"cannot read {asked.token_file}: {fault.strerror}; make one with: controlroom tokens"
        ) from fault
    at_desk = Desk(asked.api, token, _notice)

    async def play() -> None:
        try:
            await at_desk.run(asked.seed, asked.speed, wall_clock())
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise _stop(
                f"{asked.api}: {fault}; is the room running, and may the token write the log?"
            ) from fault

    _run(play)


@app.command()
def estate(
    write: Annotated[Path, typer.Option(help="Folder to write the files to; it is made if need be.")],
    seed: Annotated[int, typer.Option(help="The same seed makes the same files.")] = DEMONSTRATION_SEED,
) -> None:
    """Write the demonstration estate."""
    try:
        write.mkdir(parents=True, exist_ok=True)
        for name, text in generate(seed).items():
            (write / name).write_text(text, encoding="utf-8", newline="")
    except OSError as fault:
        raise _stop(
            f"cannot write the estate to {write}: {fault.strerror}; choose another --write"
        ) from fault


def _dispatch(asked: CrewsAsked, loaded: Estate, broker: Broker) -> Dispatch:
    """Return the crews of this estate."""
    at = _named(broker, "crews")
    return Dispatch(at, loaded.crews, seed=asked.seed, speed=asked.speed, now=wall_clock(), notice=_notice)


def _estate(folder: Path) -> Estate:
    """Return the estate in this folder, or end with everything that is wrong with it."""
    try:
        texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))}
    except (OSError, UnicodeDecodeError) as fault:
        raise _stop(f"cannot read the estate in {folder}: {fault}; save the files as UTF-8 CSV") from fault
    if not texts:
        hint = f"write the demonstration estate with: python -m simulators estate --write {folder}"
        raise _stop(f"no estate in {folder}: none of {', '.join(FILES)}; name it with --estate, or {hint}")
    try:
        return load(texts)
    except EstateError as fault:
        raise _stop("\n".join(f"{folder}/{problem}" for problem in fault.problems)) from fault


def _calendars(folder: Path) -> Mapping[str, Calendar]:
    """Return the calendars beside the estate's folder, none where there is no such file; or end with why."""
    file, findings = folder.parent / "calendars.yaml", Findings()
    if not file.is_file():
        return {}
    try:
        found = read_calendars(str(file), file.read_text(encoding="utf-8"), findings)
        findings.stop_if_any()
    except (OSError, UnicodeDecodeError, InvalidRulesError) as fault:
        raise _stop(f"cannot use the calendars: {fault}") from fault
    return found


def _broker(asked: CrewsAsked) -> Broker:
    """Return the broker that was asked for, our name to it still open."""
    host, colon, port = asked.broker.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        wrong = f"found {asked.broker!r}; allowed: HOST:PORT, as in 127.0.0.1:1883"
        raise typer.BadParameter(wrong, param_hint="--broker")
    password = None
    if asked.password_file is not None:
        try:
            password = asked.password_file.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise _stop(f"cannot read --password-file {asked.password_file}: {fault}") from fault
    return Broker(host.strip("[]"), int(port), "", asked.user, password)


def _named(broker: Broker, what: str) -> Broker:
    """Return the broker with the client id of this part; the process id keeps two cities apart.

    The crews' id is fixed: orders that came while they were away are kept for them under it.
    """
    client = f"simulators-{what}" if what == "crews" else f"simulators-{what}-{os.getpid()}"
    return Broker(broker.host, broker.port, client, broker.user, broker.password)


def _run(play: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run until done or until a signal says stop."""
    refusals: list[BaseException] = []
    try:
        asyncio.run(_until_signal(play()))
    except* RefusedError as faults:
        refusals.extend(_leaves(faults))
    if refusals:
        raise _stop(f"{refusals[0]}; check --user and --password-file")


def _leaves(fault: BaseException) -> list[BaseException]:
    """Return the faults inside nested groups, flat."""
    if isinstance(fault, BaseExceptionGroup):
        return [leaf for each in fault.exceptions for leaf in _leaves(each)]
    return [fault]


async def _until_signal(play: Coroutine[Any, Any, None]) -> None:
    """Run `play`; SIGINT and SIGTERM cancel it, which is a good end."""
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(play, name="play")
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)


async def _progress(what: str, tally: Tally) -> None:
    """Keep one line of standard error up to date, if somebody can see it."""
    while sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{_line(what, tally)}")
        sys.stderr.flush()
        await asyncio.sleep(TICK_S)


def _line(what: str, tally: Tally) -> str:
    """Return what has happened so far, in one line."""
    return (
        f"{what}: sent {tally.sent}, acknowledged {tally.acknowledged}, sent again {tally.again}, "
        f"heard {tally.heard}, connections {tally.connections}"
    )


def _farewell(what: str, tally: Tally) -> None:
    """Say at the end how it went, and what nobody has acknowledged."""
    open_ = tally.sent - tally.acknowledged
    _notice(_line(what, tally) + (f"; NOT ACKNOWLEDGED: {open_}" if open_ else ""))


def _notice(sentence: str) -> None:
    """Say one sentence on standard error, on a line of its own."""
    start = "\r\x1b[K" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{start}{sentence}\n")


def _stop(message: str) -> typer.Exit:
    """Return the end of the program, its reason told on standard error."""
    _notice(message)
    return typer.Exit(EXIT_CANNOT_BEGIN)
