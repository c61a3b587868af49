"""How tests run: properties without a stopwatch, long tests first, and little time for the collector.

On a build machine properties have the same examples each time.
"""

import gc
import os

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # a busy machine is not a wrong answer
settings.register_profile("build", parent=settings.get_profile("house"), derandomize=True)
"""A build says the same of the same commit; what is new is looked for by people's runs, which are random."""

settings.load_profile("build" if os.environ.get("CI") else "house")

LONG = (
    "tests/integration/chaos/test_siege.py",
    "tests/stories/test_live_stories.py",
    "tests/integration/console/test_states.py",
    "tests/integration/test_engineers_tour.py",
    "tests/integration/console/test_whole_shift.py",
    "tests/integration/demo/test_demo.py",
    "tests/integration/console/test_seen.py",
    "tests/simulation/test_days.py",
)
"""Files of tests that take ten seconds and more, the longest first. Left for the end, one of them would keep
one worker busy while the others have nothing left; a file that is not named here only comes later."""

YOUNG, OFTEN = 10_000, 20
"""So many new objects before the collector looks at them (Python's own 700 are few for tests that make
hundreds of thousands of records), and so many looks at the young ones before it looks at older ones."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each worker begin with its part of the long tests; one process alone keeps the order of the files.

    The workers are given equal parts of the list, one after the other, and take from each other later.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = shared_out(items, workers)


def shared_out(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Return the tests so that each of so many equal parts has its share of the long ones in front."""
    place = {file: at for at, file in enumerate(LONG)}
    files = [item.nodeid.partition("::")[0] for item in items]
    ranked = sorted(range(len(items)), key=lambda at: place.get(files[at], len(LONG)))
    long = [at for at in ranked if files[at] in place]
    rest = iter(ranked[len(long) :])
    order: list[int] = []
    for worker in range(workers):
        share = long[worker::workers]
        size = (len(items) - len(order)) // (workers - worker)
        order += share
        order += [at for at, _ in zip(rest, range(size - len(share)), strict=False)]
    return [items[at] for at in (*order, *rest)]


def pytest_collection_finish() -> None:
    """Keep what was collected, which lives as long as the process, out of the collector's sight."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OFTEN)
