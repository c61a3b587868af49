"""What only a real Valkey can show: kills, refusals, late requests, other people's entries, large frames."""

import asyncio
import os
import random
import signal

import pytest

from controlroom.journal.chain import seal
from controlroom.journal.store import Fenced, StoreAway, StoreLost, StoreRefused, Undecodable
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of
from controlroom.journal.valkey_store import ID_TOO_SMALL, ValkeyStore
from controlroom.journal.verify import Broken, Fault, Sound, verify
from tests.integration.journal.stage import Links, Proxy, ValkeyServer

KEY = bytes(range(32))


async def put(store: ValkeyStore, head: Head, *bodies: bytes) -> Head:
    """Each of `bodies` is stored as a frame of one record; returns the new head."""
    for body in bodies:
        frame = seal(KEY, head, max(1, head.epoch), 1, body)
        await store.append(frame, head)
        head = head_of(frame)
    return head


async def insist(store: ValkeyStore, frame: StoredFrame, after: Head) -> int:
    """`frame` is stored, however often that had to be tried; returns how often it failed."""
    failures = 0
    while not await stored(store, frame, after):
        failures += 1
        await asyncio.sleep(0.01)
    return failures


async def stored(store: ValkeyStore, frame: StoredFrame, after: Head) -> bool:
    """Whether this try was confirmed."""
    try:
        await store.append(frame, after)
    except StoreAway:
        return False
    return True


@pytest.fixture
def room(request: pytest.FixtureRequest) -> str:
    """A room of the test's own."""
    return str(request.node.name)


@pytest.mark.parametrize("earlier", [0, 2])
@pytest.mark.parametrize("when", ["before the repeat", "after the repeat"])
async def test_a_request_that_arrives_late_is_never_stored_twice(
    room: str, links: Links, proxy: Proxy, shared_valkey: ValkeyServer, earlier: int, when: str
) -> None:
    """An append still in the network when its repeat is made leaves one frame, whichever arrives first."""
    store = ValkeyStore(room, links(shared_valkey.address(port=proxy.port)), links(shared_valkey.address()))
    head = await put(store, EMPTY, *[b"earlier"] * earlier)
    frame = seal(KEY, head, 1, 1, b"late")
    proxy.mode = "late request"

    with pytest.raises(StoreAway):
        await store.append(frame, head)
    answers = await proxy.deliver() if when.startswith("before") else []
    await store.append(frame, head)
    answers += await proxy.deliver()
    head = await put(store, head_of(frame), b"next")
    assert await verify(store.frames(), KEY) == Sound(earlier + 2, earlier + 2, head)
    assert len(answers) == 1


async def test_a_dead_writers_late_request_cannot_slip_behind_an_opening(
    room: str, links: Links, proxy: Proxy, shared_valkey: ValkeyServer
) -> None:
    """What a dead writer had sent arrives after the next one opened, and is refused."""
    dead = ValkeyStore(room, links(shared_valkey.address(port=proxy.port)), links(shared_valkey.address()))
    head = await put(dead, EMPTY, b"one", b"two")
    proxy.mode = "late request"
    with pytest.raises(StoreAway):
        await put(dead, head, b"sent and never heard of")

    heir = ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address()))
    opening = seal(KEY, head, 2, 1, b"opening")
    await heir.append(opening, head)
    (answer,) = await proxy.deliver()
    assert ID_TOO_SMALL in answer.decode()
    assert await verify(heir.frames(), KEY) == Sound(3, 3, head_of(opening))


async def test_nothing_slips_between_an_openings_look_and_its_write(
    room: str, links: Links, proxy: Proxy, shared_valkey: ValkeyServer
) -> None:
    """A frame that the old writer adds just before the opening arrives makes the opening fail, not a twin."""
    old = ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address()))
    new = ValkeyStore(room, links(shared_valkey.address(port=proxy.port)), links(shared_valkey.address()))
    head = await put(old, EMPTY, b"one")
    last_word = seal(KEY, head, 1, 1, b"the old writer's last word")

    async def slip_in() -> None:
        await old.append(last_word, head)

    proxy.before_add = slip_in
    with pytest.raises(Fenced, match="the stream is at 1-2"):
        await new.append(seal(KEY, head, 2, 1, b"opening"), head)
    assert await verify(new.frames(), KEY) == Sound(2, 2, head_of(last_word))


