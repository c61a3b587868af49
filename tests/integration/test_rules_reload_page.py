"""The page about changing the rules of a running room: its commands, as written, against a real `serve`.

Put in openly: the port of the console for the page's 8080, and the process id for the words that ask for
it. What a person does between two commands, an edit of the copy, is done here between them too.
"""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.chaos.house import ROOT, House
from tests.ports import free_port

PAGE = (ROOT / "docs" / "rules-reload.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^ *```console\n(?P<body>.*?)^ *```$", re.DOTALL | re.MULTILINE)
COMMANDS = [line.strip() for block in BLOCK.finditer(PAGE) for line in block["body"].splitlines()]
SPAN = re.compile(r"`(controlroom [^`]*|curl [^`]*|kill [^`]*)`")
EXPECTED_END = {"controlroom rules diff config/rules new/rules": 1}
"""Every command ends with 0 but this one, which has something to show."""

ON_TEST = "when: {on_test: true}\n    then: {route: log, priority: 4}\n"
LOUDER = ON_TEST.replace("priority: 4", "priority: 3")


class Shell(NamedTuple):
    """The folder of an installation whose room is open, and where that room is."""

    folder: Path
    house: House
    port: int

    async def run(self, command: str, ends_with: int | None = None) -> str:
        """Return what a command of the page said; it must end as the page says."""
        assert self.house.room.pid is not None
        typed = command.replace("<process id of controlroom serve>", str(self.house.room.pid))
        typed = typed.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
        typed = re.sub(r"^controlroom ", f"'{sys.executable}' -m controlroom ", typed)
        environment = {**os.environ, **self.house.environment}
        process = await asyncio.create_subprocess_shell(
            typed,
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        expected = EXPECTED_END.get(command, 0) if ends_with is None else ends_with
        assert process.returncode == expected, (command, out, err)
        return out.decode()


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """An open room over a copy of the shipped configuration."""
    port = free_port()
    folder = tmp_path / "config"
    books = {"RULES__DIRECTORY": str(folder / "rules"), "ESTATE__DIRECTORY": str(folder / "estate")}
    async with House(tmp_path, {**books, "CONSOLE__PORT": str(port)}) as house:
        for part in ("rules", "plans", "estate"):
            shutil.copytree(ROOT / "config" / part, folder / part)
        shutil.copy(ROOT / "config" / "calendars.yaml", folder)
        await house.open_room()
        yield Shell(tmp_path, house, port)


@pytest.mark.timeout(180)
async def test_every_command_of_the_page_does_what_it_says(shell: Shell) -> None:
    """Followed from top to bottom, the page brings a changed rule into force and shows who brought it."""
    assert shutil.which("curl"), "curl is missing: apt-get install curl"
    said: dict[str, str] = {}
    for command in COMMANDS:
        said[command] = await shell.run(command)
        if command == "cp -r config new":
            copy = shell.folder / "new" / "rules" / "guard.yaml"
            text = copy.read_text(encoding="utf-8")
            assert text.count(ON_TEST) == 1
            copy.write_text(text.replace(ON_TEST, LOUDER), encoding="utf-8")
        elif command.startswith("kill -HUP"):
            await shell.house.wait_for('controlroom_rules_reloads_total{result="unchanged"}', 1)

    assert "proved: every rule can fire" in said["controlroom rules check new/rules"]
    moved = said["controlroom rules diff config/rules new/rules"]
    assert "'post-on-test' decides: priority 4 -> 3" in moved
    assert moved.endswith("1 changes, 0 of them touch life safety\n")
    answers = [json.loads(said[command]) for command in COMMANDS if command.startswith("curl")]
    reloaded, standing = answers
    assert (reloaded["result"], standing["loaded_by"]) == ("swapped", "token:desk-one")
    assert standing["version"] == reloaded["rules"]["version"]
    audit = said["controlroom audit show"]
    assert re.search(r"token:desk-one offers rules .* \(rules_swapped\)\n", audit)
    assert re.search(r"SIGHUP offers rules .* \(rules_unchanged\)\n", audit)


def test_no_command_of_the_page_stands_outside_a_block() -> None:
    """Whatever the page lets a person type stands in a block, so the test above has run it."""
    assert len(COMMANDS) == 9
    assert [span for span in SPAN.findall(PAGE) if span not in COMMANDS] == []
