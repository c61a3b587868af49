"""`controlroom estate generate`: the shipped estate, made again."""

from pathlib import Path

from typer.testing import CliRunner

from controlroom.cli.app import app

SHIPPED = Path(__file__).parents[2] / "config" / "estate"


def test_the_shipped_estate_is_what_is_generated(tmp_path: Path) -> None:
    """The command writes the files that are checked in, byte for byte, and says how many."""
    done = CliRunner().invoke(app, ["estate", "generate", "--out", str(tmp_path / "estate")])
    assert done.exit_code == 0
    assert f"{len([*SHIPPED.iterdir()])} files" in done.output
    for file in SHIPPED.iterdir():
        assert (tmp_path / "estate" / file.name).read_bytes() == file.read_bytes()


def test_another_seed_is_another_city(tmp_path: Path) -> None:
    """The seed decides what is written."""
    done = CliRunner().invoke(app, ["estate", "generate", "--seed", "7", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert (tmp_path / "sites.csv").read_bytes() != (SHIPPED / "sites.csv").read_bytes()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file in the place of the folder is exit code 3 and a sentence."""
    taken = tmp_path / "taken"
    taken.write_text("")
    done = CliRunner().invoke(app, ["estate", "generate", "--out", str(taken)])
    assert done.exit_code == 3
    assert f"cannot write the estate to {taken}" in done.output
