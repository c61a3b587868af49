"""`controlroom replay` as a person types it, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.replay_feed import Wanted, write_feed
from controlroom.feeds.model import estate_digest
from controlroom.wiring.books import read_estate
from tests.cli.test_rules import edit


def run(*words: str, folder: Path, hash_seed: str = "0") -> subprocess.CompletedProcess[bytes]:
    """Return what `controlroom replay` said and how it ended."""
    return subprocess.run(  # noqa: S603 - our own command with words of this file
        [sys.executable, "-m", "controlroom", "replay", *words],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def feed(folder: Path) -> str:
    """Nine busy minutes of the city, in the installation's folder."""
    estate = folder / "config" / "estate"
    digest = estate_digest({file.name: file.read_text() for file in estate.glob("*.csv")})
    write_feed(folder / "city.jsonl.zst", read_estate(estate), digest, Wanted(0.15, 3.0, beats=False))
    return "city.jsonl.zst"


@pytest.fixture
def changed(folder: Path) -> str:
    """A copy of the rules in which a worker's SOS has lost its urgency."""
    copied = subprocess.run(["cp", "-r", "config", "new"], cwd=folder, check=True)  # noqa: S607 - as the docs say
    assert copied.returncode == 0
    head = "    when: {event: sos}\n    then: {route: mobile_response, "
    urgent, lax = (
        f"{head}{then}" for then in ("priority: 1, dispatch: automatic", "priority: 2, dispatch: operator")
    )
    edit(folder / "new" / "rules" / "lone-worker.yaml", urgent, lax)
    return "new/rules"


def test_a_change_is_told_with_what_touches_a_life_first(folder: Path, feed: str, changed: str) -> None:
    """What would have been decided otherwise stands there by cause, and the command ends with 1."""
    ran = run(feed, "--rules", changed, "--against", "config/rules", folder=folder)

    lines = ran.stdout.decode().splitlines()
    assert ran.returncode == 1, ran.stderr
    first = next(line for line in lines if line.startswith("  1."))
    assert "LIFE-SAFETY" in first
    assert "lone-worker/sos decides differently" in first
    assert "       priority: 1 -> 2" in lines
    assert "note: the feed was made for another estate" not in ran.stdout.decode()


def test_the_same_input_gives_the_same_bytes(folder: Path, feed: str, changed: str) -> None:
    """JSON and page are equal to the last byte, whatever order a set has in either process."""
    words = (feed, "--rules", changed, "--against", "config/rules")
    for shape in ("json", "html"):
        first, second = (run(*words, "--format", shape, folder=folder, hash_seed=s) for s in ("1", "2"))

        assert first.stdout == second.stdout
        assert len(first.stdout) > 10_000


def test_one_rule_set_alone_ends_with_0(folder: Path, feed: str) -> None:
    """Without anything to compare with there is a tally and a load, and nothing differs."""
    ran = run(feed, "--format", "json", folder=folder)

    report = json.loads(ran.stdout)
    assert ran.returncode == 0, ran.stderr
    assert report["new"] is None
    assert report["old"]["signals"] == report["source"]["events"] - 2
    assert sum(report["old"]["load"]["incidents"].values()) > 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nothing.jsonl.zst",), 3, "nothing.jsonl.zst: cannot be read"),
        (("config/calendars.yaml",), 3, "config/calendars.yaml:1: not zstd, or damaged here"),
        (("city.jsonl.zst", "--rules", "nowhere"), 3, "nowhere does not exist"),
        (("city.jsonl.zst", "--format", "pdf"), 2, "allowed: text, json, html"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_line(
    folder: Path, feed: str, words: tuple[str, ...], code: int, said: str
) -> None:
    """A feed, rules or a format that cannot be used end the command with what was found and its code."""
    assert feed == "city.jsonl.zst"
    ran = run(*words, folder=folder)

    assert (ran.returncode, said in ran.stderr.decode()) == (code, True), ran.stderr
