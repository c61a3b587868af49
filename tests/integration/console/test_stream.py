import asyncio
import socket

import aiohttp
import pytest
from msgspec.structs import replace

from controlroom.access.permissions import Role
from controlroom.console.pulses import Pace
from tests.console.small_room import EPOCH, SmallRoom
from tests.integration.console.served import Served, messages, positions_until, served
from tests.integration.waiting import until

QUICK = Pace(pulse_s=0.01, beat_s=0.1, stall_s=1.0)
"""A reader beside the one that stalls may itself have to wait for a processor, though not this long."""


async def test_a_page_that_comes_back_goes_on_where_it_stood() -> None:
    """Last-Event-ID resumes the stream with no position missed and none repeated."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        server.room.happens(*server.room.signals(5))
        start = {"Last-Event-ID": f"{EPOCH}-0"}
        first, place = await positions_until(session, server.address, 5, **start)
        server.room.happens(*server.room.signals(4))
        assert place == f"{EPOCH}-5"
        second, _ = await positions_until(session, server.address, 9, **{"Last-Event-ID": place})
        assert first + second == list(range(1, 10))
        await until(lambda: server.meter.pages == 0, "both streams are seen to be closed")


async def test_news_reaches_a_page_that_waits() -> None:
    """A page that has read everything is told what happens next, without asking."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        waiting = asyncio.ensure_future(positions_until(session, server.address, 3))
        await until(lambda: server.meter.pages == 1, "the page is connected")
        server.room.happens(*server.room.signals(3))
        assert (await waiting)[0] == [1, 2, 3]


@pytest.mark.parametrize(
    ("place", "reason"),
    [(f"{EPOCH + 1}-0", "other_epoch"), (f"{EPOCH}-99", "behind"), ("yesterday", "not_a_position")],
)
async def test_a_page_that_cannot_go_on_is_told_to_start_over(place: str, reason: str) -> None:
    """A lost place gets one `resync`, the stream ends, and it is counted by its reason."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        said = [
            (event, data)
            async for event, _, data in messages(session, server.address, **{"Last-Event-ID": place})
        ]
        assert said[-1] == ("resync", {"reason": reason})
        assert server.meter.reasons == [reason]


async def test_every_page_hears_the_room_even_when_nothing_happens() -> None:
    """Beats come by themselves and carry the server's clock and the room's condition."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        beats = []
        async for event, _, data in messages(session, server.address):
            if event == "beat":
                beats.append(data)
            if len(beats) == 3:
                break
        assert beats[0]["now"] == "2026-03-02T12:00:00Z"
        assert (beats[0]["demonstration"], beats[0]["degraded"]) == (True, None)


async def stalled(server: Served) -> socket.socket:
    """Return a connection that asked for the stream and reads nothing of it."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    cookie = (await server.cookies())["Cookie"]
    asked = f"GET /api/v1/stream?after={EPOCH}-0 HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
    line.sendall(asked.encode())
    return line


async def test_a_page_that_stops_reading_is_cut_off_and_costs_the_others_nothing() -> None:
    """A stalled client is closed and counted; a client beside it sees every position meanwhile."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        room = server.room
        with await stalled(server):
            await until(lambda: server.meter.pages == 1, "the stalled page is connected")
            reading = asyncio.ensure_future(
                positions_until(session, server.address, 6_000, **{"Last-Event-ID": f"{EPOCH}-0"})
            )
            for _ in range(60):
                room.happens(*room.signals(100))
                await asyncio.sleep(0)
            seen, _ = await reading
            await until(lambda: "stalled" in server.meter.reasons, "the stalled page is cut off")
        assert seen == list(range(1, 6_001))
        assert server.meter.reasons == ["stalled"]


async def test_the_room_tells_nobody_cheaply() -> None:
    """Without a page nothing is encoded and nobody is woken."""
    async with served() as server:
        server.room.happens(*server.room.signals(100))
        assert not server.console.feed._encoded
        assert server.console.hub.at_rest


async def test_a_server_that_stops_ends_its_streams() -> None:
    """Shutting down does not wait for pages to leave by themselves."""
    room = SmallRoom()
    server = Served(room, QUICK)
    await server.start()
    async with aiohttp.ClientSession() as session:
        reading = asyncio.ensure_future(_all(session, server.address))
        await until(lambda: server.meter.pages == 1, "the page is connected")
        async with asyncio.timeout(30):
            await server.stop()
            await reading
    assert server.meter.pages == 0


async def _all(session: aiohttp.ClientSession, address: str) -> list[str]:
    return [event async for event, _, _ in messages(session, address)]


async def test_a_stream_ends_when_its_reader_has_other_rights() -> None:
    """A role that is given or taken away ends the open stream; the page that comes back has the new ones."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:

        async def reads() -> None:
            async for _ in messages(session, server.address):
                pass

        reading = asyncio.ensure_future(reads())
        await until(lambda: server.meter.pages == 1, "the page is connected")
        book = server.room.desk.book
        await book.keep({"desk one": replace(book.accounts["desk one"], roles=(Role.AUDITOR,))})
        await asyncio.wait_for(reading, 30)


async def test_a_person_with_many_pages_leaves_the_others_their_places() -> None:
    """From the bound on one is told 429 and when to come again; another is let in, and so is one who left."""
    server = Served(SmallRoom(), QUICK, pages_each=3)
    await server.start()
    stream = f"{server.address}/api/v1/stream"
    ana = await server.cookies("ana", Role.OPERATOR)
    async with aiohttp.ClientSession(headers=ana, connector=aiohttp.TCPConnector(limit=0)) as session:
        pages = [await session.get(stream) for _ in range(3)]
        async with session.get(stream) as turned_away:
            told = await turned_away.json(content_type=None)
            assert (turned_away.status, turned_away.headers["Retry-After"]) == (429, "5")
            assert "3 pages of ana are open; close one of them" in told["detail"]
        ben = await server.cookies("ben", Role.OPERATOR)
        async with session.get(stream, headers=ben) as other:
            assert other.status == 200
        pages[0].close()
        await until(lambda: server.meter.pages == 2, "the page that was left, and the other, are gone")
        async with session.get(stream) as again:
            assert again.status == 200
        assert server.console.refusals.counts()["too_many"] == 1
        for page in pages:
            page.close()
    await server.stop()
