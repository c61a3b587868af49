"""The form of what people read: documents, decision records, the changelog, the README's commands."""

import re
from itertools import pairwise
from pathlib import PurePosixPath
from posixpath import normpath

from tests.tidy.tree import Tree

FENCE = re.compile(r"^```.*?^```[^\n]*$", re.DOTALL | re.MULTILINE)
TITLE = re.compile(r"^# \S", re.MULTILINE)
LINK = re.compile(r"\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
ELSEWHERE = ("http://", "https://", "mailto:")
RECORD = re.compile(r"docs/adr/(?P<number>\d{4})-[a-z0-9-]+\.md")
RECORD_PARTS = ["Context", "Options", "Decision", "Consequences"]
COMMANDS = ("make demo", "make test")
VERSION = re.compile(r"\[(?P<number>\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d")
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def documents_have_one_title(tree: Tree) -> list[str]:
    """Every Markdown file has exactly one first-level heading, on its first line."""
    findings = []
    for path, text in _documents(tree):
        titles = len(TITLE.findall(text))
        if titles != 1 or not TITLE.match(text):
            findings.append(f"{path}:1: {titles} titles; begin with one '# Title' and use '##' below it")
    return findings


def links_resolve(tree: Tree) -> list[str]:
    """Every link inside the repository leads to a tracked file or folder, and to a heading that is there."""
    findings = []
    for path, text in _documents(tree):
        for link in LINK.finditer(text):
            target, _, anchor = link["target"].partition("#")
            if target.startswith(ELSEWHERE):
                continue
            aim = normpath(str(PurePosixPath(path).parent / target)) if target else path
            if aim not in tree and not any(other.startswith(f"{aim}/") for other in tree):
                findings.append(f"{path}: the link to {target} leads nowhere; name a tracked file")
            elif anchor and anchor not in _anchors(tree.get(aim, "")):
                findings.append(f"{path}: {aim} has no heading #{anchor}; name one that it has")
    return findings


def records_have_their_form(tree: Tree) -> list[str]:
    """Every decision record has its four parts in order, and says what the decision costs."""
    findings = []
    numbers = sorted(match["number"] for path in tree if (match := RECORD.fullmatch(path)))
    for before, after in pairwise(numbers):
        if int(after) != int(before) + 1:
            findings.append(f"docs/adr: {after} follows {before}; number the records without gaps or twins")
    for path, text in tree.items():
        if not (match := RECORD.fullmatch(path)):
            continue
        if not text.startswith(f"# {match['number']}. "):
            findings.append(f"{path}:1: the title must be '# {match['number']}. The decision in one line'")
        if [
            part for part in re.findall(r"^## (.+)$", text, re.MULTILINE) if part in RECORD_PARTS
        ] != RECORD_PARTS:
            findings.append(f"{path}: the parts must be, in this order, {', '.join(RECORD_PARTS)}")
        if not re.search(r"^### Negative\n+- \S", text, re.MULTILINE):
            findings.append(f"{path}: no price named; list it under '### Negative' in Consequences")
    return findings


def changelog_has_its_form(tree: Tree) -> list[str]:
    """The changelog begins with what is unreleased; other headings are dated versions or known kinds."""
    path, text = "CHANGELOG.md", tree.get("CHANGELOG.md", "")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    findings = []
    if versions[:1] != ["[Unreleased]"]:
        findings.append(f"{path}: the first heading must be '## [Unreleased]'")
    findings += [
        f"{path}: '## {version}' is banned, use '## [1.2.3] - 2026-01-31'"
        for version in versions[1:]
        if not VERSION.fullmatch(version)
    ]
    findings += [
        f"{path}: '### {kind}' is banned, use one of {', '.join(KINDS)}"
        for kind in re.findall(r"^### (.+)$", text, re.MULTILINE)
        if kind not in KINDS
    ]
    return findings


def readme_commands_exist(tree: Tree) -> list[str]:
    """The README shows the two commands, and each `make` word in any document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", tree.get("Makefile", ""), re.MULTILINE))
    findings = [
        f"README.md: '{command}' is not shown; a newcomer's first two commands stand in it"
        for command in COMMANDS
        if not re.search(rf"^{command}\b", tree.get("README.md", ""), re.MULTILINE)
    ]
    for path, text in tree.items():
        if path.endswith(".md"):
            words = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
            findings += [
                f"{path}: 'make {word}' is no target; the Makefile has {', '.join(sorted(targets))}"
                for word in words
                if word not in targets
            ]
    return findings


def _documents(tree: Tree) -> list[tuple[str, str]]:
    """Markdown files without what stands in their code fences."""
    return [(path, FENCE.sub("", text)) for path, text in tree.items() if path.endswith(".md")]


def _anchors(text: str) -> set[str]:
    """The anchors that a reader's browser makes of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
