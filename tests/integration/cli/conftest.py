"""A real Valkey, and an installation folder whose settings name it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.installation import Installation
from tests.integration.journal.stage import ValkeyServer


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey that keeps what it confirms, ended with the test."""
    folder = Path(tempfile.mkdtemp(prefix="cr-"))
    server = ValkeyServer(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def installation(tmp_path: Path, valkey: ValkeyServer) -> Installation:
    """A folder with settings, a journal key and that store."""
    return Installation(tmp_path, valkey.port)
