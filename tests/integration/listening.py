"""A listener of a test's own, that leaves nothing open behind it, whenever it is told to stop.

`asyncio.start_server` may have taken a connection whose transport its protocol has not met yet; a loop that
is closed at that moment leaves the socket to the collector, which warns in some later test. Here each
socket is known from the moment it is accepted, and the end waits for all of them.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What is done with one connection; it is closed when this returns."""


@contextlib.asynccontextmanager
async def listening(serve: Serve, port: int = 0) -> AsyncIterator[int]:
    """Serve each connection to a port of 127.0.0.1, which is given; at the end every one is closed."""
    loop = asyncio.get_running_loop()
    taken: dict[asyncio.Task[None], socket.socket] = {}

    def take() -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):  # it may have gone again
            connection, _ = door.accept()
            task = loop.create_task(_serve(connection, serve), name="connection of a listener")
            taken[task] = connection

    with socket.create_server(("127.0.0.1", port)) as door:
        door.settimeout(0)  # what the loop asks for: never block
        loop.add_reader(door, take)
        try:
            yield door.getsockname()[1]
        finally:
            loop.remove_reader(door)
            for task in taken:
                task.cancel()
            ends = await asyncio.gather(*taken, return_exceptions=True)
            for connection in taken.values():
                connection.close()  # a task that never began has not closed its own
            await asyncio.sleep(0)  # the last transports hear that they are closed
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
            raise end


async def _serve(connection: socket.socket, serve: Serve) -> None:
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        with contextlib.suppress(ConnectionError):
            await serve(reader, writer)
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
