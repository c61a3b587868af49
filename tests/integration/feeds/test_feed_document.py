"""The commands of `docs/feeds.md` and `docs/city.md`, typed as they stand, in the order of the page."""

import asyncio
import re
import shlex
import sys
from pathlib import Path

from tests.integration.brokers import DURABLE, mosquitto

ROOT = Path(__file__).parents[3]
EXAMPLE = re.compile(r"^```console\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


async def typed(command: str, home: Path, port: int) -> str:
    """Return what the command prints on its way to exit code 0."""
    program, *words = shlex.split(command)
    assert program == "controlroom"
    estate = [f"--estate={ROOT / 'config' / 'estate'}"] if words[1] in ("generate", "record") else []
    broker = [f"--broker=127.0.0.1:{port}"] if words[1] in ("play", "record") else []
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controlroom", *words, *estate, *broker), stdout=pipe, stderr=pipe, cwd=home
    )
    out, err = await process.communicate()
    assert process.returncode == 0, (command, err.decode())
    return out.decode()


async def test_the_examples_do_what_the_page_says(tmp_path: Path) -> None:
    """Make, spoil, look at, play and record: each command ends well and says what it did."""
    (tmp_path / "KEY").write_text("sixteen bytes or more")
    page = (ROOT / "docs" / "feeds.md").read_text("utf-8")
    commands = [match["text"].strip() for match in EXAMPLE.finditer(page)]
    assert [shlex.split(one)[2] for one in commands] == ["generate", "generate", "check", "play", "record"]
    broker = mosquitto(tmp_path, *DURABLE)
    await broker.start()
    try:
        said = [await typed(one, tmp_path, broker.port) for one in commands]
    finally:
        await broker.end()
    assert re.search(r"2\d,\d{3} messages", said[0])
    assert "settings.occasions" in said[2]
    assert re.match(r"sent [1-9]\d*, acknowledged", said[3])
    assert "night.jsonl.zst: 0 messages" in said[4]
