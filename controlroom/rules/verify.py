"""The proof of a rule set: every rule can fire, no signal falls through, no safety property can break.

Each statement is decided over the whole space of what can occur, and a finding carries circumstances that
show it (`example`): a signal that the room could hear tomorrow. Where order decides between different
routes, that is no mistake but worth a look: `overlaps` lists those pairs.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from controlroom.rules.decided import Decided
from controlroom.rules.examples import document
from controlroom.rules.model import Condition, Mark, Rule, RuleSet
from controlroom.rules.safety import Property
from controlroom.rules.space import Space
from controlroom.rules.unsafe import violations
from controlroom.rules.verdict import NO_RULE
from controlroom.signals.vocabulary import Kind

GAPS_AT_MOST = 20
"""Regions without a rule that are shown for one table; more of them are one missing rule, not twenty."""


EXAMPLES_AT_MOST = 1_000
"""Pairs of one table that come with an example: building circumstances takes longer than the proof."""


class FindingKind(StrEnum):
    """The closed set of what a proof can find, worst first."""

    UNSAFE = "unsafe"
    GAP = "gap"
    SHADOWED = "shadowed"
    IMPOSSIBLE = "impossible"


class Finding(msgspec.Struct, frozen=True):
    """One thing that does not hold.

    `rule` None is the verdict for what no rule takes. `by` names the rules or the property that make it
    so. `region` says in words where, `example` is a document of `examples`; None where none can exist.
    """

    kind: FindingKind
    mark: Mark
    table: Kind
    rule: str | None
    message: str
    by: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    example: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}"


class Overlap(msgspec.Struct, frozen=True):
    """Two rules with different routes that both fit a signal which the first decides.

    `example` is None past `EXAMPLES_AT_MOST` pairs of one table.
    """

    table: Kind
    first: str
    first_mark: Mark
    second: str
    second_mark: Mark
    region: tuple[str, ...]
    example: dict[str, Any] | None


class Proof(msgspec.Struct, frozen=True):
    """What was found of a whole set; it holds when there are no findings."""

    version: str
    rules: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every rule can fire, nothing falls through and every property holds."""
        return not self.findings


def verify(rules: RuleSet, safety: Sequence[Property] = (), kinds: Sequence[Kind] = tuple(Kind)) -> Proof:
    """Return the proof of these tables, the worst findings first."""
    findings: list[Finding] = []
    for kind in kinds:
        decided = decided_of(rules, kind, safety)
        findings.extend(_dead(decided))
        findings.extend(_gaps(decided))
        findings.extend(_unsafe(decided, safety))
    order = list(FindingKind)
    findings.sort(key=lambda finding: (order.index(finding.kind), finding.mark))
    count = sum(len(rules.rules(kind)) for kind in kinds)
    return Proof(rules.version, count, tuple(findings))


def overlaps(rules: RuleSet, kinds: Sequence[Kind] = tuple(Kind)) -> tuple[Overlap, ...]:
    """Return every pair of rules where order matters: moving the second before the first changes a route."""
    return tuple(one for kind in kinds for one in _overlaps(decided_of(rules, kind)))


def decided_of(rules: RuleSet, kind: Kind, safety: Sequence[Property] = ()) -> Decided:
    """Return the table of a kind in a space that the properties can be asked in."""
    asked: list[Condition] = [condition for rule in rules.rules(kind) for condition in rule.when]
    asked += [condition for one in safety for condition in one.when.get(kind, ())]
    return Decided(Space(kind, asked, rules.calendars), rules.rules(kind))


def mark_of(decided: Decided, number: int) -> Mark:
    """Return where an entry stands: the last rule's place for what no rule takes."""
    if not decided.rules:
        return Mark(f"{decided.space.kind}.yaml", 1, 1)
    return decided.rules[min(number, len(decided.rules) - 1)].mark


def example_of(decided: Decided, region: int) -> dict[str, Any]:
    """Return a document of circumstances in the region."""
    return document(decided.space.circumstances(region))


def named(rules: Sequence[Rule]) -> str:
    """Return rules by name and line."""
    return " and ".join(f"'{rule.id}' (line {rule.mark.line})" for rule in rules)


