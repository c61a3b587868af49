"""The load: one process that publishes the workload and listens for its orders; prints one JSON object.

Two ways. *Paced* (`--rate`): so many signals a second, whatever the other side does; the age of each
order is measured from the moment its signal was due to leave. *Held* (`--lead`): as fast as the other
side can, never more than so many signals ahead of the newest order, which finds the rate that can be
sustained without a backlog that grows.
"""

import argparse
import asyncio
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

import uvloop

from benchmarks.workload import PERIOD, is_due, templates
from controlroom.clock import wall_clock
from controlroom.estate.load import load as load_estate
from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import ConnectionState, Inbound, Phase, SessionSettings
from controlroom.signals.envelope import STRUCTURED

STEP_S = 0.001
"""How often a paced publisher sends what has come due: well below any latency that is reported."""

STALLED_S = 5.0
"""How long no order at all may come before a run counts as stalled: the other side has lost a message."""

SETTLE_S = 20.0
"""How long after the last signal an order may still come before it counts as lost."""


class Load:
    """What was sent when, and which orders came back how old."""

    def __init__(self, port: int, total: int, first: int = 0) -> None:
        estate = load_estate({file.name: file.read_text() for file in Path("config/estate").glob("*.csv")})
        self.templates = templates(estate)
        self.first = first
        self.sent_at: list[float] = []
        self.ages_s: list[float] = []
        self.seen = bytearray(total)
        self.newest = -1
        self.twice = 0
        self.connected = asyncio.Event()
        self.heard = asyncio.Event()
        self.stalled = False
        settings = SessionSettings(
            host="127.0.0.1",
            port=port,
            client_id="load",
            filters=("leedswatch/dispatch/+/orders",),
            session_expiry_s=0,
            receive_maximum=1_000,
            publish_window=1_000,
            publish_queue_limit=60_000,
        )
        self.session = Session(settings, self._order, self._state)

    def _state(self, state: ConnectionState) -> None:
        if state.phase is Phase.CONNECTED:
            self.connected.set()

    def _order(self, inbound: Inbound) -> None:
        now = time.perf_counter()
        payload = inbound.wire.payload
        at = payload.index(b'"b-') + 3
        n = int(payload[at : payload.index(b'"', at)]) - self.first
        if n >= 0:  # not one that is left of an earlier load
            self.twice += self.seen[n]
            self.seen[n] = 1
            self.ages_s.append(now - self.sent_at[n])
            self.newest = max(self.newest, n)
        self.heard.set()
        self.session.acknowledge((inbound.ticket,))

    def send(self, due_at: float) -> None:
        """Publish the next signal; its age counts from when it was due."""
        n = len(self.sent_at)
        template = self.templates[n % PERIOD]
        self.sent_at.append(due_at)
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode()
        self.session.publish(
            template.topic, template.payload(b"b-%d" % (n + self.first), moment), content_type=STRUCTURED
        )

    def due(self) -> list[tuple[float, str]]:
        """Return of each signal the moment it was due to leave, in ms since 1970, and where it came from."""
        shift = wall_clock()().timestamp() - time.perf_counter()
        topics = [template.topic.removesuffix("/signals") for template in self.templates]
        return [((at + shift) * 1_000, topics[n % PERIOD]) for n, at in enumerate(self.sent_at)]

    async def paced(self, rate: float, seconds: float) -> None:
        """Send at this rate for so long."""
        start = time.perf_counter()
        total = int(rate * seconds)
        while len(self.sent_at) < total:
            due = min(total, int((time.perf_counter() - start) * rate))
            while len(self.sent_at) < due:
                self.send(start + len(self.sent_at) / rate)
            await asyncio.sleep(STEP_S)  # a pace is what is asked for, so this wait is one of time

    async def held(self, lead: int, seconds: float) -> float:
        """Send as fast as the orders come back; return signals a second, the first second left out."""
        start = time.perf_counter()
        warm: tuple[float, int] | None = None
        while (now := time.perf_counter()) - start < seconds:
            if warm is None and now - start > 1.0:
                warm = now, self.newest
            while len(self.sent_at) - self.newest < lead and len(self.sent_at) < len(self.seen):
                self.send(time.perf_counter())
            self.heard.clear()
            try:
                async with asyncio.timeout(STALLED_S):
                    await self.heard.wait()  # never spin: the processor is what is measured
            except TimeoutError:
                self.stalled = True
                break
        since, before = warm or (start, 0)
        return (self.newest - before) / (time.perf_counter() - since)

    async def settle(self) -> int:
        """Wait for the orders that are still due; return how many never came."""
        due = [n for n in range(len(self.sent_at)) if is_due(n)]
        deadline = time.perf_counter() + SETTLE_S
        while time.perf_counter() < deadline and not all(self.seen[n] for n in due):  # noqa: ASYNC110 - a last look  # noqa: ASYNC110 - any of thousands
            await asyncio.sleep(0.05)
        return sum(not self.seen[n] for n in due)


def percentile_ms(ages_s: list[float], share: float) -> float:
    """Return this percentile of the ages, in milliseconds; 0 for none."""
    ordered = sorted(ages_s)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1_000, 3) if ordered else 0.0


async def run(arguments: argparse.Namespace, finish: Callable[[dict[str, object]], None]) -> None:
    """Connect, send, wait, report."""
    total = int(arguments.rate * arguments.seconds) if arguments.rate else 40_000 * int(arguments.seconds)
    load = Load(arguments.port, max(total, 1), arguments.first)
    session = asyncio.create_task(load.session.run(), name="load.session")
    async with asyncio.timeout(10):
        await load.connected.wait()
    rate = arguments.rate
    if rate:
        await load.paced(rate, arguments.seconds)
    else:
        rate = await load.held(arguments.lead, arguments.seconds)
    lost = await load.settle()
    skip = len(load.ages_s) // 10  # the first tenth warms both sides up
    finish(
        {
            "rate": round(rate),
            "sent": len(load.sent_at),
            "orders": sum(load.seen),
            "lost": lost,
            "stalled": load.stalled,
            "twice": load.twice,
            "p50_ms": percentile_ms(load.ages_s[skip:], 0.50),
            "p95_ms": percentile_ms(load.ages_s[skip:], 0.95),
            "p99_ms": percentile_ms(load.ages_s[skip:], 0.99),
            "max_ms": percentile_ms(load.ages_s[skip:], 1.0),
        }
        | ({"due": load.due()} if arguments.due else {})
    )
    session.cancel()


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--lead", type=int, default=1_000)
    parser.add_argument(
        "--first", type=int, default=0, help=f"number of the first signal, so many times {PERIOD}"
    )
    parser.add_argument("--due", action="store_true", help="tell of each signal when it left, and its source")
    arguments = parser.parse_args()
    gc.disable()  # the load's own pauses are not the room's latency
    uvloop.run(run(arguments, lambda report: print(json.dumps(report), flush=True)))


if __name__ == "__main__":
    main()
