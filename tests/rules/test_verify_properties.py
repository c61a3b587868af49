"""The proofs against brute force: on small spaces every point is asked, and both must tell the same."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.rules.difference import difference
from controlroom.rules.evaluate import first_match, holds, judge_plainly
from controlroom.rules.examples import circumstances_of, text
from controlroom.rules.explain import by_priority, by_route, smallest_changes
from controlroom.rules.fields import Origin, fields_of, read
from controlroom.rules.load import rule_set
from controlroom.rules.model import RuleSet, Table
from controlroom.rules.safety import Limit, Property, Requirement, broken, quietness
from controlroom.rules.verdict import Circumstances, Route
from controlroom.rules.verify import FindingKind, overlaps, verify
from controlroom.rules.wording import says
from controlroom.signals.vocabulary import Kind
from tests.rules.random_tables import CALENDARS, every_point, tables

KIND = Kind.HELP_POINT
SPACES: tuple[tuple[str, ...], ...] = (
    ("step", "known", "on_test", "repeats"),
    ("step", "tags", "known"),
    ("site_kind", "known", "risk"),
    ("step", "set_state", "repeats"),
)
POINTS: dict[tuple[str, ...], tuple[Circumstances, ...]] = {
    names: tuple(every_point(names)) for names in SPACES
}

seeds = st.integers(0, 2**32)
spaces = st.sampled_from(SPACES)
counts = st.integers(1, 9)
few = settings(max_examples=60, deadline=None)


def _small(seed: int, names: tuple[str, ...], count: int) -> RuleSet:
    return tables(Random(seed), KIND, count, names)


def _decider(rules: RuleSet, point: Circumstances) -> str | None:
    rule = first_match(rules, point)
    return None if rule is None else rule.id


def _example(found: object) -> Circumstances:
    return circumstances_of(json.dumps(found))


@few
@given(seed=seeds, names=spaces, count=counts)
def test_dead_rules_and_gaps_are_those_of_brute_force(seed: int, names: tuple[str, ...], count: int) -> None:
    """A rule is said never to fire exactly when no point reaches it, a gap when one falls through."""
    rules = _small(seed, names, count)
    deciders = {_decider(rules, point) for point in POINTS[names]}
    proof = verify(rules, kinds=(KIND,))
    dead = {one.rule for one in proof.findings if one.kind is not FindingKind.GAP}
    assert dead == {rule.id for rule in rules.rules(KIND)} - deciders
    assert any(one.kind is FindingKind.GAP for one in proof.findings) == (None in deciders)


@few
@given(seed=seeds, names=spaces, count=counts)
def test_every_example_shows_its_finding(seed: int, names: tuple[str, ...], count: int) -> None:
    """The example of a gap falls through; of a shadowed rule, it fits that and one of its shadows."""
    rules = _small(seed, names, count)
    for finding in verify(rules, kinds=(KIND,)).findings:
        if finding.example is None:
            assert finding.kind is FindingKind.IMPOSSIBLE
            continue
        point = _example(finding.example)
        if finding.kind is FindingKind.GAP:
            assert _decider(rules, point) is None
            continue
        fits = {r.id for r in rules.rules(KIND) if all(holds(c, point, CALENDARS) for c in r.when)}
        assert finding.rule in fits
        assert fits & set(finding.by)


@few
@given(seed=seeds, names=spaces, count=counts)
def test_none_of_the_shadows_is_spare(seed: int, names: tuple[str, ...], count: int) -> None:
    """The rules that shadow a dead rule take all of it, and without any one of them they do not."""
    rules = _small(seed, names, count)
    table = {rule.id: rule for rule in rules.rules(KIND)}
    for finding in verify(rules, kinds=(KIND,)).findings:
        if finding.kind is FindingKind.SHADOWED and finding.rule is not None:
            for left_out in (None, *finding.by):
                kept = tuple(table[name] for name in finding.by if name != left_out)
                alone = rule_set([Table(KIND, (*kept, table[finding.rule]))], CALENDARS)
                reached = finding.rule in {_decider(alone, point) for point in POINTS[names]}
                assert reached == (left_out is not None)


@few
@given(seed=seeds, names=spaces, count=counts)
def test_order_matters_where_brute_force_says_so(seed: int, names: tuple[str, ...], count: int) -> None:
    """Two rules are a pair exactly when some point is the first one's, fits the second, and routes differ."""
    rules = _small(seed, names, count)
    expected = set()
    for point in POINTS[names]:
        fits = [r for r in rules.rules(KIND) if all(holds(c, point, CALENDARS) for c in r.when)]
        expected |= {(fits[0].id, r.id) for r in fits[1:] if r.then.route is not fits[0].then.route}
    assert {(one.first, one.second) for one in overlaps(rules, (KIND,))} == expected


