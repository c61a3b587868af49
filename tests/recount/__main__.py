"""`make recount`: a plan year of EVENTS events, counted twice; the last line is one JSON object.

python -m tests.recount [--events 1000000] [--seed 2015]

Exit 1 where a figure differs; the line names the first one. A million events take some minutes, most of which
is living them.
"""

import argparse
import json
import sys
from datetime import date
from time import perf_counter

import yaml

from controlroom.journal.records import decode_applied
from controlroom.measures.cells import events_of
from controlroom.measures.ledger import Ledger
from controlroom.measures.recount import Recount, difference
from controlroom.measures.taking import take
from tests.build import REAL_BOOK
from tests.recount.year import CONFIG, Year, shipped

TOLD_EVERY_S = 5.0


def main() -> int:
    """Live the year and count it twice; return 0 when every figure is the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.recount", description="Count a plan year twice.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2015)
    asked = parser.parse_args()
    year, ledger = Year(shipped(), asked.events, asked.seed), Ledger()
    plan = yaml.safe_load((CONFIG / "plan-on-a-page.yaml").read_text("utf-8"))
    recount = Recount(plan["measures"], count_simulated=False)
    counting_s = recounting_s = 0.0
    told_s = perf_counter()
    for frame in year.frames():
        began_s = perf_counter()
        body = decode_applied(frame)
        for position, record in enumerate(body.records, body.position):
            take(ledger, REAL_BOOK, position, record.now, record.decision)
        between_s = perf_counter()
        recount.frame(frame)
        recounting_s += perf_counter() - between_s
        counting_s += between_s - began_s
        if perf_counter() - told_s > TOLD_EVERY_S:
            told_s = perf_counter()
            sys.stderr.write(f"{year.records:,} records\n")
    mine = {
        (measure, date.fromordinal(day).isoformat(), area): sum(weight for _, weight in events_of(cell))
        for measure, days in ledger.cells.items()
        for day, areas in days.items()
        for area, cell in areas.items()
    }
    found = difference(mine, recount.figures())
    said = {
        "records": year.records,
        "figures": len(mine),
        "events": sum(mine.values()),
        "ledger_s": round(counting_s, 1),
        "recount_s": round(recounting_s, 1),
        "difference": found,
        "again": f"make recount EVENTS={asked.events} SEED={asked.seed}",
    }
    sys.stdout.write(json.dumps(said) + "\n")
    return 0 if found is None else 1


if __name__ == "__main__":
    sys.exit(main())
