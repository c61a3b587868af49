"""How many mistakes in the shipped tables are caught: every single one that this file knows how to make.

Run from the root of the project: `python benchmarks/mutations.py [KIND ...]`. Each mutant is the shipped
set with one mistake: a rule dropped, two rules swapped, a condition widened, narrowed, turned round or taken
out, a route, priority, time, hold, dispatch or merge changed. A mutant that `diff` proves to change no
verdict is counted as equivalent and left out. Of the others it counts who catches them: the cases (`test`),
the proof (`check`), both or neither. `diff` shows all of them by construction, which is why it is counted
apart. Many cases pin what the tables say now, so `test` notices that something moved; only `check` knows
that it is wrong. Survivors of both are listed; the last line is JSON.
"""

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from random import Random
from time import perf_counter

import msgspec

from controlroom.rules.cases import Case, failures, load_cases
from controlroom.rules.compile import Compiled
from controlroom.rules.difference import difference
from controlroom.rules.fields import Choice, Number, fields_of
from controlroom.rules.load import rule_set
from controlroom.rules.model import Between, Condition, During, OneOf, Outcome, Rule, RuleSet, Table, Tagged
from controlroom.rules.safety import Property
from controlroom.rules.verdict import Dispatch, MergeKey, Route
from controlroom.rules.verify import verify
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.rule_files import read_rule_files

ROOT = Path(__file__).parents[1]
FAR_SWAPS = 200
"""Swaps of two rules that do not stand side by side, seeded; all adjacent pairs are swapped besides."""


class Mutant(msgspec.Struct, frozen=True):
    """One mistake: its family, what was done in words, and the table that it makes."""

    family: str
    what: str
    table: Table


def mutants(rules: RuleSet, kinds: Collection[str]) -> Iterator[Mutant]:
    """Yield every mutant of the tables of these kinds."""
    for table in (table for table in rules.tables.values() if table.kind in kinds):
        yield from _order(table)
        for number, rule in enumerate(table.rules):
            for family, what, changed in (*_conditions(table.kind, rule), *_outcomes(rule)):
                made = (*table.rules[:number], changed, *table.rules[number + 1 :])
                yield Mutant(
                    family, f"{table.kind}/{rule.id}: {what}", msgspec.structs.replace(table, rules=made)
                )


