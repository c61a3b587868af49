"""The engineer's tour: every command of its page, from top to bottom, against a real `serve`.

Put in openly: the broker's port for the one that `feed play` assumes, and the edit that the page asks for.
"""

import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.chaos.house import ROOT, House
from tests.integration.test_rules_reload_page import BLOCK, Shell
from tests.ports import free_port

PAGE = (ROOT / "docs" / "engineers.md").read_text(encoding="utf-8")
COMMANDS = [line.strip() for block in BLOCK.finditer(PAGE) for line in block["body"].splitlines()]
REPLAY = "controlroom replay morning.jsonl.zst --rules new/rules --against config/rules"
ENDS_WITH_1 = {
    "controlroom rules diff config/rules new/rules",
    REPLAY,
    f"{REPLAY} --format html --out morning.html",
    "controlroom replay journal --rules new/rules",
    'controlroom rules promote --reason "looked at"',
}
SPAN = re.compile(r"`(controlroom [^`]*)`")
QUICK, SLOW = "dispatch: operator, answer_within: 30s", "dispatch: operator, answer_within: 45s"


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """An open room over a copy of the shipped configuration."""
    async with open_shell(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def open_shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """Yield an open room over a copy of the shipped configuration in this folder."""
    port = free_port()
    folder = tmp_path / "config"
    books = {"RULES__DIRECTORY": str(folder / "rules"), "ESTATE__DIRECTORY": str(folder / "estate")}
    async with House(tmp_path, {**books, "CONSOLE__PORT": str(port)}) as house:
        for part in ("rules", "plans", "estate"):
            shutil.copytree(ROOT / "config" / part, folder / part)
        shutil.copy(ROOT / "config" / "calendars.yaml", folder)
        await house.open_room()
        yield Shell(tmp_path, house, port)


def slow_down(rules: Path) -> None:
    """Give a call longer to be answered, by day and by night: whatever the hour, one of the two decides."""
    for rule in ("call", "call-at-night"):
        before, head, rest = rules.read_text(encoding="utf-8").partition(f"  - id: {rule}\n")
        rules.write_text(before + head + rest.replace(QUICK, SLOW, 1), encoding="utf-8")


@pytest.mark.timeout(600)
async def test_every_command_of_the_tour_does_what_it_says(shell: Shell) -> None:
    """From a feed to a promoted rule and back: each step shows what its page promises."""
    said: dict[str, str] = {}
    for command in COMMANDS:
        typed = command
        if command.startswith("controlroom feed play"):
            typed += f" --broker 127.0.0.1:{shell.house.broker.port}"
        said[command] = await shell.run(typed, 1 if command in ENDS_WITH_1 else 0)
        if command == "controlroom rules shadow status":  # a restart forgets neither candidate nor review
            await shell.house.room.end(signal.SIGTERM)
            await shell.house.open_room()
        if command == "cp -r config new":
            slow_down(shell.folder / "new" / "rules" / "help-point.yaml")

    replayed = said[REPLAY]
    assert "help-point/call decides differently" in replayed
    assert "       answer_within: 30s -> 45s" in replayed
    assert "no decision differs" in said["controlroom replay journal --rules config/rules"]
    assert "<svg" in (shell.folder / "morning.html").read_text()
    status = said["controlroom rules shadow status"]
    assert "LIFE-SAFETY" in status
    assert "about a life wait for a review: no promotion before" in status
    promoted = said['controlroom rules promote --reason "45 s, reviewed"']
    assert promoted.startswith("swapped at position")
    in_force = (shell.folder / "config" / "rules" / "help-point.yaml").read_text()
    assert in_force == (ROOT / "config" / "rules" / "help-point.yaml").read_text()
    audit = said["controlroom audit show"]
    assert re.search(r"token:engineer promotes rules .*: 45 s, reviewed .*rules_swapped", audit)
    assert re.search(r"token:engineer goes back to rules .*: the desk wants 30 s back", audit)
    assert re.search(r"token:engineer promotes rules .*looked at .*life_safety_differences_unreviewed", audit)


def test_no_command_of_the_tour_stands_outside_a_block() -> None:
    """Whatever the page lets a person type stands in a block, so the test above has run it."""
    assert [span for span in SPAN.findall(PAGE) if span not in COMMANDS] == []
