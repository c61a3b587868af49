"""The README's examples, typed as they stand, against a demonstration on other ports."""

import asyncio
import json
import re
import shutil

from tests.integration.demo.stage import PROJECT, Place
from tests.integration.waiting import until

EXAMPLE = re.compile(r"^```console\n(?P<text>(?:mosquitto_pub|curl) .*?)^```$", re.DOTALL | re.MULTILINE)
HEARD_BEFORE = 'controlroom_signals_unrecorded_total{why="heard_before"}'


async def typed(command: str, place: Place) -> str:
    """Return what a shell prints for this command, with the demonstration's ports in it."""
    for shown, name in ((":8080", "console"), ("-p 1883", "broker")):
        command = command.replace(shown, f"{shown[:-4]}{place.ports[name]}")
    command = command.replace("var/demo-token", str(place.var / "demo-token"))
    shell = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(shell.communicate(), timeout=120)
    assert (shell.returncode, err.decode()) == (0, "")
    return out.decode()


async def test_the_examples_do_what_the_readme_says(place: Place) -> None:
    """A panic that is published becomes an incident with a crew, once, however often it is sent."""
    for program in ("mosquitto_pub", "curl"):
        assert shutil.which(program), f"{program} is missing: apt-get install mosquitto-clients curl"
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    publish, ask = (match["text"] for match in EXAMPLE.finditer(text))
    await place.watchable()

    assert await typed(publish, place) == ""
    await until(lambda: len(panics(place)) == 1, "the incident")
    listed = json.loads(await typed(ask, place))["incidents"]
    [incident] = [one for one in listed if one["id"] in panics(place)]
    assert (incident["event"], incident["priority"], incident["test"]) == ("panic", 1, True)
    assert incident["unit"].startswith("MR-")

    before = place.figures()[HEARD_BEFORE]
    await typed(publish, place)
    await until(lambda: place.figures()[HEARD_BEFORE] > before, "counted as heard before")
    assert len(panics(place)) == 1


def panics(place: Place) -> list[str]:
    """Return the ids of the open panics at the README's office."""
    _, body = place.ask("/api/v1/incidents?limit=500")
    return [one["id"] for one in body["incidents"] if (one["site"], one["event"]) == ("OFF-008", "panic")]
