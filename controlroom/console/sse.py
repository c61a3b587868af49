"""Server-sent events as bytes: a message, the place that it names, and the chunk it travels in. Pure.

A message's id is `<epoch>-<position>`, which a browser hands back in `Last-Event-ID` when it connects again.
"""

import msgspec

_DIGITS = 20
"""Digits of the largest 64-bit number: longer ones are no position of ours."""


class Place(msgspec.Struct, frozen=True):
    """Where a page stands: it has read everything up to this position of this epoch."""

    epoch: int
    position: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.position}"


def place_of(text: str) -> Place | None:
    """Return the place that an event id names; None when the text is no such id."""
    epoch, _, position = text.partition("-")
    return Place(int(epoch), int(position)) if _is_number(epoch) and _is_number(position) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def message(event: str, data: bytes, place: Place | None = None) -> bytes:
    """Return one message in the form of a server-sent event; `data` is JSON and so holds no line break."""
    line = f"id: {place}\n" if place is not None else ""
    return f"{line}event: {event}\ndata: ".encode() + data + b"\n\n"


def chunk(data: bytes) -> bytes:
    """Return bytes as one chunk of an HTTP/1.1 body (RFC 9112, 7.1); `data` is not empty."""
    return b"%x\r\n%b\r\n" % (len(data), data)
