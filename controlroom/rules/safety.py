"""Safety properties: what must hold of every verdict, whatever the tables say, read from `safety.yaml`.

A property names tables, the signals that it is about (`when`, in the words of the tables) and perhaps the
verdicts that it is about (`verdict`); `require` is what each such verdict must then say. `verify` proves
it for every signal, or shows one for which it fails. `life: true` marks what threatens a life: a change
of rules that touches it is shown before all others.
"""

from collections.abc import Mapping

import msgspec

from controlroom.rules.conditions import Scope, read_when
from controlroom.rules.fields import Origin, fields_of
from controlroom.rules.load import WHY_CHARACTERS
from controlroom.rules.model import Condition, Mark
from controlroom.rules.names import Names
from controlroom.rules.outcomes import DURATION, PRIORITIES, identifier, partners, seconds, word_of
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Node, Scalar, describe, items, keyed, parse
from controlroom.rules.verdict import Dispatch, Partner, Route, Verdict
from controlroom.signals.vocabulary import Kind

SAFETY_FILE = "safety.yaml"
"""The file beside the tables that is no table."""

STATED = "stated"
"""The word for a limit that has to be there, however long."""

NEVER = "never"
"""The word for a hold that must not be there."""

ALL = "all"
"""The word for every table."""


LONGEST_S = 1_000_000_000
"""Longer than any duration a table can write: how long a verdict without a limit may take. Seconds."""


class Limit(msgspec.Struct, frozen=True):
    """A time that a verdict has to state, `at_most_s` seconds long; None: of any length."""

    at_most_s: int | None


class Requirement(msgspec.Struct, frozen=True):
    """What a verdict must say; None and empty ask nothing.

    `hold` False forbids a hold. `unmoved_by` names fields whose value may not change the verdict,
    `inform_never` partners whom it may not name.
    """

    route: Route | None = None
    priority_at_most: int | None = None
    priority_at_least: int | None = None
    answer_within: Limit | None = None
    respond_within: Limit | None = None
    hold: bool = True
    unmoved_by: tuple[str, ...] = ()
    inform_never: tuple[Partner, ...] = ()


class Property(msgspec.Struct, frozen=True):
    """One thing that must hold: the signals by kind, the verdicts that are meant, and what they must say."""

    id: str
    when: dict[Kind, tuple[Condition, ...]]
    require: Requirement
    why: str
    mark: Mark
    route: Route | None = None
    dispatch: Dispatch | None = None
    life: bool = False

    def concerns(self, verdict: Verdict) -> bool:
        """Return whether the property is about verdicts like this one."""
        return self.route in {None, verdict.route} and self.dispatch in {None, verdict.dispatch}


def broken(require: Requirement, verdict: Verdict) -> str | None:
    """Return what the verdict says against the requirement, in words; None where it keeps it."""
    if require.route not in {None, verdict.route}:
        return f"says route {verdict.route}, not {require.route}"
    if require.priority_at_most is not None and verdict.priority > require.priority_at_most:
        return f"says priority {verdict.priority}, not {require.priority_at_most} or more urgent"
    if require.priority_at_least is not None and verdict.priority < require.priority_at_least:
        return f"says priority {verdict.priority}, not {require.priority_at_least} or less urgent"
    told = sorted(set(require.inform_never) & set(verdict.inform))
    if told:
        return f"informs {told[0]}"
    if not require.hold and verdict.hold_s is not None:
        return f"holds the signal for {verdict.hold_s} s"
    limits = (
        ("answer", require.answer_within, verdict.answer_within_s),
        ("response", require.respond_within, verdict.respond_within_s),
    )
    for name, limit, found in limits:
        if limit is not None and found is None:
            return f"states no {name} time"
        if limit is not None and limit.at_most_s is not None and (found or 0) > limit.at_most_s:
            return f"allows {found} s for the {name}, not {limit.at_most_s} s"
    return None


def quietness(verdict: Verdict) -> tuple[int, ...]:
    """Return how quiet a verdict is, to compare: what `unmoved_by` looks at, quieter is greater."""
    return (
        verdict.route is Route.LOG,
        verdict.priority,
        verdict.dispatch is Dispatch.OPERATOR,
        LONGEST_S if verdict.answer_within_s is None else verdict.answer_within_s,
        LONGEST_S if verdict.respond_within_s is None else verdict.respond_within_s,
        verdict.hold_s or 0,
    )


def load_safety(file: str, text: str, names: Names | None = None) -> tuple[Property, ...]:
    """Return the properties of the file; raises `InvalidRulesError` with every problem."""
    findings = Findings()
    tree = parse(file, text, findings)
    found: list[Property] = []
    if tree is not None:
        top = keyed(tree, "the safety file", findings, required=("properties",))
        for node in items(top["properties"], "`properties`", findings) if "properties" in top else ():
            one = _property(node, names or Names(), findings)
            if one is not None and one.id in {other.id for other in found}:
                findings.add(one.mark, f"property '{one.id}' stands twice; rename one")
            if one is not None:
                found.append(one)
    findings.stop_if_any()
    return tuple(found)


