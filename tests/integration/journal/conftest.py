"""The journal's stage as fixtures: a shared server, one to kill, links and a proxy that end with the test."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.integration.journal.stage import Links, Proxy, ValkeyServer


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose name is short enough for a unix socket (108 bytes) in it."""
    folder = Path(tempfile.mkdtemp(prefix="cr-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[ValkeyServer]:
    """One server for all tests that leave it running; each test uses a room of its own."""
    folder = Path(tempfile.mkdtemp(prefix="cr-"))
    server = ValkeyServer(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def own_valkey(short_folder: Path) -> Iterator[ValkeyServer]:
    """A server that the test may kill."""
    server = ValkeyServer(short_folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def links() -> AsyncIterator[Links]:
    """Links that end with the test."""
    opened = Links()
    yield opened
    await opened.close()


@pytest.fixture
async def proxy(shared_valkey: ValkeyServer) -> AsyncIterator[Proxy]:
    """A proxy in front of the shared server."""
    async with Proxy(shared_valkey.port).opened() as between:
        yield between
