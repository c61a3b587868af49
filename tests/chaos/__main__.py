"""`make chaos`: the full number of kills; the last line is one JSON object, exit 1 when anything is wrong.

python -m tests.chaos [--kills 20] [--store-kills 5] [--burst 20000] [--seed 2015]
"""

import argparse
import asyncio
import json
import sys

from tests.chaos.siege import Plan, besiege


def main() -> int:
    """Run one siege as the arguments ask; return 0 when nothing was lost, doubled or missing."""
    standard = Plan()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill the room under load.")
    parser.add_argument("--kills", type=int, default=standard.kills)
    parser.add_argument("--store-kills", type=int, default=standard.store_kills)
    parser.add_argument("--burst", type=int, default=standard.burst)
    parser.add_argument("--rate", type=int, default=standard.rate)
    parser.add_argument("--seed", type=int, default=standard.seed)
    asked = parser.parse_args()
    plan = Plan(
        kills=asked.kills,
        store_kills=asked.store_kills,
        burst=asked.burst,
        rate=asked.rate,
        seed=asked.seed,
    )
    report = asyncio.run(besiege(plan))
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["sound"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
