"""A file's tree as plain data, and the way back: from a place in the data to the line it was written on."""

from collections.abc import Iterable
from typing import Any

from controlroom.rules.model import Mark
from controlroom.rules.source import Entries, Items, Node, Scalar


def plain(node: Node) -> Any:
    """Return the tree as plain data; an unquoted `true` or `false` is a truth, all else is text."""
    match node:
        case Entries():
            return {key.text: plain(value) for key, value in node.entries}
        case Items():
            return [plain(one) for one in node.nodes]
        case Scalar(text="true" | "false", quoted=False):
            return node.text == "true"
        case Scalar():
            return node.text


def at(tree: Node, steps: Iterable[int | str]) -> Node:
    """Return the node at this place, or the last one on the way to it that is there."""
    node = tree
    for step in steps:
        found = child(node, step)
        if found is None:
            return node
        node = found
    return node


def child(node: Node, step: int | str) -> Node | None:
    """Return what stands under this key or number; None where nothing does."""
    if isinstance(node, Entries):
        return next((value for key, value in node.entries if key.text == step), None)
    if isinstance(node, Items) and isinstance(step, int):
        return node.nodes[step]
    return None


def key_mark(node: Node, name: str) -> Mark:
    """Return where this key stands."""
    keys = node.entries if isinstance(node, Entries) else ()
    return next((key.mark for key, _ in keys if key.text == name), node.mark)
