"""The files that a council edits, read from disk: the estate and the rule tables, as one handbook."""

from pathlib import Path

from controlroom.estate.load import load as load_estate
from controlroom.estate.model import Estate
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.rules.compile import Compiled
from controlroom.settings import Settings
from controlroom.wiring.rule_files import read_rule_files


def read_estate(folder: Path) -> Estate:
    """Return the estate of this folder; raises `EstateError` with every problem of every file."""
    return load_estate({file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))})


def read_rules(folder: Path) -> Compiled:
    """Return the rules of this folder; raises `InvalidRulesError` with every problem of every file."""
    return Compiled(read_rule_files(folder).rules())


def read_handbook(settings: Settings) -> Handbook:
    """Return everything that a decision may consult."""
    house = HouseRules(
        demonstration=settings.room.demonstration,
        accept_within_s=round(settings.room.accept_within_s),
    )
    return Handbook(read_rules(settings.rules.directory), read_estate(settings.estate.directory), house)
