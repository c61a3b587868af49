"""A rule set ready to decide: read from its folder, loaded, let through the gate, compiled.

The gate is asked before a set may decide anything, at the start as at a reload. What it names as refusing
keeps the set out; what it warns of is shown and goes live all the same. The usual gate is the proof over
the whole space of conditions (`prove`): a broken safety property with `life: true` refuses, every other
finding warns, because a rule that can never fire endangers nobody.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from controlroom.rules.compile import Compiled
from controlroom.rules.model import RuleSet
from controlroom.rules.names import Names
from controlroom.rules.plans import Plan
from controlroom.rules.problems import InvalidRulesError
from controlroom.rules.safety import SAFETY_FILE
from controlroom.rules.verify import FindingKind, verify
from controlroom.rules.wording import condition_text
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.folders import BooksRefused, files_in, text_of
from controlroom.wiring.rule_files import CALENDARS_FILE, PLANS_FOLDER, RuleFiles, read_rule_files

SETTING = "rules.directory"
"""The setting that names the folder of the tables."""

_ANY = Names()


class Gated(msgspec.Struct, frozen=True):
    """What a gate says of a rule set, each line with its place; a set may pass unless `refusing`."""

    refusing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


Gate = Callable[[RuleFiles, RuleSet], Gated]
"""Decides whether a set that loads may also go live; may raise `InvalidRulesError` for files of its own."""


class RuleBook(msgspec.Struct, frozen=True):
    """A rule set that may decide: its judge, rules a table, each rule's `why`, plan and conditions."""

    judge: Compiled
    counts: dict[Kind, int]
    reasons: dict[tuple[str, str], str]
    warnings: tuple[str, ...] = ()
    plans: dict[tuple[str, str], Plan] = {}
    asks: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def version(self) -> str:
        """The hash of the whole set."""
        return self.judge.version


def prove(files: RuleFiles, rules: RuleSet) -> Gated:
    """Return what the proof of the set finds; a set without safety properties is warned of."""
    properties = files.properties()
    life = {one.id for one in properties if one.life}
    refusing: list[str] = []
    warnings: list[str] = []
    for finding in verify(rules, properties).findings:
        deadly = finding.kind is FindingKind.UNSAFE and not life.isdisjoint(finding.by)
        (refusing if deadly else warnings).append(str(finding))
    if files.safety is None:
        warnings.insert(0, f"{SAFETY_FILE} is not there, so nothing is proved of signals for life")
    return Gated(tuple(refusing), tuple(warnings))


def read_rule_book(folder: Path, gate: Gate = prove, names: Names = _ANY) -> RuleBook:
    """Return the rules of this folder, ready to decide; raises BooksRefused with every problem.

    `names` are the words of the estate that the rules may name; without them any word will do.
    """
    files_in(folder, "*.yaml", SETTING)
    files = _files(folder, names)
    if not files.tables:
        raise BooksRefused([f"{SETTING}: {folder} holds no table; put one there, or set {SETTING}"])
    try:
        rules = files.rules()
        gated = gate(files, rules)
    except InvalidRulesError as fault:
        raise BooksRefused([*map(str, fault.problems), *files.missing(fault)]) from fault
    if gated.refusing:
        raise BooksRefused(gated.refusing)
    counts = {table.kind: len(table.rules) for table in rules.tables.values()}
    reasons = {
        (str(table.kind), rule.id): rule.why for table in rules.tables.values() for rule in table.rules
    }
    plans = {
        (str(table.kind), rule.id): rules.plans[rule.then.action_plan]
        for table in rules.tables.values()
        for rule in table.rules
        if rule.then.action_plan is not None
    }
    asks = {
        (str(table.kind), rule.id): tuple(condition_text(condition) for condition in rule.when)
        for table in rules.tables.values()
        for rule in table.rules
    }
    return RuleBook(Compiled(rules), counts, reasons, gated.warnings, plans, asks)


def _files(folder: Path, names: Names) -> RuleFiles:
    """Return the files of the folder; where one cannot be read, the refusal says which and where."""
    try:
        return read_rule_files(folder, names)
    except (OSError, UnicodeDecodeError) as fault:
        beside = (folder.parent / CALENDARS_FILE, *(folder.parent / PLANS_FOLDER).glob("*.yaml"))
        for file in filter(Path.is_file, (*folder.rglob("*.yaml"), *beside)):
            text_of(file)
        raise BooksRefused([f"{folder}: {fault}"]) from fault
