"""The council's own map as one file: a PMTiles archive, version 3, with vector tiles, looked at before start.

Only its first bytes and its metadata are read here; the browser reads the rest, range by range. Format:
https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md

Limits: pictures as tiles (PNG, JPEG, WebP) are refused, because the console's security policy shows no
picture that did not come from an address of its own; so are compressions that no browser's reader has.
"""

import gzip
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

CONTENT_TYPE = "application/vnd.pmtiles"
"""The media type that the specification recommends."""

MAGIC = b"PMTiles"
VERSION = 3
VECTOR = 1
"""The tile type of Mapbox vector tiles."""

HEADER = struct.Struct("<7sB8Q3Q6B4iB2i")
"""127 bytes, little-endian: magic, version; offset and length of root directory, metadata, leaf directories
and tiles; three counts; clustered, the two compressions, tile type, least and most zoom; bounds and centre in
ten-millionths of a degree."""

_E7 = 10_000_000
_COMPRESSIONS = {0: "unknown", 1: "none", 2: "gzip", 3: "brotli", 4: "zstd"}
_TYPES = {0: "unknown", VECTOR: "vector tiles", 2: "PNG", 3: "JPEG", 4: "WebP", 5: "AVIF"}
_READABLE = frozenset({1, 2})
_METADATA_BYTES = 1 << 20
"""A megabyte of metadata is ten times what the largest known basemap says of itself."""

_TAG = re.compile(r"<[^>]*>")
_SAID_CHARS = 200
"""An attribution fits one line below the map."""


class UnfitTiles(ValueError):
    """A file is none that the map can show; the text says what was found, and what is allowed."""


class MapTiles(msgspec.Struct, frozen=True):
    """A map file that can be shown: its zooms, bounds (west, south, east, north in degrees), whom to name."""

    path: Path
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    attribution: str
    layers: tuple[str, ...]
    mark: str
    """Changes with the file, so that a browser that has kept ranges of an older one asks again."""

    def told(self, address: str) -> dict[str, Any]:
        """Return what the page is told of it; `address` is where it is read."""
        return {
            "address": f"{address}?{self.mark}",
            "min_zoom": self.min_zoom,
            "max_zoom": self.max_zoom,
            "bounds": self.bounds,
            "attribution": self.attribution,
            "layers": self.layers,
        }


def read_tiles(path: Path) -> MapTiles:
    """Return what is known of this file; raises UnfitTiles where it cannot be shown, or is not there."""
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except OSError as fault:
        raise UnfitTiles(f"{path}: {fault.strerror or fault}; a PMTiles file, or leave it out") from fault


def _read(path: Path, file: BinaryIO) -> MapTiles:
    head = file.read(HEADER.size)
    if len(head) < HEADER.size or not head.startswith(MAGIC):
        raise UnfitTiles(f"{path}: no PMTiles file; it begins with {head[:8]!r}, allowed is {MAGIC!r}")
    fields = HEADER.unpack(head)
    if fields[1] != VERSION:
        raise UnfitTiles(f"{path}: PMTiles version {fields[1]}; allowed is version {VERSION}")
    _, inside, tiles, kind, least, most = fields[13:19]
    if kind != VECTOR:
        raise UnfitTiles(f"{path}: tiles are {_TYPES.get(kind, kind)}; allowed are vector tiles (MVT)")
    for what, how in (("directories", inside), ("tiles", tiles)):
        if how not in _READABLE:
            found = _COMPRESSIONS.get(how, how)
            raise UnfitTiles(f"{path}: {what} are compressed with {found}; allowed are none and gzip")
    size, ends = path.stat(), max(fields[at] + fields[at + 1] for at in (2, 4, 6, 8))
    if size.st_size < ends:
        raise UnfitTiles(f"{path}: {size.st_size} bytes of {ends}; it was not copied whole")
    west, south, east, north = (value / _E7 for value in fields[19:23])
    said = _metadata(path, file, fields[4], fields[5], inside)
    attribution = " ".join(_TAG.sub("", str(said.get("attribution", ""))).split())[:_SAID_CHARS]
    mark = f"{size.st_mtime_ns:x}-{size.st_size:x}"
    return MapTiles(path, least, most, (west, south, east, north), attribution, _layers(said), mark)


def _layers(said: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the layers that a vector archive has to list (`vector_layers`)."""
    listed = said.get("vector_layers")
    if not isinstance(listed, list):
        return ()
    return tuple(str(one["id"]) for one in listed if isinstance(one, dict) and "id" in one)


def _metadata(path: Path, file: BinaryIO, offset: int, length: int, how: int) -> dict[str, Any]:
    """Return what the archive says of itself; nothing where it says nothing."""
    if not length:
        return {}
    file.seek(offset)
    raw = file.read(min(length, _METADATA_BYTES))
    try:
        said = json.loads(gzip.decompress(raw) if _COMPRESSIONS[how] == "gzip" else raw)
    except (OSError, EOFError, zlib.error, ValueError) as fault:
        raise UnfitTiles(f"{path}: its metadata cannot be read ({fault}); make the file again") from fault
    return said if isinstance(said, dict) else {}
