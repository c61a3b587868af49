"""`controlroom statement` on a journal in a real Valkey."""

import csv
import shutil
from pathlib import Path

from controlroom.events import RoomOpened
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.sites.changes import Sign, SignNoted
from controlroom.journal.valkey import Address, Link
from controlroom.signals.dispatch_messages import Step
from tests.build import after
from tests.integration.cli.installation import Installation
from tests.integration.cli.test_audit import Desk
from tests.integration.journal.stage import ValkeyServer
from tests.measures.test_statement import order

ESTATE = Path(__file__).parents[3] / "config" / "estate"


def history() -> list[list[Record]]:
    """Return the frames of a room that sent a unit to a trader's and visited it."""
    decisions = (
        Decision(orders=(order("ORD-1", "PRI-001"),)),
        Decision((OrderMoved("ORD-1", Step.ACCEPTED),)),
        Decision((OrderMoved("ORD-1", Step.CLEARED),)),
        Decision((SignNoted("leedswatch/inner-south/guard/PRI-001", Sign.VISITED),)),
    )
    told = RoomOpened("leedswatch-1 abc", 1, "r", demonstration=False)
    return [
        [Record(position, after(position * 50), told, decision)]
        for position, decision in enumerate(decisions, start=1)
    ]


async def test_a_month_is_printed_with_its_lines_and_sums(
    installation: Installation, valkey: ValkeyServer
) -> None:
    """The CSV has a line a response and visit; the text has their sums; what is misspelt is named."""
    shutil.copytree(ESTATE, installation.home / "config" / "estate")
    link = Link(Address(port=valkey.port))
    try:
        await Desk(link, installation).write(history())
    finally:
        await link.close()

    said = await installation.run("statement", "--month", "2026-03", "--customer", "cross-green")
    assert (said.code, said.err) == (0, "")
    lines = list(csv.DictReader(said.out.splitlines()))
    assert [(one["what"], one["reference"], one["minutes"]) for one in lines] == [
        ("responses", "ORD-1", "1"),
        ("patrols", "4", "10"),
    ]
    assert lines[0]["began"] == "2026-03-02T12:01:40+00:00"
    text = await installation.run("statement", "--month", "2026-03", "--format", "text")
    assert text.out.splitlines()[-2:] == [
        "Cross Green traders: 1 patrols, 10 min",
        "Cross Green traders: 1 responses, 1 min",
    ]
    empty = await installation.run("statement", "--month", "2026-02")
    assert len(empty.out.splitlines()) == 1
    for words, named in (
        (("--month", "Feb"), "--month"),
        (("--month", "2026-03", "--customer", "x"), "cross-green"),
        (("--month", "2026-03", "--format", "pdf"), "csv or text"),
    ):
        wrong = await installation.run("statement", *words)
        assert (wrong.code, named in wrong.err) == (2, True), wrong
