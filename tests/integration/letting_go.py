"""Another library's client that is gone only when the broker knows it.

iotcore hears twice of a client that says goodbye and closes, and ends whoever has come in between: some one
in a hundred. So this one says nothing, stops talking, and waits until the broker has closed.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import aiomqtt


@contextlib.asynccontextmanager
async def let_go(client: aiomqtt.Client) -> AsyncIterator[aiomqtt.Client]:
    """The connected client; the broker has closed its connection when the block is left."""
    async with client:
        yield client
        line = client._client.socket()
        assert isinstance(line, socket.socket)
        line.shutdown(socket.SHUT_WR)
        await asyncio.wait([client._disconnected])
        client._disconnected.exception()  # a connection that was lost, to this library
