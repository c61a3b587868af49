"""What is wrong with a rule set: every problem at once, each where it was written.

A problem says what was found, what is allowed, and the nearest allowed name where one is near.
"""

import difflib
from collections.abc import Iterable

import msgspec

from controlroom.rules.model import Mark

NAMED_AT_MOST = 40
"""A longer list of allowed names is cut: nobody reads further, and the nearest name stands beside it."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing to put right."""

    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}"


class InvalidRulesError(ValueError):
    """The rule set cannot be used; `problems` has everything found, in the order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Findings:
    """Collects problems, so that a reader can go on after the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, mark: Mark, message: str) -> None:
        """Remember that this is wrong here."""
        self.problems.append(Problem(mark, message))

    def stop_if_any(self) -> None:
        """Raise `InvalidRulesError` with everything collected, if there is anything."""
        if self.problems:
            raise InvalidRulesError(self.problems)


def not_allowed(what: str, found: str, allowed: Iterable[str]) -> str:
    """Return the sentence for a name that is none of the allowed ones, with the nearest of them."""
    names = list(allowed)
    listed = ", ".join(names[:NAMED_AT_MOST]) + (", ..." if len(names) > NAMED_AT_MOST else "")
    near = difflib.get_close_matches(found, names, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"{what} '{found}' is not known; allowed: {listed or 'none'}{hint}"
