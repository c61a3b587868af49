"""Why a part that needs no installation could not be started: each reason is one type and one clear line.

All of them are `CannotStart`, so a command can print the line and leave with its code for a broken
configuration; nothing here is ever raised once a part runs (for that see `children.ChildEnded`).
"""

from pathlib import Path


class CannotStart(Exception):
    """What was asked for cannot be started; the text says what is in the way and what to do."""


class HeldElsewhere(CannotStart):
    """Another program holds what this one was about to start; `pid` is None when it left no record."""

    def __init__(self, what: str, pid: int | None, remedy: str) -> None:
        self.pid = pid
        holder = "another program" if pid is None else f"process {pid}"
        super().__init__(f"{what} is held by {holder}; {remedy}")


class NotReady(CannotStart):
    """A server was started and did not answer; `lines` are the last of its log, oldest first."""

    def __init__(self, name: str, what: str, log: Path, lines: tuple[str, ...]) -> None:
        self.lines = lines
        said = " | ".join(lines) if lines else "it said nothing"
        super().__init__(f"{name} {what}; see {log}: {said}")
