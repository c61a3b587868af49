"""Seconds to prove a rule set: the shipped one, and generated tables of 500 rules over 12 fields.

Run from the root of the project: `python benchmarks/proofs.py`. The generated tables are harder than what
people write: conditions are drawn at random, so most rules lie in the shadow of many others at once. A
proof is everything that `controlroom rules check` does: dead rules, gaps, the shipped safety properties,
and each pair of rules where order matters. The last line is JSON.
"""

import json
import platform
from pathlib import Path
from random import Random
from time import perf_counter

from controlroom.rules.calendars import Calendar, Span
from controlroom.rules.fields import Choice, Number, TagSet, Text, fields_of
from controlroom.rules.load import rule_set
from controlroom.rules.model import (
    Between,
    Condition,
    Mark,
    NoneOf,
    OneOf,
    Outcome,
    Rule,
    RuleSet,
    Table,
    Tagged,
    Value,
)
from controlroom.rules.safety import Property
from controlroom.rules.verdict import Dispatch, Route
from controlroom.rules.verify import overlaps, verify
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.rule_files import read_rule_files

ROOT = Path(__file__).parents[1]
RULES = 500
FIELDS = (
    "event",
    "condition",
    "test",
    "site_kind",
    "tags",
    "risk",
    "keys_held",
    "set_state",
    "confirmed",
    "repeats",
    "path_ok",
    "open_incident",
)
MIXTURES = {"2-3": (2, 3), "3-5": (3, 4, 5), "5-7": (5, 6, 7)}
"""How many conditions a rule has; with fewer, rules are wider and shadow each other more."""

WORDS = ("a", "b", "c", "d")
TAGS = ("t1", "t2", "t3", "t4")
NIGHT = Calendar("night", tuple(Span(day, 1320, 1800) for day in range(7)))


def condition(random: Random, name: str) -> Condition:
    """Return a random condition on a field."""
    domain = fields_of(Kind.ARC_ALARM)[name].domain
    match domain:
        case Choice():
            values: list[Value] = [*domain.values, *([None] if domain.unknown else [])]
            return OneOf(name, frozenset(random.sample(values, random.randint(1, len(values)))))
        case Text():
            some = random.sample(WORDS, random.randint(1, 3))
            return OneOf(name, frozenset(some)) if random.random() < 0.7 else NoneOf(name, frozenset(some))
        case Number():
            low = random.randint(domain.low, 4 if domain.high is None else domain.high)
            return Between(name, low, random.choice((None, low, low + 2)))
        case TagSet():
            return Tagged(name, *(frozenset(random.sample(TAGS, random.randint(0, 2))) for _ in range(3)))


def generated(random: Random, counts: tuple[int, ...]) -> RuleSet:
    """Return a table of 500 random rules."""
    rules = []
    for number in range(RULES):
        when = tuple(condition(random, name) for name in random.sample(FIELDS, random.choice(counts)))
        sent = random.random() < 0.5
        then = (
            Outcome(Route.MOBILE_RESPONSE, 2, Dispatch.OPERATOR, 60, 1200) if sent else Outcome(Route.LOG, 4)
        )
        rules.append(Rule(f"r{number}", when, then, "Generated.", Mark("g", number + 1, 1)))
    return rule_set([Table(Kind.ARC_ALARM, tuple(rules))], {"night": NIGHT})


def proved(rules: RuleSet, safety: tuple[Property, ...], kinds: tuple[Kind, ...]) -> dict[str, float]:
    """Return the seconds of the parts of a proof, and what it found."""
    start = perf_counter()
    proof = verify(rules, safety, kinds)
    middle = perf_counter()
    pairs = overlaps(rules, kinds)
    end = perf_counter()
    return {
        "verify_s": round(middle - start, 2),
        "overlaps_s": round(end - middle, 2),
        "total_s": round(end - start, 2),
        "findings": len(proof.findings),
        "pairs": len(pairs),
    }


def main() -> None:
    """Prove and print."""
    shipped, safety = read_rule_files(ROOT / "config" / "rules").read()
    figures: dict[str, object] = {"python": platform.python_version()}
    figures["shipped"] = proved(shipped, safety, tuple(Kind))
    print("shipped", figures["shipped"], flush=True)
    for name, counts in MIXTURES.items():
        runs = [proved(generated(Random(seed), counts), safety, (Kind.ARC_ALARM,)) for seed in (1, 2, 3)]
        figures[name] = max(runs, key=lambda run: run["total_s"])
        print(f"500 rules of {name} conditions, the slowest of three:", figures[name], flush=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
