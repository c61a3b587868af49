"""The shipped rule set, read from the disk once a session."""

from pathlib import Path

import pytest

from controlroom.estate.load import SITE_KINDS, CameraGroup
from controlroom.rules.compile import Compiled
from controlroom.rules.conditions import Names
from controlroom.rules.load import load
from controlroom.rules.model import RuleSet

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="session")
def shipped() -> RuleSet:
    """Return the tables and calendars that the project ships."""
    tables = {path.name: path.read_text("utf-8") for path in (CONFIG / "rules").glob("*.yaml")}
    names = Names(site_kinds=frozenset({*SITE_KINDS, *CameraGroup}))
    return load(tables, ("calendars.yaml", (CONFIG / "calendars.yaml").read_text("utf-8")), names)


@pytest.fixture(scope="session")
def judge(shipped: RuleSet) -> Compiled:
    """Return the shipped set, compiled."""
    return Compiled(shipped)
