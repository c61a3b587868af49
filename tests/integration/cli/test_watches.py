"""`controlroom watches` on a journal in a real Valkey."""

import json
import shutil
from pathlib import Path

from controlroom.events import Event, LinkLost, RoomOpened
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.valkey import Address, Link
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, signal
from tests.integration.cli.installation import Installation
from tests.integration.cli.test_audit import Desk
from tests.integration.journal.stage import ValkeyServer

ESTATE = Path(__file__).parents[3] / "config" / "estate"


def history() -> list[list[Record]]:
    """Return the frames of a room with a lone worker on duty, an incident, and then no broker."""
    book, state = handbook(), State()
    events: list[Event] = [
        RoomOpened("leedswatch-1 abc", 1, "r", demonstration=False),
        signal(Kind.LONE_WORKER, "w1", event="booked_on"),
        signal(Kind.HELP_POINT, "h1"),
        LinkLost("unreachable"),
    ]
    frames = []
    for event in events:
        decision = decide(book, state, event, after(0))
        apply(state, state.position + 1, after(0), decision)
        frames.append([Record(state.position, after(0), event, decision)])
    return frames


async def test_what_is_expected_is_read_from_the_journal(
    installation: Installation, valkey: ValkeyServer
) -> None:
    """Every watch has its line, the first due first; kinds, JSON and what is unknown can be asked for."""
    shutil.copytree(ESTATE, installation.home / "config" / "estate")
    shutil.copy(ESTATE.parent / "plan-on-a-page.yaml", installation.home / "config")
    link = Link(Address(port=valkey.port))
    try:
        await Desk(link, installation).write(history())
    finally:
        await link.close()

    everything = await installation.run("watches")
    assert (everything.code, everything.err) == (0, "")
    lines = everything.out.splitlines()
    assert [line.split()[2] for line in lines[:-1]] == [
        "acceptance",
        "help_point_call",
        "check",
        "shift_end",
    ]
    assert "MR-01: the unit accepts the order, else the incident is escalated" in lines[0]
    assert "UNKNOWN" in lines[2]
    assert lines[-1].startswith("4 of 4 watches, position 4; nothing is heard since 2026-03-02")

    one = await installation.run("watches", "--unknown", "--limit", "1", "--json")
    assert json.loads(one.out)["kind"] == "help_point_call"


async def test_a_kind_that_is_none_is_named(installation: Installation) -> None:
    """A misspelt kind or moment ends the command as misused, with what is allowed."""
    kind = await installation.run("watches", "--kind", "chek")
    assert (kind.code, "did you mean 'check'?" in kind.err) == (2, True)
    before = await installation.run("watches", "--before", "noon")
    assert (before.code, "ISO 8601" in before.err) == (2, True)
