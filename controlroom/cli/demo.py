"""`controlroom demo`: everything on this machine, from nothing, to be watched."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from controlroom.cli.configured import ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode, say

if TYPE_CHECKING:
    from controlroom.wiring.demonstration import Addresses

DEMO_CONFIG = Path("config/demo.toml")
"""Where the demonstration's settings stand in the project's folder."""


def register(app: typer.Typer) -> None:
    """`controlroom demo` is there."""
    app.command()(demo)


def demo(config: ConfigOption = DEMO_CONFIG) -> None:
    """Start broker, store, room, city and crews; Ctrl-C ends all of it. Data stays for the next run."""
    settings = settings_or_exit(config)
    from controlroom.embedded.children import ChildEnded  # noqa: PLC0415 - quick --help
    from controlroom.embedded.refusals import CannotStart  # noqa: PLC0415 - quick --help
    from controlroom.estate.table import EstateError  # noqa: PLC0415 - quick --help
    from controlroom.wiring.demonstration import demonstrate  # noqa: PLC0415 - quick --help
    from controlroom.wiring.folders import BooksRefused  # noqa: PLC0415 - quick --help

    try:
        asyncio.run(demonstrate(settings, config.absolute(), _show))
    except* (CannotStart, EstateError, BooksRefused) as group:
        _say(group)
        raise typer.Exit(ExitCode.CONFIG) from None
    except* ChildEnded as group:
        _say(group)
        raise typer.Exit(ExitCode.FINDING) from None
    print("ended; the journal stays in", settings.service.data_dir)


def _show(addresses: "Addresses") -> None:
    print(f"console  {addresses.sign_in}")
    print("         signs you in as the supervisor, once; then, or as somebody else, with a name and")
    print(f"         password of {addresses.people} at {addresses.console}")
    print(f"metrics  {addresses.metrics}")
    print(f"broker   {addresses.broker}")
    print("A demonstration: every signal is simulated. Ctrl-C ends it.", flush=True)


def _say(group: BaseExceptionGroup[BaseException]) -> None:
    for fault in group.exceptions:
        if isinstance(fault, BaseExceptionGroup):
            _say(fault)
        else:
            say(fault)
