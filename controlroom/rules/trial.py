"""The cases put to the tables: what fails, what no case has tried, and the case files with new expectations.

A rule is covered when a case expects it. A condition is covered when cases have seen it decide both ways:
hold in the rule that took a signal, and be the only condition of its rule that failed.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from controlroom.rules.cases import Case, failures, uncovered
from controlroom.rules.evaluate import holds
from controlroom.rules.model import RuleSet
from controlroom.rules.verdict import Judge, Verdict
from controlroom.rules.wording import condition_text, says
from controlroom.signals.vocabulary import Kind

_EXPECT = re.compile(r"(?P<indent>\s*(?:- )?)expect:")
_IN_ONE_LINE = re.compile(r"\s*- \{.*?\bexpect: (?P<told>\{[^{}]*\})")
"""A case that somebody wrote in braces, on one line."""


class Failure(msgspec.Struct, frozen=True):
    """One case that does not pass: what it expects and what it got, where they differ."""

    mark: str
    name: str
    expected: dict[str, str]
    found: dict[str, str]


class Uncovered(msgspec.Struct, frozen=True):
    """A condition that cases have not seen both ways; `never` says which is missing."""

    table: Kind
    rule: str
    mark: str
    condition: str
    never: str


class Trial(msgspec.Struct, frozen=True):
    """What the cases found; it is good when nothing failed and every rule has a case."""

    cases: int
    rules: int
    conditions: int
    failures: tuple[Failure, ...]
    without_case: tuple[str, ...]
    uncovered: tuple[Uncovered, ...]

    @property
    def good(self) -> bool:
        """Whether every case passes and every rule has one."""
        return not self.failures and not self.without_case


def trial(cases: Iterable[Case], rules: RuleSet, judge: Judge) -> Trial:
    """Return what the cases found."""
    every = tuple(cases)
    conditions = sum(len(rule.when) for table in rules.tables.values() for rule in table.rules)
    return Trial(
        len(every),
        sum(len(table.rules) for table in rules.tables.values()),
        conditions,
        tuple(_failure(case, verdict) for case, verdict in failures(every, judge)),
        tuple(f"{kind}/{rule}" for kind, rule in uncovered(every, rules)),
        tuple(_one_sided(every, rules)),
    )


def _failure(case: Case, verdict: Verdict) -> Failure:
    """Return what differs."""
    found = {"rule": verdict.rule, **says(verdict)}
    expected = case.expected()
    wrong = [key for key in expected if expected[key] != found[key]]
    return Failure(
        str(case.mark), case.name, {key: expected[key] for key in wrong}, {key: found[key] for key in wrong}
    )


def _one_sided(cases: Iterable[Case], rules: RuleSet) -> Iterable[Uncovered]:
    """Yield the conditions that were not seen to hold, or not seen to decide against their rule."""
    held: set[tuple[Kind, str, int]] = set()
    failed: set[tuple[Kind, str, int]] = set()
    for case in cases:
        kind = case.circumstances.kind
        taken = False
        for rule in rules.rules(kind):
            wrong = [
                number
                for number, condition in enumerate(rule.when)
                if not holds(condition, case.circumstances, rules.calendars)
            ]
            if len(wrong) == 1:
                failed.add((kind, rule.id, wrong[0]))
            if not wrong and not taken:
                taken = True
                held.update((kind, rule.id, number) for number in range(len(rule.when)))
    for kind, table in rules.tables.items():
        for rule in table.rules:
            for number, condition in enumerate(rule.when):
                key = (kind, rule.id, number)
                missing = [
                    word for word, seen in (("holds", held), ("fails alone", failed)) if key not in seen
                ]
                if missing:
                    yield Uncovered(
                        kind, rule.id, str(rule.mark), condition_text(condition), " nor ".join(missing)
                    )


def blessed(files: Mapping[str, str], cases: Iterable[Case], judge: Judge) -> dict[str, str]:
    """Return the case files that change, each failing case now expecting what the tables say.

    Only the lines of `expect` are written anew; everything else stays as people wrote it.
    """
    changed: dict[str, list[str]] = {}
    for case, verdict in reversed(failures(cases, judge)):
        lines = changed.setdefault(case.mark.file, files[case.mark.file].splitlines(keepends=True))
        found = {"rule": verdict.rule, **says(verdict)}
        told = ", ".join(f"{key}: {_written(key, found[key])}" for key in case.expected())
        whole = _IN_ONE_LINE.match(lines[case.mark.line - 1])
        if whole is not None:
            start, end = whole.span("told")
            line = lines[case.mark.line - 1]
            lines[case.mark.line - 1] = f"{line[:start]}{{{told}}}{line[end:]}"
            continue
        start = next(n for n in range(case.mark.line - 1, len(lines)) if _EXPECT.match(lines[n]))
        match = _EXPECT.match(lines[start])
        indent = "" if match is None else match["indent"]
        end = start + 1
        while end < len(lines) and _deeper(lines[end], len(indent)):
            end += 1
        lines[start:end] = [f"{indent}expect: {{{told}}}\n"]
    return {file: "".join(lines) for file, lines in changed.items()}


def _written(key: str, words: str) -> str:
    """Return the words of a key as YAML."""
    return f"[{words}]" if key == "inform" and ", " in words else words


def _deeper(line: str, indent: int) -> bool:
    """Return whether a line belongs to the mapping that starts at this indent."""
    return bool(line.strip()) and len(line) - len(line.lstrip()) > indent
