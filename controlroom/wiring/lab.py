"""Replays and rehearsals started from the page: `controlroom` itself in a process of its own, standing back.

The room's loop only reads the lines in which the child says how far it is. One trial at a time; its page goes
into `reports` below the folder of feeds, of which the last `REPORTS_KEPT` stay.
"""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from msgspec.structs import replace

from controlroom.console.lab import FeedFile, Job, LabRefused, LabState, Order, Trial
from controlroom.settings import Settings
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.rule_sets import RuleSets

REPORTS_KEPT = 20
"""Pages that stay on the disk: half a megabyte each."""

JOBS_KEPT = 10
"""Trials that the page lists."""

LINE_MAX = 400
"""Characters of what a child says that are shown."""

GONE_WITHIN_S = 5.0
"""How long the end of a killed child is waited for."""

NICE = 10
"""How far a child stands back behind the room."""

ENDING = ".jsonl.zst"
DIFFERS = 1
"""The exit code of a replay in which something differs: a result, and no failure."""


class TrialLab:
    """The lab of one room. Satisfies `Lab`."""

    def __init__(self, settings: Settings, sets: RuleSets, now: Callable[[], datetime]) -> None:
        self._feeds = settings.replay.feeds
        self._reports = settings.replay.feeds / "reports"
        self._estate = settings.estate.directory
        self._sets = sets
        self._now = now
        self._jobs: deque[Job] = deque(maxlen=JOBS_KEPT)
        self._number = 0
        self._begun = asyncio.Event()
        self._child: asyncio.subprocess.Process | None = None
        self._log = structlog.get_logger("lab")

    def state(self) -> LabState:
        """Return how things stand."""
        found = sorted(self._feeds.glob(f"*{ENDING}"))
        feeds = tuple(FeedFile(path.name, path.stat().st_size) for path in found)
        reports = {path.name: path for path in sorted(self._reports.glob("*.html"), reverse=True)}
        return LabState(feeds, tuple(reversed(self._jobs)), reports)

    def begin(self, order: Order) -> None:
        """Begin a trial; raises LabRefused."""
        if self._jobs and self._jobs[-1].running:
            raise LabRefused("a trial runs already; wait for it, or cancel it")
        known = {feed.name for feed in self.state().feeds}
        if order.feed not in known:
            raise LabRefused(f"{order.feed}: no such feed in {self._feeds.name}; put it there")
        try:
            for folder in filter(None, (order.rules, order.against)):
                if not self._sets.inside(folder).is_dir():
                    raise LabRefused(f"{folder}: no such folder of rules in the installation")
        except BooksRefused as fault:
            raise LabRefused(str(fault)) from fault
        self._number += 1
        self._jobs.append(Job(self._number, order, self._now(), running=True, said="beginning"))
        self._begun.set()

    def cancel(self) -> None:
        """End the trial that runs, if one does."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                self._child.terminate()

    async def run(self) -> None:
        """Run trials for ever, one after the other; a stop ends the one that runs."""
        while True:
            await self._begun.wait()
            self._begun.clear()
            try:
                await self._try(self._jobs[-1])
            except (OSError, ValueError, BooksRefused) as fault:  # a full disk, a line without an end
                self._log.warning("trial_failed", error=repr(fault))
                await self._give_up()
                self._note(running=False, said=f"failed: {fault}"[:LINE_MAX])
            finally:
                self.cancel()
                if self._jobs[-1].running:
                    self._note(running=False, said="ended before its time")

    async def _give_up(self) -> None:
        """End the child of a trial that failed, and wait until it is gone."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(ProcessLookupError):
            child.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(GONE_WITHIN_S):
                await child.communicate()  # reads what is left: an unread pipe never counts as closed

    async def _try(self, job: Job) -> None:
        self._reports.mkdir(parents=True, exist_ok=True)
        stem = job.order.feed.removesuffix(ENDING)
        name = f"{job.begun:%Y%m%d-%H%M%S}-{job.order.trial}-{stem}.html"
        out = self._reports / name
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "controlroom",
            *self._words(job.order, out),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._child = child
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, child.pid, NICE)
        if child.stderr is not None:
            async for line in child.stderr:
                self._note(running=True, said=line.decode(errors="replace").strip()[:LINE_MAX])
        code = await child.wait()
        self._child = None
        done = code in {0, DIFFERS} and out.exists()
        words = {0: "nothing differs" if job.order.against else "done", DIFFERS: "decisions differ"}
        last = self._jobs[-1].said
        said = words.get(code, last) if done else f"ended with {code}: {last}"
        self._note(running=False, said=said, report=name if done else None)
        for old in sorted(self._reports.glob("*.html"), reverse=True)[REPORTS_KEPT:]:
            old.unlink(missing_ok=True)

    def _note(self, *, running: bool, said: str, report: str | None = None) -> None:
        self._jobs[-1] = replace(self._jobs[-1], running=running, said=said, report=report)

    def _words(self, order: Order, out: Path) -> list[str]:
        """Return the command line of the child."""
        words = ["rehearse" if order.trial is Trial.REHEARSAL else "replay", str(self._feeds / order.feed)]
        words += ["--rules", str(self._sets.inside(order.rules)), "--estate", str(self._estate)]
        words += ["--format", "html", "--out", str(out)]
        if order.trial is Trial.REHEARSAL:
            words += ["--times", order.times]
        elif order.against:
            words += ["--against", str(self._sets.inside(order.against))]
        return words
