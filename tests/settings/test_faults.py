"""Every fault that a person can make in the settings has a file here, with the exact words it is answered by.

In `tests/config/settings`, a line `#= NAME=value` sets a variable and each line `#! …` is a problem that must
be reported, in this order and no other; `FILE` stands for the file and `HOME` for the folder of paths.
"""

from pathlib import Path

import pytest

from controlroom.settings import SettingsInvalid, load

FAULTS = sorted((Path(__file__).parents[1] / "config" / "settings").glob("*.toml"))


def _marked(file: Path, mark: str) -> list[str]:
    lines = file.read_bytes().decode(errors="replace").splitlines()
    return [line.removeprefix(mark) for line in lines if line.startswith(mark)]


def problems(file: Path) -> list[str]:
    """Return what is said of this file, free of where this machine keeps it."""
    environment = dict(pair.split("=", 1) for pair in _marked(file, "#= "))
    with pytest.raises(SettingsInvalid) as caught:
        load(file, environment)
    home = f"{file.parent.parent}/"
    said = [str(problem).replace(str(file), "FILE") for problem in caught.value.problems]
    return [line.replace(home, "HOME/") for line in said]


@pytest.mark.parametrize("file", FAULTS, ids=lambda file: file.stem)
def test_a_fault_is_answered_by_exactly_these_words(file: Path) -> None:
    """Each fault is reported at its place, with what was found and what is allowed, and nothing else is."""
    expected = _marked(file, "#! ")

    assert expected, f"{file} says no expected problem"
    assert problems(file) == expected
