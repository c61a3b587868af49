"""The files of a rule set, read from disk: tables, safety properties, cases, and the calendars."""

from pathlib import Path

import msgspec

from controlroom.rules.load import load
from controlroom.rules.model import RuleSet
from controlroom.rules.problems import InvalidRulesError, Problem
from controlroom.rules.safety import SAFETY_FILE, Property, load_safety

CALENDARS_FILE = "calendars.yaml"
"""Calendars stand beside the folder of the rules, because more than rules will read them."""


class RuleFiles(msgspec.Struct, frozen=True):
    """File name to text; names are given as they were found, so that a message leads to the file."""

    tables: dict[str, str]
    cases: dict[str, str]
    safety: tuple[str, str] | None
    calendars: tuple[str, str] | None

    def rules(self) -> RuleSet:
        """Return the rule set; raises `InvalidRulesError` with every problem of every file."""
        return load(self.tables, self.calendars)

    def properties(self) -> tuple[Property, ...]:
        """Return the safety properties, none where there is no file of them; raises as `rules` does."""
        return () if self.safety is None else load_safety(*self.safety)

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


def read_rule_files(folder: Path) -> RuleFiles:
    """Return the files of this folder; raises `OSError` where one cannot be read."""
    calendars, safety = folder.parent / CALENDARS_FILE, folder / SAFETY_FILE
    own = folder / CALENDARS_FILE
    if own.is_file():
        calendars = own
    tables = [file for file in sorted(folder.glob("*.yaml")) if file not in {safety, own}]
    return RuleFiles(
        {str(file): file.read_text(encoding="utf-8") for file in tables},
        {str(file): file.read_text(encoding="utf-8") for file in sorted(folder.glob("cases/*.yaml"))},
        (str(safety), safety.read_text(encoding="utf-8")) if safety.is_file() else None,
        (str(calendars), calendars.read_text(encoding="utf-8")) if calendars.is_file() else None,
    )
