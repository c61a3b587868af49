"""What pages start from: shared by who opens together, of one moment, and never in the way of a signal."""

import asyncio
from typing import Any

import msgspec

from controlroom.access.permissions import Person, Role
from controlroom.commands.work import Noted, ReadersNamed
from controlroom.console.feed import Feed
from controlroom.console.hiding import Hiding
from controlroom.console.looking import guarded, looks
from controlroom.console.openings import A_SLICE, Openings
from controlroom.console.seen import Looker
from controlroom.console.sight import WHOLE, Sight
from controlroom.console.snapshot import snapshot
from controlroom.events import Owned
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import EPOCH, LENS, SmallRoom


class Desk:
    """A room with so many open incidents, and its openings."""

    def __init__(self, incidents: int) -> None:
        self.feed = Feed(LENS)
        self.feed.opened(EPOCH, 0)
        self.room = SmallRoom(self.feed.released)
        self.room.happens(*(signal(Kind.ARC_ALARM, f"a{one}", event="panic") for one in range(incidents)))
        self.hiding = Hiding(lambda: self.room.state)
        self.feed.hidden_from = self.hiding
        self.parts = guarded(self.room.parts())
        self.openings = Openings(self.parts, self.feed)

    async def told(self, sight: Sight = WHOLE) -> dict[str, Any]:
        """Return what somebody is told, as a page reads it."""
        told: dict[str, Any] = msgspec.json.decode(await self.openings.asked(sight))
        return told


async def as_they_look(desk: Desk, sight: Sight) -> dict[str, Any]:
    """Return what this person is told within a request of theirs."""
    looks(Person(sight.name or "", "", frozenset({Role.SUPERVISOR})))
    return await desk.told(sight)


async def test_pages_that_open_together_are_told_once_made_words() -> None:
    """Twenty at once cost two: the first, and one for all who asked while it was made. It is the snapshot."""
    desk = Desk(3 * A_SLICE)
    first = asyncio.create_task(desk.told(), name="told")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = await asyncio.gather(*(desk.told() for _ in range(20)))
    whole = msgspec.json.decode(msgspec.json.encode(snapshot(desk.parts, desk.feed)))
    assert all(told == whole for told in (await first, *others))
    assert desk.openings.made == 2


async def test_signals_are_let_through_between_slices_and_are_not_in_the_answer() -> None:
    """The loop has a turn for each slice; what happens then is behind the answer's position, all of it."""
    desk = Desk(5 * A_SLICE)
    before = msgspec.json.decode(msgspec.json.encode(snapshot(desk.parts, desk.feed)))
    told = asyncio.create_task(desk.told(), name="told")
    turns = 0
    while not told.done():
        turns += 1
        await asyncio.sleep(0)
        if turns == 4:
            changed = desk.room.state.incidents["INC-1"]
            owned = Owned(changed.id, changed.version, "ada")
            desk.room.happens(owned, *desk.room.signals(3))
    assert turns > 2 * 5
    assert await told | {"status": None} == before | {"status": None}
    after = {one["id"]: one for one in (await desk.told())["incidents"]}
    assert after["INC-1"]["owner"] == "ada"


async def test_nobody_is_told_anything_older_than_the_question() -> None:
    """Who asks while an answer is made is told of what happened before the question."""
    desk = Desk(3 * A_SLICE)
    early = asyncio.create_task(desk.told(), name="told")
    for _ in range(3):
        await asyncio.sleep(0)
    noted = desk.room.state.incidents["INC-2"]
    desk.room.happens(Noted(noted.id, noted.version, "ada", "seen"))
    late = await desk.told()
    assert (await early)["as_of"] == desk.room.state.position - 1
    assert late["as_of"] == desk.room.state.position


async def test_what_becomes_restricted_meanwhile_is_told_to_its_readers_alone() -> None:
    """Two people who saw the same as they asked, and no longer do as the answer is made, get one each."""
    desk = Desk(A_SLICE)
    busy = asyncio.create_task(desk.told(), name="told")
    for _ in range(2):
        await asyncio.sleep(0)
    nan, max_ = Sight("nan"), Sight("max")
    both = [asyncio.create_task(as_they_look(desk, sight), name="told") for sight in (nan, max_)]
    await asyncio.sleep(0)
    secret = desk.room.state.incidents["INC-7"]
    [record] = desk.room.happens(
        ReadersNamed(secret.id, secret.version, "nan", readers=("nan",), reason="covert")
    )
    assert record.decision.changes
    await busy
    hers, his = await asyncio.gather(*both)
    assert "INC-7" in {one["id"] for one in hers["incidents"]}
    assert "INC-7" not in {one["id"] for one in his["incidents"]}
    assert [desk.hiding.open_to(Looker(name)) for name in ("nan", "max")] == [A_SLICE, A_SLICE - 1]


async def test_a_room_without_incidents_is_told_as_well() -> None:
    """Nothing is open: the list is empty and the rest is there."""
    desk = Desk(0)
    assert await desk.told() == msgspec.json.decode(msgspec.json.encode(snapshot(desk.parts, desk.feed)))


async def test_who_waits_for_one_that_gives_up_is_told_all_the_same() -> None:
    """A page that is closed while it makes the answer for others leaves them nothing worse than the work."""
    desk = Desk(2 * A_SLICE)
    busy, leader, other = (asyncio.create_task(desk.told(), name="told") for _ in range(3))
    await asyncio.sleep(0)
    leader.cancel()
    assert len((await other)["incidents"]) == len((await busy)["incidents"]) == 2 * A_SLICE
    assert leader.cancelled()
