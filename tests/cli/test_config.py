"""`controlroom config` as a person types it, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from controlroom.settings.document import json_schema, markdown


def run(*words: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Return what the command said and how it ended."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTROLROOM_")}
    return subprocess.run(  # noqa: S603 - our own command with words of this file
        [sys.executable, "-m", "controlroom", *words],
        cwd=folder,
        env=inherited | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_good_settings_are_said_to_be_good(tmp_path: Path) -> None:
    """`config check` ends with 0 and says where the data go."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "controlroom.toml").write_text("[room]\ndemonstration = true\n", encoding="utf-8")

    done = run("config", "check", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"config/controlroom.toml: good; data in {tmp_path}/var, room leeds\n"


def test_every_problem_is_a_line_and_the_end_is_3(tmp_path: Path) -> None:
    """`config check` prints one line a problem on standard error, nothing else, and ends with 3."""
    file = tmp_path / "bad.toml"
    file.write_text("[broker]\nport = 0\n[room]\ndemonstration = true\n", encoding="utf-8")

    done = run("config", "check", folder=tmp_path, CONTROLROOM_CONFIG="bad.toml", CONTROLROOM_X__Y="1")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        "bad.toml:2: broker.port: found the number 0; allowed is a whole number from 1 to 65535",
        "CONTROLROOM_X__Y: is no setting; allowed is CONTROLROOM_<SECTION>__<KEY>",
    ]


def test_documentation_and_schema_are_printed_or_written(tmp_path: Path) -> None:
    """`config doc` prints the page, and with `--out` it writes the schema to a file."""
    printed = run("config", "doc", folder=tmp_path)
    written = run("config", "schema", "--out", "s.json", folder=tmp_path)

    assert (printed.returncode, printed.stdout) == (0, markdown())
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == json_schema()


def test_a_command_that_does_not_exist_ends_with_2(tmp_path: Path) -> None:
    """A wrong command line is answered with its usage and 2."""
    done = run("nonsense", folder=tmp_path)

    assert done.returncode == 2
    assert "No such command 'nonsense'" in done.stderr


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """`--help` lists the command groups without importing what only a running command needs."""
    done = run("--help", folder=tmp_path, PYTHONPROFILEIMPORTTIME="1")

    assert done.returncode == 0
    assert "config" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "controlroom.cli.app" in imported
    assert imported.isdisjoint({"pydantic", "msgspec", "aiohttp", "redis", "gmqtt", "controlroom.settings"})
