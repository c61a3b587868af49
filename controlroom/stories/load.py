"""Reading stories: YAML to `Story`, every problem at once, each with its file and line.

What a device says is put to the production reader here already, so that a story cannot expect anything of a
message that no room would take.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import ValidationError

from controlroom.estate.model import Estate
from controlroom.rules.model import Mark
from controlroom.rules.problems import Findings
from controlroom.rules.source import Entries, Items, Node, Scalar, parse
from controlroom.stories.model import Story
from controlroom.stories.script import Bad, script

_DECIMAL = re.compile(r"-?\d+\.\d+")


class Told(msgspec.Struct, frozen=True):
    """A story that was read: its name is its file's, and `marks` say where each expectation stands."""

    name: str
    story: Story
    marks: tuple[Mark, ...]


def load_stories(files: Mapping[str, str], estate: Estate) -> tuple[Told, ...]:
    """Return the stories of these files (path to text) in their order; raises `InvalidRulesError`."""
    findings = Findings()
    found = []
    for file in sorted(files):
        tree = parse(file, files[file], findings)
        story = _story(tree, findings) if tree is not None else None
        if story is None or tree is None:
            continue
        try:
            script(story, estate)
        except Bad as fault:
            findings.add(_at(tree, ("steps", fault.step)), str(fault))
            continue
        marks = tuple(_at(tree, ("expect", place)) for place in range(len(story.expect)))
        found.append(Told(file.rpartition("/")[2].removesuffix(".yaml"), story, marks))
    findings.stop_if_any()
    return tuple(found)


def _story(tree: Node, findings: Findings) -> Story | None:
    try:
        return Story.model_validate(_plain(tree))
    except ValidationError as fault:
        for error in fault.errors():
            place = error["loc"]
            where = ".".join(str(part) for part in place)
            findings.add(_at(tree, place), f"{where or 'the story'}: {error['msg']}")
    return None


def _plain(node: Node) -> Any:
    """Return the tree as plain values."""
    match node:
        case Scalar():
            return node.text if node.quoted else _bare(node.text)
        case Items():
            return [_plain(each) for each in node.nodes]
        case Entries():
            return {key.text: _plain(value) for key, value in node.entries}


def _bare(text: str) -> bool | float | str:
    """Return what a word without quotes says: yes or no, a number with a decimal point, or a text."""
    if text in ("true", "false"):
        return text == "true"
    return float(text) if _DECIMAL.fullmatch(text) else text


def _at(node: Node, place: tuple[int | str, ...]) -> Mark:
    """Return where this place stands, or the nearest that is there."""
    mark = node.mark
    for part in place:
        if isinstance(node, Items) and isinstance(part, int) and part < len(node.nodes):
            node = node.nodes[part]
        elif isinstance(node, Entries):
            inner = [(key, value) for key, value in node.entries if key.text == part]
            if not inner:
                break
            mark, node = inner[0][0].mark, inner[0][1]
            continue
        else:
            break
        mark = node.mark
    return mark
