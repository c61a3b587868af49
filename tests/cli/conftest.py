"""An installation's folder, as the commands about rules find it."""

import shutil
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an installation's folder with the shipped rules, calendars and estate in it."""
    for part in ("rules", "estate", "plans"):
        shutil.copytree(CONFIG / part, tmp_path / "config" / part)
    shutil.copy(CONFIG / "calendars.yaml", tmp_path / "config" / "calendars.yaml")
    return tmp_path
