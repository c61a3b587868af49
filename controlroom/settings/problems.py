"""What is wrong with the settings: every problem at once, each at the place where it was written.

A problem says what was found and what is allowed, and names the nearest known name where one is near.
What was found is shown short, and never for a key that could hold a secret.
"""

import difflib
from collections.abc import Iterable

import msgspec

FOUND_MAX_CHARS = 60
"""A longer text is cut: the place is named, so a person can look it up."""

_QUIET = ("password", "secret", "token", "key", "url")
"""Keys with one of these words are never repeated in a message that may end in a shared log."""


class Problem(msgspec.Struct, frozen=True):
    """One thing to put right. `where` is `file:line` or a variable's name; `key` is `section.key`."""

    where: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.message}" if self.key else f"{self.where}: {self.message}"


class SettingsInvalid(Exception):
    """The settings cannot be used; `problems` has everything found, in the order it was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, allowed: Iterable[str], prefix: str = "") -> str:
    """Return `; did you mean x?` where a known name is near, else nothing; `prefix` goes before x."""
    near = difflib.get_close_matches(name, list(allowed), n=1)
    return f"; did you mean {prefix}{near[0]}?" if near else ""


def found(key: str, value: object) -> str:
    """Return how to name a value in a message: its kind and, where it holds no secret, itself."""
    match value:
        case bool():
            kind, shown = "", str(value).lower()
        case int():
            kind, shown = "the number ", str(value)
        case float():
            kind, shown = "the number ", repr(value)
        case str():
            cut = value[:FOUND_MAX_CHARS]
            kind, shown = "the text ", repr(cut) + ("…" if cut != value else "")
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            kind, shown = "the date or time ", str(value)
    if isinstance(value, str) and any(word in key.rpartition(".")[2] for word in _QUIET):
        return "a text that is not shown here"
    return kind + shown
