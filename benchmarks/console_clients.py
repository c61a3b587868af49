"""Consoles that follow the room and draw nothing: one process, so many clients, until it is ended.

`python -m benchmarks.console_clients ADDRESS TOKEN --follow 19`. Each client does what a page's line does:
takes the snapshot, follows the stream from its position, and checks that each message begins where the one
before ended. `--read` clients only take the bytes; `--stall` ones read nothing; `--again` ones
connect again and again. Prints one JSON object when it is told to end: messages, gaps, connections.

Limit: what these clients cost is taken from the same cores that the room has.
"""

import argparse
import asyncio
import json
import signal
from contextlib import suppress

import aiohttp
import msgspec
import uvloop


class Batch(msgspec.Struct):
    """What a page looks at first in a message; the rest is for its own machine to read."""

    after: int
    through: int


class Seen:
    """What all clients saw together."""

    def __init__(self) -> None:
        self.messages = 0
        self.gaps = 0
        self.connections = 0


LOOK_S = 0.05
"""How often it is looked whether every client is there."""

BATCH = msgspec.json.Decoder(Batch)


async def follow(session: aiohttp.ClientSession, seen: Seen) -> None:
    """Follow the stream from the snapshot's position, parsing everything."""
    async with session.get("/api/v1/snapshot") as answer:
        snapshot = await answer.json()
    position = snapshot["position"]
    async with session.get(f"/api/v1/stream?after={snapshot['epoch']}-{position}") as answer:
        seen.connections += 1
        name = b""
        async for line in answer.content:
            if line.startswith(b"event: "):
                name = line[7:].strip()
            elif line.startswith(b"data: ") and name == b"batch":
                batch = BATCH.decode(line[6:])
                seen.gaps += batch.after != position
                position = batch.through
                seen.messages += 1


async def read(session: aiohttp.ClientSession, seen: Seen) -> None:
    """Take the stream's bytes as they come."""
    async with session.get("/api/v1/stream") as answer:
        seen.connections += 1
        async for _ in answer.content.iter_any():
            seen.messages += 1


async def stall(session: aiohttp.ClientSession, seen: Seen) -> None:
    """Ask for the stream and read nothing of it."""
    async with session.get("/api/v1/stream"):
        seen.connections += 1
        await asyncio.Event().wait()


async def again(session: aiohttp.ClientSession, seen: Seen) -> None:
    """Connect, read a little, go away, and begin anew."""
    while True:
        async with session.get("/api/v1/stream") as answer:
            seen.connections += 1
            await answer.content.readany()


WAYS = {"follow": follow, "read": read, "stall": stall, "again": again}


async def run(arguments: argparse.Namespace) -> None:
    """Let every client go until the process is told to end."""
    seen = Seen()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    headers = {"Authorization": f"Bearer {arguments.token}"}
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(
        arguments.address, headers=headers, connector=connector, timeout=timeout, read_bufsize=2**22
    ) as session:
        clients = [
            asyncio.create_task(way(session, seen), name=name)
            for name, way in WAYS.items()
            for _ in range(getattr(arguments, name))
        ]
        while seen.connections < len(clients):  # noqa: ASYNC110 - what is measured begins when all are there
            await asyncio.sleep(LOOK_S)
        print("ready", flush=True)
        await ended.wait()
        for client in clients:
            client.cancel()
        with suppress(asyncio.CancelledError, aiohttp.ClientError):
            await asyncio.gather(*clients)
    print(json.dumps(vars(seen)), flush=True)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("token")
    for name in WAYS:
        parser.add_argument(f"--{name}", type=int, default=0)
    uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