REQUIREMENTS = (
    Requirement(route=Route.MOBILE_RESPONSE),
    Requirement(priority_at_most=2),
    Requirement(answer_within=Limit(60)),
    Requirement(respond_within=Limit(None)),
    Requirement(unmoved_by=("repeats",)),
    Requirement(unmoved_by=("set_state", "on_test")),
)


@few
@given(seed=seeds, names=spaces, count=counts, require=st.sampled_from(REQUIREMENTS))
def test_a_property_breaks_where_brute_force_says_so(
    seed: int, names: tuple[str, ...], count: int, require: Requirement
) -> None:
    """A safety property is found broken exactly when a point breaks it, or two that differ in one fact."""
    rules = _small(seed, names, count)
    when = tables(Random(seed + 1), KIND, 1, names).rules(KIND)[0].when
    one = Property("p", {KIND: when}, require, "Why.", rules.rules(KIND)[0].mark)
    found = [f for f in verify(rules, (one,), (KIND,)).findings if f.kind is FindingKind.UNSAFE]
    meant = [p for p in POINTS[names] if all(holds(c, p, CALENDARS) for c in when)]
    judged = [(point, judge_plainly(rules, point)) for point in meant]
    wrong = any(broken(require, verdict) for _, verdict in judged)
    for field in require.unmoved_by:
        groups: dict[object, set[object]] = {}
        for point, verdict in judged:
            groups.setdefault(_key(point, without=field), set()).add(quietness(verdict))
        wrong |= any(len(group) > 1 for group in groups.values())
    assert bool(found) == wrong
    for finding in found:
        point = _example(finding.example)
        assert (finding.rule or "no-rule") == judge_plainly(rules, point).rule


def _key(point: Circumstances, *, without: str) -> tuple[object, ...]:
    fields = fields_of(KIND).items()
    return (point.now, *(read(field, point) for name, field in fields if name != without))


@few
@given(seed=seeds, names=spaces, count=counts)
def test_the_difference_is_that_of_brute_force(seed: int, names: tuple[str, ...], count: int) -> None:
    """Two sets differ by exactly the pairs of verdicts that change at a point, each with an example."""
    random = Random(seed)
    old = _small(seed, names, count)
    order = list(old.rules(KIND))
    if random.random() < 0.5:
        random.shuffle(order)
    else:
        order[random.randrange(count)] = _small(seed + 1, names, count).rules(KIND)[random.randrange(count)]
    new = rule_set([Table(KIND, tuple(order))], CALENDARS)
    found = difference(old, new)
    pairs = {(one.old, one.new) for one in found.changes}
    judged = [(judge_plainly(old, point), judge_plainly(new, point)) for point in POINTS[names]]
    assert pairs == {(before.rule, after.rule) for before, after in judged if says(before) != says(after)}
    for one in found.changes:
        for region in one.regions:
            point = _example(region.example)
            assert (judge_plainly(old, point).rule, judge_plainly(new, point).rule) == (one.old, one.new)


@pytest.mark.parametrize("elsewhere", [by_route, by_priority])
@settings(max_examples=40, deadline=None)
@given(seed=seeds, names=spaces, count=counts, start=seeds)
def test_the_smallest_change_is_smallest(
    seed: int, names: tuple[str, ...], count: int, start: int, elsewhere: object
) -> None:
    """The change shown changes the verdict, and no point that differs in fewer facts has another one."""
    assert callable(elsewhere)
    rules = _small(seed, names, count)
    points = POINTS[names]
    origin = points[start % len(points)]
    now = elsewhere(judge_plainly(rules, origin))
    asked = {c.field for rule in rules.rules(KIND) for c in rule.when}
    other = [_distance(origin, p, asked) for p in points if elsewhere(judge_plainly(rules, p)) != now]
    found = smallest_changes(rules, origin, elsewhere)
    assert bool(found) == bool(other)
    for one in found:
        assert elsewhere(judge_plainly(rules, one.circumstances)) != now
        assert one.verdict == judge_plainly(rules, one.circumstances)
        assert _distance(origin, one.circumstances, asked) == min(other)


def _distance(origin: Circumstances, other: Circumstances, asked: set[str]) -> int:
    """Return in how many facts two points differ; a place that becomes known or unknown is one fact."""
    fields = fields_of(KIND)
    moved = (origin.place is None) != (other.place is None)
    names = {
        name
        for name, field in fields.items()
        if name in {*asked, "step"} and name != "known" and not (moved and field.origin is Origin.ESTATE)
    }
    different = sum(read(fields[name], origin) != read(fields[name], other) for name in names)
    times = {name: c.holds(origin.now) != c.holds(other.now) for name, c in CALENDARS.items()}
    return different + moved + any(times.values())


@few
@given(seed=seeds, names=spaces)
def test_an_example_reads_back_as_it_was(seed: int, names: tuple[str, ...]) -> None:
    """A document of circumstances is read back to the same circumstances."""
    point = POINTS[names][seed % len(POINTS[names])]
    assert circumstances_of(text(point)) == point
