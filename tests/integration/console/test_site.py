"""The console's door: who says nothing for long is shown out, who listens may stay."""

import asyncio

from aiohttp import web

from controlroom.console.site import Site

LOCAL = "127.0.0.1"
PART_OF_A_HEAD = b"GET / HTTP/1.1\r\nHost: a"


async def test_a_head_that_never_ends_is_shown_out_and_a_stream_goes_on() -> None:
    """A connection without a whole question is closed after a while; one whose answer goes on is not."""
    go_on = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"first\n")
        await go_on.wait()
        await answer.write(b"last\n")
        return answer

    app = web.Application()
    app.router.add_get("/", stream)
    site = Site(app, head_within_s=0.5)
    await site.open(LOCAL, 0)
    try:
        async with asyncio.timeout(60):
            listens, asks = await asyncio.open_connection(LOCAL, site.port)
            asks.write(PART_OF_A_HEAD + b"\r\n\r\n")
            await listens.readuntil(b"first\n")
            for said in (b"", PART_OF_A_HEAD):
                waits, slow = await asyncio.open_connection(LOCAL, site.port)
                slow.write(said)
                assert await waits.read() == b""
                slow.close()
            go_on.set()
            await listens.readuntil(b"last\n")
            asks.close()
    finally:
        await site.close()
