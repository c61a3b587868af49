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
    """Yield pairs of entries between which only this field decides, and which are not equally loud.

    Where the fact moves the decision from one entry to another, the earlier of the two must ask the fact:
    else it would take both. So only entries that ask it are tried as the earlier one.
    """
    axes = [axis for axis in decided.space.axes if axis.unit == field]
    live = [number for number in range(len(decided.boxes)) if decided.taken(number, meant) is not None]
    for axis in axes:
        asking = [n for n in live if any(axis.everything & ~box for box in decided.boxes[n])]
        for earlier in asking:
            for later in live:
                if later <= earlier or _as_loud(decided, earlier, later):
                    continue
                found = _between(decided, axis, meant, (earlier, later))
                if found is not None:
                    yield _violation(decided, one, field, (earlier, later), found)
                    break


def _as_loud(decided: Decided, one: int, other: int) -> bool:
    return quietness(decided.verdict(one)) == quietness(decided.verdict(other))


def _violation(
    decided: Decided, one: Property, field: str, pair: tuple[int, int], regions: tuple[int, int]
) -> Violation:
    """Return the quieter of two entries as the one that breaks the property, in its region."""
    quiet, loud = (
        (0, 1) if quietness(decided.verdict(pair[0])) > quietness(decided.verdict(pair[1])) else (1, 0)
    )
    message = (
        f"{_entry(decided, pair[quiet])} decides in place of {_entry(decided, pair[loud])} "
        f"only because of '{field}', against {_cited(one)}"
    )
    return Violation(pair[quiet], one.id, message, regions[quiet])


def _between(
    decided: Decided, axis: Axis, meant: Sequence[int], pair: tuple[int, int]
) -> tuple[int, int] | None:
    """Return a region of each of two entries that differ in nothing but the axis; None: there is none."""
    layout = decided.space.layout
    bits = [1 << axis.shift + number for number in range(len(axis.atoms))]
    owns, others = _both(decided.boxes[pair[0]], meant), _both(decided.boxes[pair[1]], meant)
    for here in bits:
        firsts = _at(owns, axis, here)
        for there in bits if firsts else ():
            if here == there:
                continue
            seconds = _at(others, axis, there)
            starts = [one & other for one in firsts for other in seconds if layout.meets(one & other)]
            if not starts:
                continue
            cover = (*_at(decided.before(pair[0]), axis, here), *_at(decided.before(pair[1]), axis, there))
            for start in starts:
                found = layout.escape(start, cover)
                if found is not None:
                    return found & ~axis.everything | here, found & ~axis.everything | there
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
