"""A story against the real service: its own process, a real Mosquitto and Valkey, the API, crews over MQTT.

The service lives by a hurried clock (`hurried`). What it decided is read from its journal beside it, folded,
and held against the story's expectations by the same judge as in the pure core.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp

from controlroom.access.permissions import Role
from controlroom.commands.work import EscalatedByHand, Noted, Resolved
from controlroom.estate.model import Estate
from controlroom.events import Closed, CrewSent, Owned, PersonChecked, PutOnTest
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import Logged
from controlroom.incidents.state import State
from controlroom.journal.records import decode_applied
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import CrewReport, CrewReportMessage, read_order, reports_topic
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from controlroom.stories.asking import NothingToActOn, asked
from controlroom.stories.crews import answers
from controlroom.stories.judge import shortfall
from controlroom.stories.load import Told
from controlroom.stories.model import Expect, Operator
from controlroom.stories.script import Act, Saying, script, wire_of
from simulators.publisher import Broker as BrokerAt
from simulators.publisher import Publisher
from tests.integration.brokers import DURABLE, Broker, mosquitto
from tests.integration.demo.stage import PROJECT, fetch
from tests.integration.journal.stage import ValkeyServer
from tests.integration.let_in import account, bearer
from tests.integration.waiting import until
from tests.ports import free_port
from tests.stories.hurried import Hurry

SPEED = 60.0
LONG_S, LONG_SPEED = 10_800.0, 600.0
"""Stories of more than three hours run faster still."""

LEAD_S = 6.0
"""Real seconds between the start of the service and the story's beginning; a busy machine may take longer."""

GRACE_S = 10.0
"""Real seconds after its moment in which an expectation may come true: the way over broker and journal, on a
machine that is busy with something else."""

LOOK_S = 0.05

STALE = "409 "
"""How an answer begins that says that somebody was faster."""


STARTS = 5
"""How often a service may be started until it is ready: its five seconds for a connection are short ones."""

CONFIG = PROJECT / "config" / "demo.toml"
ROOM = "leeds-demo"

SLOWER = {
    "STORE__TIMEOUT_S": "3000",
    "BROKER__KEEPALIVE_S": "36000",
    "BROKER__RECONNECT_MAX_S": "900",
    "SERVICE__LOG_LEVEL": "warning",
}
"""What waits for other processes, whose clocks do not hurry."""


