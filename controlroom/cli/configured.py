"""The `--config` option, and the settings that a command runs with.

The settings package is imported only when a command asks for settings, so that `--help` stays quick.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controlroom.cli.exits import ExitCode

if TYPE_CHECKING:
    from controlroom.settings import Settings

DEFAULT_CONFIG = Path("config/controlroom.toml")
"""Where a settings file stands in an installation, seen from its folder."""

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="CONTROLROOM_CONFIG", help="The settings file.")
]
"""Give a command's parameter this type and `DEFAULT_CONFIG` as its default."""


def settings_or_exit(file: Path) -> "Settings":
    """Return the settings; with problems, print each on a line and end the command with `CONFIG`."""
    from controlroom.settings import SettingsInvalid, load  # noqa: PLC0415 - quick --help, see above

    try:
        return load(file, os.environ)
    except SettingsInvalid as fault:
        for problem in fault.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(ExitCode.CONFIG) from None
