"""A room with real parts around it, for the tests that look at the whole of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A broker, a store and an open room, each a process of its own."""
    async with House(tmp_path) as house:
        await house.open_room()
        yield house
