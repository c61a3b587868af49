"""What the tools found, as lines that a person reads; the JSON of the same things is for machines."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec

from controlroom.rules.difference import Change, Difference
from controlroom.rules.examples import document
from controlroom.rules.explain import Explanation
from controlroom.rules.trial import Trial
from controlroom.rules.verdict import NO_RULE
from controlroom.rules.verify import Overlap, Proof
from controlroom.rules.wording import verdict_text

VERSION_CHARACTERS = 12
"""As much of a version's hash as a person compares."""


def as_json(found: object) -> str:
    """Return structs as one line of JSON."""
    return msgspec.json.encode(found).decode()


def example_line(example: dict[str, Any]) -> str:
    """Return an example on one line, so that it can be copied into a file and explained."""
    return f"    for example: {json.dumps(example, ensure_ascii=False)}"


def check_lines(proof: Proof, order: Iterable[Overlap]) -> Iterator[str]:
    """Yield what the proof found, then where order matters, then the sum of it."""
    for finding in proof.findings:
        yield f"{finding} [{finding.kind}]"
        if finding.region:
            yield f"    where: {'; '.join(finding.region)}"
        if finding.example is not None:
            yield example_line(finding.example)
    for (_, first), pairs in groupby(order, key=lambda one: (one.table, one.first)):
        same = list(pairs)
        others = ", ".join(f"{one.second} ({one.second_mark.line})" for one in same)
        yield f"{same[0].first_mark}: order matters here: '{first}' stands before {others}"
    count = len(proof.findings)
    told = "proved: every rule can fire, nothing falls through, every safety property holds"
    yield f"{proof.rules} rules, version {proof.version[:VERSION_CHARACTERS]}: " + (
        told if proof.holds else f"{count} finding{'s' if count > 1 else ''}"
    )


def explain_lines(told: Explanation) -> Iterator[str]:
    """Yield the verdict, the rules tried in order, and the smallest changes."""
    verdict = told.verdict
    yield f"{verdict.table}/{verdict.rule}: {verdict_text(verdict)}"
    yield f"    why: {verdict.why}"
    yield ""
    yield "tried in order:"
    for tried in told.tried:
        yield f"  {'yes' if tried.took else 'no '} {tried.rule} ({tried.mark})"
        for one in tried.asked:
            yield f"      {'yes' if one.holds else 'no '} {one.condition} - it is {one.found}"
    if verdict.rule == NO_RULE:
        yield "  no rule takes this signal"
    yield ""
    if not told.alternatives:
        yield "No change would have sent it elsewhere."
        return
    size = len(told.alternatives[0].steps)
    facts = f"{size} fact{'s' if size > 1 else ''}; no fewer do"
    yield f"smallest change that would have sent it elsewhere ({facts}):"
    for number, other in enumerate(told.alternatives):
        steps = ", ".join(f"{step.field} from {step.before} to {step.after}" for step in other.steps)
        yield f"  {'or ' if number else ''}{steps}"
        yield f"      then {other.verdict.rule}: {verdict_text(other.verdict)}"


def explanation_json(told: Explanation) -> str:
    """Return an explanation as JSON; the circumstances of each change are documents of `examples`."""
    return as_json(
        {
            "verdict": told.verdict,
            "tried": told.tried,
            "alternatives": [
                {"steps": one.steps, "verdict": one.verdict, "example": document(one.circumstances)}
                for one in told.alternatives
            ],
        }
    )


def trial_lines(tried: Trial) -> Iterator[str]:
    """Yield each failing case as a difference, then what no case covers."""
    for failure in tried.failures:
        yield f"{failure.mark}: case '{failure.name}' fails"
        for key, words in failure.expected.items():
            yield f"    - {key}: {words}"
            yield f"    + {key}: {failure.found[key]}"
    for rule in tried.without_case:
        yield f"rule {rule} has no case; write one in config/rules/cases"
    for one in tried.uncovered:
        yield f"{one.mark}: no case where '{one.condition}' of rule '{one.rule}' {one.never}"
    covered = tried.rules - len(tried.without_case)
    both = tried.conditions - len(tried.uncovered)
    yield (
        f"{tried.cases} cases, {len(tried.failures)} failed; rules covered {covered} of {tried.rules}, "
        f"conditions seen both ways {both} of {tried.conditions}"
    )


def difference_lines(found: Difference) -> Iterator[str]:
    """Yield the changes, what threatens a life first, then what is wording."""
    life = [one for one in found.changes if one.life]
    rest = [one for one in found.changes if not one.life]
    for title, changes in (("LIFE SAFETY", life), ("OTHER VERDICTS", rest)):
        if changes:
            yield title
        for one in changes:
            yield from _change(one)
    if found.wording:
        yield "WORDING ONLY (ids and reasons; no verdict changes)"
        for one in found.wording:
            keys = " and ".join(key for key in one.what)
            yield f"  {one.table}: '{one.old}' to '{one.new}': {keys}"
    if not found.changes:
        yield "no verdict changes"
    else:
        yield f"{len(found.changes)} changes, {len(life)} of them touch life safety"


def _change(one: Change) -> Iterator[str]:
    """Yield one pair of rules between which signals move."""
    told = "; ".join(
        f"{key} {before} -> {after}" for key, (before, after) in one.what.items() if key not in {"id", "why"}
    )
    decides = f"'{one.old}' decides" if one.old == one.new else f"'{one.old}' decided, '{one.new}' will"
    yield f"  {one.table}: {decides}: {told}"
    for region in one.regions:
        yield f"    where: {'; '.join(region.where) or 'any signal'}"
        yield example_line(region.example)
    if one.more:
        yield "    and in further places"
