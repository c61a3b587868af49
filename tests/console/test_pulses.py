"""When pages are told, on virtual time: what all together may cost the room, and what each still gets."""

import asyncio
import json
from itertools import pairwise

from controlroom.console.feed import Feed
from controlroom.console.lines import Chunks, Ending, Line, Stands
from controlroom.console.messages import Follower
from controlroom.console.pulses import A_STEP, DEFAULT_PACE, Pulses
from controlroom.console.rounds import A_PULSE, QUICK
from controlroom.console.seen import NOTHING
from controlroom.console.sse import Place
from tests.console.small_room import EPOCH, LENS, SmallRoom
from tests.journal.virtual_time import passes, run

PULSES_A_SECOND = 1 / DEFAULT_PACE.pulse_s


class Socket:
    """What a page's socket took, and when; while `full` it takes nothing more."""

    def __init__(self) -> None:
        self.took: list[tuple[float, bytes]] = []
        self.full = False
        self.closed = False

    def write(self, data: bytes) -> None:
        self.took.append((asyncio.get_running_loop().time(), data))

    def get_write_buffer_size(self) -> int:
        return int(self.full)

    def is_closing(self) -> bool:
        return self.closed

    def positions(self) -> list[int]:
        """Return every position it was told, in order."""
        told = [json.loads(one.split(b"data: ")[1]) for _, one in self.took if b"event: batch" in one]
        return [delta["p"] for batch in told for delta in batch["deltas"]]


class Hall:
    """A room and its pages, each over a socket that is none."""

    def __init__(self) -> None:
        self.feed = Feed(LENS)
        self.feed.opened(EPOCH, 0)
        self.pulses = Pulses(lambda _: b"{}", lambda _: NOTHING, DEFAULT_PACE)
        self.room = SmallRoom(self.feed.released)
        self.stands = True

    def page(self, *, works: bool = True, stands: Stands | None = None) -> tuple[Socket, Line]:
        wire = Socket()
        follower = Follower(self.feed, Place(EPOCH, self.feed.decided))
        line = Line(wire, follower, stands or (lambda: self.stands), DEFAULT_PACE.stall_s, Chunks().of)
        self.pulses.join(line, works=works)
        return wire, line

    async def happens(self, seconds: float, each_s: float = 0.01) -> None:
        """Let a signal come every so often."""
        for _ in range(int(seconds / each_s)):
            self.room.happens(*self.room.signals(1))
            self.pulses.news()
            await passes(each_s)


def test_two_hundred_pages_cost_what_forty_cost_and_miss_nothing() -> None:
    """Writes a second and in one go are bounded for all together; each page hears every position, once."""

    async def story() -> None:
        hall = Hall()
        quick = [hall.page(works=True)[0] for _ in range(QUICK)]
        others = [hall.page(works=False)[0] for _ in range(200 - QUICK)]
        await passes(1)
        for wire in (*quick, *others):
            wire.took.clear()
        await hall.happens(3)
        moments = sorted(at for wire in (*quick, *others) for at, _ in wire.took)
        beats = 2 * 200
        assert len(moments) <= 3 * PULSES_A_SECOND * A_PULSE + A_PULSE + beats
        assert max(moments.count(at) for at in set(moments)) <= 2 * A_STEP  # a batch and a beat each
        for wires, behind_s in ((quick, 0.06), (others, 0.5)):
            for wire in wires:
                times = [at for at, one in wire.took if b"event: batch" in one]
                assert max(b - a for a, b in pairwise(times)) <= behind_s
        await passes(1)
        for wire in (*quick, *others):
            assert wire.positions() == list(range(1, hall.room.state.position + 1))

    run(story())


def test_a_batch_is_told_after_the_turn_in_which_it_was_let_out() -> None:
    """Orders leave first: nothing is written while the room releases; the first page is told a step later."""

    async def story() -> None:
        hall = Hall()
        wire, _ = hall.page()
        await passes(1)
        wire.took.clear()
        hall.room.happens(*hall.room.signals(1))
        hall.pulses.news()
        await asyncio.sleep(0)
        assert not wire.took
        await passes(DEFAULT_PACE.pulse_s / 5)
        assert wire.positions() == [1]

    run(story())


def test_a_page_that_takes_nothing_is_told_nothing_and_ends_as_stalled() -> None:
    """It holds one message; what it missed comes when it reads again, and it ends when it does not."""

    async def story() -> None:
        hall = Hall()
        wire, line = hall.page()
        await hall.happens(0.1)
        wire.full = True
        told = len(wire.took)
        await hall.happens(DEFAULT_PACE.stall_s - 1)
        assert (len(wire.took), line.ended.done()) == (told, False)
        wire.full = False
        await hall.happens(0.1)
        await passes(0.1)
        assert wire.positions() == list(range(1, hall.room.state.position + 1))
        wire.full = True
        await passes(DEFAULT_PACE.stall_s + 2 * DEFAULT_PACE.beat_s)
        assert line.ended.result() is Ending.STALLED

    run(story())


def test_a_quiet_room_says_that_it_lives() -> None:
    """With nothing new each page hears a beat at its pace, and no more; when all have left no timer runs."""

    async def story() -> None:
        hall = Hall()
        pages = [hall.page() for _ in range(60)]
        await passes(1)
        for wire, _ in pages:
            wire.took.clear()
        await passes(5 * DEFAULT_PACE.beat_s)
        assert {len(wire.took) for wire, _ in pages} == {5}
        for wire, _ in pages:
            wire.closed = True
        await passes(DEFAULT_PACE.beat_s + 1)
        for _, line in pages:
            assert line.ended.result() is Ending.LEFT
            hall.pulses.leave(line)
        await passes(DEFAULT_PACE.beat_s)
        assert hall.pulses.at_rest

    run(story())


def test_a_fault_in_one_line_ends_that_stream_alone() -> None:
    """What one page's turn raises is told to who serves that page; those behind it have their turns."""

    async def story() -> None:
        hall = Hall()
        _, broken = hall.page(stands=lambda: bool(1 / 0))
        wire, whole = hall.page()
        await hall.happens(0.1)
        await passes(1)
        assert isinstance(broken.ended.exception(), ZeroDivisionError)
        assert not whole.ended.done()
        assert wire.positions() == list(range(1, hall.room.state.position + 1))

    run(story())


def test_a_line_ends_with_the_right_to_it() -> None:
    """Whoever may not follow any more is told nothing further."""

    async def story() -> None:
        hall = Hall()
        wire, line = hall.page()
        await passes(1)
        hall.stands, told = False, len(wire.took)
        await hall.happens(0.1)
        assert (line.ended.result(), len(wire.took)) == (Ending.OVER, told)

    run(story())
