"""Trials from the page: one at a time, cancellable, and nothing outside the installation."""

import asyncio
import os
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


async def test_a_trial_that_cannot_be_kept_is_a_line_on_the_page(lab: TrialLab, tmp_path: Path) -> None:
    """A full or a read-only disk fails the trial, and not the lab; the next one may begin."""
    (tmp_path / "feeds" / "reports").write_text("a file where the folder should be", encoding="utf-8")
    for _ in range(2):
        lab.begin(_order())
        while lab.state().jobs[0].running:
            await asyncio.to_thread(lambda: None)
        assert lab.state().jobs[0].said.startswith("failed: ")


async def test_a_child_that_says_a_line_without_an_end_is_ended(
    lab: TrialLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no buffer holds fails the trial; its process does not stay behind."""
    chatty = tmp_path / "chatty"
    chatty.write_text("#!/bin/sh\necho $$ >$0.pid\nexec cat /dev/zero >&2\n", encoding="utf-8")
    chatty.chmod(0o755)
    monkeypatch.setattr("controlroom.wiring.lab.sys.executable", str(chatty))
    lab.begin(_order())
    while lab.state().jobs[0].running:
        await asyncio.to_thread(lambda: None)
    assert lab.state().jobs[0].said.startswith("failed: ")
    number = int((tmp_path / "chatty.pid").read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


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
