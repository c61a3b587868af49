"""How long a plan year's figures take to be there again, how large they are, how long a scorecard takes.

python -m benchmarks.ledger [--events 1000000]

A year is lived first (`tests.recount.year`), which is not measured. Then its frames are folded as a start
does it: once the ledger alone, once with the room's state. The last line is one JSON object.
"""

import argparse
import asyncio
import gc
import json
from collections.abc import AsyncIterator
from datetime import date
from time import perf_counter

from controlroom import restore
from controlroom.journal.records import decode_applied
from controlroom.journal.stored import StoredFrame
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import parse, plan_year
from controlroom.measures.report.making import Form, report
from controlroom.measures.scorecard import Asked, scorecard
from controlroom.measures.taking import take
from tests.build import NOON, PLAN, REAL_BOOK
from tests.recount.year import Year, shipped

CARDS = 20
"""Scorecards that are timed; the slowest counts."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description="Time the ledger.")
    parser.add_argument("--events", type=int, default=1_000_000)
    year = Year(shipped(), parser.parse_args().events, seed=2015)
    frames: list[StoredFrame] = []
    for body in year.frames():
        head = decode_applied(body)
        frames.append(StoredFrame(1, head.position, len(head.records), body, b""))
    records = year.records
    del year
    gc.collect()
    gc.freeze()
    ledger, ledger_s = _ledger(frames)
    folded_s = asyncio.run(_folded(frames))
    began = perf_counter()
    size = len(restore.to_bytes(restore.Folded(ledger=ledger)))
    snapshot_s = perf_counter() - began
    card_s = max(_card(ledger, area) for area in (None, "inner-south") for _ in range(CARDS))
    asked = Asked(parse("2026Q3"), date(2026, 12, 31))
    card, began = scorecard(ledger, PLAN, asked), perf_counter()
    for form in Form:
        report(card, form, NOON, demonstration=False)
    reports_s = perf_counter() - began
    said = {
        "records": records,
        "journal_mb": round(sum(len(frame.body) for frame in frames) / 1e6),
        "ledger_rebuilt_s": round(ledger_s, 1),
        "ledger_us_a_record": round(ledger_s / records * 1e6, 2),
        "state_and_ledger_rebuilt_s": round(folded_s, 1),
        "snapshot_of_the_ledger_mb": round(size / 1e6, 2),
        "snapshot_taken_ms": round(snapshot_s * 1e3, 1),
        "events_in_figures": sum(ledger.counted.values()),
        "scorecard_slowest_ms": round(card_s * 1e3, 1),
        "four_reports_s": round(reports_s, 2),
        "year": plan_year(2026).name,
    }
    print(json.dumps(said))


def _ledger(frames: list[StoredFrame]) -> tuple[Ledger, float]:
    """Return the figures of these frames, and how long they took."""
    ledger, began = Ledger(digest=REAL_BOOK.digest), perf_counter()
    for frame in frames:
        body = decode_applied(frame.body)
        for position, record in enumerate(body.records, body.position):
            take(ledger, REAL_BOOK, position, record.now, record.decision)
    return ledger, perf_counter() - began


async def _folded(frames: list[StoredFrame]) -> float:
    """Return how long a start takes that has no snapshot."""

    async def told() -> AsyncIterator[StoredFrame]:
        for frame in frames:
            yield frame

    began = perf_counter()
    await restore.fold(restore.empty(REAL_BOOK), told(), REAL_BOOK)
    return perf_counter() - began


def _card(ledger: Ledger, area: str | None) -> float:
    """Return how long a scorecard takes."""
    began = perf_counter()
    scorecard(ledger, PLAN, Asked(parse("2026Q3"), date(2026, 12, 31), area, in_team=False))
    return perf_counter() - began


if __name__ == "__main__":
    main()
