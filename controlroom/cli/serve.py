"""`controlroom serve`: the room itself, against a broker and a store that somebody else runs."""

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode, say


def register(app: typer.Typer) -> None:
    """`controlroom serve` is there."""
    app.command()(serve)


def serve(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the room until SIGTERM or Ctrl-C; then store what was decided and end."""
    settings = settings_or_exit(config)
    from controlroom.wiring.serving import CannotServe, RoomEnded, serve_room  # noqa: PLC0415 - quick --help

    try:
        serve_room(settings)
    except CannotServe as fault:
        say(fault)
        raise typer.Exit(ExitCode.UNREACHABLE if fault.unreachable else ExitCode.CONFIG) from None
    except RoomEnded as fault:
        say(fault)
        raise typer.Exit(ExitCode.FENCED if fault.fenced else ExitCode.FINDING) from None
