"""A program that starts an embedded part and waits: the one that the tests kill, in whatever way.

`starter.py valkey|broker VAR PORT` prints one JSON line when the part answers. At SIGTERM or SIGINT it
prints a second one, which says whether the part still answers, leaves the part, and ends.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

import redis.asyncio as redis

from controlroom.embedded.broker import BrokerSettings, EmbeddedBroker
from controlroom.embedded.greeting import greets
from controlroom.embedded.valkey import EmbeddedValkey, ValkeySettings


async def still_answers(part: EmbeddedValkey | EmbeddedBroker) -> bool:
    """Return whether a client of the part is served."""
    if isinstance(part, EmbeddedBroker):
        return await greets(part.port, 60.0)
    async with redis.Redis.from_url(part.url) as client:
        return bool(await client.ping())


def say(**facts: int) -> None:
    """Print one line of JSON for the test that reads it."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


async def main(kind: str, var: Path, port: int) -> None:
    """Run the part until a signal comes."""
    asked = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, asked.set)
    part: EmbeddedValkey | EmbeddedBroker
    if kind == "valkey":
        part = EmbeddedValkey(ValkeySettings(var))
    else:
        part = EmbeddedBroker(BrokerSettings(var, port=port))
    async with part:
        say(pid=part.tenancy.pid, owned=part.tenancy.owned)
        await asked.wait()
        say(answers=await still_answers(part))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
