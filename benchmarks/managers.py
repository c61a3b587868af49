"""How long the scorecard takes over a plan year of a million events, with the page around it.

    python -m benchmarks.managers [--events 1000000] [--times 50]

The ledger holds two plan years, the last one with that many events, spread over its days, areas and measures
as they come. Timed are the card and its rendering, as the handler does both, without a network. The last line
is one JSON object.
"""

import argparse
import json
import random
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from aiohttp.test_utils import make_mocked_request

from controlroom.console.files import load
from controlroom.console.managers import behind, card
from controlroom.console.pages.shell import Shell
from controlroom.estate.areas import Area
from controlroom.measures.ledger import Counted, Ledger, count
from controlroom.measures.periods import parse
from controlroom.measures.plan.model import PlanText
from controlroom.measures.plan.read import read_plan
from controlroom.measures.scorecard import Asked

PLAN_FILE = Path("config/plan-on-a-page.yaml")
BUSY = ("alarms_handled", "alarms_responded", "lone_worker_checks")
BUSY_SHARE = 0.98
TODAY = date(2027, 3, 20)
QUARTER = parse("2026Q4")


def filled(plan: PlanText, events: int) -> Ledger:
    """Return a ledger of two plan years with so many events in the second, and half as many in the first."""
    dice = random.Random(2015)
    counted = [measure.id for measure in plan.measures if measure.counts]
    areas = [area.value for area in Area]
    ledger = Ledger()
    position = 0
    for first, many in ((date(2025, 4, 1), events // 2), (date(2026, 4, 1), events)):
        for number in range(many):
            position += 1
            measure = dice.choice(BUSY) if dice.random() < BUSY_SHARE else dice.choice(counted)
            day = first.toordinal() + number * 354 // many
            count(ledger, Counted(measure, day, dice.choice(areas), position, 1))
    ledger.position = position
    return ledger


def rendered(shell: Shell, ledger: Ledger, plan: PlanText) -> int:
    """Return the length of the scorecard's page, made as the handler makes it."""
    asked = Asked(QUARTER, TODAY)
    values = {
        "page": card.page_of(ledger, plan, asked),
        "asked": asked,
        "seen": "",
        "may_write": True,
        "over": False,
        "token": "",
    }
    request = make_mocked_request("GET", "/managers")
    return len(shell.page(request, "managers/card.html", values).text or "")


def main() -> None:
    """Measure, and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--times", type=int, default=50)
    said = asked.parse_args()
    plan = read_plan(str(PLAN_FILE), PLAN_FILE.read_text("utf-8"))
    began = perf_counter()
    ledger = filled(plan, said.events)
    filled_s = perf_counter() - began
    shell = Shell(load())
    size, taken = 0, []
    for _ in range(said.times):
        began = perf_counter()
        size = rendered(shell, ledger, plan)
        taken.append(perf_counter() - began)
    began = perf_counter()
    part = behind.slice_of(ledger, behind.Which("alarms_handled", QUARTER))
    found = {
        "events": said.events,
        "filled_s": round(filled_s, 1),
        "page_bytes": size,
        "scorecard_ms_median": round(median(taken) * 1e3, 1),
        "scorecard_ms_worst": round(max(taken) * 1e3, 1),
        "events_of_a_figure": part.count,
        "events_page_ms": round((perf_counter() - began) * 1e3, 1),
    }
    for name, value in found.items():
        print(f"{name:<22} {value}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
