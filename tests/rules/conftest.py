"""The shipped rule set, read from the disk once a session."""

from pathlib import Path

import pytest

from controlroom.estate.load import SITE_KINDS, CameraGroup
from controlroom.rules.compile import Compiled
from controlroom.rules.load import load
from controlroom.rules.model import RuleSet
from controlroom.rules.names import Names
from controlroom.rules.safety import SAFETY_FILE, Property, load_safety

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="session")
def shipped() -> RuleSet:
    """Return the tables and calendars that the project ships."""
    found = (CONFIG / "rules").glob("*.yaml")
    tables = {path.name: path.read_text("utf-8") for path in found if path.name != SAFETY_FILE}
    names = Names(site_kinds=frozenset({*SITE_KINDS, *CameraGroup}))
    return load(tables, ("calendars.yaml", (CONFIG / "calendars.yaml").read_text("utf-8")), names)


@pytest.fixture(scope="session")
def judge(shipped: RuleSet) -> Compiled:
    """Return the shipped set, compiled."""
    return Compiled(shipped)


@pytest.fixture(scope="session")
def safety() -> tuple[Property, ...]:
    """Return the safety properties that the project ships."""
    return load_safety(SAFETY_FILE, (CONFIG / "rules" / SAFETY_FILE).read_text("utf-8"))
