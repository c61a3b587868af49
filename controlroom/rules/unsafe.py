"""Where a safety property breaks: the regions in which a rule, or no rule, says what it must not.

Two kinds of statement are proved. What a verdict must *say* is asked of each rule where it decides.
What may not *move* a verdict is asked of pairs: two rules that decide the same circumstances but for one
fact, found by laying the space at one value of the fact over the space at another.
"""

from collections.abc import Iterator, Sequence

import msgspec

from controlroom.rules.axes import Axis
from controlroom.rules.decided import Decided
from controlroom.rules.safety import Property, broken, quietness


class Violation(msgspec.Struct, frozen=True):
    """One entry of a table (see `Decided`) that breaks a property in a region."""

    number: int
    property: str
    message: str
    region: int


def violations(decided: Decided, safety: Sequence[Property]) -> Iterator[Violation]:
    """Yield each rule that breaks a property once, with a region where it does."""
    kind = decided.space.kind
    for one in safety:
        if kind in one.when:
            meant = decided.space.boxes(one.when[kind])
            yield from _said(decided, one, meant)
            for field in one.require.unmoved_by:
                yield from _moved(decided, one, meant, field)


def _said(decided: Decided, one: Property, meant: Sequence[int]) -> Iterator[Violation]:
    """Yield the entries whose verdict says what the property forbids."""
    for number in range(len(decided.boxes)):
        verdict = decided.verdict(number)
        if number == len(decided.rules) and one.route is not None:
            continue  # what no rule takes is a finding of its own; only life is looked at twice
        fault = broken(one.require, verdict) if one.concerns(verdict) else None
        if fault is None or not decided.space.meets(decided.boxes[number], meant):
            continue
        region = decided.taken(number, meant)
        if region is not None:
            yield Violation(
                number, one.id, f"{_entry(decided, number)} {fault}, against {_cited(one)}", region
            )


def _moved(decided: Decided, one: Property, meant: Sequence[int], field: str) -> Iterator[Violation]:
    """Yield pairs of entries between which only this field decides, and which are not equally loud."""
    axes = [axis for axis in decided.space.axes if axis.unit == field]
    near = [n for n, boxes in enumerate(decided.boxes) if decided.space.meets(boxes, meant)]
    for axis in axes:
        for quiet in near:
            for loud in near:
                if quietness(decided.verdict(quiet)) <= quietness(decided.verdict(loud)):
                    continue
                found = _between(decided, axis, meant, (loud, quiet))
                if found is not None:
                    message = (
                        f"{_entry(decided, quiet)} decides in place of {_entry(decided, loud)} "
                        f"only because of '{field}', against {_cited(one)}"
                    )
                    yield Violation(quiet, one.id, message, found)
                    break


def _between(decided: Decided, axis: Axis, meant: Sequence[int], pair: tuple[int, int]) -> int | None:
    """Return a region of the second entry where another value of the axis gives the first; None: none."""
    layout, count = decided.space.layout, len(axis.atoms)
    owns, others = _both(decided.boxes[pair[1]], meant), _both(decided.boxes[pair[0]], meant)
    bits = [1 << axis.shift + number for number in range(count)]
    for here in bits:
        for there in bits:
            if here == there:
                continue
            starts = [
                own & other
                for own in _at(owns, axis, here)
                for other in _at(others, axis, there)
                if layout.meets(own & other)
            ]
            if not starts:
                continue
            cover = (*_at(decided.before(pair[0]), axis, there), *_at(decided.before(pair[1]), axis, here))
            for start in starts:
                found = layout.escape(start, cover)
                if found is not None:
                    return found & ~axis.everything | here
    return None


def _both(boxes: Sequence[int], others: Sequence[int]) -> list[int]:
    return [box & other for box in boxes for other in others]


def _at(boxes: Sequence[int], axis: Axis, bit: int) -> list[int]:
    """Return the boxes at one value of an axis, stretched over the whole axis."""
    return [box | axis.everything for box in boxes if box & bit]


def _entry(decided: Decided, number: int) -> str:
    return "no rule" if number == len(decided.rules) else f"rule '{decided.rules[number].id}'"


def _cited(one: Property) -> str:
    return f"safety property '{one.id}' ({one.mark.file}:{one.mark.line})"