async def test_a_trim_between_look_and_write_only_costs_another_look(
    room: str, links: Links, proxy: Proxy, shared_valkey: ValkeyServer
) -> None:
    """The archive's trim touches the stream without ending it: the first append looks again and is stored."""
    old = ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address()))
    new = ValkeyStore(room, links(shared_valkey.address(port=proxy.port)), links(shared_valkey.address()))
    head = await put(old, EMPTY, b"one", b"two", b"three")

    async def trim() -> None:
        await old.trim(2)

    proxy.before_add = trim
    opening = seal(KEY, head, 2, 1, b"opening")
    await new.append(opening, head)
    assert [f.position async for f in new.frames()] == [3, 4]
    assert await new.last() == opening


async def test_the_server_says_id_too_small_in_the_words_we_look_for(
    room: str, links: Links, shared_valkey: ValkeyServer
) -> None:
    """An overtaken writer on a standing connection is told by the server's own words: Fenced."""
    first, second = (
        ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address())) for _ in range(2)
    )
    head = await put(first, EMPTY, b"a", b"b")
    await second.append(seal(KEY, head, 2, 1, b"c"), head)

    with pytest.raises(Fenced, match="the stream is past 1-3"):
        await put(first, head, b"too late")


async def test_kill_9_of_the_server_loses_nothing_that_was_confirmed(
    links: Links, own_valkey: ValkeyServer
) -> None:
    """Killed in mid-load three times, the store holds every confirmed frame once and the chain is whole."""
    store = ValkeyStore("r", links(own_valkey.address()), links(own_valkey.address()))
    head, failures = EMPTY, 0
    draw = random.Random(7)
    kills = 3

    async def kill_now_and_then() -> None:
        for _ in range(kills):
            target = head.next_position + draw.randrange(20, 200)
            while head.next_position < target:  # noqa: ASYNC110 - the load next door has no event
                await asyncio.sleep(0)
            own_valkey.kill()
            await asyncio.to_thread(own_valkey.start)

    async with asyncio.TaskGroup() as tasks:
        killer = tasks.create_task(kill_now_and_then(), name="killer")
        while not killer.done():
            frame = seal(KEY, head, 1, 3, draw.randbytes(700))
            failures += await insist(store, frame, head)
            head = head_of(frame)
    verdict = await verify(store.frames(), KEY)
    assert isinstance(verdict, Sound)
    assert verdict.head == head
    assert failures >= kills


async def test_large_frames_and_many_small_ones_are_read_page_by_page(
    room: str, links: Links, shared_valkey: ValkeyServer
) -> None:
    """Eight-megabyte frames between thousands of small ones all come back."""
    store = ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address()))
    head = await put(store, EMPTY, os.urandom(8 << 20), b"x", os.urandom(8 << 20), *[b"small"] * 2500)

    assert await verify(store.frames(), KEY) == Sound(2503, 2503, head)
    assert len([f async for f in store.frames(2400)]) == 103


async def test_a_store_that_answers_nothing_is_away_after_the_time_allowed(
    room: str, links: Links, own_valkey: ValkeyServer
) -> None:
    """A server that hangs is away; when it goes on, the repeat finds what it had taken."""
    store = ValkeyStore(room, links(own_valkey.address(reply_timeout_s=0.2)), links(own_valkey.address()))
    head = await put(store, EMPTY, b"one")
    frame = seal(KEY, head, 1, 1, b"two")

    own_valkey.send(signal.SIGSTOP)
    with pytest.raises(StoreAway, match="TimeoutError"):
        await store.append(frame, head)
    own_valkey.send(signal.SIGCONT)
    await insist(store, frame, head)
    assert await verify(store.frames(), KEY) == Sound(2, 2, head_of(frame))


