"""The reader of the past as a process of its own, over a real store: started, lost, started again, let go."""

import asyncio
import json
import os
import signal
from pathlib import Path

import uvloop

from controlroom.access.permissions import Person, Role
from controlroom.console.past.desk import PastAsked
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
