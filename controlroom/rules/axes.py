"""One fact as an axis: its domain cut into the atoms that the conditions of a table tell apart.

Two values belong to one atom when every condition asked of the field answers alike for both, so
reasoning over atoms loses nothing and there are finitely many: words that are named, one word that is
not, pieces of a range, each tag there or not, each combination of calendars that can hold, unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias, assert_never

import msgspec

from controlroom.rules.calendars import WEEK_DAYS, Calendar, moments
from controlroom.rules.conditions import word
from controlroom.rules.evaluate import allows
from controlroom.rules.fields import Choice, Field, Number, TagSet, Text
from controlroom.rules.model import Between, Condition, During, NoneOf, OneOf, Tagged, Value
from controlroom.rules.witness import NOON

TIME = "time"
"""The name of the axis of calendars; no field bears it."""

TAGS = "tags"
"""The field whose words become axes of their own."""

KNOWN = "known"
"""The field that says whether the place is known; unknown places have no facts of the estate."""

Signature: TypeAlias = tuple[bool, ...]
"""What every condition says of a value: equal signatures, same atom."""


class Piece(msgspec.Struct, frozen=True):
    """One part of an atom: a value that stands for it, the last of a range of numbers, how to say it."""

    value: Value | int
    says: str
    last: int | None = None
    calendars: frozenset[str] = frozenset()
    at: datetime | None = None


class Axis(msgspec.Struct, frozen=True):
    """A fact with its atoms; `unit` is what counts as one change; `tag` names the tag of a tag axis.

    `index` maps a signature to the number of its atom; `shift` is where the axis has its bits.
    """

    unit: str
    tag: str | None
    conditions: tuple[Condition, ...]
    atoms: tuple[tuple[Piece, ...], ...]
    index: dict[Signature, int]
    shift: int

    @property
    def everything(self) -> int:
        """All atoms of the axis, as bits in their place."""
        return ((1 << len(self.atoms)) - 1) << self.shift

    def bit(self, piece: Piece) -> int:
        """Return the bit of the atom that this piece belongs to; `KeyError` where it belongs to none."""
        return 1 << self.shift + self.index[signature(self, piece)]

    def where(self, condition: Condition) -> int:
        """Return the atoms for which a condition, one of those that made the axis, holds."""
        found = 0
        for number, atom in enumerate(self.atoms):
            if answers(condition, atom[0]):
                found |= 1 << self.shift + number
        return found

    def pieces(self, box: int) -> list[Piece]:
        """Return the pieces that a box has on this axis."""
        return [
            piece
            for number, atom in enumerate(self.atoms)
            if box >> self.shift + number & 1
            for piece in atom
        ]


def answers(condition: Condition, piece: Piece) -> bool:
    """Return whether the condition holds for this piece."""
    if isinstance(condition, During):
        return bool(condition.calendars & piece.calendars) == condition.inside
    return allows(condition, piece.value)


def signature(axis: Axis, piece: Piece) -> Signature:
    """Return what the axis's conditions say of the piece; unknown is always told apart."""
    return (piece.value is None, *(answers(condition, piece) for condition in axis.conditions))


def field_axis(field: Field, conditions: Iterable[Condition], shift: int) -> Axis:
    """Return the axis of a fact that holds a word or a number."""
    asked = tuple(dict.fromkeys(conditions))
    if field.name == KNOWN:
        asked = (*asked, OneOf(KNOWN, frozenset({True})))
    return made(Axis(field.name, None, asked, (), {}, shift), _pieces(field, asked))


def tag_axis(tag: str, shift: int) -> Axis:
    """Return the axis of one tag: not there, or there."""
    asked = (OneOf(TAGS, frozenset({True})),)
    pieces = (Piece(value=False, says=f"without '{tag}'"), Piece(value=True, says=f"with '{tag}'"))
    return made(Axis(TAGS, tag, asked, (), {}, shift), pieces)


