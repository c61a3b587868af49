"""A day of mixed garbage between good signals, over the real parts; the full size is `make garbage`.

    python -m tests.chaos.garbage_day [--messages 100000] [--seed 2015]

The last line is one JSON object; exit 1 when a good signal was lost or a bad one is not where it belongs.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from controlroom.clock import wall_clock
from controlroom.ingest.oversize import KEPT_BYTES
from tests.chaos.client import MARKS, Listener, OrderListener, Publisher
from tests.chaos.garbage import Bad, Odd, Trouble, odd_signals
from tests.chaos.house import ROOT, STREAM, House
from tests.chaos.journal_reading import Entry, entries
from tests.chaos.judge import judge
from tests.chaos.packets import Letter
from tests.chaos.retelling import retell
from tests.chaos.workload import City, Said, topics_by_kind
from tests.integration.waiting import until

BAD_SHARE = 0.4
LAST = "leedswatch/receipts/garbage/last"
CATCH_UP_S = 120.0
QUARANTINED = 'controlroom_signals_quarantined_total{reason="%s"}'
FULL_SIZE = 100_000
"""Messages of `make garbage`: a minute of fuzz, more than a city's devices get wrong in a year."""


class Day:
    """What was sent: good signals by name, bad letters, odd signals with the doubt they deserve."""

    def __init__(self, seed: int) -> None:
        self.said: dict[tuple[str, str], Said] = {}
        self.bad: list[Bad] = []
        self.odd: dict[tuple[str, str], Odd] = {}
        self._random = random.Random(seed)
        self._city = City(topics_by_kind(ROOT / "config" / "estate"), f"g{seed}", seed)
        self._trouble = Trouble(seed)
        self._now = wall_clock()
        self.started = self._now()

    def next(self) -> Letter:
        """Return the next letter of the day and remember what must become of it."""
        if self._random.random() < BAD_SHARE:
            bad = self._trouble.make()
            self.bad.append(bad)
            return bad.letter
        return self.good(self._city.say(self._now()))

    def good(self, said: Said) -> Letter:
        """Return the letter of a signal that must be decided."""
        self.said.setdefault(said.name, said)
        return said.letter

    def before(self) -> list[Letter]:
        """Return what a broker keeps for whoever comes later: one retained bad letter, one good one."""
        bad = Bad(Letter("leedswatch/inner-east/toaster/early", b"early", retain=True), "unknown_kind")
        self.bad.append(bad)
        kept = next(odd_signals("retained", self._now())).said
        return [bad.letter, msgspec.structs.replace(self.good(kept), retain=True)]

    def oddities(self) -> list[Letter]:
        """Return the odd signals' letters."""
        for odd in odd_signals("odd", self._now()):
            self.odd[odd.said.name] = odd
        return [self.good(odd.said) for odd in self.odd.values()]

    def last(self) -> Letter:
        """Return a signal that asks for a receipt: when that comes, all before it was heard."""
        said = next(self._city.burst(1, self._now()))
        return msgspec.structs.replace(self.good(said), response_topic=LAST)


async def live_through(messages: int, seed: int) -> dict[str, Any]:
    """Send so many messages, wait until the room has them all, and return what became of them."""
    started_s = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="garbage-") as folder:
        async with House(Path(folder)) as house:
            day, publisher, orders, receipts = Day(seed), Publisher(), OrderListener(), Listener()
            port = house.broker.port
            await publisher.open(port, "garbage-publisher")
            await publisher.publish_all((letter, None) for letter in day.before())
            await house.open_room()
            born = (await house.figures())["process_start_time_seconds"]
            await orders.listen(port, "garbage-crews", "leedswatch/dispatch/+/orders", MARKS)
            await receipts.listen(port, "garbage-receipts", LAST)
            for letter in day.oddities():
                await publisher.publish(letter, None)
            await publisher.publish_all((day.next(), None) for _ in range(messages))
            await publisher.publish(day.last(), None)
            await until(lambda: bool(receipts.kept), "the last receipt", CATCH_UP_S)
            sent_s = time.perf_counter() - started_s
            await house.wait_for("controlroom_orders_unsent", 0, CATCH_UP_S)
            await publisher.publish(Letter(MARKS, b"end"), None)
            await until(lambda: bool(orders.marks), "the mark", CATCH_UP_S)
            figures = await house.figures()
            code = await house.room.end(signal.SIGTERM)
            retold = await retell(house.store.socket, house.config, house.environment)
            stored = await asyncio.to_thread(list, entries(house.store.socket, STREAM))
            for connection in (publisher, orders, receipts):
                connection.close()
    problems = problems_of(day, stored, orders)
    problems += [*_figures(figures, stored, born), *retold.problems]
    problems += [f"the room ended with {code}"] if code else []
    by_reason = Counter(_reasons(stored))
    return {
        "messages": messages,
        "good": len(day.said),
        "bad": len(day.bad),
        "quarantined": dict(sorted(by_reason.items())),
        "refused": len(publisher.refused),
        "problems": problems,
        "sound": not problems,
        "seed": seed,
        "seconds": round(sent_s, 1),
    }


