"""A room under load whose parts are killed at random moments, and the judgement afterwards.

The order of a run: kills of the room while signals flow, kills of the store, of both at once, orderly
restarts; then a burst flat out that is killed in its middle. A run of the same seed draws the same moments;
what the machine does with them differs, which is the point.
"""

import asyncio
import random
import signal
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from controlroom.clock import wall_clock
from tests.chaos.client import MARKS, Listener, OrderListener, Publisher
from tests.chaos.house import ROOT, STREAM, House
from tests.chaos.journal_reading import entries
from tests.chaos.judge import judge
from tests.chaos.packets import Letter
from tests.chaos.retelling import retell
from tests.chaos.workload import City, Said, topics_by_kind
from tests.integration.waiting import until

PACE_S = 0.01
"""The flow is topped up a hundred times a second, so that it is a flow and no row of bursts."""

SETTLE_S = 90.0
"""Longest wait for the room to have caught up: far above what the largest backlog here takes."""

RECEIPTS = "leedswatch/receipts/chaos"


class Plan(msgspec.Struct, frozen=True):
    """What a run does. `rate` in signals a second; `life_s` bounds how long a room lives between kills.

    `snapshot_every` is in records. No crew closes anything here and the state only grows: snapshots every few
    thousand records would write tens of megabytes a second, and prove nothing but that.
    """

    kills: int = 20
    store_kills: int = 5
    double_kills: int = 2
    orderly: int = 2
    burst: int = 20_000
    rate: int = 2_000
    life_s: tuple[float, float] = (0.2, 2.0)
    snapshot_every: int = 50_000
    seed: int = 2015


class Siege:
    """One run over one house. `said` remembers every signal that was sent, by its name."""

    def __init__(self, house: House, plan: Plan) -> None:
        self.house = house
        self.plan = plan
        self.said: dict[tuple[str, str], Said] = {}
        self.publisher = Publisher()
        self.orders = OrderListener()
        self.receipts = Listener()
        self.exits: list[int | None] = []
        self.settled = True
        self._random = random.Random(plan.seed)
        self._city = City(topics_by_kind(ROOT / "config" / "estate"), f"s{plan.seed}", plan.seed)
        self._now = wall_clock()
        self._sentinels = 0
        self.repeats = 0

    async def begin(self) -> None:
        """The room is open, and publisher and listeners are connected."""
        await self.house.open_room()
        port = self.house.broker.port
        await self.publisher.open(port, "chaos-publisher")
        await self.orders.listen(port, "chaos-crews", "leedswatch/dispatch/+/orders", MARKS)
        await self.receipts.listen(port, "chaos-receipts", f"{RECEIPTS}/#")

    def close(self) -> None:
        """The three connections are closed."""
        for connection in (self.publisher, self.orders, self.receipts):
            connection.close()

    async def flow(self, stop: asyncio.Event) -> None:
        """Publish at the plan's rate until `stop`; what could not be sent in time is caught up on."""
        started_s, sent = time.perf_counter(), 0
        while not stop.is_set():
            due = int((time.perf_counter() - started_s) * self.plan.rate)
            for _ in range(due - sent):
                await self._publish(self._city.say(self._now()))
            sent = due
            await asyncio.sleep(PACE_S)

    async def under_load(self) -> None:
        """Every kill of the plan but the burst's, while signals flow; then the room has caught up."""
        stop, plan = asyncio.Event(), self.plan
        async with asyncio.TaskGroup() as group:
            group.create_task(self.flow(stop), name="flow")
            for _ in range(plan.kills):
                await self._kill_room()
            for _ in range(plan.store_kills):
                await self._kill_store()
            for _ in range(plan.double_kills):
                await self._kill_both()
            for _ in range(plan.orderly):
                await self._live()
                self.exits.append(await self.house.room.end(signal.SIGTERM))
                await self.house.open_room()
            await self._live()
            stop.set()
        await self.settle()

    async def burst(self) -> dict[str, int]:
        """Publish flat out, kill the room in the middle, and say where the middle was."""
        heard_before = len(self.orders.orders)
        burst = [(said.letter, said) for said in self._city.burst(self.plan.burst, self._now())]
        due = sum(said.due for _, said in burst)
        for _, said in burst:
            self.said[said.name] = said
        share = self._random.uniform(0.3, 0.6)
        async with asyncio.TaskGroup() as group:
            letters = ((letter, said.name) for letter, said in burst)
            group.create_task(self.publisher.publish_all(letters), name="burst")
            await until(lambda: len(self.orders.orders) - heard_before >= due * share, "the middle", SETTLE_S)
            heard_at_kill = len(self.orders.orders) - heard_before
            promised_at_kill = sum(said.name in self.publisher.acknowledged for _, said in burst)
            await self.house.room.end(signal.SIGKILL)
            await self.house.open_room()
        await self.settle()
        return {
            "signals": len(burst),
            "orders_due": due,
            "acknowledged_at_kill": promised_at_kill,
            "orders_heard_at_kill": heard_at_kill,
            "orders_heard": len(self.orders.orders) - heard_before,
        }

    async def settle(self) -> None:
        """Everything sent is durable, every order is with the broker, and the listener has what it has.

        A receipt for the last signal proves the first; where none comes the judgement says what is missing.
        """
        self._sentinels += 1
        topic = f"{RECEIPTS}/{self._sentinels}"
        said = self._city.say(self._now())
        letter = msgspec.structs.replace(said.letter, response_topic=topic, correlation=b"last")
        await self._publish(msgspec.structs.replace(said, letter=letter))
        mark = f"{self._sentinels}".encode()
        try:
            await until(lambda: any(m.topic == topic for m in self.receipts.kept), "a receipt", SETTLE_S)
            await self.house.wait_for("controlroom_orders_unsent", 0, SETTLE_S)
            await self.publisher.publish(Letter(MARKS, mark), None)
            await until(lambda: mark in self.orders.marks and not self.publisher.flying, "a mark", SETTLE_S)
        except AssertionError:
            self.settled = False

    async def _publish(self, said: Said) -> None:
        if said.name in self.said:
            self.repeats += 1
        self.said.setdefault(said.name, said)
        await self.publisher.publish(said.letter, said.name)

    async def _live(self) -> None:
        """Let the room live for a drawn while."""
        await _pass(self._random.uniform(*self.plan.life_s))

    async def _kill_room(self) -> None:
        """Kill the room and start it at once; one in five dies again while it starts."""
        await self._live()
        await self.house.room.end(signal.SIGKILL)
        if self._random.random() < 0.2:
            await self.house.room.spawn()
            await self._live()
            await self.house.room.end(signal.SIGKILL)
        await self.house.open_room()

    async def _kill_store(self) -> None:
        await self._live()
        await self.house.store.end(signal.SIGKILL)
        await self.house.wait_for("controlroom_degraded", 1)
        await self._live()
        await self.house.store.start()
        await self.house.wait_for("controlroom_degraded", 0)

    async def _kill_both(self) -> None:
        await self._live()
        self.house.store.send(signal.SIGKILL)
        await self.house.room.end(signal.SIGKILL)
        await self.house.store.end(signal.SIGKILL)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.house.open_room(), name="room")
            group.create_task(self.house.store.start(), name="store")


