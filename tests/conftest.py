"""How tests run: properties without a stopwatch, long tests first, and little time for the collector.

On a build machine properties have the same examples each time.
"""

import gc
import os

import pytest
from hypothesis import settings

from tests.ordering import shared_out

settings.register_profile("house", deadline=None)  # a busy machine is not a wrong answer
settings.register_profile("build", parent=settings.get_profile("house"), derandomize=True)
"""A build says the same of the same commit; what is new is looked for by people's runs, which are random."""

settings.load_profile("build" if os.environ.get("CI") else "house")

YOUNG, OFTEN = 10_000, 20
"""So many new objects before the collector looks at them (Python's own 700 are few for tests that make
hundreds of thousands of records), and so many looks at the young ones before it looks at older ones."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the long tests; one process alone keeps the order."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = [items[at] for at in shared_out([item.nodeid for item in items], workers)]


def pytest_collection_finish() -> None:
    """Keep what was collected, which lives as long as the process, out of the collector's sight."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OFTEN)
