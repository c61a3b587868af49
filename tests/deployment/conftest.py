"""The composition as data, and a folder of secrets as `make secrets` leaves it."""

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.running import ROOT, call

UNITS = ("MR-01", "MR-02")


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """docker-compose.yml with its anchors put in."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that scripts/make_secrets.py has filled for two crews' units."""
    folder = tmp_path_factory.mktemp("var") / "secrets"
    script = str(ROOT / "scripts" / "make_secrets.py")
    made = call(sys.executable, script, "--folder", str(folder), "--units", *UNITS)
    assert made.returncode == 0, made.stderr
    return folder
