"""A feed for measuring and for tests: hours of the simulated city in virtual time, heartbeats included."""

import heapq
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from controlroom.estate.model import Estate
from controlroom.feeds.model import FORM, Header, spoken
from controlroom.feeds.write import FeedWriter
from controlroom.signals.vocabulary import Kind
from simulators.cameras import beats
from simulators.city import life
from simulators.speech import Run, speak, wires

BEGINS = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
"""A Monday morning: the virtual city's day begins at half past seven."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to be in a feed: so many hours, at so many times the city's usual rates, beating or not."""

    hours: float
    pace: float = 1.0
    beats: bool = True
    seed: int = 2015


def write_feed(path: Path, estate: Estate, digest: str, wanted: Wanted) -> int:
    """Write so much of the city; return how many messages it is. The same seed, the same bytes."""
    seed = wanted.seed
    header = Header(FORM, BEGINS, "Europe/London", "a benchmark", digest, seed, simulated=True)
    said = life(estate, seed, wanted.pace, Run("city", 1, 1.0))
    if wanted.beats:
        beating = speak(Kind.CAMERA_FAULT, beats(estate, seed, 1.0), Run("beat", 1, 1.0))
        said = heapq.merge(said, beating, key=lambda message: message.due_s)
    with FeedWriter(path, header) as feed:
        for message in itertools.takewhile(lambda message: message.due_s < wanted.hours * 3600, said):
            moment = BEGINS + timedelta(seconds=message.due_s)
            for wire in wires(message, moment, 1.0):
                feed.add(spoken(round(message.due_s * 1_000_000), wire))
        return feed.messages
