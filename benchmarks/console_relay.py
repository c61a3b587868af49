"""Follows the live stream once and hands it on to whoever connects: readers that cost the room nothing.

`python -m benchmarks.console_relay ADDRESS TOKEN PORT`, until it is ended. The control of the measurement
with many readers: what an order's age gains while the readers read here, they and this relay take from the
machine, as the room has one page to write to. Bytes go on as they come, a few readers at a time.

Limit: a relay, not a console: what readers had before they came is not told to them.
"""

import argparse
import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import uvloop

READ_BYTES = 1 << 20
A_STEP = 4
STEP_S = 0.001
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: relayed\n\n"


async def run(address: str, token: str, port: int) -> None:
    """Relay until the room ends the stream."""
    readers: set[asyncio.StreamWriter] = set()

    async def serve(asked: asyncio.StreamReader, told: asyncio.StreamWriter) -> None:
        await asked.readuntil(b"\r\n\r\n")
        told.write(HEAD)
        readers.add(told)
        with suppress(ConnectionError):
            await asked.read()
        readers.discard(told)

    room = urlsplit(address)
    source, wire = await asyncio.open_connection(room.hostname, room.port)
    bearer = f"Authorization: Bearer {token}"
    wire.write(f"GET /api/v1/stream HTTP/1.1\r\nHost: {room.netloc}\r\n{bearer}\r\n\r\n".encode())
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        print("ready", flush=True)
        while data := await source.read(READ_BYTES):
            for at, reader in enumerate(tuple(readers)):
                reader.write(data)
                if at % A_STEP == A_STEP - 1:
                    await asyncio.sleep(STEP_S)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("token")
    parser.add_argument("port", type=int)
    arguments = parser.parse_args()
    uvloop.run(run(arguments.address, arguments.token, arguments.port))


if __name__ == "__main__":
    main()