def _order(table: Table) -> Iterator[Mutant]:
    """Yield tables with a rule dropped or two swapped."""
    count = len(table.rules)
    for number, rule in enumerate(table.rules):
        left = (*table.rules[:number], *table.rules[number + 1 :])
        yield Mutant("drop", f"{table.kind}/{rule.id}: dropped", Table(table.kind, left))
    random = Random(table.kind)
    far = [tuple(sorted(random.sample(range(count), 2))) for _ in range(FAR_SWAPS * count // 113)]
    for first, second in dict.fromkeys([*((n, n + 1) for n in range(count - 1)), *far]):
        order = list(table.rules)
        order[first], order[second] = order[second], order[first]
        what = f"{table.kind}/{table.rules[first].id}: swapped with {table.rules[second].id}"
        yield Mutant("swap", what, Table(table.kind, tuple(order)))


def _conditions(kind: Kind, rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    """Yield rules with one condition changed."""
    for number, condition in enumerate(rule.when):
        rest = (*rule.when[:number], *rule.when[number + 1 :])
        name = condition.field
        yield "widen", f"{name} not asked", msgspec.structs.replace(rule, when=rest)
        for family, what, changed in _changed(kind, condition):
            when = (*rule.when[:number], changed, *rule.when[number + 1 :])
            yield family, f"{name} {what}", msgspec.structs.replace(rule, when=when)


def _changed(kind: Kind, condition: Condition) -> Iterator[tuple[str, str, Condition]]:
    """Yield the condition widened, narrowed or turned round, by one value each."""
    match condition:
        case OneOf(field=field, values=values):
            domain = fields_of(kind)[field].domain
            if isinstance(domain, Choice):
                every = [*domain.values, *((None,) if domain.unknown else ())]
                for value in every:
                    if value not in values and len(values) + 1 < len(every):
                        yield "widen", f"also {value}", OneOf(field, values | {value})
                rest = frozenset(every) - values
                if rest and len(every) <= 3:
                    yield "turn", "turned round", OneOf(field, rest)
            if len(values) > 1:
                for value in sorted(values, key=str):
                    yield "narrow", f"without {value}", OneOf(field, values - {value})
        case Between(field=field, low=low, high=high):
            domain = fields_of(kind)[field].domain
            lowest, highest = (domain.low, domain.high) if isinstance(domain, Number) else (low, high)
            if low > lowest:
                yield "widen", f"from {low - 1}", Between(field, low - 1, high)
            if high is None or low < high:
                yield "narrow", f"from {low + 1}", Between(field, low + 1, high)
                yield "narrow", f"only {low}", Between(field, low, low)
            if high is not None and high != highest:
                yield "widen", f"to {high + 1}", Between(field, low, high + 1)
        case During(calendars=names, inside=inside):
            yield "turn", "turned round", During(names, inside=not inside)
        case Tagged() | _:
            return


def _outcomes(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    """Yield rules that say something else."""
    then = rule.then
    found: list[tuple[str, str, Outcome]] = []
    if then.route is Route.LOG:
        found.append(("route", "sends somebody", msgspec.structs.replace(then, route=Route.MOBILE_RESPONSE)))
    else:
        plain = Outcome(Route.LOG, then.priority, merge=then.merge, action_plan=then.action_plan)
        found.append(("route", "only logged", plain))
        other = Dispatch.OPERATOR if then.dispatch is Dispatch.AUTOMATIC else Dispatch.AUTOMATIC
        found.append(("dispatch", f"dispatch {other}", msgspec.structs.replace(then, dispatch=other)))
        hold = 120 if then.hold_s is None else None
        found.append(("hold", f"hold {hold}", msgspec.structs.replace(then, hold_s=hold)))
        for key in ("answer_within_s", "respond_within_s"):
            value = getattr(then, key)
            found.extend(
                ("time", f"{key} {changed}", msgspec.structs.replace(then, **{key: changed}))
                for changed in (() if value is None else (value // 2, value * 2, None))
            )
    for priority in (then.priority - 1, then.priority + 1):
        if 1 <= priority <= 4:
            changed_then = msgspec.structs.replace(then, priority=priority)
            found.append(("priority", f"priority {priority}", changed_then))
    merge = MergeKey.SITE if then.merge is None else None
    found.append(("merge", f"merge {merge}", msgspec.structs.replace(then, merge=merge)))
    for family, what, outcome in found:
        yield family, what, msgspec.structs.replace(rule, then=outcome)


def caught(mutant: RuleSet, kind: Kind, cases: list[Case], safety: tuple[Property, ...]) -> list[str]:
    """Return who catches this mutant: `test`, `check`, both or nobody."""
    own = [case for case in cases if case.circumstances.kind is kind]
    by_test = bool(failures(own, Compiled(mutant)))
    by_check = not verify(mutant, safety, (kind,)).holds
    return [name for name, hit in (("test", by_test), ("check", by_check)) if hit]


def main() -> None:
    """Make every mutant, count who catches it, list the survivors, print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Put mistakes into the shipped rule tables.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="only these tables, as park or telecare")
    kinds: list[str] = parser.parse_args().kinds or [*Kind]
    files = read_rule_files(ROOT / "config" / "rules")
    shipped, safety = files.read()
    cases = list(load_cases(files.cases, shipped))
    start = perf_counter()
    by: dict[str, Counter[str]] = {}
    survivors: list[str] = []
    for mutant in mutants(shipped, kinds):
        tables = {**shipped.tables, mutant.table.kind: mutant.table}
        changed = rule_set(tables.values(), shipped.calendars)
        count = by.setdefault(mutant.family, Counter())
        if not difference(shipped, changed, safety).changes:
            count["equivalent"] += 1
            continue
        who = caught(changed, mutant.table.kind, cases, safety)
        count["changing"] += 1
        count.update(who or ["survived"])
        if not who:
            survivors.append(mutant.what)
            print(f"survived test and check: {mutant.what}", flush=True)
    total: Counter[str] = sum(by.values(), Counter())
    changing = total["changing"]
    figures = {
        "tables": sorted(kinds),
        "mutants": changing + total["equivalent"],
        "equivalent": total["equivalent"],
        "changing": changing,
        "caught_by_test": total["test"],
        "caught_by_check": total["check"],
        "caught_by_test_or_check_percent": round(100 * (changing - total["survived"]) / changing, 2),
        "shown_by_diff_percent": 100.0,
        "survivors_of_test_and_check": survivors,
        "by_family": {family: dict(count) for family, count in by.items()},
        "seconds": round(perf_counter() - start, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