async def test_a_full_memory_is_a_refusal_that_ends_when_there_is_room(
    room: str, links: Links, own_valkey: ValkeyServer
) -> None:
    """OOM and READONLY are refusals that name the reason; the same frame goes through afterwards."""
    admin = links(own_valkey.address())
    store = ValkeyStore(room, links(own_valkey.address()), links(own_valkey.address()))
    head = await put(store, EMPTY, b"one", b"two")

    await admin.call((b"CONFIG", b"SET", b"maxmemory", b"1"))
    fresh = ValkeyStore(room, links(own_valkey.address()), links(own_valkey.address()))
    for refused in (store, fresh):
        with pytest.raises(StoreRefused, match="maxmemory"):
            await put(refused, head, b"three")
    await admin.call((b"CONFIG", b"SET", b"maxmemory", b"0"))
    head = await put(store, head, b"three")

    await admin.call((b"REPLICAOF", b"127.0.0.1", b"1"))
    with pytest.raises(StoreRefused, match="read only"):
        await put(store, head, b"four")
    await admin.call((b"REPLICAOF", b"NO", b"ONE"))
    head = await put(store, head, b"four")
    assert await verify(store.frames(), KEY) == Sound(4, 4, head)


@pytest.mark.parametrize("reconnect", [False, True])
async def test_a_store_that_forgot_confirmed_frames_stops_the_writer(
    room: str, links: Links, own_valkey: ValkeyServer, *, reconnect: bool
) -> None:
    """After a flush the next append fails for good: on the standing connection and on a new one."""
    link = links(own_valkey.address())
    store = ValkeyStore(room, link, links(own_valkey.address()))
    head = await put(store, EMPTY, b"one")
    await links(own_valkey.address()).call((b"FLUSHALL",))
    if reconnect:
        await link.close()

    with pytest.raises(StoreLost):
        await put(store, head, b"two")


async def test_an_entry_that_is_no_frame_is_named(
    room: str, links: Links, shared_valkey: ValkeyServer
) -> None:
    """Somebody else's entry in the stream is undecodable at the position that was due."""
    store = ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address()))
    head = await put(store, EMPTY, b"one")
    key = f"controlroom:{{{room}}}:journal".encode()
    await links(shared_valkey.address()).call((b"XADD", key, b"1-2", b"hello", b"world"))

    with pytest.raises(Undecodable, match="1-2"):
        await store.last()
    verdict = await verify(store.frames(), KEY)
    assert isinstance(verdict, Broken)
    assert (verdict.position, verdict.fault, verdict.head) == (2, Fault.UNDECODABLE, head)


async def test_the_unix_socket_and_a_password_work_and_a_wrong_one_is_refused(
    links: Links, own_valkey: ValkeyServer
) -> None:
    """The same frames are reached over the socket; a wrong password is a refusal, not an outage."""
    await links(own_valkey.address()).call((b"CONFIG", b"SET", b"requirepass", b"secret"))
    good = own_valkey.address(unix_socket=own_valkey.socket, password="secret")  # noqa: S106  a test's
    store = ValkeyStore("r", links(good), links(good))
    await put(store, EMPTY, b"one")
    assert "secret" not in repr(good)

    for wrong in ({"password": "guess"}, {}):
        link = links(own_valkey.address(**wrong))
        with pytest.raises(StoreRefused):
            await ValkeyStore("r", link, link).append(seal(KEY, EMPTY, 1, 1, b"x"), EMPTY)
        with pytest.raises(StoreRefused):
            await ValkeyStore("r", link, link).last()


async def test_no_server_is_away(links: Links, own_valkey: ValkeyServer) -> None:
    """A server that is not there is away, for writing and for reading, by TCP and by socket."""
    own_valkey.stop()

    for changes in ({}, {"unix_socket": own_valkey.socket}):
        link = links(own_valkey.address(**changes))
        store = ValkeyStore("r", link, link)
        with pytest.raises(StoreAway):
            await store.append(seal(KEY, EMPTY, 1, 1, b"x"), EMPTY)
        with pytest.raises(StoreAway):
            await store.last()
