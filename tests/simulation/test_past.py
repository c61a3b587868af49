"""The past of a simulated day is what the live console showed on that day, at every place that it showed."""

import asyncio
import random
from typing import Any, cast

import pytest
from msgspec.structs import asdict, replace

from controlroom.console.feed import Feed
from controlroom.console.parts import Parts, RoomStatus
from controlroom.console.past import fold, library, reader
from controlroom.console.past.library import Library
from controlroom.console.past.reader import Known, Reader
from controlroom.console.past.scene import view_of
from controlroom.console.past.seek import reach
from controlroom.console.sight import WHOLE
from controlroom.console.snapshot import Snapshot, snapshot
from controlroom.console.views import Lens
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import decode_frame
from controlroom.wiring.recent import RECENT_RECORDS
from tests.console.small_past import no_snapshots
from tests.journal.virtual_time import VirtualLoop
from tests.simulation.day import World
from tests.simulation.fate import fate_of
from tests.simulation.plants import Plant
from tests.simulation.streets import handbook

ROOM = "a simulated room"
BOOK = handbook()
LENS = Lens(estate=lambda: BOOK.estate, why=lambda _: None, plan=lambda _table, _rule: None)

EVERY_LOOKS = 61
"""Of so many batches one is looked at: a snapshot of each would take longer than the day."""


class Watched(World):
    """A world whose room has a live console; `shown` is what it showed, by the position that it stood at."""

    shown: dict[int, Snapshot]
    _feed: Feed
    _of: object = None
    _read = 0
    _looks = 0

    def _stored(self) -> None:
        """Let the console show what is on the shelf, where the room stands just there."""
        super()._stored()
        if self.process is None:
            return
        frames = self.shelves.frames.frames
        if self._of is not self.process:  # it began anew, with what happened last
            self._of, self._feed, self._read = self.process, Feed(LENS), len(frames)
            recent = [one for frame in frames for one in decode_frame(frame.body)][-RECENT_RECORDS:]
            self._feed.opened(frames[-1].epoch if frames else 0, recent[0].position - 1 if recent else 0)
            self._feed.released(recent)
        for frame in frames[self._read :]:
            self._feed.epoch = frame.epoch
            self._feed.released(decode_frame(frame.body))
        self._read = len(frames)
        state = self.process.folded.state
        self._looks += 1
        if frames and state.position == frames[-1].last_position and self._looks % EVERY_LOOKS == 0:
            now = decode_frame(frames[-1].body)[-1].now
            parts = cast("Any", dict.fromkeys(Parts.__struct_fields__[: -len(Parts.__struct_defaults__)]))
            parts |= {"state": lambda: state, "lens": LENS, "now": lambda: now}
            parts["status"] = lambda: RoomStatus(demonstration=True, instance=ROOM)
            self.shown[state.position] = snapshot(Parts(**parts), self._feed)


def differs(then: Snapshot, shown: Snapshot) -> list[str]:
    """Return in what the past is not what was shown.

    Counts since the process started and the rules' version are not known to it; of the quarantine it has what
    its records hold, from the newest on.
    """
    kept = len(then.quarantine)
    blank = {"counts": {}, "rule_set": "", "quarantined": 0}
    old, new = (
        asdict(replace(one, status=replace(one.status, **blank), quarantine=one.quarantine[:kept]))
        for one in (shown, then)
    )
    return [
        f"{shown.position} {name}: {new[name]}\nwas {old[name]}" for name in old if old[name] != new[name]
    ]


async def _differences(world: Watched, rng: random.Random) -> list[str]:
    """Return where a fold shows something else than the live console did; positions come as people ask."""
    held = Library(MemoryStore(world.shelves.frames), no_snapshots)
    past_reader = Reader(held, Known(lambda: BOOK, LENS, world.now, ROOM))
    over = await reach(held.store)
    assert over is not None
    positions = sorted(world.shown)
    places = [*positions[-6:], *reversed(positions[-6:]), *rng.sample(positions, 9)]
    wrong = []
    for position in places:
        async with held.at(position) as past:
            scene = await past_reader._scene(past, past.record.now)
            reader._SCENE.set(scene)
            view = view_of(scene, past_reader._parts, over, WHOLE, None)
        wrong += differs(view.snapshot, world.shown[position])
    assert held.folds > 1
    return wrong


@pytest.mark.parametrize("seed", [11])
def test_a_fold_shows_what_the_live_console_showed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restarts, outages and crashes included: forwards, backwards and at random, the same rows."""
    for room, name, few in (
        (fold, "STEPS_BACK", 20),
        (fold, "STRETCH", 300),
        (fold, "MARK_EVERY", 700),
        (library, "READ_ON", 30),
        (library, "MARKS_HELD", 4),
    ):
        monkeypatch.setattr(room, name, few)

    async def lived(loop: asyncio.AbstractEventLoop) -> Watched:
        world = Watched(fate_of(seed), Plant(), loop)
        world.shown = {}
        await world.lives()
        return world

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        world = runner.run(lived(runner.get_loop()))
        assert world.judge.findings == []
        assert len(world.shown) > 50
        assert runner.run(_differences(world, random.Random(seed))) == []
