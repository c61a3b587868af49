"""The order in which workers take the tests loses none, and leaves no long one for the end."""

from pathlib import Path

import pytest

from tests.ordering import LONG, shared_out


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize("others", [0, 1, 2, 40, 41])
def test_every_test_is_taken_once_and_each_worker_begins_with_long_ones(workers: int, others: int) -> None:
    """Whatever was chosen to run: nothing is lost or doubled, and every part has its share in front."""
    names = [f"tests/test_{number}.py::test_it" for number in range(others)]
    names[others // 2 : others // 2] = [f"{file}::test_it" for file in LONG]
    order = shared_out(names, workers)
    assert sorted(order) == list(range(len(names)))
    if others < len(LONG):
        return
    starts = [len(names) * worker // workers for worker in range(workers)]
    assert all(names[order[start]].partition("::")[0] in LONG for start in starts)


def test_the_long_ones_are_there() -> None:
    """A file that is named and is not there would only be a name."""
    assert [file for file in LONG if not (Path(__file__).parents[1] / file).is_file()] == []