async def _pass(seconds: float) -> None:
    """Let time pass: the moment of a kill is drawn, not waited for."""
    end_s = time.perf_counter() + seconds
    await until(lambda: time.perf_counter() >= end_s, "the drawn moment", seconds + SETTLE_S)


async def besiege(plan: Plan) -> dict[str, Any]:
    """Carry the plan out in a folder of its own and return its report: figures, and examples of faults."""
    started_s = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        every = {"JOURNAL__SNAPSHOT_EVERY_RECORDS": str(plan.snapshot_every), "STORE__TIMEOUT_S": "5"}
        async with House(Path(folder), every) as house:
            siege = Siege(house, plan)
            try:
                await siege.begin()
                await siege.under_load()
                burst = await siege.burst() if plan.burst else {}
                siege.exits.append(await house.room.end(signal.SIGTERM))
            finally:
                siege.close()
            report = await _judged(siege)
        return {
            **report,
            "burst": burst,
            "seed": plan.seed,
            "rate": plan.rate,
            "seconds": round(time.perf_counter() - started_s, 1),
        }


async def _judged(siege: Siege) -> dict[str, Any]:
    """Return the verdict on a run whose room has stopped and whose store still answers."""
    house, plan, publisher = siege.house, siege.plan, siege.publisher
    promised = {name for name in publisher.acknowledged | publisher.unwanted if name is not None}
    stored = entries(house.store.socket, STREAM)
    findings = await asyncio.to_thread(judge, siege.said, promised, stored, siege.orders)
    retold = await retell(house.store.socket, house.config, house.environment)
    for problem in retold.problems:
        findings.examples.setdefault("retelling", []).append(problem)
    if any(siege.exits):
        findings.examples["exits"] = [str(code) for code in siege.exits]
    if not siege.settled:
        findings.examples["unsettled"] = [house.room.tail()]
    figures: dict[str, Any] = msgspec.to_builtins(findings)
    return {
        "kills": plan.kills,
        "acknowledged": findings.acknowledged,
        "lost": findings.lost,
        "decided_twice": findings.decided_twice,
        "orders_missing": findings.orders_missing,
        "sound": findings.sound,
        **figures,
        "sent": publisher.sent,
        "sent_twice": siege.repeats,
        "store_kills": plan.store_kills,
        "double_kills": plan.double_kills,
        "orderly_restarts": plan.orderly,
        "start_s": {"median": round(median(house.starts_s), 2), "longest": round(max(house.starts_s), 2)},
        "records": retold.records,
        "snapshots_at": retold.snapshots,
    }