def _property(node: Node, names: Names, findings: Findings) -> Property | None:
    """Return one property; None with a finding."""
    body = keyed(
        node,
        "the property",
        findings,
        required=("id", "tables", "when", "require", "why"),
        optional=("verdict", "life"),
    )
    name = identifier(body["id"], "id", findings) if "id" in body else None
    kinds = _kinds(body["tables"], findings) if "tables" in body else ()
    when = {}
    if "when" in body:
        for kind in kinds:
            scope = Scope(fields_of(kind), frozenset(), names)
            when[kind] = read_when(body["when"], scope, findings)
    about = (
        keyed(body["verdict"], "`verdict`", findings, required=(), optional=("route", "dispatch"))
        if ("verdict" in body)
        else {}
    )
    require = _requirement(body["require"], kinds, findings) if "require" in body else None
    why = body.get("why")
    if why is not None and (not isinstance(why, Scalar) or not why.text.endswith(".")):
        findings.add(
            why.mark,
            f"why {describe(why)} is no sentence; write one that ends with a full stop, "
            f"{WHY_CHARACTERS} characters at most",
        )
    life = _flag(body.get("life"), findings)
    if name is None or require is None or not isinstance(why, Scalar):
        return None
    return Property(
        name,
        when,
        require,
        " ".join(why.text.split()),
        node.mark,
        word_of(about, "route", Route, findings),
        word_of(about, "dispatch", Dispatch, findings),
        life,
    )


def _kinds(node: Node, findings: Findings) -> tuple[Kind, ...]:
    """Return the kinds of one word or a list of words."""
    if isinstance(node, Scalar) and node.text == ALL:
        return tuple(Kind)
    allowed = [kind.value for kind in Kind]
    found: list[Kind] = []
    for one in (node,) if isinstance(node, Scalar) else items(node, "tables", findings):
        if isinstance(one, Scalar) and one.text in allowed:
            found.append(Kind(one.text))
        else:
            text = one.text if isinstance(one, Scalar) else describe(one)
            findings.add(one.mark, not_allowed("table", text, [ALL, *allowed]))
    return tuple(found)


def _flag(node: Node | None, findings: Findings) -> bool:
    """Return a yes or no; absent is no."""
    if node is None:
        return False
    if not isinstance(node, Scalar) or node.text not in {"true", "false"}:
        findings.add(node.mark, f"life is {describe(node)}; allowed: true, false")
        return False
    return node.text == "true"


def _requirement(node: Node, kinds: tuple[Kind, ...], findings: Findings) -> Requirement | None:
    """Return what is required; None with a finding."""
    optional = Requirement.__struct_fields__
    body = keyed(node, "`require`", findings, required=(), optional=optional)
    if not body:
        findings.add(node.mark, f"`require` asks nothing; allowed: {', '.join(optional)}")
        return None
    hold = body.get("hold")
    if hold is not None and not (isinstance(hold, Scalar) and hold.text == NEVER):
        findings.add(hold.mark, f"hold is {describe(hold)}; allowed: {NEVER}")
    return Requirement(
        word_of(body, "route", Route, findings),
        _priority(body, "priority_at_most", findings),
        _priority(body, "priority_at_least", findings),
        _limit(body, "answer_within", findings),
        _limit(body, "respond_within", findings),
        hold is None,
        _unmoved(body.get("unmoved_by"), kinds, findings),
        partners(body.get("inform_never"), findings),
    )


def _priority(body: Mapping[str, Node], key: str, findings: Findings) -> int | None:
    node = body.get(key)
    if node is None:
        return None
    if isinstance(node, Scalar) and not node.quoted and node.text in map(str, PRIORITIES):
        return int(node.text)
    findings.add(node.mark, f"{key} {describe(node)} is impossible; allowed: 1, 2, 3, 4")
    return None


def _limit(body: Mapping[str, Node], key: str, findings: Findings) -> Limit | None:
    """Return how long a stated time may be; None where it is not required."""
    node = body.get(key)
    if node is None:
        return None
    if isinstance(node, Scalar) and node.text == STATED:
        return Limit(None)
    if isinstance(node, Scalar) and DURATION.fullmatch(node.text):
        return Limit(seconds({key: node}, key, findings))
    findings.add(
        node.mark, f"{key} {describe(node)} is no limit; allowed: {STATED}, or a duration like 30s, 20min, 4h"
    )
    return None


def _unmoved(node: Node | None, kinds: tuple[Kind, ...], findings: Findings) -> tuple[str, ...]:
    """Return the fields that may not move the verdict: facts of the room, which change from hour to hour."""
    if node is None:
        return ()
    allowed = [
        name for name, field in (fields_of(kinds[0]) if kinds else {}).items() if field.origin is Origin.ROOM
    ]
    found: list[str] = []
    for one in (node,) if isinstance(node, Scalar) else items(node, "unmoved_by", findings):
        text = one.text if isinstance(one, Scalar) else describe(one)
        if text in allowed:
            found.append(text)
        else:
            findings.add(one.mark, not_allowed("field of the room", text, allowed))
    return tuple(found)
