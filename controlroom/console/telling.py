"""A command handed in over HTTP, and the wait until what came of it is stored."""

import asyncio

from controlroom.console.once import ONCE
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.events import Ask
from controlroom.room import Settled

ANSWER_WITHIN_S = 10.0
"""How long a person waits for the store before being told that it is not there yet."""


async def settled_by(parts: Parts, command: Ask, tells: str) -> Settled:
    """Return what came of the command once it is durable; `tells` says where to look if that takes long.

    What was told before under the same key of its sender (`once`) is not told again.
    """
    once = ONCE.get()
    telling = once.telling if once is not None else None
    before = await once.before(command, parts.state().position) if once and telling is None else None
    if before is not None:
        return before
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            if once is None:
                return await parts.desk.tell(command)
            return await asyncio.shield(telling or once.told(parts.desk.tell(command)))
    except TimeoutError as late:
        detail = f"decided or waiting, but not stored yet; do not repeat it, {tells} what comes of it"
        raise problem(503, "not-stored-yet", detail) from late
