"""A place for a demonstration, and the console's files from npm."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.demo.stage import Place


@pytest.fixture
def place() -> Iterator[Place]:
    """Give a place on a short path, as a real `var` has; whatever was started there is ended."""
    with tempfile.TemporaryDirectory(prefix="cr-") as folder:
        here = Place(Path(folder))
        yield here
        here.clear()
