"""A table in several files: the first part, and the parts that continue it.

A file that says `continues: true` has further rules for the table that another file begins. Its rules come
after all of that file's, so they can only take what the first part leaves; several parts stand in the
order of their names. Without the word a second file of the same table is a forgotten copy: a mistake.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from controlroom.rules.model import Mark, Table
from controlroom.rules.problems import Findings
from controlroom.rules.source import Entries, Node, Scalar, describe
from controlroom.signals.vocabulary import Kind

CONTINUES = "continues"
"""The key by which a file says that it is not the beginning of its table."""


class Part(Struct, frozen=True):
    """What one file says of a table."""

    table: Table
    mark: Mark
    continues: bool


def continues(tree: Node, findings: Findings) -> bool:
    """Return whether this file continues a table; anything but `true` there is a finding."""
    entries = tree.entries if isinstance(tree, Entries) else ()
    node = next((value for key, value in entries if key.text == CONTINUES), None)
    if node is None:
        return False
    if not (isinstance(node, Scalar) and node.text == "true"):
        findings.add(node.mark, f"{CONTINUES} is {describe(node)}; allowed: true, or leave it out")
    return True


def whole(parts: Sequence[Part], findings: Findings) -> dict[Kind, Table]:
    """Return the tables that these parts make; what does not fit together is among the findings."""
    first: dict[Kind, Part] = {}
    for part in parts:
        kind = part.table.kind
        if part.continues:
            continue
        if kind in first:
            other = first[kind].mark.file
            findings.add(part.mark, f"table '{kind}' stands twice, first in {other}; keep one")
        first.setdefault(kind, part)
    tables = {kind: part.table for kind, part in first.items()}
    for part in parts:
        if part.continues:
            _continue(tables, part, findings)
    return tables


def _continue(tables: dict[Kind, Table], part: Part, findings: Findings) -> None:
    kind, further = part.table.kind, part.table.rules
    begun = tables.get(kind)
    if begun is None:
        findings.add(part.mark, f"table '{kind}' is continued but begins nowhere; leave out `{CONTINUES}`")
        return
    marks = {rule.id: rule.mark for rule in begun.rules}
    for rule in further:
        if rule.id in marks:
            findings.add(rule.mark, f"rule '{rule.id}' stands twice, first in {marks[rule.id]}; rename one")
    tables[kind] = replace(begun, rules=(*begun.rules, *further))
