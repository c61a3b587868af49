"""Waiting for a condition, the only kind of waiting in these tests."""

import asyncio
from collections.abc import Callable

_LOOK_AGAIN_S = 0.005
"""Short beside any broker's answer, long enough to leave it the processor."""


async def until(
    condition: Callable[[], bool], what: str, within_s: float = 60.0, every_s: float = _LOOK_AGAIN_S
) -> None:
    """Return once the condition holds; fail with `what` when it does not in time.

    `every_s` is for what is dear to ask: a page of metrics costs the service that it is asked of.
    """
    try:
        async with asyncio.timeout(within_s):
            while not condition():  # noqa: ASYNC110 - any condition, so no Event
                await asyncio.sleep(every_s)
    except TimeoutError:
        raise AssertionError(f"not within {within_s:g} s: {what}") from None
