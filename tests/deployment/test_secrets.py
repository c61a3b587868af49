"""`make secrets`: what it writes, and that it keeps what is there."""

import sys
from pathlib import Path

from tests.deployment.conftest import UNITS
from tests.deployment.running import ROOT, call

SCRIPT = str(ROOT / "scripts" / "make_secrets.py")


def contents(folder: Path) -> dict[str, str]:
    """Every file of the folder by its name."""
    return {path.name: path.read_text(encoding="ascii") for path in folder.iterdir()}


def test_a_second_run_changes_nothing(secrets: Path) -> None:
    """Whoever runs it again keeps every password and every list."""
    before = contents(secrets)
    call(sys.executable, SCRIPT, "--folder", str(secrets), "--units", *UNITS)

    assert contents(secrets) == before


def test_a_new_crew_changes_nobody_s_password(tmp_path: Path) -> None:
    """A unit that is added gets a user, and every other line stays as it was."""
    call(sys.executable, SCRIPT, "--folder", str(tmp_path), "--units", "MR-01")
    before = contents(tmp_path)
    call(sys.executable, SCRIPT, "--folder", str(tmp_path), "--units", "MR-01", "MR-02")
    after = contents(tmp_path)

    assert set(after) - set(before) == {"mqtt_MR-02"}
    assert after["mosquitto_users"].startswith(before["mosquitto_users"])


def test_a_live_room_has_no_user_for_the_simulators(tmp_path: Path) -> None:
    """With the simulation left out, nobody can sign in as the simulated city."""
    call(sys.executable, SCRIPT, "--folder", str(tmp_path), "--simulation", "no")

    assert "simulators" not in contents(tmp_path)["mosquitto_users"]


def test_the_folder_is_closed_and_no_secret_is_like_another(secrets: Path) -> None:
    """Only the owner can enter the folder, and every secret in it is its own."""
    made = [text for name, text in contents(secrets).items() if not name.endswith("_users")]

    assert secrets.stat().st_mode & 0o777 == 0o700
    assert len(set(made)) == len(made)
    assert {len(text) for text in made} == {64}
