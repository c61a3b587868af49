"""The files that a council edits, read from disk: the estate and the rule tables, as one handbook."""

from pathlib import Path

from controlroom.estate.load import load as load_estate
from controlroom.estate.model import Estate
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.rules.compile import Compiled
from controlroom.rules.load import load as load_rules
from controlroom.settings import Settings


def read_estate(folder: Path) -> Estate:
    """Return the estate of this folder; raises `EstateError` with every problem of every file."""
    return load_estate({file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))})


def read_rules(folder: Path) -> Compiled:
    """Return the rules of this folder; raises `InvalidRulesError` with every problem of every file.

    Calendars stand beside the folder, because more than rules will read them.
    """
    calendars = folder.parent / "calendars.yaml"
    tables = {str(file): file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}
    known = (str(calendars), calendars.read_text(encoding="utf-8")) if calendars.is_file() else None
    return Compiled(load_rules(tables, known))


def read_handbook(settings: Settings) -> Handbook:
    """Return everything that a decision may consult."""
    house = HouseRules(
        demonstration=settings.room.demonstration,
        accept_within_s=round(settings.room.accept_within_s),
    )
    return Handbook(read_rules(settings.rules.directory), read_estate(settings.estate.directory), house)
