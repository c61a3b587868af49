"""Reading `when`: from what a person wrote to the small shapes of the model.

A field takes a word, a list of words (one of), or `{not: word or list}`; a number takes a number or
`{from:, to:}`; tags take `{any:, all:, none:}`; `during` and `outside` take calendar names. The word
`unknown` asks that the fact is unknown; nothing else matches an unknown fact.
"""

import re
from collections.abc import Iterable, Mapping
from typing import assert_never

import msgspec

from controlroom.rules.fields import UNKNOWN, Choice, Field, Number, TagSet, Text
from controlroom.rules.model import Between, Condition, During, NoneOf, OneOf, Tagged, Value
from controlroom.rules.names import Names
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Entries, Items, Node, Scalar, describe, items, keyed, mapping

CALENDAR_KEYS = ("during", "outside")
"""The two keys of `when` that ask the time instead of a fact."""


class Scope(msgspec.Struct, frozen=True):
    """What the conditions of one table may name."""

    fields: Mapping[str, Field]
    calendars: frozenset[str]
    names: Names


def read_when(node: Node, scope: Scope, findings: Findings) -> tuple[Condition, ...]:
    """Return the conditions of one rule in written order; `{}` is no condition: every signal."""
    body = mapping(node, "`when`", findings)
    found: list[Condition | None] = []
    for key, value in () if body is None else body.entries:
        if key.text in CALENDAR_KEYS:
            found.append(_during(key, value, scope, findings))
        elif (field := scope.fields.get(key.text)) is None:
            findings.add(key.mark, not_allowed("field", key.text, (*scope.fields, *CALENDAR_KEYS)))
        else:
            found.append(_condition(field, value, scope.names, findings))
    return tuple(condition for condition in found if condition is not None)


def read_value(field: Field, node: Node, names: Names, findings: Findings) -> tuple[Value] | None:
    """Return the one word written for a field, boxed because it may be None; None with a finding."""
    domain = field.domain
    if not isinstance(domain, Choice | Text):
        raise TypeError(f"{field.name} holds no words")
    if not isinstance(node, Scalar):
        findings.add(node.mark, f"{field.name} is {describe(node)}; allowed: {_allowed(domain)}")
        return None
    if node.text == UNKNOWN and domain.unknown:
        return (None,)
    if isinstance(domain, Text):
        return _text(field.name, domain, node, names, findings)
    for value in domain.values:
        if word(value) == node.text and not (isinstance(value, bool) and node.quoted):
            return (value,)
    if node.quoted and node.text in _words(domain):
        findings.add(node.mark, f"{field.name} '{node.text}' is quoted text; write it without the quotes")
    else:
        findings.add(node.mark, not_allowed(field.name, node.text, _words(domain)))
    return None


def read_number(field: str, domain: Number, node: Node, findings: Findings) -> int | None:
    """Return a whole number of the domain, or None with a finding."""
    if isinstance(node, Scalar) and not node.quoted and re.fullmatch(r"-?[0-9]{1,9}", node.text):
        number = int(node.text)
        if number >= domain.low and (domain.high is None or number <= domain.high):
            return number
    findings.add(node.mark, f"{field} {describe(node)} is impossible; allowed: {_allowed(domain)}")
    return None


def word(value: Value) -> str:
    """Return how a table writes this value."""
    if value is None:
        return UNKNOWN
    return str(value).lower() if isinstance(value, bool) else str(value)


def _condition(field: Field, node: Node, names: Names, findings: Findings) -> Condition | None:
    """Return the condition on a fact."""
    match field.domain:
        case Choice() | Text():
            return _words_condition(field, node, names, findings)
        case Number():
            return _number(field, field.domain, node, findings)
        case TagSet():
            return _tags(field.name, node, names, findings)
        case _:
            assert_never(field.domain)


def _words_condition(field: Field, node: Node, names: Names, findings: Findings) -> OneOf | NoneOf | None:
    """Return one of these words, or none of them for `{not: ...}`."""
    if not isinstance(node, Entries):
        values = _values(field, node, names, findings)
        return OneOf(field.name, values) if values else None
    body = keyed(node, f"the condition on {field.name}", findings, required=("not",))
    refused = _values(field, body["not"], names, findings) if "not" in body else None
    if refused is None:
        return None
    if isinstance(field.domain, Choice):
        rest = frozenset(field.domain.values) - refused
        if not rest:
            findings.add(
                node.mark, f"{field.name}: `not` refuses every known value, so nothing is left to match"
            )
            return None
        return OneOf(field.name, rest)
    return NoneOf(field.name, frozenset(value for value in refused if isinstance(value, str)))


