"""The files that a council edits, read from disk: the estate and the rule tables, as one handbook."""

from pathlib import Path

import msgspec
from msgspec.structs import replace

from controlroom.estate.load import load as load_estate
from controlroom.estate.model import Estate
from controlroom.estate.table import EstateError
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.record import Ruling
from controlroom.rules.compile import Compiled
from controlroom.rules.model import RuleSet
from controlroom.settings import Settings
from controlroom.wiring.rule_files import read_rule_files


class BooksMissing(Exception):
    """A folder of what a council edits is not there or cannot be read; the text names its setting."""


def read_estate(folder: Path) -> Estate:
    """Return the estate of this folder; raises `EstateError` with every problem of every file."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))}
    try:
        return load_estate(texts)
    except EstateError as fault:
        whole = tuple(replace(problem, file=str(folder / problem.file)) for problem in fault.problems)
        raise EstateError(whole) from None


def read_rules(folder: Path) -> RuleSet:
    """Return the rules of this folder; raises `InvalidRulesError` with every problem of every file."""
    return read_rule_files(folder).rules()


class Books(msgspec.Struct, frozen=True):
    """What a council edits, ready for use: the handbook, and each rule's `why` for those who ask."""

    handbook: Handbook
    reasons: dict[tuple[str, str], str]

    def why(self, ruling: Ruling) -> str | None:
        """Return the sentence of a rule; None for a rule of another set than today's."""
        if ruling.rule_set != self.handbook.rules.version:
            return None
        return self.reasons.get((ruling.table, ruling.rule))


def read_books(settings: Settings) -> Books:
    """Return everything that a decision may consult.

    Raises BooksMissing, and what `read_rules` and `read_estate` raise. A folder without a single table is
    missing, not empty: a room without rules would leave every signal to its operators.
    """
    for setting, folder, pattern in (
        ("rules.directory", settings.rules.directory, "*.yaml"),
        ("estate.directory", settings.estate.directory, "*.csv"),
    ):
        if not any(folder.glob(pattern)):
            raise BooksMissing(
                f"{setting} = {folder} holds no {pattern}; set {setting} to the folder of them"
            )
    try:
        rules = read_rules(settings.rules.directory)
        estate = read_estate(settings.estate.directory)
    except (OSError, UnicodeDecodeError) as fault:
        advice = "make every file of rules.directory and estate.directory readable, as UTF-8"
        raise BooksMissing(f"{fault}; {advice}") from fault
    house = HouseRules(
        demonstration=settings.room.demonstration,
        accept_within_s=round(settings.room.accept_within_s),
    )
    handbook = Handbook(Compiled(rules), estate, house)
    reasons = {(table.kind, rule.id): rule.why for table in rules.tables.values() for rule in table.rules}
    return Books(handbook, {(str(kind), rule): why for (kind, rule), why in reasons.items()})