def _unsafe(decided: Decided, safety: Sequence[Property]) -> Iterator[Finding]:
    """Yield where a safety property breaks."""
    for one in violations(decided, safety):
        yield Finding(
            FindingKind.UNSAFE,
            mark_of(decided, one.number),
            decided.space.kind,
            None if one.number == len(decided.rules) else decided.rules[one.number].id,
            one.message,
            (one.property,),
            decided.space.says(one.region),
            example_of(decided, one.region),
        )


def _dead(decided: Decided) -> Iterator[Finding]:
    """Yield the rules that no signal reaches."""
    kind = decided.space.kind
    for number, rule in enumerate(decided.rules):
        if not decided.boxes[number]:
            yield Finding(
                FindingKind.IMPOSSIBLE,
                rule.mark,
                kind,
                rule.id,
                f"rule '{rule.id}' can never fire: no signal can meet all of its conditions",
            )
        elif decided.taken(number) is None:
            by = _shadows(decided, number)
            together = " together" if len(by) > 1 else ""
            takes = "take" if len(by) > 1 else "takes"
            own = decided.boxes[number]
            taken = (decided.taken(n, own) for n, one in enumerate(decided.rules) if one in by)
            region = next((found for found in taken if found is not None), own[0])
            yield Finding(
                FindingKind.SHADOWED,
                rule.mark,
                kind,
                rule.id,
                f"rule '{rule.id}' can never fire: {named(by)}{together} {takes} every signal of it first",
                tuple(one.id for one in by),
                decided.space.says(own[0]),
                example_of(decided, region),
            )


def _shadows(decided: Decided, number: int) -> list[Rule]:
    """Return a smallest choice of earlier rules that together take all of a dead rule: none is spare."""
    own = decided.boxes[number]
    used: set[int] = set()
    for box in own:
        decided.space.layout.escape(box, decided.before(number), used)
    kept = [n for n in range(number) if not used.isdisjoint(decided.boxes[n])]
    for candidate in tuple(reversed(kept)):
        rest = [n for n in kept if n != candidate]
        cover = [box for n in rest for box in decided.boxes[n]]
        if all(decided.space.layout.escape(box, cover) is None for box in own):
            kept = rest
    return [decided.rules[n] for n in kept]


def _gaps(decided: Decided) -> Iterator[Finding]:
    """Yield largest regions that no rule takes, each outside of those before it."""
    nobody = len(decided.rules)
    shown: list[int] = []
    while len(shown) < GAPS_AT_MOST:
        found = decided.taken(nobody, cover=shown)
        if found is None:
            return
        region = decided.largest(nobody, found, decided.space.possible, shown)
        shown.append(region)
        told = decided.space.says(region)
        yield Finding(
            FindingKind.GAP,
            mark_of(decided, nobody),
            decided.space.kind,
            None,
            f"no rule of table '{decided.space.kind}' takes: {'; '.join(told) or 'any signal'}",
            (NO_RULE,),
            told,
            example_of(decided, region),
        )


def _overlaps(decided: Decided) -> Iterator[Overlap]:
    """Yield the pairs of different route where the first decides what the second would take as well."""
    layout = decided.space.layout
    shown = 0
    for number, rule in enumerate(decided.rules):
        first = decided.taken(number)
        free = [] if first is None else [decided.largest(number, first, decided.boxes[number])]
        for later in range(number + 1, len(decided.rules)) if free else ():
            second, boxes = decided.rules[later], decided.boxes[later]
            if rule.then.route is second.then.route or not decided.space.meets(decided.boxes[number], boxes):
                continue
            region = next((f & b for f in free for b in boxes if layout.meets(f & b)), None)
            if region is None:
                region = decided.taken(number, boxes)
                if region is None:
                    continue
                free.append(decided.largest(number, region, decided.boxes[number]))
            shown += 1
            yield Overlap(
                decided.space.kind,
                rule.id,
                rule.mark,
                second.id,
                second.mark,
                decided.space.says(region),
                example_of(decided, region) if shown <= EXAMPLES_AT_MOST else None,
            )
