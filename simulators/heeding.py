"""Heeding a cancellation that somebody below kept to himself.

`asyncio.wait_for` of Python 3.11, under every call of aiomqtt, answers with the result that came in the same
turn as the cancellation; a TaskGroup there raises its tasks' fault instead. Whoever calls them asks here
after it.
"""

import asyncio


def end_if_cancelled() -> None:
    """Raise CancelledError where this task was cancelled and has not heard of it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
