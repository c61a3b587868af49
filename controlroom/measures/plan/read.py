"""Reading `plan-on-a-page.yaml`: from what a council wrote to the plan, or to every problem at once.

Told like the problems of the rule tables: `file:line:column`, what was found, what is allowed, and the
nearest name where one is near. Text in, objects out; who reads the file is somebody else.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from types import NoneType
from typing import Any, get_args

import pydantic
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from controlroom.measures.plan.model import Baseline, MeasureText, PlanText, Selector, Target
from controlroom.measures.plan.sense import nonsense
from controlroom.rules.model import Mark
from controlroom.rules.problems import Findings, Problem, not_allowed
from controlroom.rules.source import Entries, Items, Node, Scalar, describe, parse

Loc = Sequence[int | str]


class InvalidPlanError(ValueError):
    """The plan cannot be used; `problems` has everything found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_plan(file: str, text: str) -> PlanText:
    """Return the plan of this file; raises `InvalidPlanError` with every problem."""
    findings = Findings()
    tree = parse(file, text, findings)
    plan = None if tree is None else _validated(tree, findings)
    if tree is not None and plan is not None:
        for loc, message in nonsense(plan):
            findings.add(_at(tree, loc).mark, message)
    if findings.problems or plan is None:
        raise InvalidPlanError(findings.problems)
    return plan


def _validated(tree: Node, findings: Findings) -> PlanText | None:
    """Return the file in its shape; None, with every problem, where it has any."""
    try:
        return PlanText.model_validate(_plain(tree))
    except pydantic.ValidationError as fault:
        for problem in fault.errors():
            _told(problem, tree, findings)
        return None


def _told(problem: ErrorDetails, tree: Node, findings: Findings) -> None:
    """Say one problem in our words, at its place in the file."""
    loc = [step for step in problem["loc"] if step != "[key]"]
    owner, last = loc[:-1], str(loc[-1]) if loc else ""
    shape = _shape_at(owner)
    if problem["type"] == "missing":
        findings.add(_at(tree, owner).mark, f"{_what(tree, owner)} has no '{last}'; it must say one")
    elif problem["type"] == "extra_forbidden" and shape is not None:
        mark = _key_mark(_at(tree, owner), last)
        findings.add(mark, not_allowed(f"key of {_what(tree, owner)}", last, shape.model_fields))
    else:
        node = _at(tree, loc)
        words = _words_at(shape, last)
        found = node.text if isinstance(node, Scalar) else describe(node)
        if words:
            findings.add(node.mark, not_allowed(f"{last} of {_what(tree, owner)}", found, words))
        else:
            said = problem["msg"][:1].lower() + problem["msg"][1:]
            findings.add(node.mark, f"{last} of {_what(tree, owner)} is {describe(node)}: {said}")


def _shape_at(loc: Loc) -> type[BaseModel] | None:
    """Return the shape of what stands at this place of the file."""
    match [step for step in loc if not isinstance(step, int)]:
        case []:
            return PlanText
        case ["measures"]:
            return MeasureText
        case ["measures", "counts"]:
            return Selector
        case ["measures", "target"]:
            return Target
        case ["measures", "baseline"]:
            return Baseline
        case _:
            return None


def _words_at(shape: type[BaseModel] | None, key: str) -> list[str]:
    """Return the closed words that may stand under this key; none where it is no closed set."""
    field = shape.model_fields.get(key) if shape is not None else None
    if field is None:
        return []
    parts = get_args(field.annotation) or (field.annotation,)
    enums = [part for part in parts if isinstance(part, type) and issubclass(part, Enum)]
    literals = [part for part in parts if isinstance(part, str)]
    others = [part for part in parts if part not in (*enums, *literals, NoneType)]
    return [] if others else [*literals, *(str(word.value) for one in enums for word in one)]


def _what(tree: Node, loc: Loc) -> str:
    """Return how to name what stands at this place."""
    match loc:
        case []:
            return "the plan"
        case ["measures", int(number)]:
            named = _child(_at(tree, loc), "id")
            return f"measure '{named.text}'" if isinstance(named, Scalar) else f"measure {number + 1}"
        case ["measures", int(), *_, int(number)]:
            return f"selector {number + 1} of {_what(tree, loc[:2])}"
        case [*owner, key]:
            return f"{key} of {_what(tree, owner)}" if owner else f"`{key}`"
        case _:
            return "the plan"


def _plain(node: Node) -> Any:
    """Return the tree as plain data: all of it is text, which the shapes read."""
    match node:
        case Entries():
            return {key.text: _plain(value) for key, value in node.entries}
        case Items():
            return [_plain(one) for one in node.nodes]
        case Scalar():
            return node.text


def _at(tree: Node, loc: Loc) -> Node:
    """Return the node at this place, or the last one on the way to it that is there."""
    node = tree
    for step in loc:
        found = _child(node, step)
        if found is None:
            return node
        node = found
    return node


def _child(node: Node, step: int | str) -> Node | None:
    if isinstance(node, Entries):
        return next((value for key, value in node.entries if key.text == step), None)
    if isinstance(node, Items) and isinstance(step, int) and step < len(node.nodes):
        return node.nodes[step]
    return None


def _key_mark(node: Node, name: str) -> Mark:
    keys = node.entries if isinstance(node, Entries) else ()
    return next((key.mark for key, _ in keys if key.text == name), node.mark)
