"""One simulated day from its seed: the world is put together, lived through, and judged.

Everything runs on one event loop whose clock jumps from timer to timer, so that a day takes well under a
second and is the same day each time. The fates of the day (`fate`) decide when the process ends and what is
away; `Judge` looks after every step, and `retelling` tells the whole journal again in the end.
"""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

import msgspec

from controlroom.journal.memory import MemoryShelf
from controlroom.journal.snapshot import MemorySnapshots
from controlroom.journal.store import Fenced
from controlroom.signals.wire import Wire
from simulators.speech import Message
from simulators.timetable import dice
from tests.journal.virtual_time import VirtualLoop
from tests.simulation.broker import Broker
from tests.simulation.fate import AFTER_S, ANYWHERE, DAY_S, SETTLE_S, Crash, Fate, Gap, fate_of
from tests.simulation.house import Crashed, Outside, Process, Shelves
from tests.simulation.judge import CLOCK_S, Finding, Judge
from tests.simulation.people import Crews, act
from tests.simulation.plants import PLANTS, Plant
from tests.simulation.retelling import Shadow
from tests.simulation.streets import Streets, day_of, handbook

RESTART_S = (0.5, 120.0)
"""How long it takes until a process that ended is there again; nearly always a few seconds."""

LOOK_S = 60.0
"""How often an operator takes the next thing from the list, on average."""

THINK_S = 30.0
"""How long an operator thinks at most: what was seen may have changed by then."""

OPERATOR = object()
"""What the room gives back with an answer to an operator."""


class Day(msgspec.Struct, frozen=True):
    """What one day showed; `findings` is empty when every promise held. Counts say how much was at stake."""

    seed: int
    findings: tuple[Finding, ...]
    digest: str
    signals: int
    records: int
    orders: int
    fired: int
    lives: int
    crashes: int
    starts: int
    reasons: dict[str, int]


