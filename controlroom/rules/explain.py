"""Why a verdict is what it is, and the smallest change that would have made it another.

Rules are told in order up to the one that took the signal, each condition with its outcome and the fact
that it read. The smallest change is searched by its size: first every single fact, then every two, and
so on; of each choice of facts *all* values are tried at once, as a region. So when a change of three
facts is shown, none of one or two exists. That is a proof, not a guess.

One change is one fact of the signal, of the room or of the place, the tags together, or the time. That a
place becomes known or unknown is one change as well: facts of the estate come and go with it. Among
changes of one size those of the signal go first, then of the room, of the estate, of the time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations

import msgspec

from controlroom.rules.axes import KNOWN, TAGS, TIME, Axis
from controlroom.rules.decided import Decided
from controlroom.rules.evaluate import holds, judge_plainly
from controlroom.rules.fields import Origin, fields_of, read
from controlroom.rules.model import During, Rule, RuleSet, Value
from controlroom.rules.verdict import Circumstances, Verdict
from controlroom.rules.verify import decided_of
from controlroom.rules.witness import circumstances
from controlroom.rules.wording import condition_text, value_text

RANK = {
    Origin.SIGNAL: 0,
    Origin.ENVELOPE: 0,
    Origin.ROOM: 1,
    Origin.CIRCUMSTANCES: 2,
    Origin.ESTATE: 2,
}
"""Which facts a change is told by, where several are as small: the signal first, the place last."""

TIME_RANK = 3
"""The time goes last: nobody can send the same signal at another hour."""


class Asked(msgspec.Struct, frozen=True):
    """One condition in words, the fact that it read in words, and whether it held."""

    condition: str
    found: str
    holds: bool


class Tried(msgspec.Struct, frozen=True):
    """One rule in its turn; it took the signal where all conditions held."""

    rule: str
    mark: str
    asked: tuple[Asked, ...]

    @property
    def took(self) -> bool:
        """Whether the rule took the signal."""
        return all(one.holds for one in self.asked)


class FactTurned(msgspec.Struct, frozen=True):
    """One fact that changes, in words."""

    field: str
    before: str
    after: str


class Alternative(msgspec.Struct, frozen=True):
    """The smallest change, the circumstances after it, and their verdict."""

    steps: tuple[FactTurned, ...]
    circumstances: Circumstances
    verdict: Verdict


class Explanation(msgspec.Struct, frozen=True):
    """A verdict with its reasons and the changes of the smallest size, those that are told first in front.

    `alternatives` is empty where no change of whatever size makes a difference.
    """

    verdict: Verdict
    tried: tuple[Tried, ...]
    alternatives: tuple[Alternative, ...]


def by_route(verdict: Verdict) -> object:
    """Return what differs between verdicts that send a signal elsewhere."""
    return verdict.route


def by_priority(verdict: Verdict) -> object:
    """Return what differs between verdicts of another urgency."""
    return verdict.priority


def explain(
    rules: RuleSet, given: Circumstances, elsewhere: Callable[[Verdict], object] = by_route
) -> Explanation:
    """Return why they get their verdict, and the smallest changes of what `elsewhere` reads."""
    verdict = judge_plainly(rules, given)
    return Explanation(verdict, tuple(_tried(rules, given)), smallest_changes(rules, given, elsewhere))


def _tried(rules: RuleSet, given: Circumstances) -> Iterator[Tried]:
    """Yield the rules in order up to the one that takes the signal."""
    for rule in rules.rules(given.kind):
        tried = Tried(rule.id, str(rule.mark), tuple(_asked(rule, rules, given)))
        yield tried
        if tried.took:
            return


def _asked(rule: Rule, rules: RuleSet, given: Circumstances) -> Iterator[Asked]:
    """Yield the conditions of a rule with what they found."""
    for condition in rule.when:
        if isinstance(condition, During):
            found = value_text(given.now)
        else:
            found = value_text(read(fields_of(given.kind)[condition.field], given))
        yield Asked(condition_text(condition), found, holds(condition, given, rules.calendars))


def smallest_changes(
    rules: RuleSet, given: Circumstances, elsewhere: Callable[[Verdict], object] = by_route
) -> tuple[Alternative, ...]:
    """Return the changes of the fewest facts after which `elsewhere` reads something else.

    One for each choice of facts. None is left out, and no change of fewer facts exists. Empty where
    nothing makes a difference.
    """
    decided = decided_of(rules, given.kind)
    now = elsewhere(judge_plainly(rules, given))
    targets = [n for n in range(len(decided.boxes)) if elsewhere(decided.verdict(n)) != now]
    search = _Search(decided, given)
    for size in range(1, len(search.units) + 1):
        found = tuple(
            _alternative(rules, given, search, region)
            for units in search.choices(size)
            if (region := _reached(decided, targets, search.freed(units))) is not None
        )
        if found:
            return found
    return ()


def _reached(decided: Decided, targets: Iterable[int], limits: Sequence[int]) -> int | None:
    """Return a region inside the limits that one of these entries decides."""
    regions = (decided.taken(target, limits) for target in targets)
    return next((region for region in regions if region is not None), None)


class _Search:
    """The space around one point: which facts can change, and what they can become."""

    def __init__(self, decided: Decided, given: Circumstances) -> None:
        self.space = decided.space
        self.point = decided.space.point(given)
        self.units = tuple(dict.fromkeys(axis.unit for axis in self.space.axes))

    def choices(self, size: int) -> list[tuple[str, ...]]:
        """Return every choice of this many facts, those that are told first in front."""
        return sorted(
            combinations(self.units, size), key=lambda units: sum(self.rank(unit) for unit in units)
        )

    def rank(self, unit: str) -> int:
        """Return how late a fact is told."""
        return TIME_RANK if unit == TIME else RANK[self.space.fields[unit].origin]

    def freed(self, units: tuple[str, ...]) -> list[int]:
        """Return the boxes in which these facts are free and all others as they are."""
        box = self.point
        for axis in self.space.axes:
            if axis.unit == KNOWN and KNOWN in units:
                box = box & ~axis.everything | axis.everything & ~self.point
            elif axis.unit in units or (KNOWN in units and self.of_place(axis)):
                box |= axis.everything
        return [box & here for here in self.space.possible if self.space.layout.meets(box & here)]

    def of_place(self, axis: Axis) -> bool:
        """Return whether the fact comes and goes with the place."""
        return axis.unit != TIME and self.space.fields[axis.unit].origin is Origin.ESTATE


def _alternative(rules: RuleSet, given: Circumstances, search: _Search, found: int) -> Alternative:
    """Return the change that leads into this region, as near to the given circumstances as it can be."""
    space, fields = search.space, search.space.fields
    facts: dict[str, Value | int | frozenset[str]] = {
        name: read(field, given) for name, field in fields.items()
    }
    now: datetime = given.now
    for axis in space.axes:
        if search.point & found & axis.everything:
            continue
        piece = axis.pieces(found)[0]
        if axis.unit == TIME:
            now = piece.at or now
        elif axis.tag is not None:
            have = facts[TAGS]
            tags = have if isinstance(have, frozenset) else frozenset()
            facts[TAGS] = tags | {axis.tag} if piece.value is True else tags - {axis.tag}
        else:
            facts[axis.unit] = _nearest(axis, found, facts[axis.unit])
    place = [name for name, field in fields.items() if field.origin is Origin.ESTATE]
    if facts[KNOWN] != read(fields[KNOWN], given):
        for name in place:
            if facts[KNOWN] is False or facts[name] is None:
                facts.pop(name)
    changed = circumstances(given.kind, facts, now)
    moved = facts[KNOWN] != read(fields[KNOWN], given)
    asked = {axis.unit for axis in space.axes}
    steps = tuple(
        FactTurned(name, value_text(read(fields[name], given)), value_text(read(fields[name], changed)))
        for name in fields
        if read(fields[name], given) != read(fields[name], changed)
        and not (moved and name in place and (facts[KNOWN] is False or name not in asked))
    )
    if now != given.now:
        steps += (FactTurned(TIME, value_text(given.now), value_text(now)),)
    return Alternative(steps, changed, judge_plainly(rules, changed))


def _nearest(axis: Axis, found: int, value: object) -> Value | int:
    """Return the value of the region on this axis that is nearest to another."""
    pieces = axis.pieces(found)
    if not isinstance(value, int) or isinstance(value, bool):
        return pieces[0].value
    numbers = [
        end
        for piece in pieces
        for end in (piece.value, piece.last)
        if isinstance(end, int) and not isinstance(end, bool)
    ]
    return min(numbers, key=lambda number: (abs(number - value), number), default=None)