class Live:
    """One room for one story."""

    def __init__(
        self, told: Told, estate: Estate, home: Path, servers: tuple[Broker, ValkeyServer], speed: float
    ) -> None:
        broker, store = servers
        self.state = State()
        self.logged: list[Logged] = []
        self.failures: list[str] = []
        self._told = told
        self._estate = estate
        self._home = home
        self._broker = broker
        self._store = store
        story = told.story
        begins = story.begins - timedelta(seconds=LEAD_S * speed)
        self._hurry = Hurry(begins, time.monotonic(), speed)
        self._console = free_port()
        self._keys: dict[str, dict[str, str]] = {}
        self._zero = story.begins
        self._crews = Publisher(
            BrokerAt("127.0.0.1", broker.port, "story-crews"),
            subscriptions=("leedswatch/dispatch/+/orders",),
            heard=self._ordered,
        )
        self._tasks: asyncio.TaskGroup | None = None

    async def perform(self) -> list[str]:
        """Return what did not come true."""
        for operator in sorted({one.operator.by for one in self._acts()}):
            self._keys[operator] = await bearer(
                CONFIG, self._environment(), operator, Role.OPERATOR, Role.SUPERVISOR
            )
        for second in sorted({one.operator.second for one in self._acts() if one.operator.second}):
            await account(CONFIG, self._environment(), second, Role.OPERATOR)
        service = await self._ready()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                line = tasks.create_task(self._crews.run(), name="crews and devices")
                await until(lambda: self._crews.tally.connections > 0, "the devices are connected")
                self._zero = max(self._told.story.begins, self._hurry.now() + timedelta(seconds=1))
                story = self._told.story
                work = [self._happens(each) for each in script(story, self._estate)]
                work += [self._expects(number, expected) for number, expected in enumerate(story.expect)]
                await asyncio.wait([tasks.create_task(each, name="story") for each in work])
                line.cancel()
        finally:
            service.terminate()
            service.wait(30)
        return self.failures

    def _acts(self) -> list[Act]:
        return [one for one in script(self._told.story, self._estate) if isinstance(one, Act)]

    def _environment(self) -> dict[str, str]:
        settings = {
            "SERVICE__DATA_DIR": str(self._home / "var"),
            "STORE__URL": f"redis://127.0.0.1:{self._store.port}/0",
            "BROKER__PORT": str(self._broker.port),
            "CONSOLE__PORT": str(self._console),
            "METRICS__PORT": str(free_port()),
            **SLOWER,
        }
        return {f"CONTROLROOM_{name}": text for name, text in settings.items()}

    def _start(self) -> subprocess.Popen[bytes]:
        inherited = {name: text for name, text in os.environ.items() if not name.startswith("CONTROLROOM_")}
        hurry = self._hurry
        words = (str(CONFIG), hurry.begins.isoformat(), str(hurry.started_s), str(hurry.speed))
        with (self._home / "log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - this project's own program
                (sys.executable, "-m", "tests.stories.hurried", *words),
                cwd=PROJECT,
                env=inherited | self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _log(self) -> str:
        return (self._home / "log").read_text("utf-8", "replace")[-2000:]

    async def _ready(self) -> subprocess.Popen[bytes]:
        """Return a service that is ready; one that finds its store too slow is started again."""
        for _ in range(STARTS):
            service = self._start()
            await until(lambda: self._says_ready() or service.poll() is not None, "the room is ready", 120)  # noqa: B023 - awaited here
            if service.poll() is None:
                return service
        raise AssertionError(self._log())

    def _says_ready(self) -> bool:
        return fetch(f"http://127.0.0.1:{self._console}/readyz")[0] == 200

    async def _at(self, second: float) -> datetime:
        """Return what time it is, once so many seconds of the story have passed."""
        return await self._when(self._zero + timedelta(seconds=second))

    async def _when(self, moment: datetime) -> datetime:
        """Return what time it is, once it is that time by the hurried clock."""
        while (left_s := (moment - self._hurry.now()).total_seconds()) > 0:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(left_s / self._hurry.speed)
        return self._hurry.now()

    async def _happens(self, what: Saying | Act) -> None:
        now = await self._at(what.at)
        if isinstance(what, Saying):
            await self._crews.send(wire_of(what, now))
        else:
            await self._acted(what.operator, now)

    def _ordered(self, topic: str, payload: bytes) -> None:
        """Let the crew answer, each word in its time."""
        said = read_order(payload).data
        order = SendCrew(
            id=said.order,
            incident=said.incident,
            unit=said.unit,
            area=self._estate.crews[said.unit].area,
            kind=said.kind,
            source="",
            site=said.site,
            priority=said.priority,
            instruction=said.instruction,
            simulated=True,
        )
        assert self._tasks is not None
        assert topic.endswith("/orders")
        self._tasks.create_task(self._answered(order, self._hurry.now()), name=f"crew {said.unit}")

    async def _answered(self, order: SendCrew, at: datetime) -> None:
        topic = reports_topic(order.unit)
        for after, step, outcome, reason in answers(self._told.story.crews, order):
            await self._when(at + timedelta(seconds=after))
            message = CrewReportMessage(
                specversion="1.0",
                id=f"{order.id}-{step}",
                source=topic,
                time=self._hurry.now(),
                simulated=True,
                data=CrewReport(order=order.id, unit=order.unit, step=step, outcome=outcome, reason=reason),
            )
            body = message.model_dump_json(exclude_none=True).encode()
            await self._crews.send(Wire(topic, body, STRUCTURED))

    async def _acted(self, operator: Operator, now: datetime) -> None:
        """Do what the operator does, over the API; who was a moment too late looks again, as people do."""
        found = await self._asked(operator, now)
        if found is not None and found.startswith(STALE):
            found = await self._asked(operator, now)
        if found is not None:
            self.failures.append(found)

    async def _asked(self, operator: Operator, now: datetime) -> str | None:
        """Return what stood against it; None where it was done."""
        await self._read()
        try:
            command = asked(operator, self.state, self._estate, now)
        except NothingToActOn as fault:
            return str(fault)
        path, body = request_of(command)
        url = f"http://127.0.0.1:{self._console}{path}"
        async with (
            aiohttp.ClientSession(headers=self._keys[operator.by]) as session,
            session.post(url, json=body) as answer,
        ):
            return (
                None if answer.status == HTTPStatus.OK else f"{answer.status} {path}: {await answer.text()}"
            )

    async def _expects(self, number: int, expected: Expect) -> None:
        """Hold one expectation against the journal, from its moment on for a little while."""
        await self._at(expected.by)
        meant = _as_signed_in(expected)
        ends = time.monotonic() + GRACE_S
        while (missing := await self._missing(meant)) is not None:
            if time.monotonic() > ends:
                self.failures.append(f"{self._told.marks[number]}: by {expected.by:g} s: {missing}")
                return
            await asyncio.sleep(LOOK_S)

    async def _missing(self, expected: Expect) -> str | None:
        """Return what the journal does not hold of this by now."""
        await self._read()
        return shortfall(expected, self.state, self.logged)

    async def _read(self) -> None:
        """Fold what is new in the journal."""
        link = Link(self._store.address())
        try:
            async for frame in ValkeyStore(ROOM, link, link).frames(self.state.position):
                body = decode_applied(frame.body)
                for position, stored in enumerate(body.records, body.position):
                    if position <= self.state.position:
                        continue
                    apply(self.state, position, stored.now, stored.decision)
                    self.logged += [one for one in stored.decision.changes if isinstance(one, Logged)]
        finally:
            await link.close()


def _as_signed_in(expected: Expect) -> Expect:
    """Return the expectation with the owner as the house knows who acts by a token."""
    return (
        expected
        if expected.owner is None
        else expected.model_copy(update={"owner": f"token:{expected.owner}"})
    )


def request_of(command: Any) -> tuple[str, dict[str, Any]]:
    """Return where this command is posted, and its body."""
    match command:
        case PutOnTest():
            said = {"target": command.target, "reason": command.reason, "owner": command.owner}
            until_ = command.until.isoformat()
            return "/api/v1/tests", said | {"until": until_, "second_author": command.second_author}
        case PersonChecked():
            return f"/api/v1/people/{command.source.partition('/')[2]}/check", {}
    incident = f"/api/v1/incidents/{command.incident}"
    seen = {"version": command.version}
    match command:
        case Owned():
            return f"{incident}/own", seen
        case Closed():
            return f"{incident}/close", seen | {"outcome": command.outcome}
        case Resolved():
            return f"{incident}/resolve", seen | {"outcome": command.outcome}
        case CrewSent():
            return f"{incident}/send", seen | ({} if command.unit is None else {"unit": command.unit})
        case EscalatedByHand():
            return f"{incident}/escalate", seen | {"reason": command.reason}
        case Noted():
            return f"{incident}/note", seen | {"text": command.text}
    raise AssertionError(command)


async def perform_live(told: Told, estate: Estate, speed: float | None = None) -> list[str]:
    """Return what did not come true of this story in a service of its own.

    A busy machine is late by so much more of the story's time the faster that goes: what is true only for
    a while needs a `speed` at which it stays so for some real seconds.
    """
    pace = speed or (LONG_SPEED if told.story.lasts_s > LONG_S else SPEED)
    with tempfile.TemporaryDirectory(prefix="cr-") as folder:
        home = Path(folder)
        (home / "store").mkdir()
        broker, store = mosquitto(home, *DURABLE), ValkeyServer(home / "store")
        await broker.start()
        store.start()
        try:
            return await Live(told, estate, home, (broker, store), pace).perform()
        finally:
            store.stop()
            await broker.end()
