"""The files that a council edits, read from disk: the estate and the rule tables, as one handbook."""

from pathlib import Path

import msgspec

from controlroom.estate.load import load as load_estate
from controlroom.estate.model import Estate
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.record import Ruling
from controlroom.rules.compile import Compiled
from controlroom.rules.model import RuleSet
from controlroom.settings import Settings
from controlroom.wiring.rule_files import read_rule_files


def read_estate(folder: Path) -> Estate:
    """Return the estate of this folder; raises `EstateError` with every problem of every file."""
    return load_estate({file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))})


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
    """Return everything that a decision may consult; raises what `read_rules` and `read_estate` raise."""
    rules = read_rules(settings.rules.directory)
    house = HouseRules(
        demonstration=settings.room.demonstration,
        accept_within_s=round(settings.room.accept_within_s),
    )
    handbook = Handbook(Compiled(rules), read_estate(settings.estate.directory), house)
    reasons = {(table.kind, rule.id): rule.why for table in rules.tables.values() for rule in table.rules}
    return Books(handbook, {(str(kind), rule): why for (kind, rule), why in reasons.items()})