def time_axis(conditions: Iterable[Condition], calendars: Mapping[str, Calendar], shift: int) -> Axis:
    """Return the axis of the calendars that the conditions ask: the combinations that can hold."""
    asked = tuple(dict.fromkeys(one for one in conditions if isinstance(one, During)))
    names = sorted({name for condition in asked for name in condition.calendars})
    used = {name: calendars[name] for name in names}
    pieces = [
        Piece(at.isoformat(), _combination(inside), calendars=inside, at=at)
        for inside, at in moments(used, ordinary_week(used)).items()
    ]
    return made(Axis(TIME, None, asked, (), {}, shift), pieces)


def ordinary_week(calendars: Mapping[str, Calendar]) -> date:
    """Return a Monday with two weeks and a day around it on which no calendar names a date."""
    named = {day for calendar in calendars.values() for day in (*calendar.dates, *calendar.never)}
    start = NOON.date() - timedelta(days=NOON.weekday())
    while any(start + timedelta(days=day) in named for day in range(-1, 2 * WEEK_DAYS + 1)):
        start += timedelta(days=WEEK_DAYS)
    return start


def made(axis: Axis, pieces: Iterable[Piece]) -> Axis:
    """Return the axis with these pieces gathered into atoms."""
    atoms: dict[Signature, list[Piece]] = {}
    for piece in pieces:
        atoms.setdefault(signature(axis, piece), []).append(piece)
    index = {sign: number for number, sign in enumerate(atoms)}
    return msgspec.structs.replace(axis, atoms=tuple(tuple(atom) for atom in atoms.values()), index=index)


def said(pieces: Sequence[Piece], axis: Axis) -> str:
    """Return these pieces as a person would say them, the shorter of a list and an exception."""
    every = [piece for atom in axis.atoms for piece in atom]
    rest = [piece for piece in every if piece not in pieces]
    if len(rest) < len(pieces) and not any(piece.value is None for piece in rest):
        return "not " + " or ".join(piece.says for piece in rest)
    return " or ".join(piece.says for piece in pieces)


def _pieces(field: Field, conditions: tuple[Condition, ...]) -> list[Piece]:
    """Return the pieces of a fact's domain in the order people read them."""
    domain = field.domain
    match domain:
        case Choice():
            found = [Piece(value, word(value)) for value in domain.values]
        case Text():
            named = sorted({text for one in conditions for text in _words(one)})
            found = [Piece(text, text) for text in named]
            fresh = f"other-{field.attribute.replace('_', '-')}"
            while fresh in named:
                fresh += "-x"
            found.append(Piece(fresh, "any other" if named else "any"))
        case Number():
            found = _ranges(domain, conditions)
        case TagSet():
            raise TypeError("tags have an axis each")
        case _:
            assert_never(domain)
    if domain.unknown:
        found.append(Piece(None, "unknown"))
    return found


def _words(condition: Condition) -> frozenset[str]:
    """Return the texts that a condition on an open text names."""
    match condition:
        case OneOf(values=values):
            return frozenset(value for value in values if isinstance(value, str))
        case NoneOf(values=refused):
            return refused
        case Between() | Tagged() | During():
            return frozenset()
        case _:
            assert_never(condition)


def _ranges(domain: Number, conditions: tuple[Condition, ...]) -> list[Piece]:
    """Return the pieces between each two bounds that a condition names."""
    starts = {domain.low}
    for one in conditions:
        if isinstance(one, Between):
            starts |= {one.low} if one.high is None else {one.low, one.high + 1}
    inside = sorted(n for n in starts if n >= domain.low and (domain.high is None or n <= domain.high))
    ends: list[int | None] = [*(n - 1 for n in inside[1:]), domain.high]
    return [Piece(low, _range(low, high), last=high) for low, high in zip(inside, ends, strict=True)]


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def _combination(inside: frozenset[str]) -> str:
    return f"during {' and '.join(sorted(inside))}" if inside else "outside every calendar asked"
