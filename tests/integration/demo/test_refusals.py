"""What cannot work is said before anything is started: which setting, what is wrong, what to do."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.integration.demo.stage import PROJECT, Place

CONFIG = PROJECT / "config"


async def refused(place: Place, **settings: str) -> list[str]:
    """Return what a demonstration says that ends with exit code 3 and has started nothing."""
    program = place.start(**settings)
    assert await program.ended() == 3, program.err
    assert program.out == ""
    if place.var.is_dir():
        assert not [*place.var.glob("*/*.pid"), *place.var.glob("*.log")]
    return program.told


@pytest.mark.parametrize("name", ["console", "metrics", "broker"])
async def test_a_taken_port_is_named_by_its_setting(place: Place, name: str) -> None:
    """One line says which setting's port another program has, and nothing was started."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", place.ports[name]))
        other.listen(1)
        told = await refused(place)
    port = place.ports[name]
    assert told == [
        f"controlroom: {name}.port = {port} is taken by another program; free it or set {name}.port"
    ]


async def test_a_file_in_the_folders_place_is_named(place: Place) -> None:
    """A data folder that cannot be one is named by its setting, on one line."""
    place.var.write_text("not a folder")
    told = await refused(place)
    why = "is a file, not a folder; move it away or set service.data_dir"
    assert told == [f"controlroom: service.data_dir = {place.var} {why}"]


async def test_every_broken_setting_is_said_at_once(place: Place) -> None:
    """An unknown key and a wrong type are both named, each with its file and line."""
    (place.home / "config").mkdir()
    broken = place.home / "config" / "demo.toml"
    broken.write_text('[console]\nprot = 8080\n\n[room]\ndemonstration = "yes"\n')
    told = await refused_with(place, broken)
    assert [line.partition(": ")[0] for line in told] == [f"{broken}:2", f"{broken}:5"]
    assert "did you mean" in told[0]


async def refused_with(place: Place, config: Path) -> list[str]:
    """Return what a demonstration says of a settings file that cannot be used."""
    program = place.demonstrate(config)
    assert await program.ended() == 3, program.err
    assert program.out == ""
    return program.told


async def test_every_broken_rule_is_said_at_once(place: Place) -> None:
    """Two mistakes in two tables are both named, each with file, line and column."""
    folder = place.home / "config" / "rules"
    shutil.copytree(CONFIG / "rules", folder)
    shutil.copy(CONFIG / "calendars.yaml", folder.parent)
    shutil.copytree(CONFIG / "plans", folder.parent / "plans")
    for name in ("guard.yaml", "help-point.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("route: log", "route: nowhere", 1), encoding="utf-8")

    told = await refused(place, RULES__DIRECTORY=str(folder))

    assert len(told) == 2, told
    assert all(
        line.startswith(f"{folder / name}:")
        for name, line in zip(("guard.yaml", "help-point.yaml"), told, strict=True)
    ), told


async def test_every_broken_row_of_the_estate_is_said_at_once(place: Place) -> None:
    """Two mistakes in two tables of the estate are both named, each with its whole path and line."""
    folder = place.home / "estate"
    shutil.copytree(CONFIG / "estate", folder)
    for name, good, bad in (("crews.csv", "inner-east", "inner-earth"), ("guards.csv", "BUS-01", "BUS-99")):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(good, bad, 1), encoding="utf-8")

    told = await refused(place, ESTATE__DIRECTORY=str(folder))

    assert len(told) == 2, told
    assert told[0].startswith(f"{folder / 'guards.csv'}:2:site: "), told
    assert told[1].startswith(f"{folder / 'crews.csv'}:2:area: "), told


@pytest.mark.parametrize("setting", ["RULES__DIRECTORY", "ESTATE__DIRECTORY"])
async def test_a_folder_that_is_not_there_is_named(place: Place, setting: str) -> None:
    """A folder of rules or of the estate that does not exist is one line with the setting and the folder."""
    missing = place.home / "nowhere"
    told = await refused(place, **{setting: str(missing)})
    assert len(told) == 1
    assert setting.lower().replace("__", ".") in told[0]
    assert str(missing) in told[0]
