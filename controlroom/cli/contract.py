"""`controlroom contract`: what others need to know to speak with the room."""

import typer

from controlroom.cli.config import OutOption, write

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Put `controlroom contract …` in its place."""
    app.add_typer(_group, name="contract", help="Print what devices, crews and programs need to know.")


@_group.command()
def asyncapi(out: OutOption = None) -> None:
    """Print the AsyncAPI document of all topics and messages (YAML)."""
    from controlroom.cli.contract_document import text  # noqa: PLC0415 - quick --help

    write(text(), out)


@_group.command()
def openapi(out: OutOption = None) -> None:
    """Print the OpenAPI document of everything that programs can ask of the console (YAML)."""
    from controlroom.cli.contract_openapi import text  # noqa: PLC0415 - quick --help

    write(text(), out)
