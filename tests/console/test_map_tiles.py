"""The council's own map file: what is read of it before the start, and what is refused with which words."""

from pathlib import Path

import pytest

from controlroom.console.map_tiles import UnfitTiles, read_tiles
from tests.console.tiny_tiles import archive


def test_a_map_file_says_where_it_is_and_whom_to_name(tmp_path: Path) -> None:
    """Bounds in degrees, zooms, layers, and the attribution as a line of plain text."""
    file = tmp_path / "leeds.pmtiles"
    file.write_bytes(archive())
    tiles = read_tiles(file)
    assert (tiles.min_zoom, tiles.max_zoom, tiles.layers) == (0, 0, ("sheet",))
    assert tiles.bounds == (-1.8, 53.69, -1.28, 53.96)
    assert tiles.attribution == "Nobody's survey"
    assert tiles.told("/map/tiles.pmtiles")["address"].startswith("/map/tiles.pmtiles?")


def test_another_file_is_another_address(tmp_path: Path) -> None:
    """A file that was changed is not mixed with ranges that a browser kept of the one before."""
    file = tmp_path / "leeds.pmtiles"
    file.write_bytes(archive())
    before = read_tiles(file).mark
    file.write_bytes(archive() + b"more")
    assert read_tiles(file).mark != before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "no PMTiles file; it begins with b''"),
        (b"PK\x03\x04" + bytes(200), "no PMTiles file; it begins with b'PK"),
        (archive(version=2), "version 2; allowed is version 3"),
        (archive(kind=2), "tiles are PNG; allowed are vector tiles"),
        (archive(inside=3), "directories are compressed with brotli; allowed are none and gzip"),
        (archive(tiles=4), "tiles are compressed with zstd; allowed are none and gzip"),
        (archive()[:-3], "was not copied whole"),
        (archive(metadata=b"{}"), "its metadata cannot be read"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(tmp_path: Path, content: bytes | None, words: str) -> None:
    """The file, what was found and what is allowed stand in the refusal."""
    file = tmp_path / "leeds.pmtiles"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UnfitTiles, match=r"leeds\.pmtiles: ") as refused:
        read_tiles(file)
    assert words in str(refused.value)


def test_a_file_that_says_nothing_of_itself_is_shown(tmp_path: Path) -> None:
    """Metadata may be missing; the map then names nobody and knows no layer."""
    file = tmp_path / "leeds.pmtiles"
    file.write_bytes(archive(metadata=b""))
    assert (read_tiles(file).attribution, read_tiles(file).layers) == ("", ())
