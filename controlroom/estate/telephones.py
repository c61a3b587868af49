"""A telephone number of the estate: how a spreadsheet writes it, how it is dialled, how people read it.

A number is personal data. It stands in the estate and nowhere else: it is in no event, and so in no journal,
feed, search or past; it is in no metric and no report; a number that cannot be read is quoted in no message,
and what prints one prints dots. One question of the console answers with it, by a permission of its own.

Limits: whether a number rings is known only by ringing it. Numbers from outside the United Kingdom are taken
with their country's, and shown as they are dialled.
"""

import re

from msgspec import Struct

from controlroom.estate.table import Column

_BETWEEN = re.compile(r"[\s()./-]+")
_BRITISH = re.compile(r"\+44[1-8]\d{8,9}")
_ABROAD = re.compile(r"\+(?!44)[1-9]\d{7,14}")
"""ITU-T E.164: at most fifteen digits; a British one has nine or ten after its country's."""

_GROUPS = (
    re.compile(r"(02\d)(\d{4})(\d{4})"),
    re.compile(r"(01\d1|011\d|0[38]\d\d)(\d{3})(\d{3,4})"),
    re.compile(r"(0\d{4})(\d{5,6})"),
)
"""How British numbers are read aloud, the first that fits: London, Leeds and what has no area, all others."""


class Telephone(Struct, frozen=True):
    """One number: `dialled` with + and its country's number (E.164), `shown` as people here read it."""

    dialled: str
    shown: str

    def __repr__(self) -> str:
        """Return dots: whatever prints an estate prints no number."""
        return "Telephone(…)"


def read_telephone(text: str) -> Telephone | None:
    """Return the number that this cell holds, None for an empty one; raises ValueError for what is none."""
    if not text:
        return None
    dialled = _BETWEEN.sub("", text.replace("(0)", "") if text.startswith("+") else text)
    if dialled.startswith("0") and not dialled.startswith("00"):
        dialled = f"+44{dialled[1:]}"
    if _BRITISH.fullmatch(dialled) is None:
        if _ABROAD.fullmatch(dialled) is None:
            raise ValueError
        return Telephone(dialled, dialled)
    here = f"0{dialled[3:]}"
    groups = next(found.groups() for shape in _GROUPS if (found := shape.fullmatch(here)))
    return Telephone(dialled, " ".join(groups))


TELEPHONE = Column(
    "telephone",
    "a number as it is dialled here (0113 496 0000) or abroad (+44 113 496 0000), or nothing",
    read_telephone,
    default="",
    personal=True,
)
"""The column of a number that somebody is rung at."""
