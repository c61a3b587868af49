"""The files of a rule set, read from disk: tables, safety properties, cases, calendars, action plans."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from controlroom.rules.load import load
from controlroom.rules.model import RuleSet
from controlroom.rules.names import Names
from controlroom.rules.problems import InvalidRulesError, Problem
from controlroom.rules.safety import SAFETY_FILE, Property, load_safety

CALENDARS_FILE = "calendars.yaml"
"""Calendars stand beside the folder of the rules, because more than rules will read them."""

PLANS_FOLDER = "plans"
"""Action plans stand in a folder beside the rules: people read them, rules only name them."""

_ANY = Names()


class RuleFiles(msgspec.Struct, frozen=True):
    """File name to text; names are given as they were found, so that a message leads to the file.

    `names` are the words of the estate that the rules are checked against.
    """

    folder: Path
    tables: dict[str, str]
    cases: dict[str, str]
    safety: tuple[str, str] | None
    calendars: tuple[str, str] | None
    plans: dict[str, str]
    names: Names

    def rules(self) -> RuleSet:
        """Return the rule set; raises `InvalidRulesError` with every problem of every file."""
        return load(self.tables, self.calendars, self.names, self.plans)

    def properties(self) -> tuple[Property, ...]:
        """Return the safety properties, none where there is no file of them; raises as `rules` does."""
        return () if self.safety is None else load_safety(*self.safety, self.names)

    def read(self) -> tuple[RuleSet, tuple[Property, ...]]:
        """Return the rules and their safety properties, none where there is no file of them.

        Raises `InvalidRulesError` with every problem of every file.
        """
        problems: list[Problem] = []
        rules: RuleSet | None = None
        safety: tuple[Property, ...] = ()
        try:
            rules = self.rules()
        except InvalidRulesError as fault:
            problems.extend(fault.problems)
        try:
            safety = self.properties()
        except InvalidRulesError as fault:
            problems.extend(fault.problems)
        if rules is None or problems:
            raise InvalidRulesError(problems)
        return rules, safety

    def missing(self, fault: InvalidRulesError) -> list[str]:
        """Return which file is not there, where that is why names in the tables are not known."""
        beside = (
            (self.calendars, f"{CALENDARS_FILE}:1:1: is", "calendar"),
            (self.plans, f"{PLANS_FOLDER}: is", "action_plan"),
        )
        return [
            f"{self.folder.parent}/{what} not there, so no {word} is known; put it there"
            for found, what, word in beside
            if not found and any(one.message.startswith(f"{word} '") for one in fault.problems)
        ]


def read_rule_files(folder: Path, names: Names = _ANY) -> RuleFiles:
    """Return the files of this folder; raises `OSError` where one cannot be read.

    `names` are the words of the estate to check the rules against; without them any word will do.
    """
    safety, calendars, plans = (folder / name for name in (SAFETY_FILE, CALENDARS_FILE, PLANS_FOLDER))
    tables = [file for file in sorted(folder.glob("*.yaml")) if file not in {safety, calendars}]
    return RuleFiles(
        folder,
        _texts(tables),
        _texts(folder.glob("cases/*.yaml")),
        _named(safety),
        _named(calendars) or _named(folder.parent / CALENDARS_FILE),
        _texts((plans if plans.is_dir() else folder.parent / PLANS_FOLDER).glob("*.yaml")),
        names,
    )


def _texts(files: Iterable[Path]) -> dict[str, str]:
    """Return name and text of each file, in the order of their names."""
    return {str(file): file.read_text(encoding="utf-8") for file in sorted(files)}


def _named(file: Path) -> tuple[str, str] | None:
    """Return name and text of a file; None where there is none."""
    return (str(file), file.read_text(encoding="utf-8")) if file.is_file() else None
