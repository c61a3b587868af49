"""One figure's smallest part: what counted for a measure on a day in an area, and which records that were.

The records are kept as their positions, each with its weight, in two to four bytes (the difference to the
position before it, zigzag, and the weight, both as LEB128). A plan year of a million events is some
megabytes, so every figure opens onto its events without asking the journal which they were.
"""

from collections.abc import Iterator

from msgspec import Struct, field

SEVEN_BITS, MORE = 0x7F, 0x80
"""A byte of LEB128: seven bits of the number, and whether there are more."""

_LAST_BYTES = bytes(range(MORE))
"""The bytes that end a number."""


class Cell(Struct):
    """The sum of the weights, the last position, and all positions with their weights."""

    value: int = 0
    last: int = 0
    events: bytearray = field(default_factory=bytearray)


def add(cell: Cell, position: int, weight: int = 1) -> None:
    """Count this record, which is not among them."""
    step = position - cell.last
    _put(cell.events, step << 1 if step >= 0 else (-step << 1) - 1)
    _put(cell.events, weight)
    cell.last = position
    cell.value += weight


def remove(cell: Cell, position: int, weight: int) -> None:
    """Count this record no longer; raises ValueError where it is not among them."""
    kept = list(events_of(cell))
    kept.remove((position, weight))
    cell.value, cell.last = 0, 0
    cell.events.clear()
    for one, its_weight in kept:
        add(cell, one, its_weight)


def events_of(cell: Cell) -> Iterator[tuple[int, int]]:
    """Yield the positions with their weights, in the order in which they were counted."""
    numbers = _numbers(bytes(cell.events))
    position = 0
    for step in numbers:
        position += step >> 1 if not step & 1 else -((step + 1) >> 1)
        yield position, next(numbers)


def records_in(cell: Cell) -> int:
    """Return how many records there are, by a look at the bytes: each record is two numbers."""
    ends_of_none = len(cell.events.translate(None, _LAST_BYTES))
    return (len(cell.events) - ends_of_none) // 2


def _put(out: bytearray, number: int) -> None:
    while number > SEVEN_BITS:
        out.append(number & SEVEN_BITS | MORE)
        number >>= 7
    out.append(number)


def _numbers(raw: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in raw:
        number |= (byte & SEVEN_BITS) << shift
        if byte & MORE:
            shift += 7
        else:
            yield number
            number = shift = 0
