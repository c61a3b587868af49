"""What a command's exit code says to the script that called it, and its last words to a person."""

import re
import sys
from enum import IntEnum


class ExitCode(IntEnum):
    """The closed set of endings. Typer itself ends with 2 and 130."""

    OK = 0
    FINDING = 1
    """It ran, and what it looked at is not as it should be."""
    USAGE = 2
    """The command line makes no sense."""
    CONFIG = 3
    """The settings, or the place they name, cannot be used; nothing was started."""
    UNREACHABLE = 4
    """The broker or the store does not answer."""
    FENCED = 5
    """Another instance has taken over the room. Started again by itself, the two would take turns."""
    INTERRUPTED = 130
    """Somebody pressed Ctrl-C."""


def say(fault: object) -> None:
    """Say on standard error what ended the command: one sentence, or every problem on a line of its own.

    A line that begins with a file and a line number stands alone, so that a terminal can open it.
    """
    text = str(fault)
    print(text if _LOCATED.match(text) else f"controlroom: {text}", file=sys.stderr)


_LOCATED = re.compile(r"\S+:\d+:")
