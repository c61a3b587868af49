"""`controlroom feed record`: what goes over a broker, into a file."""

import asyncio
import contextlib
import json
import sys

from controlroom import __version__
from controlroom.cli.exits import ExitCode
from controlroom.cli.feed_broker import broker_of, run
from controlroom.cli.feed_check import key_of, stop
from controlroom.cli.feed_make import estate_of
from controlroom.cli.feed_options import RecordAsked
from controlroom.cli.feed_progress import Progress
from controlroom.clock import wall_clock
from controlroom.feeds.model import FORM, Header, estate_digest
from controlroom.feeds.write import FeedWriter
from simulators.generating import ZONE
from simulators.pseudonyms import Pseudonyms
from simulators.recording import Bounds, Recorder

LOOK_S = 0.25
MEGABYTE = 1_000_000


def record_feed(asked: RecordAsked) -> None:
    """Record until a bound is reached or somebody stops it; what was recorded is whole either way."""
    estate, files = estate_of(asked.estate)
    renaming = key_of(asked.pseudonyms)
    names = Pseudonyms(renaming, estate) if renaming is not None else None
    broker = broker_of(asked.broker, asked.user, asked.password_file, "record")
    bounds = Bounds(asked.seconds, asked.messages, round(asked.megabytes * MEGABYTE))
    now = wall_clock()
    begins = now()
    header = Header(
        FORM,
        begins,
        ZONE,
        f"controlroom feed record {__version__}",
        estate_digest(files),
        pseudonyms=names is not None,
    )
    try:
        feed = FeedWriter(asked.feed, header, key=key_of(asked.key_file), durable=True)
    except OSError as fault:
        raise stop(f"cannot write {asked.feed}: {fault.strerror}", ExitCode.CONFIG) from fault
    recorder = Recorder(broker, feed, begins, now)

    async def work() -> None:
        async with asyncio.TaskGroup() as tasks:
            shown = tasks.create_task(_showing(recorder, asked), name="progress")
            with contextlib.suppress(asyncio.CancelledError):
                await recorder.run(bounds, names)
            shown.cancel()

    with feed:
        run(work())
    _result(asked, recorder)


async def _showing(recorder: Recorder, asked: RecordAsked) -> None:
    await recorder.listening.wait()
    sys.stderr.write(f"recording from {asked.broker}\n")
    sys.stderr.flush()
    progress = Progress("record", asked.messages)
    while True:
        progress.show(recorder.heard.messages, recorder.heard.messages)
        await asyncio.sleep(LOOK_S)


def _result(asked: RecordAsked, recorder: Recorder) -> None:
    heard = recorder.heard
    if asked.json:
        told = {"feed": str(asked.feed), "messages": heard.messages, "unreadable": heard.unreadable}
        print(json.dumps(told | {"lost": heard.lost, "payload_bytes": heard.payload_bytes}))
    else:
        print(f"{asked.feed}: {heard.messages:,} messages, {heard.payload_bytes:,} bytes of payload")
    if heard.unreadable:
        what = "messages could not be read and are left out: nobody knows who is named in them"
        sys.stderr.write(f"{heard.unreadable} {what}\n")
    if heard.lost:
        raise stop(f"{heard.lost} messages were lost: the disk was slower than the field", ExitCode.FINDING)
