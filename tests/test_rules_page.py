"""The page about changing a rule: every command on it is run, in order, and does what the page says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:<!-- (?P<note>[^\n]*) -->\n)?```(?P<language>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
EXPECTED_END = {"controlroom rules diff config/rules new/rules": 1}
"""Every command ends with 0 but this one, which has something to show."""


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Return how a command of the page ended."""
    words = shlex.split(command)
    if words[0] == "controlroom":
        words[:1] = [sys.executable, "-m", "controlroom"]
    return subprocess.run(  # noqa: S603 - commands of our own page
        words, cwd=folder, env=os.environ, capture_output=True, text=True, check=False, timeout=120
    )


def put(note: str, body: str, folder: Path) -> None:
    """Do with a block of the page what the note above it says."""
    if note.startswith("file: "):
        (folder / note.removeprefix("file: ")).write_text(body, encoding="utf-8")
    elif note.startswith("append to "):
        with (folder / note.removeprefix("append to ")).open("a", encoding="utf-8") as file:
            file.write(body)
    else:
        found = re.fullmatch(r'insert before "(?P<line>.*)\\n" in (?P<file>\S+)', note)
        assert found is not None, note
        file_path = folder / found["file"]
        text = file_path.read_text(encoding="utf-8")
        line = found["line"] + "\n"
        assert text.count(line) == 1
        file_path.write_text(text.replace(line, body + line), encoding="utf-8")


@pytest.mark.timeout(400)
def test_every_command_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    """Followed from top to bottom, the page takes a change from the idea to proved and tested rules."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    said: dict[str, str] = {}
    for block in BLOCK.finditer(PAGE):
        if block["language"] != "sh":
            put(block["note"], block["body"], tmp_path)
            continue
        for command in block["body"].splitlines():
            done = run(command, tmp_path)
            assert done.returncode == EXPECTED_END.get(command, 0), (command, done.stdout, done.stderr)
            said[command] = done.stdout

    assert said["controlroom rules explain signal.json"].startswith("lone-worker/low-battery: log")
    at_night = said["controlroom rules explain signal.json --at 2026-01-14T23:00"]
    assert at_night.startswith("lone-worker/low-battery-at-night: mobile_response")
    moved = [
        line
        for line in said["controlroom rules diff config/rules new/rules"].splitlines()
        if "decided" in line
    ]
    assert len(moved) == 1
    assert "'low-battery' decided, 'low-battery-out-of-hours' will" in moved[0]
    assert re.search(r", 0 failed; rules covered (\d+) of \1,", said["controlroom rules test"])
    assert (tmp_path / "rules.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_figures_of_the_page_are_there() -> None:
    """No figure of the page is left open."""
    assert re.findall(r"\b[A-Z]+_[A-Z]+\b", PAGE) == []
