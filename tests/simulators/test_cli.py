"""The commands: what cannot begin says why, with the option to change, before any connection is made."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from simulators.cli import app
from simulators.estate import DEMONSTRATION_SEED, generate

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the demonstration estate."""
    for name, text in generate(DEMONSTRATION_SEED).items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(*words: str) -> Result:
    """Return how the command with these words ended."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, words)


@pytest.mark.parametrize(
    "broker", ["nowhere", "127.0.0.1:", ":1883", "127.0.0.1:x", "127.0.0.1:0", "h:65536"]
)
def test_a_broker_is_host_and_port(folder: Path, broker: str) -> None:
    """Anything but HOST:PORT is wrong usage: exit code 2, what was found, what is allowed."""
    result = run("city", "--broker", broker, "--estate", str(folder))
    assert result.exit_code == 2
    assert repr(broker) in result.stderr
    assert "HOST:PORT" in result.stderr


@pytest.mark.parametrize("option", ["--speed", "--rate-scale", "--garbage", "--count"])
def test_a_number_outside_its_range_is_wrong_usage(option: str) -> None:
    """A number that makes no sense is refused with its option's name: exit code 2."""
    result = run("city", "--broker", NOWHERE, option, "-1")
    assert result.exit_code == 2
    assert option in result.stderr


def test_no_estate_is_said_with_the_way_to_get_one(tmp_path: Path) -> None:
    """An empty folder is exit code 3 and the command that fills it."""
    result = run("crews", "--broker", NOWHERE, "--estate", str(tmp_path))
    assert result.exit_code == 3
    assert f"python -m simulators estate --write {tmp_path}" in result.stderr


def test_an_estate_with_faults_is_told_whole(folder: Path) -> None:
    """Every fault of the folder is on standard error, one a line, with its file: exit code 3."""
    for name in ("sites.csv", "crews.csv"):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace("inner-east", "inner-eats"))
    result = run("city", "--broker", NOWHERE, "--estate", str(folder))
    assert result.exit_code == 3
    assert {line.split(":")[0] for line in result.stderr.splitlines()} == {
        str(folder / name) for name in ("sites.csv", "crews.csv")
    }


def test_an_estate_that_is_no_text_is_said(folder: Path) -> None:
    """A file that is not UTF-8 is exit code 3 and how to save it."""
    (folder / "crews.csv").write_bytes(b"unit,area\nMR-\xff,inner-east\n")
    result = run("crews", "--broker", NOWHERE, "--estate", str(folder))
    assert result.exit_code == 3
    assert "save the files as UTF-8 CSV" in result.stderr


def test_a_password_file_that_is_not_there_is_said(folder: Path) -> None:
    """A secret that cannot be read is exit code 3 with the option's name."""
    missing = str(folder / "secret")
    result = run("crews", "--broker", NOWHERE, "--estate", str(folder), "--password-file", missing)
    assert result.exit_code == 3
    assert f"--password-file {missing}" in result.stderr


def test_the_estate_is_written_where_asked(tmp_path: Path) -> None:
    """`estate` writes the files as the generator makes them, into a folder that it makes."""
    assert run("estate", "--write", str(tmp_path / "new")).exit_code == 0
    written = {file.name: file.read_text() for file in (tmp_path / "new").iterdir()}
    assert written == generate(DEMONSTRATION_SEED)


def test_an_estate_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A place that is no folder is exit code 3 with the option to change."""
    (tmp_path / "file").write_text("")
    result = run("estate", "--write", str(tmp_path / "file"))
    assert result.exit_code == 3
    assert "choose another --write" in result.stderr
