"""Trials from the page: one at a time, cancellable, and nothing outside the installation."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.replay_feed import Wanted, write_feed
from controlroom.console.lab import LabRefused, Order, Trial
from controlroom.settings import Settings
from controlroom.wiring.books import read_estate
from controlroom.wiring.lab import TrialLab
from controlroom.wiring.rule_sets import RuleSets
from tests.build import NOON

ROOT = Path(__file__).parents[2]
FEED = "day.jsonl.zst"


def _order(feed: str = FEED, rules: str = "config/rules", against: str = "") -> Order:
    return Order(Trial.REPLAY, feed, rules, against, "", "ada")


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[TrialLab]:
    """A lab that runs, with a feed of half an hour."""
    plain = Settings()
    estate = plain.estate.model_copy(update={"directory": ROOT / "config" / "estate"})
    replay = plain.replay.model_copy(update={"feeds": tmp_path / "feeds"})
    settings = plain.model_copy(update={"estate": estate, "replay": replay})
    (tmp_path / "feeds").mkdir()
    write_feed(tmp_path / "feeds" / FEED, read_estate(ROOT / "config" / "estate"), "", Wanted(0.5))
    made = TrialLab(settings, RuleSets(tmp_path, ROOT / "config" / "rules"), lambda: NOON)
    task = asyncio.create_task(made.run(), name="lab")
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_trial_is_one_at_a_time_and_can_be_cancelled(lab: TrialLab) -> None:
    """While one runs the next is refused; a cancelled one leaves no report, and the next may begin."""
    lab.begin(_order())
    with pytest.raises(LabRefused, match="a trial runs already"):
        lab.begin(_order())
    while lab._child is None:
        await asyncio.to_thread(lambda: None)
    lab.cancel()
    while lab.state().jobs[0].running:
        await asyncio.to_thread(lambda: None)

    (job,) = lab.state().jobs
    assert job.report is None
    assert job.said.startswith("ended with")
    lab.begin(_order())
    assert lab.state().jobs[0].running


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (_order(feed="../secret"), "no such feed"),
        (_order(rules="../elsewhere"), "lies outside the installation"),
        (_order(against="nowhere"), "no such folder of rules"),
    ],
)
async def test_what_lies_outside_is_refused(lab: TrialLab, order: Order, why: str) -> None:
    """Names lead into the folder of feeds and into the installation, and nowhere else."""
    with pytest.raises(LabRefused, match=why):
        lab.begin(order)
