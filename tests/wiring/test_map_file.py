"""The council's own map file: taken at the start, left out, or the reason why the service does not start."""

from pathlib import Path

import pytest

from controlroom.settings import Settings
from controlroom.settings.outside import Console
from controlroom.wiring.books import read_map
from controlroom.wiring.folders import BooksRefused
from tests.console.tiny_tiles import archive


def test_the_map_file_is_read_before_the_start_or_refused_with_its_setting(tmp_path: Path) -> None:
    """None where none is named; a file that is not there names the setting, the file and what to do."""
    assert read_map(Settings()) is None
    file = tmp_path / "leeds.pmtiles"
    settings = Settings(console=Console(map_tiles=file))
    with pytest.raises(BooksRefused) as refused:
        read_map(settings)
    (problem,) = refused.value.problems
    assert problem.startswith(f"console.map_tiles: {file}: No such file")
    assert problem.endswith("a PMTiles file, or leave it out")
    file.write_bytes(archive())
    tiles = read_map(settings)
    assert tiles is not None
    assert tiles.path == file
