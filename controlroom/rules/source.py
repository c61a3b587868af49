"""YAML as a tree that remembers where each word was written.

Composed with the safe loader's nodes and never turned into Python objects by YAML's own guesses: `22:00`
stays the text a person wrote, and whether a scalar was quoted is kept. A key that stands twice is a
problem here, because every later reader would silently drop one of the two.
"""

from collections.abc import Iterable
from typing import TypeAlias

import msgspec
import yaml

from controlroom.rules.model import Mark
from controlroom.rules.problems import Findings, not_allowed

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where it is built in: ten times as fast, the same nodes."""


_QUOTES = ("'", '"', "|", ">")
"""The styles in which a person says: this is text. (Plain is None or empty, by parser.)"""


class Scalar(msgspec.Struct, frozen=True):
    """One word as written; `quoted` says that it stood in quotes or as a block."""

    mark: Mark
    text: str
    quoted: bool = False


class Items(msgspec.Struct, frozen=True):
    """A list."""

    mark: Mark
    nodes: tuple["Node", ...]


class Entries(msgspec.Struct, frozen=True):
    """A mapping; keys are plain words, in written order, each once."""

    mark: Mark
    entries: tuple[tuple[Scalar, "Node"], ...]


Node: TypeAlias = Scalar | Items | Entries
"""The closed union of what can stand in a file."""


def parse(file: str, text: str, findings: Findings) -> Node | None:
    """Return the tree of one file; None when it is no YAML or empty, which is then among the findings."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
        if node is None:
            findings.add(Mark(file, 1, 1), "the file is empty")
            return None
        return _tree(file, node, findings)
    except yaml.MarkedYAMLError as fault:
        at = fault.problem_mark or fault.context_mark
        mark = Mark(file, 1, 1) if at is None else _mark(file, at)
        findings.add(mark, f"this is no YAML: {fault.problem or fault.context}")
    except (yaml.reader.ReaderError, RecursionError) as fault:
        findings.add(Mark(file, 1, 1), f"this is no YAML: {str(fault).splitlines()[0]}")
    return None


def describe(node: Node) -> str:
    """Return how to name a node in a message."""
    match node:
        case Scalar():
            return f"'{node.text}'"
        case Items():
            return "a list"
        case Entries():
            return "a mapping"


def mapping(node: Node, what: str, findings: Findings) -> Entries | None:
    """Return the node as a mapping, or None with a finding."""
    if isinstance(node, Entries):
        return node
    findings.add(node.mark, f"{what} is {describe(node)}; it must be a mapping (key: value)")
    return None


def items(node: Node, what: str, findings: Findings) -> tuple[Node, ...]:
    """Return the nodes of a list; none, with a finding, when it is something else or empty."""
    if not isinstance(node, Items):
        findings.add(node.mark, f"{what} is {describe(node)}; it must be a list")
        return ()
    if not node.nodes:
        findings.add(node.mark, f"{what} is an empty list; write at least one entry, or leave the key out")
    return node.nodes


def keyed(
    node: Node, what: str, findings: Findings, *, required: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, Node]:
    """Return the values by key; unknown keys and missing ones are findings."""
    body = mapping(node, what, findings)
    if body is None:
        return {}
    must = tuple(required)
    allowed = (*must, *optional)
    found: dict[str, Node] = {}
    for key, value in body.entries:
        if key.text in allowed:
            found[key.text] = value
        else:
            findings.add(key.mark, not_allowed(f"key of {what}", key.text, allowed))
    for key_name in must:
        if key_name not in found:
            findings.add(node.mark, f"{what} has no '{key_name}'; it must say one")
    return found


def _tree(file: str, node: yaml.Node, findings: Findings) -> Node:
    """Return our form of a YAML node."""
    mark = _mark(file, node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        return Items(mark, tuple(_tree(file, item, findings) for item in node.value))
    if isinstance(node, yaml.MappingNode):
        return Entries(mark, tuple(_entries(file, node, findings)))
    return Scalar(mark, node.value, quoted=isinstance(node, yaml.ScalarNode) and node.style in _QUOTES)


def _entries(file: str, node: yaml.MappingNode, findings: Findings) -> list[tuple[Scalar, Node]]:
    """Return the entries of a mapping; a key that is no word or stands twice is a finding."""
    found: dict[str, tuple[Scalar, Node]] = {}
    for key_node, value_node in node.value:
        mark = _mark(file, key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            findings.add(mark, "a key is no single word; write `key: value`")
        elif key_node.value in found:
            first = found[key_node.value][0].mark
            findings.add(mark, f"key '{key_node.value}' stands twice, first in line {first.line}; keep one")
        else:
            key = Scalar(mark, key_node.value)
            found[key.text] = (key, _tree(file, value_node, findings))
    return list(found.values())


def _mark(file: str, mark: yaml.Mark) -> Mark:
    """Return YAML's place in a file, counted from 1."""
    return Mark(file, mark.line + 1, mark.column + 1)
