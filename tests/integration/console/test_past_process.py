"""The reader of the past as a process of its own, over a real store: started, lost, started again, let go."""

import asyncio
import json
import os
import signal
from pathlib import Path

import aiohttp
import pytest
import uvloop

from controlroom.access.permissions import Person, Role
from controlroom.console.past.desk import PastAsked, PastAway, PastTold
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.chain import seal
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import Snapshot, seal_snapshot
from controlroom.journal.stored import EMPTY, head_of
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.restore import SCHEMA, Folded, to_bytes
from controlroom.settings import load
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.past import PastProcess
from tests.build import after, handbook
from tests.build import signal as signalled
from tests.console.small_room import SmallRoom
from tests.integration.console.served import Served
from tests.integration.journal.stage import ValkeyServer

KEY = bytes(range(32))
SUPERVISOR = Person("sue", "Sue", frozenset({Role.SUPERVISOR}))
FRAMES, A_FRAME = 12, 100


async def a_journal(store: ValkeyServer) -> None:
    """Let the store have so many frames of a room that opened an incident at the beginning of each."""
    link = Link(store.address())
    kept, snapshots = ValkeyStore("leeds", link, link), ValkeySnapshots("leeds", link)
    state, head, book = State(), EMPTY, handbook()
    for frame in range(FRAMES):
        records = []
        for nth in range(A_FRAME):
            kind, now = (Kind.GUARD if nth else Kind.ARC_ALARM), after(frame * A_FRAME + nth)
            event = signalled(kind, f"{frame}-{nth}")
            decision = decide(book, state, event, now)
            records.append(Record(state.position + 1, now, event, decision))
            apply(state, records[-1].position, now, decision)
        sealed = seal(KEY, head, 1, A_FRAME, encode_frame("a test", records))
        await kept.append(sealed, head)
        head = head_of(sealed)
        if frame in {3, 7}:
            await snapshots.save(seal_snapshot(KEY, Snapshot(head, SCHEMA, to_bytes(Folded(state=state)))))
    await link.close()


def test_the_past_is_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    """It answers from the store and its snapshots; one that died is started again, and a stop ends it."""
    uvloop.run(_asks(tmp_path))  # the loop that the service runs on


async def _asks(tmp_path: Path) -> None:
    store = ValkeyServer(tmp_path)
    store.start()
    key = tmp_path / "key"
    key.write_bytes(KEY)
    key.chmod(0o600)
    told = {"STORE__URL": f"redis://127.0.0.1:{store.port}/0", "JOURNAL__KEY_FILE": str(key)}
    told |= {"ROOM__DEMONSTRATION": "true", "SERVICE__DATA_DIR": str(tmp_path / "var")}
    past = PastProcess(load(None, {f"CONTROLROOM_{name}": value for name, value in told.items()}))
    running = asyncio.create_task(past.run())
    try:
        await a_journal(store)
        for position in (950, 300):
            answer = await past.ask(PastAsked(f"/api/v1/past?position={position}", SUPERVISOR))
            assert answer.status == 200, answer.body
            view = json.loads(answer.body)
            assert (view["position"], view["last"]["position"]) == (position, FRAMES * A_FRAME)
            assert view["snapshot"]["status"]["now"] == f"{after(position - 1):%Y-%m-%dT%H:%M:%SZ}"
            assert len(view["snapshot"]["incidents"]) == 1
        assert past._child is not None
        os.kill(past._child.pid, signal.SIGKILL)
        await past._child.wait()
        timeline = await past.ask(PastAsked("/api/v1/incidents/INC-1/timeline", SUPERVISOR, 950))
        assert len(json.loads(timeline.body)["entries"]) > 9
        child = past._child
        assert past._folder is not None
        folder = past._folder.name
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        store.stop()
    assert child.returncode is not None
    assert Path(folder) not in list(Path(folder).parent.iterdir())


class _Endless:
    """A reader that never answers; `given_up` is set when somebody who waited is waited for no more."""

    def __init__(self) -> None:
        self.asked, self.given_up = asyncio.Event(), asyncio.Event()

    async def ask(self, question: PastAsked) -> PastTold:
        """Wait for ever."""
        del question
        self.asked.set()
        try:
            never: asyncio.Future[PastTold] = asyncio.get_running_loop().create_future()
            return await never
        finally:
            self.given_up.set()


class _Hung(_Endless):
    """The same as the line to a child that hangs."""

    async def lives(self, _within_s: float) -> bool:
        """Say no."""
        return False

    async def close(self) -> None:
        """Hang up."""


async def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever waits is told so, and the next question finds the way free for a new one."""
    monkeypatch.setattr("controlroom.wiring.past.HUNG_LOOK_S", 0.01)
    past = PastProcess(
        load(
            None, {"CONTROLROOM_SERVICE__DATA_DIR": str(tmp_path), "CONTROLROOM_ROOM__DEMONSTRATION": "true"}
        )
    )
    child = await asyncio.create_subprocess_exec("sleep", "60", stdin=asyncio.subprocess.PIPE)
    past._child, past._line = child, _Hung()  # type: ignore[assignment]  # stands in for it
    asking = [past.ask(PastAsked("/api/v1/past?position=1", SUPERVISOR)) for _ in range(3)]
    told = await asyncio.gather(*asking, return_exceptions=True)
    assert {(type(one), "hung and was ended" in str(one)) for one in told} == {(PastAway, True)}
    assert child.returncode == -signal.SIGKILL
    assert past._child is None


async def test_whoever_leaves_is_read_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is closed, or that asks about another moment, gives up what was being read for it."""
    monkeypatch.setattr("controlroom.console.past.answers.LOOK_S", 0.01)
    room, reader = SmallRoom(), _Endless()
    room.past = reader  # type: ignore[assignment]  # stands in for it
    server = Served(room)
    await server.start()
    try:
        async with aiohttp.ClientSession(headers=await server.cookies()) as session:
            asked = asyncio.create_task(session.get(f"{server.address}/api/v1/past?position=1"))
            await reader.asked.wait()
            asked.cancel()
            async with asyncio.timeout(30):
                await reader.given_up.wait()
    finally:
        room.past = SmallRoom().past
        await server.stop()
