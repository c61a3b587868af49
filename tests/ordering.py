"""In which order several workers take the tests: the long ones first, so that none is left alone with one.

The workers are given equal parts of the list, one after the other, and take from each other's ends later.
"""

from collections.abc import Sequence
from itertools import islice

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


def shared_out(names: Sequence[str], workers: int) -> list[int]:
    """Return the places of these tests, so that each equal part has its share of the long ones."""
    rank = {file: at for at, file in enumerate(LONG)}
    files = [name.partition("::")[0] for name in names]
    long = sorted((at for at, file in enumerate(files) if file in rank), key=lambda at: rank[files[at]])
    rest = (at for at, file in enumerate(files) if file not in rank)
    order: list[int] = []
    for worker in range(workers):
        share = long[worker::workers]
        size = (len(names) - len(order)) // (workers - worker)
        order += [*share, *islice(rest, max(0, size - len(share)))]
    return [*order, *rest]
