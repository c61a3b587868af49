"""Reading `plans/*.yaml`: from what a council wrote to action plans, or to every problem of every file.

The shapes are pydantic's, as of every file that people write; what it finds is told like the problems of
the tables, at `file:line:column`, with what was found and what is allowed. Text in, objects out.
"""

from collections.abc import Mapping, Sequence

import pydantic
from pydantic import BaseModel, TypeAdapter
from pydantic_core import ErrorDetails

from controlroom.rules.model import Mark
from controlroom.rules.plans import STEP_CHARACTERS, STEPS_MAX, TITLE_CHARACTERS, Plan, PlanFile, Step
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Entries, Items, Node, Scalar, describe, parse
from controlroom.rules.tree import at, child, key_mark, plain

_READER = TypeAdapter(PlanFile)

_NAMES = "small letters, digits and dashes, a letter first, 64 at most"
"""What a name of a plan or a step is."""

_ALLOWED = {
    "bool_type": "true, false (without quotes)",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "list_type": "a list",
    "string_too_short": "some words",
    "too_short": "at least one entry",
    "too_long": f"at most {STEPS_MAX} entries",
}
"""What may stand where pydantic finds one of these; other kinds of problem are told by `_told`."""


def read_plans(files: Mapping[str, str], findings: Findings) -> tuple[dict[str, Plan], frozenset[str] | None]:
    """Return the plans of these files (name to text) by name, and every name that is written in them.

    Names of plans with faults are among them, so that one bad step is not told once more for every rule
    that names its plan. None: a file does not say which plans there are.
    """
    plans: dict[str, Plan] = {}
    marks: dict[str, Mark] = {}
    told = True
    for file in sorted(files):
        tree = parse(file, files[file], findings)
        top = None if tree is None else child(tree, "plans")
        if tree is not None:
            plans |= _validated(tree, findings)
            _doubled_steps(tree, findings)
        if not isinstance(top, Entries):
            told = False
            continue
        for key, _ in top.entries:
            first = marks.setdefault(key.text, key.mark)
            if first is not key.mark:
                findings.add(key.mark, f"plan '{key.text}' stands twice, first in {first.file}; rename one")
    return plans, frozenset(marks) if told else None


def _validated(tree: Node, findings: Findings) -> dict[str, Plan]:
    """Return the plans of one file; none, with every problem, where it has any."""
    try:
        return _READER.validate_python(plain(tree)).plans
    except pydantic.ValidationError as fault:
        for problem in fault.errors():
            _told(problem, tree, findings)
        return {}


def _told(problem: ErrorDetails, tree: Node, findings: Findings) -> None:
    """Say one problem in our words, at its place in the file."""
    steps = [step for step in problem["loc"] if step != "[key]"]
    kind, owner, last = problem["type"], steps[:-1], str(steps[-1]) if steps else ""
    if kind == "missing":
        findings.add(at(tree, owner).mark, f"{_what(owner)} has no '{last}'; it must say one")
    elif kind == "extra_forbidden":
        mark = key_mark(at(tree, owner), last)
        findings.add(mark, not_allowed(f"key of {_what(owner)}", last, _keys(len(owner))))
    elif "[key]" in problem["loc"]:
        findings.add(key_mark(at(tree, owner), last), f"plan '{last}' is no name; allowed: {_NAMES}")
    else:
        node = at(tree, steps)
        findings.add(node.mark, f"{_what(steps)} {_found(node)}; allowed: {_may_be(kind, last)}")


def _found(node: Node) -> str:
    """Return what stands there instead, as the end of a sentence."""
    match node:
        case Items(nodes=()) | Entries(entries=()):
            return "is empty"
        case Items() if len(node.nodes) > STEPS_MAX:
            return f"has {len(node.nodes)} entries"
        case _:
            return f"is {describe(node)}"


def _may_be(kind: str, key: str) -> str:
    """Return what is allowed under this key."""
    if kind in _ALLOWED:
        return _ALLOWED[kind]
    match key:
        case "do":
            return f"one sentence that ends with a full stop, {STEP_CHARACTERS} characters at most"
        case "title":
            return f"a few words, {TITLE_CHARACTERS} characters at most"
        case _:
            return _NAMES


def _doubled_steps(tree: Node, findings: Findings) -> None:
    """Find steps of one plan that share an id."""
    plans = child(tree, "plans")
    for _, plan in plans.entries if isinstance(plans, Entries) else ():
        seen: dict[str, Mark] = {}
        steps = child(plan, "steps")
        for step in steps.nodes if isinstance(steps, Items) else ():
            found = child(step, "id")
            if not isinstance(found, Scalar):
                continue
            if found.text in seen:
                first = seen[found.text].line
                findings.add(
                    found.mark, f"step '{found.text}' stands twice, first in line {first}; rename one"
                )
            seen.setdefault(found.text, found.mark)


def _what(steps: Sequence[int | str]) -> str:
    """Return how to name what stands at this place."""
    match steps:
        case []:
            return "the file of plans"
        case ["plans", name]:
            return f"plan '{name}'"
        case ["plans", name, "steps", int(number)]:
            return f"step {number + 1} of plan '{name}'"
        case [*owner, key] if owner:
            return f"{key} of {_what(owner)}"
        case _:
            return f"`{steps[0]}`"


def _keys(depth: int) -> list[str]:
    """Return the keys allowed at this depth: the file, a plan, a step."""
    shapes: dict[int, type[BaseModel]] = {0: PlanFile, 2: Plan}
    return [*shapes.get(depth, Step).model_fields]
