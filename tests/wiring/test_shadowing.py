"""A candidate beside a running room, on virtual time over the journal's in-memory twin."""

import asyncio
from contextlib import AsyncExitStack

from controlroom.commands.rule_changes import DifferencesAccepted, ShadowDiffered, ShadowStarted
from controlroom.incidents.state import to_bytes
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.rule_book import RuleBook
from controlroom.wiring.shadowing import QUEUE_MAX, Candidate, Shadowing
from tests.build import OneWordJudge, signal
from tests.journal.virtual_time import passes, run
from tests.wiring.test_rule_swap_in_the_room import SecondJudge, Stage, stage


class Mild(OneWordJudge):
    """The candidate: a check-in goes to the log at another priority; the rest stays as it is."""

    version = "mild"
    unknown = frozenset({"check_in"})


class Beside:
    """A room with the follower beside it."""

    def __init__(self, made: Stage, queue_max: int = QUEUE_MAX) -> None:
        self.made = made
        self.shadowing = Shadowing(made.room, lambda: _book(OneWordJudge()), queue_max)
        made.room.follow(self.shadowing)

    async def begin(self, judge: OneWordJudge) -> None:
        """Let this judge run beside, from here on."""
        self.made.room.tell(ShadowStarted("ada", "to see", judge.version))
        await passes(1)
        self.shadowing.begin(Candidate(_book(judge), ()))

    def seen(self) -> list[ShadowDiffered]:
        """Return what the journal was told of differences."""
        return [one.event for one in self.made.records if isinstance(one.event, ShadowDiffered)]


def _book(judge: OneWordJudge) -> RuleBook:
    return RuleBook(judge, {}, {})  # type: ignore[arg-type]  # a judge of one word is enough


async def _open(stack: AsyncExitStack) -> Beside:
    beside = Beside(await stack.enter_async_context(stage()))
    task = asyncio.get_running_loop().create_task(beside.shadowing.run(), name="shadow")
    stack.callback(task.cancel)
    return beside


async def _a_life() -> None:
    async with AsyncExitStack() as stack:
        beside = await _open(stack)
        beside.made.intruders(1, 2)
        await beside.begin(SecondJudge())
        beside.made.intruders(3, 5)
        await passes(1)

        # what was decided before the candidate came is none of its business
        positions = [one for told in beside.seen() for one in told.positions]
        decided = [one.position for one in beside.made.records if one.decision.ruling is not None]
        assert positions == decided[2:]
        standing = beside.shadowing.standing()
        (group,) = standing.groups
        assert (group.life, group.count, standing.unreviewed_life) == (True, 3, 1)
        assert "about-intruder decides differently" in group.title
        assert "priority 1 -> 4" in group.title

        rule_set = SecondJudge.version
        beside.made.room.tell(DifferencesAccepted("eve", "meant", rule_set, group.group))
        beside.made.intruders(6, 6)
        await passes(1)

        assert beside.shadowing.standing().unreviewed_life == 0
        assert len([one for told in beside.seen() for one in told.positions]) == 3


def test_every_difference_about_a_life_is_journalled_until_its_group_is_accepted() -> None:
    """The room is told of each position, and of none any more when somebody has said that it is meant."""
    run(_a_life())


async def _no_life() -> None:
    async with AsyncExitStack() as stack:
        beside = await _open(stack)
        await beside.begin(Mild())
        for number in range(5):
            beside.made.room.tell(signal(Kind.LONE_WORKER, f"w{number}"))
            beside.made.room.tell(signal(Kind.PARK, f"p{number}"))
        await passes(1)

        (told,) = beside.seen()
        assert (told.life, told.positions) == (False, ())
        assert beside.shadowing.counts["differs"] == 5
        assert beside.shadowing.counts["same"] >= 5
        assert [one.word for one in beside.shadowing.standing().recent] == ["check_in"] * 5


def test_of_all_else_the_journal_has_each_kind_of_difference_once() -> None:
    """What is about no life is told once a group, and counted."""
    run(_no_life())


async def _overrun() -> None:
    async with AsyncExitStack() as stack:
        beside = Beside(await stack.enter_async_context(stage()), queue_max=20)
        await beside.begin(SecondJudge())
        for first in range(1, 150, 15):
            beside.made.intruders(first, first + 14)
            await passes(1)
        assert beside.shadowing.waiting <= 20
        assert beside.shadowing.counts["passed_over"] > 0
        task = asyncio.get_running_loop().create_task(beside.shadowing.run(), name="shadow")
        stack.callback(task.cancel)
        beside.made.intruders(1000, 1000)
        await passes(1)

        assert beside.shadowing.waiting == 0
        lane = beside.shadowing._lane
        assert lane is not None
        assert to_bytes(lane.state) == to_bytes(beside.made.room.state)


def test_a_comparison_that_falls_behind_starts_over_and_says_so() -> None:
    """The queue is bounded; what is passed over is counted, and the history beside is the room's again."""
    run(_overrun())
