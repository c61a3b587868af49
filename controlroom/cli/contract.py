"""`controlroom contract`: what others need to know to speak with the room."""

import typer

from controlroom.cli.config import OutOption, write

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Put `controlroom contract …` in its place."""
    app.add_typer(_group, name="contract", help="Print what devices and crews need to know.")


@_group.callback()
def _more_than_one() -> None:
    """Keep `asyncapi` a word of its own while it is the only command."""


@_group.command()
def asyncapi(out: OutOption = None) -> None:
    """Print the AsyncAPI document of all topics and messages (YAML)."""
    from controlroom.cli.contract_document import text  # noqa: PLC0415 - quick --help

    write(text(), out)
