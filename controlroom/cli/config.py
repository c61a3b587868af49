"""`controlroom config`: check the settings as the program would read them, and print what they can be."""

from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

OutOption = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of printing.")]


def register(app: typer.Typer) -> None:
    """`controlroom config …` is there."""
    app.add_typer(_group, name="config", help="Check the settings; print their documentation or schema.")


@_group.command()
def check(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Read the settings as the program would; say every problem at once, or what holds."""
    settings = settings_or_exit(config)
    print(f"{config}: good; data in {settings.service.data_dir}, room {settings.room.name}")


@_group.command()
def schema(out: OutOption = None) -> None:
    """Print the JSON schema of the settings file, for editors."""
    from controlroom.settings.document import json_schema  # noqa: PLC0415 - quick --help

    write(json_schema(), out)


@_group.command()
def doc(out: OutOption = None) -> None:
    """Print the page of all settings, with defaults and reasons (Markdown)."""
    from controlroom.settings.document import markdown  # noqa: PLC0415 - quick --help

    write(markdown(), out)


def write(text: str, out: Path | None) -> None:
    """Put the text into the file, or print it where there is none."""
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")
