r"""Bytes that nobody understood, as text that is safe to look at.

Quarantined payloads are hostile until proven otherwise. What a person sees of them is bounded, and holds no
character that could change how the rest of the page reads: controls, bidirectional overrides, invisible
characters and piles of combining marks are written as escapes (`\n`, `\x00`, `\u202e`), and a backslash
that was really there as two. The page still inserts all of it as text, never as HTML.

Built on `repr`, whose escapes are exactly the characters that do not print, at the speed of C: a flood of
garbage with a page open must not cost the room its time.
"""

import re

import msgspec

SHOWN_BYTES = 2_048
"""How much of a payload is shown: two kilobytes tell what it was; the journal keeps the whole of it."""

SHORT_CHARS = 512
"""How much of a topic, a reason's detail or a name is shown; MQTT allows topics of 65,535 bytes."""

_PILE = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
"""Three combining marks on one letter and more: no language needs them, and they run over other lines."""

_QUOTES = "\"'"
"""Put before the text so that `repr` always chooses single quotes and escapes every one of them."""


class RawBytes(msgspec.Struct, frozen=True):
    """A payload made visible: as text with escapes, as hexadecimal, and how long it really is."""

    text: str
    hex: str
    size: int
    cut: bool


def shown(head: bytes, size: int) -> RawBytes:
    r"""Return the visible form of a payload of `size` bytes beginning with `head`; no UTF-8 gives `\xNN`."""
    head = head[:SHOWN_BYTES]
    text = head.decode("utf-8", errors="surrogateescape")
    return RawBytes(visible(text), head.hex(" "), size, cut=size > len(head))


def visible(text: str) -> str:
    """Return the text with everything that does not print as itself written as an escape."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    escaped = repr(_QUOTES + text)[len(_QUOTES) + 2 : -1].replace("\\'", "'")
    return _BYTE.sub(r"\\x\1", _PILE.sub(_spelled, escaped))


_BYTE = re.compile(r"(?<!\\)\\udc([89a-f][0-9a-f])")
"""How a byte that is no UTF-8 looks after `surrogateescape` and `repr`."""


def short(text: str) -> str:
    """Return a visible form of a name, cut to what fits a screen; an ellipsis says that it was cut."""
    seen = visible(text[: SHORT_CHARS + 1])
    return seen if len(seen) <= SHORT_CHARS else seen[: SHORT_CHARS - 1] + "…"


def _spelled(pile: re.Match[str]) -> str:
    return pile[0].encode("unicode_escape").decode("ascii")