def problems_of(day: Day, stored: list[Entry], orders: OrderListener) -> list[str]:
    """Return what is wrong: good signals through the judge, bad letters by topic, bytes and reason."""
    findings = judge(day.said, day.said, stored, orders)
    problems = [f"{fault}: {examples}" for fault, examples in findings.examples.items()]
    for entry in stored:
        if entry.kind == "signal":
            problems += _doubt(entry, day)
    kept: Counter[tuple[str, bytes]] = Counter()
    reasons: dict[tuple[str, bytes], set[str]] = {}
    for entry in stored:
        if entry.kind == "quarantined":
            wire = entry.event["wire"]
            name = (wire["topic"], wire["payload"])
            kept[name] += 1
            reasons.setdefault(name, set()).add(entry.event["reason"])
    least = Counter(_name(bad) for bad in day.bad if bad.letter.qos)
    most = Counter(_name(bad) for bad in day.bad)
    for name in kept.keys() | most.keys():
        if not least[name] <= kept[name] <= most[name]:
            problems.append(
                f"{_shown(name)} kept {kept[name]} times, sent {least[name]} to {most[name]} times"
            )
    for bad in day.bad:
        found = reasons.get(_name(bad), set())
        if bad.reason is not None and bad.letter.qos and found != {bad.reason}:
            problems.append(f"{_shown(_name(bad))} kept as {found}, not {bad.reason}")
    return problems


def _doubt(entry: Entry, day: Day) -> list[str]:
    """Return what is wrong with the doubts noted beside a decided signal."""
    noted = [change["reason"] for change in entry.changes("quarantined")]
    topic = entry.event["wire"]["topic"]
    odd = [odd for odd in day.odd.values() if odd.said.letter.payload == entry.event["wire"]["payload"]]
    wanted = [odd[0].doubt] if odd and odd[0].doubt is not None else []
    return [] if noted == wanted else [f"a signal on {topic[:60]!r} is doubted for {noted}, not {wanted}"]


def _figures(figures: dict[str, float], stored: list[Entry], born: float) -> list[str]:
    """Return where the metrics page tells another story than the journal, or the room did not stay well."""
    problems = []
    for reason, count in Counter(_reasons(stored)).items():
        shown = figures.get(QUARANTINED % reason)
        if shown != count:
            problems.append(f"the metrics page shows {shown} of {count} quarantined for {reason}")
    wanted = {
        "controlroom_mqtt_connected": 1.0,
        "controlroom_degraded": 0.0,
        'controlroom_mqtt_session_total{what="decoder_failed"}': 0.0,
        'controlroom_mqtt_session_total{what="reconnected"}': 0.0,
        "process_start_time_seconds": born,
    }
    for name, value in wanted.items():
        if figures.get(name) != value:
            problems.append(f"{name} is {figures.get(name)}, not {value}")
    return problems


def _reasons(stored: list[Entry]) -> list[str]:
    return [str(change["reason"]) for entry in stored for change in entry.changes("quarantined")]


def _name(bad: Bad) -> tuple[str, bytes]:
    return bad.letter.topic, bad.letter.payload[:KEPT_BYTES]


def _shown(name: tuple[str, bytes]) -> str:
    return f"{name[1][:80]!r} on {name[0][:60]!r}"


def main() -> int:
    """Live through one day as the arguments ask; return 0 when everything is where it belongs."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.garbage_day", description="Mixed garbage.")
    parser.add_argument("--messages", type=int, default=FULL_SIZE)
    parser.add_argument("--seed", type=int, default=2015)
    asked = parser.parse_args()
    report = asyncio.run(live_through(asked.messages, asked.seed))
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["sound"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
