"""The `controlroom` command. Each group of commands stands in a file of its own and registers itself here.

A command's file imports nothing but Typer at its top: what it needs it imports when it runs, so that
`controlroom --help` answers at once.
"""

from collections.abc import Callable

import typer

from controlroom import __version__
from controlroom.cli import (
    audit,
    config,
    contract,
    demo,
    doctor,
    estate,
    feed,
    measures,
    rehearse,
    replay,
    report,
    rules,
    serve,
    statement,
    stories,
    users,
    watches,
)

app = typer.Typer(
    name="controlroom",
    help="The event-driven integration service of a council's control room.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

REGISTRATIONS: tuple[Callable[[typer.Typer], None], ...] = (
    demo.register,
    serve.register,
    doctor.register,
    rules.register,
    measures.register,
    report.register,
    replay.register,
    rehearse.register,
    config.register,
    audit.register,
    watches.register,
    statement.register,
    users.register,
    contract.register,
    estate.register,
    feed.register,
    stories.register,
)
"""In the order of `--help`. A new command file has a `register(app)` and stands here."""

for _register in REGISTRATIONS:
    _register(app)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - the shape of a Typer callback
    if wanted:
        print(f"controlroom {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(  # noqa: FBT001 - Typer reads the signature; the callback acts
        False,  # noqa: FBT003 - the shape of a Typer option
        "--version",
        help="Say the version and end.",
        callback=_print_version,
        is_eager=True,
    ),
) -> None:
    pass


def main() -> None:
    """Run the command that was typed; ends the program with an `ExitCode`."""
    app()
