r"""Bytes that nobody understood, as text that is safe to look at.

Quarantined payloads are hostile until proven otherwise. What a person sees of them is bounded, and holds no
character that could change how the rest of the page reads: controls, bidirectional overrides, invisible
characters and piles of combining marks are written as escapes (`\n`, `\x00`, `\u202e`), and a backslash
that was really there as two. The page still inserts all of it as text, never as HTML.

Built on `repr`, whose escapes are exactly the characters that do not print, at the speed of C: a flood of
garbage with a page open must not cost the room its time.
"""

import codecs
import re

import msgspec

SHOWN_BYTES = 1_024
"""How much of a payload is shown: a kilobyte tells what it was; the journal keeps the whole of it."""

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
    """Return the visible form of a payload of `size` bytes that begins with `head`."""
    head = head[:SHOWN_BYTES]
    cut = size > len(head)
    try:
        text = visible(codecs.utf_8_decode(head, "strict", not cut)[0])  # a letter cut in two is left off
    except UnicodeDecodeError:
        text = _printed(repr(_QUOTES.encode() + head)[1:])  # no text at all: byte by byte, `\\xNN`
    return RawBytes(text, head.hex(" "), size, cut)


def visible(text: str) -> str:
    """Return the text with everything that does not print as itself written as an escape."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return _PILE.sub(_spelled, _printed(repr(_QUOTES + text)))


def _printed(quoted: str) -> str:
    """Return what stands in the quotes of a `repr`, without the quotes that were put before it."""
    return quoted[len(_QUOTES) + 2 : -1].replace("\\'", "'")


def short(text: str) -> str:
    """Return a visible form of a name, cut to what fits a screen; an ellipsis says that it was cut."""
    seen = visible(text[: SHORT_CHARS + 1])
    return seen if len(seen) <= SHORT_CHARS else seen[: SHORT_CHARS - 1] + "…"


def _spelled(pile: re.Match[str]) -> str:
    return pile[0].encode("unicode_escape").decode("ascii")
