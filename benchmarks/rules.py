"""Microseconds a verdict: the shipped rules, and generated tables of 10 to 10,000 rules.

Run from the root of the project: `python benchmarks/rules.py`; with `--plot` it draws
`docs/plots/rules.png` as well. The last line is JSON. Every generated
table asks the same facts in the same mixture (single sites, kinds of site, ranges, tags, a calendar),
only more often, and every signal meets rules: so the figures compare numbers of rules and nothing else.
"""

import json
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import perf_counter

from controlroom.rules.calendars import Calendar, Span
from controlroom.rules.compile import Compiled
from controlroom.rules.load import rule_set
from controlroom.rules.model import Between, Condition, During, Mark, OneOf, Outcome, Rule, Table, Tagged
from controlroom.rules.verdict import Circumstances, Judge, Route
from controlroom.rules.witness import circumstances
from controlroom.signals.vocabulary import AlarmEvent, Kind
from controlroom.wiring.rule_files import read_rule_files

ROOT = Path(__file__).parents[1]
EVENTS = (AlarmEvent.INTRUDER.value, AlarmEvent.TAMPER.value)
SIZES = (10, 100, 1_000, 10_000)
ROUNDS = 7
VERDICTS_A_ROUND = 20_000
NIGHT = Calendar("night", tuple(Span(day, 1320, 1800) for day in range(7)))


def generated(count: int, random: Random) -> tuple[Rule, ...]:
    """Return rules, the last of which takes everything."""
    rules: list[Rule] = []
    sites = max(3, count // 3)
    for number in range(count - 1):
        event = EVENTS[number // 5 % len(EVENTS)]
        when: list[Condition] = [OneOf("event", frozenset({event}))]
        shape = number % 5
        if shape < 3:
            when.append(OneOf("site", frozenset({f"site-{random.randrange(sites)}"})))
        if shape == 1:
            when.append(Between("repeats", random.randrange(2, 6), None))
        if shape == 2:
            when.append(During(frozenset({"night"}), inside=True))
        if shape == 3:
            when += [OneOf("site_kind", frozenset({f"kind-{random.randrange(20)}"})), Between("risk", 2, 3)]
        if shape == 4:
            when.append(Tagged("tags", all=frozenset({f"tag-{random.randrange(30)}"})))
        rules.append(
            Rule(f"r{number}", tuple(when), Outcome(Route.LOG, 4), "Generated.", Mark("g", number, 1))
        )
    rules.append(Rule("rest", (), Outcome(Route.LOG, 4), "Generated.", Mark("g", count, 1)))
    return tuple(rules)


def signals(random: Random, sites: int, events: Sequence[str]) -> list[Circumstances]:
    """Return 500 alarms of a city with this many sites."""
    found = []
    for _ in range(500):
        facts: dict[str, str | int | frozenset[str] | None] = {
            "event": random.choice(events),
            "site": f"site-{random.randrange(sites)}",
            "site_kind": f"kind-{random.randrange(20)}",
            "tags": frozenset({f"tag-{random.randrange(30)}" for _ in range(random.randrange(3))}),
            "risk": random.randint(1, 3),
            "repeats": random.choice((0, 0, 0, 1, 4)),
            "set_state": random.choice(("set", "unset", None)),
        }
        now = datetime(2026, 1, 14, random.randrange(24), tzinfo=UTC)
        found.append(circumstances(Kind.ARC_ALARM, facts, now))
    return found


def measure(judge: Judge, given: list[Circumstances]) -> float:
    """Return the microseconds of one verdict, the best of several rounds, over all these signals."""
    best = float("inf")
    repeats = VERDICTS_A_ROUND // len(given)
    for _ in range(ROUNDS):
        start = perf_counter()
        for _ in range(repeats):
            for one in given:
                judge.judge(one)
        best = min(best, (perf_counter() - start) / (repeats * len(given)))
    return best * 1e6


def plot(by_size: dict[str, float], shipped_us: float, file: Path) -> None:
    """Draw the cost of a verdict against the number of rules."""
    import matplotlib as mpl  # noqa: PLC0415 - only the drawing needs it, and it starts slowly

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of the backend

    figure, axes = plt.subplots(figsize=(7, 4), dpi=120)
    axes.plot([int(size) for size in by_size], list(by_size.values()), marker="o", label="generated tables")
    axes.axhline(shipped_us, linestyle="--", color="grey", label=f"shipped rules: {shipped_us} us")
    axes.axhline(10, linestyle=":", color="firebrick", label="limit for the shipped rules: 10 us")
    axes.set(xscale="log", ylim=(0, 12), xlabel="rules in the table", ylabel="microseconds a verdict")
    axes.set_title("Cost of one verdict")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file)


def main() -> None:
    """Measure, print a table, and the figures as JSON in the last line."""
    files = read_rule_files(ROOT / "config" / "rules")
    start = perf_counter()
    shipped = files.rules()
    load_ms = (perf_counter() - start) * 1e3
    figures: dict[str, object] = {"python": platform.python_version(), "load_shipped_ms": round(load_ms, 1)}
    figures["shipped_us"] = round(measure(Compiled(shipped), signals(Random(1), 50, list(AlarmEvent))), 2)
    print(f"shipped rules: {figures['shipped_us']} us a verdict, loaded in {load_ms:.0f} ms")
    by_size: dict[str, float] = {}
    for size in SIZES:
        rules = rule_set([Table(Kind.ARC_ALARM, generated(size, Random(size)))], {"night": NIGHT})
        start = perf_counter()
        judge = Compiled(rules)
        build_ms = (perf_counter() - start) * 1e3
        by_size[str(size)] = round(measure(judge, signals(Random(2), max(3, size // 3), EVENTS)), 2)
        print(f"{size:>6} rules: {by_size[str(size)]} us a verdict, index built in {build_ms:.0f} ms")
    figures["generated_us"] = by_size
    if "--plot" in sys.argv:
        plot(by_size, float(str(figures["shipped_us"])), ROOT / "docs" / "plots" / "rules.png")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
