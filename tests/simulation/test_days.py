"""Two hundred simulated days, every promise held after every step; `make simulate` lives any number."""

import asyncio
import os
import subprocess
import sys

import pytest

from tests.journal.virtual_time import run
from tests.simulation.__main__ import command_for
from tests.simulation.day import Day, World, live
from tests.simulation.fate import fate_of
from tests.simulation.plants import Plant

DAYS_A_TEST = 5
"""Few enough that a test stays short and that workers share the days evenly."""


def lived(first: int) -> list[Day]:
    """Return the next few days from this one on; every promise held on each."""
    days = []
    for seed in range(first, first + DAYS_A_TEST):
        day = live(seed)
        assert day.findings == (), f"\n{day.findings[0]}\nlive it again with: {command_for(seed)}"
        days.append(day)
    return days


@pytest.mark.parametrize("first", range(1 + DAYS_A_TEST, 201, DAYS_A_TEST))
def test_every_promise_holds_on_every_day(first: int) -> None:
    """Whatever ends, comes twice, late, damaged or out of order: no promise of the room is broken."""
    assert len(lived(first)) == DAYS_A_TEST


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


async def _ends_after(rests_at_s: float) -> float:
    """Return when a day ends that is to end at once, and whose last order was given so long before."""
    loop = asyncio.get_running_loop()
    world = World(fate_of(1), Plant(), loop)
    world.judge.rests_at_s = rests_at_s
    world.ends()
    await world.over.wait()
    return loop.time()


@pytest.mark.parametrize("rests_at_s", [0.0, 0.7])
def test_a_day_ends_when_its_last_order_could_be_handed_over(rests_at_s: float) -> None:
    """Whoever is ordered out in the last moment of the day is judged after the time that an order takes."""
    assert run(_ends_after(rests_at_s)) == pytest.approx(rests_at_s)


MET = frozenset(
    {
        "call_answered_by_a_desk",
        "command_not_possible_now",
        "command_saw_an_old_version",
        "confirmed_by_its_detectors",
        "joined_open_incident",
        "next_keyholder_not_called",
        "keyholder_not_there_in_time",
        "no_word_of_a_keyholder",
        "no_keyholder_of_this_site",
        "partner_does_not_take_this",
        "partner_unknown",
        "crew_stood_down",
        "crew_word_taken",
        "not_accepted_next_crew_sent",
        "not_answered_in_time",
        "off_duty_next_crew_sent",
        "operator_command",
        "operator_looks_first",
        "order_not_accepted_in_time",
        "orders_handed_over",
        "put_on_test",
        "quarantined",
        "refused_next_crew_sent",
        "report_changes_nothing",
        "report_taken",
        "retained_state",
        "test_ran_out",
    }
)
"""What a few days must have met for the promises to be worth anything."""


def test_the_first_days_are_full_of_trouble_and_every_promise_holds() -> None:
    """In a few days everything happens that the promises are about; a city that sleeps proves nothing."""
    days = lived(1)
    reasons = {reason for day in days for reason in day.reasons}

    assert min(day.signals for day in days) > 1_500
    assert sum(day.crashes for day in days) > 10
    assert sum(day.lives for day in days) > 100
    assert reasons >= MET, MET - reasons
