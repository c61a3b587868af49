"""Two hundred simulated days, every promise held after every step; `make simulate` lives any number."""

import os
import subprocess
import sys

import pytest

from tests.simulation.__main__ import command_for
from tests.simulation.day import live

DAYS_A_TEST = 10
"""Few enough that a test stays short and that workers share the days evenly."""


@pytest.mark.parametrize("first", range(1, 201, DAYS_A_TEST))
def test_every_promise_holds_on_every_day(first: int) -> None:
    """Whatever ends, comes twice, late, damaged or out of order: no promise of the room is broken."""
    for seed in range(first, first + DAYS_A_TEST):
        day = live(seed)

        assert day.findings == (), f"\n{day.findings[0]}\nlive it again with: {command_for(seed)}"


def test_a_seed_is_the_same_day_in_every_process() -> None:
    """The journal of a seed has the same last seal wherever it is lived, whatever strings hash to."""
    day = live(3)
    digests = {day.digest}
    for hash_seed in ("1", "2"):
        code = "from tests.simulation.day import live; print(live(3).digest)"
        ran = subprocess.run(  # noqa: S603 - fixed words
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        )
        digests.add(ran.stdout.strip())

    assert digests == {day.digest}


def test_a_day_is_full_of_trouble() -> None:
    """The days are worth living: in ten of them everything happens that the promises are about."""
    days = [live(seed) for seed in range(1, 6)]

    assert min(day.signals for day in days) > 1_500
    for count in ("orders", "fired", "lives", "crashes"):
        assert sum(getattr(day, count) for day in days) > 20, count
