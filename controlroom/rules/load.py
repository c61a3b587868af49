"""From the text of the tables to a rule set, or to every problem of every file at once.

Text in, objects out: who reads the files is somebody else. Nothing is half-loaded; a set with one
problem is no set.
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from controlroom.rules.almanac import read_calendars
from controlroom.rules.calendars import Calendar
from controlroom.rules.conditions import Scope, read_when
from controlroom.rules.fields import fields_of
from controlroom.rules.model import Mark, Rule, RuleSet, Table
from controlroom.rules.names import Names, with_plans
from controlroom.rules.outcomes import identifier, read_then
from controlroom.rules.parts import CONTINUES, Part, continues, whole
from controlroom.rules.plan_file import read_plans
from controlroom.rules.plans import Plan
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Node, Scalar, describe, items, keyed, parse
from controlroom.rules.verdict import NO_RULE
from controlroom.signals.vocabulary import Kind

WHY_CHARACTERS = 300
"""A `why` is one sentence on one screen line or two; longer is a manual."""

_NOTHING = Names()
_NO_PLANS: Mapping[str, Plan] = {}


def load(
    tables: Mapping[str, str],
    calendars: tuple[str, str] | None = None,
    names: Names = _NOTHING,
    plans: Mapping[str, str] | None = None,
) -> RuleSet:
    """Return the rule set of these files.

    `tables` maps file names to their text, `calendars` is the file name and text of the calendars,
    `names` the words of the estate to check against, `plans` the files of action plans like
    the tables (None: the plans that `names` knows). Raises `InvalidRulesError` with every problem.
    """
    findings = Findings()
    known = {} if calendars is None else read_calendars(*calendars, findings)
    ready: dict[str, Plan] = {}
    if plans is not None:
        ready, written = read_plans(plans, findings)
        names = with_plans(names, written)
    parts: list[Part] = []
    for file in sorted(tables):
        tree = parse(file, tables[file], findings)
        if tree is None:
            continue
        table = _table(tree, frozenset(known), names, findings)
        if table is not None:
            parts.append(Part(table, tree.mark, continues(tree, findings)))
    loaded = whole(parts, findings)
    findings.stop_if_any()
    return rule_set(loaded.values(), known, ready)


def rule_set(
    tables: Iterable[Table], calendars: Mapping[str, Calendar], plans: Mapping[str, Plan] = _NO_PLANS
) -> RuleSet:
    """Return these tables, calendars and plans as a set with its version; one table a kind."""
    by_kind = {table.kind: table for table in tables}
    return RuleSet(by_kind, dict(calendars), version(by_kind, calendars), dict(plans))


def version(tables: Mapping[Kind, Table], calendars: Mapping[str, Calendar]) -> str:
    """Return the SHA-256 (hex) over the canonical form of the set.

    Equal for equal meaning: comments, spacing, the order of files, keys and conditions leave it as it
    is; the order of rules and every word of a `why` are part of it.
    """
    canonical = {
        "tables": {kind: [_canonical(rule) for rule in table.rules] for kind, table in tables.items()},
        "calendars": {name: msgspec.structs.asdict(calendar) for name, calendar in calendars.items()},
    }
    encoded = msgspec.json.encode(_sorted(canonical), order="deterministic")
    return hashlib.sha256(encoded).hexdigest()


def _canonical(rule: Rule) -> dict[str, object]:
    """Return everything that a rule says, but not where it stands."""
    conditions = [
        {"shape": type(condition).__name__, **msgspec.structs.asdict(condition)} for condition in rule.when
    ]
    conditions.sort(key=lambda shape: (shape.get("field", ""), shape["shape"], str(shape.get("inside"))))
    return {"id": rule.id, "when": conditions, "then": msgspec.structs.asdict(rule.then), "why": rule.why}


def _sorted(value: object) -> object:
    """Return plain data whose sets became lists in one order, whatever the order of their hashes."""
    if isinstance(value, msgspec.Struct):
        return _sorted(msgspec.structs.asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _sorted(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_sorted(item) for item in value), key=lambda item: (str(type(item)), str(item)))
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value


def _table(tree: Node, calendars: frozenset[str], names: Names, findings: Findings) -> Table | None:
    """Return the table of one file; None when its kind or its list of rules cannot be read."""
    body = keyed(tree, "the table", findings, required=("table", "rules"), optional=(CONTINUES,))
    kind = _kind(body["table"], findings) if "table" in body else None
    if kind is None:
        return None
    scope = Scope(fields_of(kind), calendars, names)
    rules: list[Rule] = []
    seen: dict[str, Mark] = {}
    for node in items(body["rules"], "`rules`", findings) if "rules" in body else ():
        rule = _rule(node, scope, findings)
        if rule is None:
            continue
        if rule.id in seen:
            findings.add(
                rule.mark, f"rule '{rule.id}' stands twice, first in line {seen[rule.id].line}; rename one"
            )
        seen.setdefault(rule.id, rule.mark)
        rules.append(rule)
    return Table(kind, tuple(rules))


def _kind(node: Node, findings: Findings) -> Kind | None:
    """Return the kind that the table is for."""
    kinds = [kind.value for kind in Kind]
    if isinstance(node, Scalar) and node.text in kinds:
        return Kind(node.text)
    if isinstance(node, Scalar):
        findings.add(node.mark, not_allowed("table", node.text, kinds))
    else:
        findings.add(node.mark, f"table is {describe(node)}; allowed: {', '.join(kinds)}")
    return None


def _rule(node: Node, scope: Scope, findings: Findings) -> Rule | None:
    """Return one rule; None when it has no usable id or outcome."""
    body = keyed(node, "the rule", findings, required=("id", "when", "then", "why"))
    name = identifier(body["id"], "id", findings) if "id" in body else None
    if name == NO_RULE:
        findings.add(
            body["id"].mark, f"id '{NO_RULE}' is what a signal gets that no rule takes; choose another"
        )
    when = read_when(body["when"], scope, findings) if "when" in body else ()
    then = read_then(body["then"], scope.names, findings) if "then" in body else None
    why = _why(body["why"], findings) if "why" in body else None
    if name is None or then is None or why is None:
        return None
    return Rule(name, when, then, why, node.mark)


def _why(node: Node, findings: Findings) -> str | None:
    """Return the sentence that says why; None with a finding."""
    text = " ".join(node.text.split()) if isinstance(node, Scalar) else ""
    if not text.endswith(".") or len(text) > WHY_CHARACTERS:
        findings.add(
            node.mark,
            f"why {describe(node)} is no sentence; write one that ends with a full stop, "
            f"{WHY_CHARACTERS} characters at most",
        )
        return None
    return text