def _values(field: Field, node: Node, names: Names, findings: Findings) -> frozenset[Value] | None:
    """Return the values of one word or a list of words; None with a finding when any of them is wrong."""
    nodes = items(node, field.name, findings) if isinstance(node, Items) else (node,)
    boxed = [read_value(field, one, names, findings) for one in nodes]
    whole = [box[0] for box in boxed if box is not None]
    return frozenset(whole) if boxed and len(whole) == len(boxed) else None


def _text(field: str, domain: Text, node: Scalar, names: Names, findings: Findings) -> tuple[Value] | None:
    """Return an open text that the world knows and the pattern allows."""
    known = names.of(field)
    if known is not None and node.text not in known:
        findings.add(node.mark, not_allowed(field, node.text, sorted(known)))
        return None
    if domain.pattern is not None and re.search(domain.pattern, node.text) is None:
        findings.add(node.mark, f"{field} '{node.text}' is impossible; allowed: {_allowed(domain)}")
        return None
    return (node.text,)


def _number(field: Field, domain: Number, node: Node, findings: Findings) -> Between | OneOf | None:
    """Return a range of whole numbers, or `unknown`."""
    if isinstance(node, Scalar) and node.text == UNKNOWN and domain.unknown:
        return OneOf(field.name, frozenset({None}))
    if not isinstance(node, Entries):
        number = read_number(field.name, domain, node, findings)
        return None if number is None else Between(field.name, number, number)
    body = keyed(node, f"the range of {field.name}", findings, required=(), optional=("from", "to"))
    ends = {key: read_number(field.name, domain, one, findings) for key, one in body.items()}
    if not ends:
        findings.add(node.mark, f"the range of {field.name} has neither `from` nor `to`; write one or both")
        return None
    if None in ends.values():
        return None
    low, high = ends.get("from", domain.low), ends.get("to", domain.high)
    if low is not None and high is not None and low > high:
        findings.add(node.mark, f"the range of {field.name} from {low} to {high} is empty; swap the ends")
        return None
    return None if low is None else Between(field.name, low, high)


def _tags(field: str, node: Node, names: Names, findings: Findings) -> Tagged | None:
    """Return a condition on tags."""
    body = keyed(node, "the condition on tags", findings, required=(), optional=("any", "all", "none"))
    sets: dict[str, frozenset[str]] = {}
    for key, value in body.items():
        sets[key] = frozenset(read_names(value, "tag", names.tags, findings))
    if isinstance(node, Entries) and not node.entries:
        findings.add(node.mark, "the condition on tags is empty; allowed: any, all, none")
        return None
    tagged = Tagged(field, **sets)
    both = tagged.none & (tagged.all | (tagged.any if len(tagged.any) == 1 else frozenset()))
    if both:
        findings.add(node.mark, f"tag '{min(both)}' is asked for and refused, so nothing can match")
    return tagged


def _during(key: Scalar, node: Node, scope: Scope, findings: Findings) -> During | None:
    """Return a condition on the time."""
    found = read_names(node, "calendar", scope.calendars, findings)
    return During(frozenset(found), key.text == "during") if found else None


def read_names(node: Node, what: str, known: Iterable[str] | None, findings: Findings) -> tuple[str, ...]:
    """Return one name or a list of names, each known (`known` None: any) and once."""
    nodes = items(node, f"the list of {what}s", findings) if isinstance(node, Items) else (node,)
    found: list[str] = []
    for one in nodes:
        if not isinstance(one, Scalar):
            findings.add(one.mark, f"a {what} is {describe(one)}; it must be a name")
        elif known is not None and one.text not in known:
            findings.add(one.mark, not_allowed(what, one.text, sorted(known)))
        elif one.text in found:
            findings.add(one.mark, f"{what} '{one.text}' stands twice; keep one")
        else:
            found.append(one.text)
    return tuple(found)


def _words(domain: Choice) -> tuple[str, ...]:
    """Return the words of a closed domain, as a table writes them."""
    return tuple(word(value) for value in domain.values) + ((UNKNOWN,) if domain.unknown else ())


def _allowed(domain: Choice | Text | Number) -> str:
    """Return what may stand here, for a message."""
    match domain:
        case Choice():
            return ", ".join(_words(domain))
        case Text():
            return "text" if domain.pattern is None else f"text like {domain.pattern}"
        case Number(high=None):
            return f"a whole number from {domain.low}"
        case Number():
            return f"a whole number from {domain.low} to {domain.high}"
        case _:
            assert_never(domain)
