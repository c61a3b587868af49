"""Cases: what a table is meant to say, written beside it, one or more for every rule.

A case gives facts by the names that rules use (`given`), a time on the wall in Leeds (`at`), and
expects a rule, a route, a priority, and whatever else of `then` it names. Facts that it does not give
take plain defaults (`witness.circumstances`). Text in, objects out, every problem at once, like the tables.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from controlroom.rules.calendars import LONDON
from controlroom.rules.conditions import read_names, read_number, read_value
from controlroom.rules.fields import UNKNOWN, Choice, Field, Number, TagSet, Text, fields_of
from controlroom.rules.model import Mark, RuleSet, Value
from controlroom.rules.names import Names
from controlroom.rules.outcomes import seconds
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Node, Scalar, describe, items, keyed, mapping, parse
from controlroom.rules.verdict import (
    NO_RULE,
    Circumstances,
    Dispatch,
    Judge,
    MergeKey,
    Partner,
    Route,
    Verdict,
)
from controlroom.rules.witness import NOON, ImpossibleFactsError, circumstances, required
from controlroom.rules.wording import duration_text, says
from controlroom.signals.vocabulary import Kind

ALSO = ("dispatch", "answer_within", "respond_within", "hold", "merge", "action_plan", "inform")
"""The keys of `then` that a case may expect beside route and priority."""

NOTHING = "none"
"""How a case expects that a verdict does not say a key."""


class Case(msgspec.Struct, frozen=True):
    """One case: circumstances and what the tables are meant to say about them.

    `also` holds further keys of `then` with the words expected of them; a key that is not there may say
    anything.
    """

    name: str
    mark: Mark
    circumstances: Circumstances
    rule: str
    route: Route
    priority: int
    also: dict[str, str] = {}

    def expected(self) -> dict[str, str]:
        """Return what is expected, key by key, in the words of `wording.says`."""
        return {"rule": self.rule, "route": str(self.route), "priority": str(self.priority), **self.also}

    def passes(self, verdict: Verdict) -> bool:
        """Return whether the verdict is the expected one."""
        found = {"rule": verdict.rule, **says(verdict)}
        return all(found[key] == words for key, words in self.expected().items())


def load_cases(files: Mapping[str, str], rules: RuleSet) -> tuple[Case, ...]:
    """Return the cases of these files (name to text); raises `InvalidRulesError` with every problem."""
    findings = Findings()
    found: list[Case] = []
    for file in sorted(files):
        tree = parse(file, files[file], findings)
        if tree is not None:
            found.extend(_file(tree, rules, findings))
    findings.stop_if_any()
    return tuple(found)


def failures(cases: Iterable[Case], judge: Judge) -> list[tuple[Case, Verdict]]:
    """Return the cases that do not pass, each with the verdict it got."""
    verdicts = ((case, judge.judge(case.circumstances)) for case in cases)
    return [(case, verdict) for case, verdict in verdicts if not case.passes(verdict)]


def uncovered(cases: Iterable[Case], rules: RuleSet) -> list[tuple[Kind, str]]:
    """Return the rules that no case expects, in table order."""
    expected = {(case.circumstances.kind, case.rule) for case in cases}
    every = [(kind, rule.id) for kind, table in rules.tables.items() for rule in table.rules]
    return [pair for pair in every if pair not in expected]


def _file(tree: Node, rules: RuleSet, findings: Findings) -> list[Case]:
    """Return the cases of one file."""
    body = keyed(tree, "the case file", findings, required=("table", "cases"))
    table = body.get("table")
    kinds = [kind.value for kind in Kind]
    if not isinstance(table, Scalar) or table.text not in kinds:
        if table is not None:
            found = table.text if isinstance(table, Scalar) else describe(table)
            findings.add(table.mark, not_allowed("table", found, kinds))
        return []
    kind = Kind(table.text)
    nodes = items(body["cases"], "`cases`", findings) if "cases" in body else ()
    cases = (_case(node, kind, rules, findings) for node in nodes)
    return [case for case in cases if case is not None]


def _case(node: Node, kind: Kind, rules: RuleSet, findings: Findings) -> Case | None:
    """Return one case; None with a finding."""
    before = len(findings.problems)
    body = keyed(node, "the case", findings, required=("name", "given", "expect"), optional=("at",))
    facts = _given(body["given"], kind, findings) if "given" in body else {}
    at = _at(body["at"], findings) if "at" in body else NOON
    expected = _expected(body["expect"], kind, rules, findings) if "expect" in body else None
    name = body.get("name")
    if expected is None or not isinstance(name, Scalar) or len(findings.problems) > before:
        return None
    try:
        given = circumstances(kind, facts, at)
    except ImpossibleFactsError as fault:
        findings.add(body["given"].mark, str(fault))
        return None
    return Case(name.text, node.mark, given, *expected)


def _given(node: Node, kind: Kind, findings: Findings) -> dict[str, Value | int | frozenset[str]]:
    """Return the facts of a case by field name."""
    body = mapping(node, "`given`", findings)
    if body is None:
        return {}
    fields = fields_of(kind)
    facts: dict[str, Value | int | frozenset[str]] = {}
    for key, value in body.entries:
        field = fields.get(key.text)
        if field is None:
            findings.add(key.mark, not_allowed("field", key.text, fields))
            continue
        fact = _fact(field, value, findings)
        if fact is not None:
            facts[key.text] = fact[0]
    written = {key.text for key, _ in body.entries}
    for name in required(kind):
        if name not in written:
            findings.add(node.mark, f"`given` has no '{name}'; every signal of this kind has one")
    return facts


def _fact(field: Field, node: Node, findings: Findings) -> tuple[Value | int | frozenset[str]] | None:
    """Return one fact, boxed because it may be None; None with a finding."""
    match field.domain:
        case Choice() | Text():
            return read_value(field, node, Names(), findings)
        case TagSet():
            return (frozenset(read_names(node, "tag", None, findings)),)
        case Number(unknown=True) if isinstance(node, Scalar) and node.text == UNKNOWN:
            return (None,)
        case Number() as domain:
            number = read_number(field.name, domain, node, findings)
            return None if number is None else (number,)


def _at(node: Node, findings: Findings) -> datetime:
    """Return the moment of a reading of the clock on the wall (the earlier one where it happens twice)."""
    try:
        return datetime.strptime(node.text if isinstance(node, Scalar) else "", "%Y-%m-%d %H:%M").replace(
            tzinfo=LONDON
        )
    except ValueError:
        findings.add(
            node.mark, f"at {describe(node)} is no time; allowed: a local time like 2026-01-14 12:00"
        )
        return NOON


def _expected(
    node: Node, kind: Kind, rules: RuleSet, findings: Findings
) -> tuple[str, Route, int, dict[str, str]] | None:
    """Return the expected rule, route and priority, and what else is expected."""
    body = keyed(node, "`expect`", findings, required=("rule", "route", "priority"), optional=ALSO)
    texts = {key: value.text for key, value in body.items() if isinstance(value, Scalar)}
    allowed = {
        "rule": [*(rule.id for rule in rules.rules(kind)), NO_RULE],
        "route": [route.value for route in Route],
        "priority": ["1", "2", "3", "4"],
    }
    good = True
    for key, words in allowed.items():
        if key in body and texts.get(key) not in words:
            findings.add(body[key].mark, not_allowed(key, texts.get(key, describe(body[key])), words))
            good = False
    if not good or len(texts) < len(allowed):
        return None
    also = {key: _words(body[key], key, findings) for key in ALSO if key in body}
    return texts["rule"], Route(texts["route"]), int(texts["priority"]), also


def _words(node: Node, key: str, findings: Findings) -> str:
    """Return the words expected of a key of `then`, in the form of `wording.says`; `none`: not there."""
    if key == "inform" and not isinstance(node, Scalar):
        return ", ".join(read_names(node, "partner", [partner.value for partner in Partner], findings))
    text = node.text if isinstance(node, Scalar) else describe(node)
    if text == NOTHING:
        return text
    if key in {"answer_within", "respond_within", "hold"}:
        return duration_text(seconds({key: node}, key, findings))
    allowed = {"dispatch": [*Dispatch], "merge": [*MergeKey], "inform": [*Partner]}.get(key)
    if allowed is not None and text not in allowed:
        findings.add(node.mark, not_allowed(key, text, [*(word.value for word in allowed), NOTHING]))
    return text
