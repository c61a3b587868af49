"""The whole believable day: routine, chance and occasions as one stream of messages."""

import heapq
from collections.abc import Iterator

from simulators.day import calls, cameras, occasions, panels, people, prologue
from simulators.day.town import Town
from simulators.speech import Message, Run, narrate
from simulators.timetable import Act, unfold

DARK_DAYS = 31
"""Days on which a lost switch also silences heartbeats; after a month of one run they go on without it."""


def acts(town: Town) -> Iterator[Act]:
    """Yield everything that happens, in the order of its time, without end."""
    return heapq.merge(
        unfold(*panels.streams(town)),
        people.merged(town, occasions.silent(town)),
        cameras.merged(town, occasions.dark(town, DARK_DAYS)),
        calls.merged(town),
        unfold(occasions.merged(town)),
        key=lambda act: act.due_s,
    )


def believable(town: Town, run: Run) -> Iterator[Message]:
    """Yield what devices say on believable days, from the moment at which the run begins, without end."""
    return narrate(acts(town), run)


def shown(town: Town, run: Run) -> Iterator[Message]:
    """Yield a believable day for somebody who watches: one of everything within its first minute."""
    return narrate(heapq.merge(prologue.merged(town), acts(town), key=lambda act: act.due_s), run)
