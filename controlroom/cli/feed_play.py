"""`controlroom feed play`: a feed into a broker, with its progress, and the point to go on from."""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from datetime import timedelta

import typer

from controlroom.cli.exits import ExitCode
from controlroom.cli.feed_broker import broker_of, run
from controlroom.cli.feed_check import key_of, opened, stop
from controlroom.cli.feed_make import faults_of, only_of
from controlroom.cli.feed_options import PlayAsked
from controlroom.cli.feed_progress import Progress
from controlroom.clock import wall_clock
from controlroom.feeds.model import SECOND_US, Entry, Spoken
from controlroom.feeds.read import Feed
from simulators import playing
from simulators.faults import Faults, spoil
from simulators.feed_line import FeedLine
from simulators.playing import MAX_SPEED, How, Line, Part, part_of

LOOK_S = 0.25
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?")


def play_feed(asked: PlayAsked) -> None:
    """Play the feed and say how it went."""
    feed, end = opened(asked.feed, key_of(asked.key_file))
    if asked.as_recorded and not feed.header.simulated:
        what = "was recorded from the field: its signals carry no mark, and are played only with one"
        raise stop(f"{asked.feed}:1: {what}; leave out --as-recorded", ExitCode.USAGE)
    part, speed = _part(asked), _speed(asked.speed)
    broker = broker_of(asked.broker, asked.user, asked.password_file, "play")
    playing_ = _Play(asked, feed, part, speed, end.messages)

    async def work() -> None:
        async with asyncio.TaskGroup() as tasks:
            line = FeedLine(broker, tasks, _notice)
            await line.open(asked.wait)
            shown = tasks.create_task(playing_.keep_showing(), name="progress")
            try:
                await playing_.rounds(line)
                await line.publisher.drain()
            except asyncio.CancelledError:
                playing_.interrupted = True
                await line.last_words()
            finally:
                playing_.told(line)
                shown.cancel()
                line.close()

    run(work())
    playing_.result()


class _Play:
    """One play: its rounds, its progress, and what is said at the end."""

    def __init__(self, asked: PlayAsked, feed: Feed, part: Part, speed: float, messages: int) -> None:
        self.interrupted = False
        self._asked = asked
        self._feed = feed
        self._part = part
        self._speed = speed
        self._faults = faults_of(asked)
        self._now = wall_clock()
        self._done = playing.Progress()
        self._round = 1
        self._acknowledged = self._again = 0
        whole = messages if speed == MAX_SPEED else self._lasts_us()
        self._progress = Progress("play", None if asked.loop else whole)

    async def rounds(self, line: FeedLine) -> None:
        """Play the feed once, or for ever."""
        while True:
            name = f"{int(self._now().timestamp() * 1000):x}" + (
                f"r{self._round}" if self._asked.loop else ""
            )
            how = How(self._speed, self._asked.as_recorded, name)
            due = part_of(self._entries(), self._part, self._done, reports=self._asked.as_recorded)
            way = Line(line.publisher.send, line.cut)
            await playing.play(self._feed.header, due, how, way, self._now, self._done)
            if not self._asked.loop:
                return
            self._round += 1

    async def keep_showing(self) -> None:
        """Show the progress while there is some."""
        while True:
            at = self._done.number if self._speed == MAX_SPEED else self._done.at_us
            self._progress.show(self._done.sent, at)
            await asyncio.sleep(LOOK_S)

    def told(self, line: FeedLine) -> None:
        """Take down what the broker has acknowledged."""
        self._progress.end()
        self._acknowledged, self._again = line.tally.acknowledged, line.tally.again

    def result(self) -> None:
        """Say how it went; ends the command where it was stopped."""
        done = self._done
        resume = f"#{done.number + 1}"
        if self._asked.json:
            said = {
                "sent": done.sent,
                "acknowledged": self._acknowledged,
                "sent_again": self._again,
                "skipped": done.skipped,
                "cuts": done.cuts,
                "rounds": self._round,
                "interrupted": self.interrupted,
                "resume": resume if self.interrupted else None,
            }
            print(json.dumps(said))
        else:
            print(
                f"sent {done.sent:,}, acknowledged {self._acknowledged:,}, sent again {self._again}, "
                f"left out {done.skipped:,}, cuts {done.cuts}"
            )
        if self.interrupted:
            at = timedelta(microseconds=done.at_us)
            where = f"interrupted at {at} of the feed, after message {done.number}"
            raise stop(f"{where}; go on with --from '{resume}'", ExitCode.INTERRUPTED)
        if self._acknowledged < done.sent:
            raise typer.Exit(ExitCode.FINDING)

    def _entries(self) -> Iterator[Entry]:
        """Yield the feed's entries, with what was asked to go wrong on the way."""
        if self._faults == Faults():
            return iter(self._feed)
        timed = ((one.at_us, one.wire()) for one in self._feed if isinstance(one, Spoken))
        return spoil(timed, self._asked.seed, self._faults)

    def _lasts_us(self) -> int:
        if self._part.to_us is not None:
            return self._part.to_us
        last = 0
        for entry in self._feed:
            last = entry.at_us
        return last


def _part(asked: PlayAsked) -> Part:
    to_us = _moment("--to", asked.to) if asked.to else None
    only = only_of(asked.only)
    if asked.from_.startswith("#"):
        if not asked.from_[1:].isdecimal():
            raise stop(f"--from {asked.from_}: wanted as #12035, the number of a message", ExitCode.USAGE)
        return Part(0, to_us, max(1, int(asked.from_[1:])), only)
    return Part(_moment("--from", asked.from_) if asked.from_ else 0, to_us, 1, only)


def _moment(option: str, text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise stop(f"{option} {text}: wanted as 03:12:44 or 12:44, after the beginning", ExitCode.USAGE)
    hours, minutes, seconds, part = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * SECOND_US + int((part or "0").ljust(6, "0"))


def _speed(text: str) -> float:
    if text == "max":
        return MAX_SPEED
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not 0 < speed < MAX_SPEED:
        raise stop(f"--speed {text}: wanted as 1x, 60x or max", ExitCode.USAGE)
    return speed


def _notice(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
