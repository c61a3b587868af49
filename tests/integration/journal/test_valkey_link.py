"""What the one door to the store promises: nothing over a connection that came back, no cancel lost."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from controlroom.journal.chain import seal
from controlroom.journal.resp import Command, Reply
from controlroom.journal.store import Fenced, StoreAway, StoreLost, StoreRefused
from controlroom.journal.stored import EMPTY, head_of
from controlroom.journal.valkey import Address, Link
from controlroom.journal.valkey_store import ValkeyStore
from tests.integration.journal.stage import Links, Proxy, ValkeyServer

KEY = bytes(range(32))


class Cutting(Link):
    """A link whose connection ends, once, between the look at the stream and the write that follows."""

    cut: Callable[[], None] | None = None

    async def call(self, *commands: Command, **how: Any) -> list[Reply]:
        """As `Link.call` says."""
        if self.cut is not None and any(command[0] == b"XADD" for command in commands):
            cut, self.cut = self.cut, None
            cut()
            while await self.stands():  # noqa: ASYNC110 - a look has no event
                await asyncio.sleep(0)
        return await super().call(*commands, **how)


@pytest.fixture
async def writing(proxy: Proxy, shared_valkey: ValkeyServer) -> AsyncIterator[Cutting]:
    """A link through the proxy that can be cut; it ends with the test."""
    link = Cutting(shared_valkey.address(port=proxy.port))
    yield link
    await link.close()


@pytest.fixture
def room(request: pytest.FixtureRequest) -> str:
    """A room of the test's own."""
    return str(request.node.name)


async def test_no_append_follows_a_frame_that_another_connection_proved(
    room: str, links: Links, proxy: Proxy, writing: Cutting, shared_valkey: ValkeyServer
) -> None:
    """Cut between look and write, an append is not sent on the next connection; the repeat looks anew."""
    store = ValkeyStore(room, writing, links(shared_valkey.address()))
    first = seal(KEY, EMPTY, 1, 1, b"one")
    second = seal(KEY, head_of(first), 1, 1, b"two")
    third = seal(KEY, head_of(second), 1, 1, b"three")
    await store.append(first, EMPTY)
    await store.append(second, head_of(first))
    key = f"controlroom:{{{room}}}:journal".encode()
    await links(shared_valkey.address()).call((b"XDEL", key, b"1-2"))
    writing.cut = proxy.close

    with pytest.raises(StoreAway, match="the connection ended"):
        await store.append(third, head_of(second))
    assert await store.last() == first
    with pytest.raises(StoreLost):
        await store.append(third, head_of(second))


async def test_no_opening_is_written_without_the_watch_that_guards_it(
    room: str, links: Links, proxy: Proxy, writing: Cutting, shared_valkey: ValkeyServer
) -> None:
    """A watch ends with its connection: cut after it, an opening is not written behind another's frame."""
    old = ValkeyStore(room, links(shared_valkey.address()), links(shared_valkey.address()))
    first = seal(KEY, EMPTY, 1, 1, b"one")
    last_word = seal(KEY, head_of(first), 1, 1, b"the old writer's last word")
    await old.append(first, EMPTY)
    new = ValkeyStore(room, writing, links(shared_valkey.address()))
    opening = seal(KEY, head_of(first), 2, 1, b"opening")
    writing.cut = proxy.close

    with pytest.raises(StoreAway, match="the connection ended"):
        await new.append(opening, head_of(first))
    await old.append(last_word, head_of(first))
    with pytest.raises(Fenced):
        await new.append(opening, head_of(first))
    assert await new.last() == last_word


TURNS = 60
"""More turns of the event loop than a connection with password and database takes, from dial to reply."""


# A connect that is cancelled half-way leaves its socket to the collector: asyncio's doing, not ours.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", ["sound", "wrong password", "wrong database", "nobody there"])
async def test_a_cancel_is_never_lost(links: Links, own_valkey: ValkeyServer, kind: str) -> None:
    """Whenever a cancel strikes, in the connecting, asking or closing, it ends the call as cancelled."""
    await links(own_valkey.address()).call((b"CONFIG", b"SET", b"requirepass", b"secret"))
    addresses: dict[str, Address] = {
        "sound": own_valkey.address(password="secret", database=3),  # noqa: S106  a test's
        "wrong password": own_valkey.address(password="guess"),  # noqa: S106  a test's
        "wrong database": own_valkey.address(password="secret", database=99),  # noqa: S106  a test's
        "nobody there": own_valkey.address(unix_socket=f"{own_valkey.socket}-not"),
    }
    link = links(addresses[kind])
    struck = 0
    for fresh in (True, False):
        for turns in range(TURNS):
            if fresh:
                await link.close()
            call = asyncio.create_task(link.call((b"PING",), (b"PING",)), name="call under test")
            for _ in range(turns):
                await asyncio.sleep(0)
            if not call.cancel():
                await asyncio.wait({call})
                error = call.exception()
                assert error is None or isinstance(error, StoreAway | StoreRefused)
                continue
            struck += 1
            with pytest.raises(asyncio.CancelledError):
                await call
    assert struck > 0
    gc.collect()
