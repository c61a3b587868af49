"""A feed made from a seed: believable days as they come off the wire, with what goes wrong on the way."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec

from controlroom import __version__
from controlroom.feeds.model import FORM, SECOND_US, Entry, Header, Spoken, estate_digest
from controlroom.feeds.write import FeedWriter
from simulators.day.city import believable
from simulators.day.occasions import happenings
from simulators.day.town import DAY_S, Town
from simulators.faults import Faults, Timed, spoil
from simulators.speech import Run, wires

ZONE = "Europe/London"

SHOWN_EVERY = 1_000
"""Messages between two words about progress."""

Only = frozenset[tuple[str, str]]
"""Kinds and areas that are wanted, an empty word for any."""


class Made(msgspec.Struct, frozen=True):
    """What was written: messages and cuts, and the digest of the feed's lines."""

    messages: int
    cuts: int
    sha256: str


class Wanted(msgspec.Struct, frozen=True):
    """What a feed is to hold: how long, what of it, what goes wrong; `key` signs it."""

    lasts_s: float
    only: Only = frozenset()
    faults: Faults = Faults()
    key: bytes | None = None


def wanted(only: Only, topic: str) -> bool:
    """Return whether this topic is of a kind and area that is wanted; of nothing said, everything is."""
    if not only:
        return True
    _, _, rest = topic.partition("/")
    area, _, rest = rest.partition("/")
    kind = rest.partition("/")[0]
    return any(one in ("", kind) and other in ("", area) for one, other in only)


def timed(town: Town, run: Run) -> Iterator[Timed]:
    """Yield the messages of believable days with their moments, as devices with right clocks send them."""
    for message in believable(town, run):
        at = round(message.due_s * SECOND_US)
        for wire in wires(message, town.wall.started + timedelta(microseconds=at), run.speed):
            yield at, wire


def entries(town: Town, asked: Wanted) -> Iterator[Entry]:
    """Yield the lines of the feed after its header; what would arrive after its end is left out."""
    name = f"{town.wall.started:%Y%m%d}-{town.seed}"
    run = Run(name, int(town.wall.started.timestamp()), town.wall.speed, town.wall)
    ends = round(asked.lasts_s * SECOND_US)
    day = itertools.takewhile(lambda each: each[0] < ends, timed(town, run))
    said = (each for each in day if wanted(asked.only, each[1].topic))
    return itertools.takewhile(lambda entry: entry.at_us < ends, spoil(said, town.seed, asked.faults))


def header_of(town: Town, files: dict[str, str], asked: Wanted) -> Header:
    """Return the header of the feed; `files` are the estate's."""
    days = range(math.ceil(asked.lasts_s / DAY_S))
    drawn = (one for day in days for one in happenings(town, day) if one.at < asked.lasts_s)
    occasions = [f"{one.name} {town.local(one.at):%Y-%m-%d %H:%M}" for one in drawn]
    settings = {"hours": f"{asked.lasts_s / 3600:g}", "calls": f"{town.calls:g}"}
    settings["occasions"] = "; ".join(occasions)
    if asked.only:
        settings["only"] = " ".join(sorted("/".join(one) for one in asked.only))
    return Header(
        FORM,
        town.wall.started,
        ZONE,
        f"controlroom feed generate {__version__}",
        estate_digest(files),
        seed=town.seed,
        simulated=True,
        settings=settings | asked.faults.told(),
    )


def generate(
    path: Path, header: Header, said: Iterable[Entry], key: bytes | None, shown: Callable[[int, int], None]
) -> Made:
    """Write the feed; `shown` is told now and then how many messages there are, and up to which moment."""
    cuts = 0
    with FeedWriter(path, header, key=key) as feed:
        for entry in said:
            feed.add(entry)
            cuts += not isinstance(entry, Spoken)
            if feed.messages % SHOWN_EVERY == 0:
                shown(feed.messages, entry.at_us)
        end = feed.close()
    return Made(end.messages, cuts, end.sha256)
