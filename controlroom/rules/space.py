"""The space of everything that can be asked of a table: axes, the regions that can occur, rules as boxes.

A region can occur when some circumstances lie in it. Axes are independent but for one law: a place that
is not known has no facts of the estate, and a known place has all of them. So two boxes, `possible`,
hold everything that can occur, and a point of them always has circumstances (`circumstances`).

A rule is a union of boxes: one, or one for each tag of an `any`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from controlroom.rules.axes import KNOWN, TAGS, TIME, Axis, Piece, field_axis, said, tag_axis, time_axis
from controlroom.rules.calendars import Calendar, inside
from controlroom.rules.fields import Field, Origin, fields_of, read
from controlroom.rules.model import Condition, During, Tagged, Value
from controlroom.rules.regions import Layout
from controlroom.rules.verdict import Circumstances
from controlroom.rules.witness import NOON, circumstances, required
from controlroom.signals.vocabulary import Kind


class Space:
    """The space of one kind of signal, cut by these conditions (all that will ever be asked of it)."""

    def __init__(self, kind: Kind, asked: Iterable[Condition], calendars: Mapping[str, Calendar]) -> None:
        self.kind = kind
        self._calendars = calendars
        self.fields: Mapping[str, Field] = fields_of(kind)
        self.axes = tuple(self._made(tuple(dict.fromkeys(asked))))
        spare = {1 << axis.shift + len(axis.atoms): axis.everything for axis in self.axes}
        self.layout = Layout(sum(spare.values()), sum(spare), spare)
        self._by_unit: dict[str, list[Axis]] = {}
        for axis in self.axes:
            self._by_unit.setdefault(axis.unit, []).append(axis)
        self.possible = self._possible()

    def _made(self, asked: tuple[Condition, ...]) -> Iterator[Axis]:
        """Yield the axes in the order in which people read the fields."""
        by_field: dict[str, list[Condition]] = {}
        for condition in asked:
            by_field.setdefault(_axis_of(condition), []).append(condition)
        if any(self._of_estate(name) for name in by_field):
            by_field.setdefault(KNOWN, [])
        for name in required(self.kind):
            by_field.setdefault(name, [])
        tags = {
            tag for c in by_field.get(TAGS, ()) if isinstance(c, Tagged) for tag in c.any | c.all | c.none
        }
        shift = 0
        for name in (name for name in self.fields if name in by_field and name != TAGS):
            yield (axis := field_axis(self.fields[name], by_field[name], shift))
            shift += len(axis.atoms) + 1
        for tag in sorted(tags):
            yield (axis := tag_axis(tag, shift))
            shift += len(axis.atoms) + 1
        yield time_axis(by_field.get(TIME, ()), self._calendars, shift)

    def _of_estate(self, name: str) -> bool:
        return name in self.fields and self.fields[name].origin is Origin.ESTATE

    def _possible(self) -> tuple[int, ...]:
        """Return the boxes of what can occur: places that are known, places that are not."""
        if KNOWN not in self._by_unit:
            return (self.layout.full,)
        known = unknown = self.layout.full
        for axis in self.axes:
            if axis.tag is not None:
                unknown &= ~axis.everything | axis.bit(axis.atoms[0][0])
            elif axis.unit == KNOWN:
                known &= ~axis.everything | axis.bit(Piece(value=True, says=""))
                unknown &= ~axis.everything | axis.bit(Piece(value=False, says=""))
            elif self._of_estate(axis.unit):
                none = axis.bit(Piece(None, ""))
                known &= ~none
                unknown &= ~axis.everything | none
        return known, unknown

    def boxes(self, when: Iterable[Condition]) -> tuple[int, ...]:
        """Return the disjoint boxes in which all of these conditions hold, cut to what can occur."""
        box = self.layout.full
        tagged: Tagged | None = None
        for condition in when:
            if isinstance(condition, Tagged):
                tagged = condition
                box &= self._only(KNOWN, None, value=True)
                continue
            (axis,) = self._by_unit[_axis_of(condition)]
            box &= ~axis.everything | axis.where(condition)
        found = self._tagged(box, tagged) if tagged is not None else (box,)
        return tuple(one & here for one in found for here in self.possible if self.layout.meets(one & here))

    def _tagged(self, box: int, condition: Tagged) -> tuple[int, ...]:
        """Return the box with what is asked of the tags, in one part for each tag of an `any`."""
        for tag in condition.all:
            box &= self._only(TAGS, tag, value=True)
        for tag in condition.none:
            box &= self._only(TAGS, tag, value=False)
        if not condition.any:
            return (box,)
        parts = []
        for tag in sorted(condition.any):
            parts.append(box & self._only(TAGS, tag, value=True))
            box &= self._only(TAGS, tag, value=False)
        return tuple(parts)

    def _only(self, unit: str, tag: str | None, *, value: bool) -> int:
        """Return the box of everything where this Boolean axis has the value."""
        axis = next(one for one in self._by_unit[unit] if one.tag == tag)
        return self.layout.full & ~axis.everything | axis.bit(Piece(value=value, says=""))

    def point(self, asked: Circumstances) -> int:
        """Return the point in which these circumstances lie."""
        found = 0
        for axis in self.axes:
            if axis.unit == TIME:
                names = inside(self._calendars.values(), asked.now)
                found |= axis.bit(Piece("", "", calendars=names))
                continue
            value = read(self.fields[axis.unit], asked)
            if axis.tag is not None:
                value = isinstance(value, frozenset) and axis.tag in value
            if isinstance(value, frozenset):
                raise TypeError(f"{axis.unit} holds a set and has no axis of its own")
            found |= axis.bit(Piece(value, ""))
        return found

    def circumstances(self, box: int) -> Circumstances:
        """Return circumstances in a box that can occur, as plain as possible."""
        box = next(box & here for here in self.possible if self.layout.meets(box & here))
        plain = self.point(circumstances(self.kind, {}))
        facts: dict[str, Value | int | frozenset[str]] = {}
        tags: set[str] = set()
        now: datetime = NOON
        for axis in self.axes:
            usual = box & plain & axis.everything
            piece = axis.pieces(usual or box)[0]
            if axis.unit == TIME:
                now = now if usual else piece.at or now
            elif axis.tag is None:
                facts[axis.unit] = self._usual(axis, piece, usual=bool(usual))
            elif piece.value is True:
                tags.add(axis.tag)
        if tags:
            facts[TAGS] = frozenset(tags)
        return circumstances(self.kind, facts, now)

    def _usual(self, axis: Axis, piece: Piece, *, usual: bool) -> Value | int:
        """Return the value that plain circumstances have, where it lies in the piece's atom."""
        if usual and axis.unit not in required(self.kind):
            value = read(self.fields[axis.unit], circumstances(self.kind, {}))
            if not isinstance(value, frozenset):
                return value
        return piece.value

    def says(self, box: int) -> tuple[str, ...]:
        """Return a box in words, an entry for each fact that it narrows."""
        box = _within(box, self.possible, self.layout)
        tags = self._by_unit.get(TAGS, [])
        lines = []
        for axis in self.axes:
            here = box & axis.everything
            if axis in tags or here == axis.everything:
                continue
            pieces = axis.pieces(here)
            if self._of_estate(axis.unit) and all(p.value is not None for p in pieces):
                known = [p for atom in axis.atoms for p in atom if p.value is not None]
                if len(known) == len(pieces):
                    continue
            text = said(pieces, axis)
            lines.append(text if axis.unit == TIME else f"{axis.unit} {text}")
        told = [axis.pieces(box)[0].says for axis in tags if (box & axis.everything) != axis.everything]
        if told and self._maybe_known(box):
            lines.append(f"a place {', '.join(told)}")
        return tuple(lines)

    def _maybe_known(self, box: int) -> bool:
        return self.layout.meets(box & self.possible[0])

    def meets(self, boxes: Sequence[int], others: Sequence[int]) -> bool:
        """Return whether two unions of boxes have a point in common."""
        return any(self.layout.meets(one & other) for one in boxes for other in others)


def _axis_of(condition: Condition) -> str:
    """Return the unit of the axis that a condition asks."""
    return TIME if isinstance(condition, During) else condition.field


def _within(box: int, possible: tuple[int, ...], layout: Layout) -> int:
    """Return the box without atoms that cannot occur in it."""
    found = 0
    for here in possible:
        if layout.meets(box & here):
            found |= box & here
    return found
