"""A map file of one tile, written by hand after two specifications: PMTiles 3 and Mapbox vector tiles 2.1.

The tile is the whole world (zoom 0) with one layer, `sheet`, and in it one square that covers all of it.
"""

import gzip
import json
from collections.abc import Iterable

from controlroom.console.map_tiles import HEADER, MAGIC, VECTOR, VERSION

EXTENT = 4096
LEEDS = (-18_000_000, 536_900_000, -12_800_000, 539_600_000)
"""Bounds in ten-millionths of a degree; the first and third are degrees of longitude below zero."""


def varint(value: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, content: bytes) -> bytes:
    """Return a field of bytes of a protocol buffer."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def number(number: int, value: int) -> bytes:
    """Return a field of a whole number of a protocol buffer."""
    return varint(number << 3) + varint(value)


def square() -> bytes:
    """Return the tile: go to a corner, three lines, and back."""
    there, back = EXTENT * 2, EXTENT * 2 - 1  # zigzag of EXTENT and of -EXTENT
    steps: Iterable[int] = (9, 0, 0, 26, there, 0, 0, there, back, 0, 15)
    feature = number(3, 3) + field(4, b"".join(map(varint, steps)))
    layer = number(15, 2) + field(1, b"sheet") + field(2, feature) + number(5, EXTENT)
    return field(3, layer)


def archive(
    *,
    version: int = VERSION,
    kind: int = VECTOR,
    inside: int = 2,
    tiles: int = 2,
    metadata: bytes | None = None,
) -> bytes:
    """Return the file; directories and tiles are compressed with gzip unless it shall say otherwise."""
    tile = gzip.compress(square(), mtime=0)
    root = gzip.compress(b"".join(map(varint, (1, 0, 1, len(tile), 1))), mtime=0)
    said = {"attribution": "<b>Nobody's</b> survey", "vector_layers": [{"id": "sheet"}]}
    about = gzip.compress(json.dumps(said).encode(), mtime=0) if metadata is None else metadata
    at_about = HEADER.size + len(root)
    at_tile = at_about + len(about)
    where = (HEADER.size, len(root), at_about, len(about), 0, 0, at_tile, len(tile))
    how = (1, inside, tiles, kind, 0, 0)
    head = HEADER.pack(MAGIC, version, *where, 1, 1, 1, *how, *LEEDS, 0, *LEEDS[:2])
    return head + root + about + tile