class World:
    """Everything around the room on one day, and the room's processes one after another."""

    def __init__(self, fate: Fate, plant: Plant, loop: asyncio.AbstractEventLoop) -> None:
        self.fate = fate
        self.loop = loop
        self.judge = Judge(fate.begins)
        self.shelves = Shelves(MemoryShelf(), MemorySnapshots())
        self.shadow = Shadow(handbook())
        self.crashes = self.starts = 0
        self.over = asyncio.Event()
        self._now_s, self._now = 0.0, fate.begins
        self._plant = plant
        self._rng = dice(fate.seed, "world")
        self._operators = dice(fate.seed, "operators")
        self._crashes = list(fate.crashes)
        self._passed = 0
        self._away = False
        self._lose = 0
        self.broker = Broker(dice(fate.seed, "broker"), self._acknowledged, self._heard, self.find)
        self.crews = Crews(fate.seed, handbook().estate, self.say, self.now, self.later)
        self.streets = Streets(fate.seed, fate.shares, self.say)
        self.process: Process | None = None
        self._processes: list[Process] = []
        self._rival = asyncio.Event()

    def now(self) -> datetime:
        """Return the true time of the day; asked many times at each moment, it is reckoned once."""
        at_s = self.loop.time()
        if at_s != self._now_s:
            self._now_s, self._now = at_s, self.fate.begins + timedelta(seconds=at_s)
        return self._now

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Call something after so many virtual seconds."""
        self.loop.call_later(seconds, what)

    def say(self, seconds: float, wire: Wire) -> None:
        """Let the broker have a message after so many virtual seconds."""
        self.loop.call_later(seconds, self.broker.publish, wire)

    def find(self, promise: str, seen: object) -> None:
        """Keep a finding, which ends the day."""
        self.judge.at_s = self.loop.time()
        self.judge.find(promise, seen)
        self.over.set()

    async def lives(self) -> None:
        """Live through the day; the first finding ends it."""
        self._arrange()
        async with asyncio.TaskGroup() as tasks:
            house = tasks.create_task(self._keeps_a_room_open(tasks), name="house")
            await self.over.wait()
            house.cancel()
            for process in self._processes:
                process.end()

    def _arrange(self) -> None:
        """Put everything that will happen into the loop."""
        loop, fate = self.loop, self.fate
        self._next(day_of(fate.seed, handbook().estate))
        for gap in fate.outages:
            loop.call_at(gap.at_s, self._store_is_away, gap)
        for gap in fate.disconnections:
            loop.call_at(gap.at_s, self.broker.go)
            loop.call_at(gap.at_s + gap.for_s, self.broker.come)
        for at_s in fate.lost_replies:
            loop.call_at(at_s, self._loses_a_reply)
        for at_s in fate.rivals:
            loop.call_at(at_s, self._rival.set)
        for crash in fate.crashes:
            loop.call_at(crash.at_s + AFTER_S * (crash.seam != ANYWHERE), self._crash_anyway, crash)
        loop.call_later(LOOK_S, self._look)
        loop.call_at(DAY_S, self._grows_calm)
        loop.call_at(DAY_S + SETTLE_S, self.ends)

    def _next(self, day: Any, message: Message | None = None) -> None:
        """Say this message, and come back for the next one when it is due."""
        if message is not None:
            self.streets.speak(message, self.now())
        following = next(day, None)
        if following is not None:
            self.loop.call_at(following.due_s, self._next, day, following)

    async def _keeps_a_room_open(self, tasks: asyncio.TaskGroup) -> None:
        """Start a process whenever the one before has ended, as a supervisor does; or too early."""
        while True:
            self.starts += 1
            self._rival.clear()
            outside = Outside(
                self.now,
                self._rng.random,
                self._ends_at,
                self._stored,
                self.broker.connect,
                self._acknowledge,
                self._publish,
                self._settled,
            )
            name = f"room {self.starts}"
            self.process = process = Process(outside, handbook(), self._plant, name, self.fate.snapshot_every)
            self._processes.append(process)
            tasks.create_task(self._lives_once(process), name=name)
            await self._rival.wait()
            if process.dead:
                pause_s = RESTART_S[0] + (RESTART_S[1] - RESTART_S[0]) * self._rng.random() ** 8
                await asyncio.sleep(pause_s)

    async def _lives_once(self, process: Process) -> None:
        """Let this process live, and the next one begin after it; one that was overtaken ends alone."""
        try:
            error = await process.run(self.shelves, self._restored)
        except Exception as fault:  # noqa: BLE001 - last resort: whatever ends a process is a finding
            self.find("nothing ends a process but its fate", "".join(format_exception(fault)))
            return
        self._processes.remove(process)
        current = process is self.process
        if error is not None and not self._away and (current or not isinstance(error, Fenced)):
            self.find("a store that is there lets the room work", repr(error))
        if current:
            self.broker.disconnect()
            self._rival.set()

    def _ends_at(self, seam: str) -> bool:
        if not self._crashes or self._crashes[0].seam != seam or self._crashes[0].at_s > self.loop.time():
            return False
        self._passed += 1
        if self._passed < self._crashes[0].nth:
            return False
        self._crashed()
        return True

    def _crashed(self) -> None:
        self.crashes += 1
        self._passed = 0
        del self._crashes[0]

    def _crash_anyway(self, crash: Crash) -> None:
        """End the process wherever it is, if it has not ended at its seam by now."""
        if self._crashes and self._crashes[0] is crash and self.process is not None:
            self._crashed()
            self.process.end()

    def _store_is_away(self, gap: Gap) -> None:
        self._away = True
        self._switch()
        self.later(gap.for_s, self._store_is_back)

    def _store_is_back(self) -> None:
        self._away = False
        self._switch()

    def _loses_a_reply(self) -> None:
        if self.process is not None and self.process.store is not None:
            self.process.store.lose_replies += 1

    def _switch(self) -> None:
        for process in self._processes:
            if process.store is not None:
                process.store.away = self._away

    def _stored(self) -> None:
        """Let judge and shadow read what has come onto the shelf."""
        self._switch()
        self.judge.read(self.shelves.frames.frames, self.loop.time())
        self.shadow.read(self.shelves.frames.frames)
        self._stops_at_a_finding()

    def _restored(self, folded: Any) -> None:
        """Hold what a process begins with to what the journal says."""
        self._stored()
        difference = self.shadow.differs(folded)
        if difference is not None:
            self.find("a restart gives the same state byte for byte", difference)

    def _acknowledge(self, tickets: Any) -> None:
        self.broker.acknowledge(tickets)
        self._stops_at_a_finding()

    def _acknowledged(self, wire: Wire) -> None:
        self.judge.acknowledge(wire)

    def _publish(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        if len(self._processes) == 1:  # one that was overtaken does not know what was handed over since
            self.judge.publish(topic, payload)
        self._stops_at_a_finding()
        return self.broker.send(topic, payload)

    def _heard(self, topic: str, payload: bytes) -> None:
        if not topic.startswith("leedswatch/dispatch/") or topic.endswith("/current"):
            return  # a receipt, or what the broker keeps
        self.judge.at_s = self.loop.time()
        self.judge.hear(topic, payload)
        self._stops_at_a_finding()
        self.crews.hear(topic, payload)

    def _settled(self, settled: Any) -> None:
        for item in settled:
            if item.told.token is OPERATOR and item.position > self.judge.records:
                self.find("an answered command is stored", item.told.event)

    def _look(self) -> None:
        """Let an operator look at the list, and act on what it showed a moment later."""
        if self.loop.time() > DAY_S:
            return
        rng = self._operators
        if self.process is not None and self.process.room is not None and not self.process.dead:
            command = act(rng, self.process.room.state, handbook().estate, self.now())
            if command is not None:
                self.later(rng.random() * THINK_S, lambda: self._command(command))
        self.later(rng.expovariate(1 / LOOK_S), self._look)

    def _command(self, command: Any) -> None:
        if self.process is not None and self.process.room is not None and not self.process.dead:
            self.process.room.tell(command, OPERATOR)

    def _stops_at_a_finding(self) -> None:
        if self.judge.findings:
            self.over.set()

    def _grows_calm(self) -> None:
        """Nothing goes wrong any more, so that what is still open can end."""
        self.broker.calm = True
        self._crashes.clear()

    def ends(self) -> None:
        """Judge the whole day, as soon as its last order has had the time that every order needs."""
        if self.judge.rests_at_s > self.loop.time() + CLOCK_S:
            self.loop.call_at(self.judge.rests_at_s, self.ends)
            return
        self.judge.end(self.loop.time(), self.broker.left)
        if not self.judge.findings and self.process is not None:
            for promise, seen in self.shadow.retold(self.shelves.frames.frames, self.process.folded):
                self.judge.find(promise, seen)
        self.over.set()


def live(seed: int, plant: str | None = None) -> Day:
    """Return what the day of this seed showed, with one bug planted if asked."""
    planted = PLANTS[plant]() if plant is not None else Plant()
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        wrong: list[str] = []
        loop.set_exception_handler(lambda _, context: _unhandled(wrong, context))
        world = runner.run(_through(seed, planted, loop))
    judge = world.judge
    for what in wrong:
        judge.find("nothing raises what nobody expects", what)
    frames = world.shelves.frames.frames
    return Day(
        seed=seed,
        findings=tuple(judge.findings),
        digest=hashlib.sha256(b"".join(frame.mac for frame in frames)).hexdigest()[:16],
        signals=world.streets.said,
        records=judge.records,
        orders=len(judge.orders),
        fired=judge.duties.fired,
        lives=judge.duties.lives,
        crashes=world.crashes,
        starts=world.starts,
        reasons=dict(judge.reasons),
    )


async def _through(seed: int, plant: Plant, loop: asyncio.AbstractEventLoop) -> World:
    world = World(fate_of(seed), plant, loop)
    await world.lives()
    return world


def _unhandled(wrong: list[str], context: dict[str, Any]) -> None:
    """Keep what a callback raised; that a dead process stops in the middle of one is no news."""
    if not isinstance(context.get("exception"), Crashed):
        wrong.append(repr(context.get("exception") or context["message"]))
