"""Rule tables changed under a running room: real `serve`, broker and store, over HTTP and by signal."""

import json
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from controlroom.access.permissions import Role
from controlroom.cli.exits import ExitCode
from controlroom.clock import wall_clock
from tests.chaos.client import Publisher
from tests.chaos.house import ROOT, STREAM, House
from tests.chaos.journal_reading import Entry, entries, signal_name
from tests.chaos.packets import Letter
from tests.integration.let_in import bearer
from tests.integration.waiting import until
from tests.ports import free_port

QUIET = "{route: log, priority: 3}"
LOUD = "{route: mobile_response, priority: 3, dispatch: operator, answer_within: 3min, respond_within: 60min}"
CAMERA = "leedswatch/inner-east/camera-fault/BS-001"


class Street:
    """An open room whose rules are a copy, its console and a device that speaks."""

    def __init__(self, house: House, rules: Path, console: str) -> None:
        self._keys: dict[str, dict[str, str]] = {}
        self.house = house
        self.rules = rules
        self.device = Publisher()
        self._console = console
        self._said = 0

    async def asked(
        self, method: str, path: str, body: object = None, who: str = "desk-one"
    ) -> tuple[int, Any]:
        """Return status and answer of the console to the machine of this name."""
        if who not in self._keys:
            house = self.house
            self._keys[who] = await bearer(house.config, house.environment, who, Role.ENGINEER)
        async with (
            aiohttp.ClientSession(headers=self._keys[who]) as session,
            session.request(method, f"{self._console}{path}", json=body) as answer,
        ):
            return answer.status, await answer.json(content_type=None)

    async def reload(self, who: str = "desk-one") -> tuple[int, Any]:
        """Return the answer to a reload."""
        return await self.asked("POST", "/api/v1/rules/reload", {}, who)

    async def standing(self) -> Any:
        """Return how the rules stand."""
        status, standing = await self.asked("GET", "/api/v1/rules")
        assert status == 200
        return standing

    def write(self, then: str, why: str = "A test wants it so.") -> None:
        """Let every camera fault have this outcome."""
        table = f"table: camera-fault\nrules:\n  - {{id: all, when: {{}}, then: {then}, why: {why}}}\n"
        (self.rules / "camera-fault.yaml").write_text(table)

    async def say(self) -> str:
        """Publish a camera fault, and return its id once the room has decided and stored it."""
        self._said += 1
        name = f"fault-{self._said}"
        event = {
            "specversion": "1.0",
            "id": name,
            "source": CAMERA,
            "type": "uk.gov.leeds.leedswatch.camera-fault.v1",
            "time": wall_clock()().isoformat(),
            "data": {"camera": "BS-001", "fault": "offline", "state": "raised"},
        }
        letter = Letter(CAMERA, json.dumps(event).encode(), content_type="application/cloudevents+json")
        await self.device.publish(letter, name)
        await until(lambda: self._found(name) != [], f"{name} stored")
        return name

    def journal(self) -> list[Entry]:
        """Return every stored record."""
        return list(entries(self.house.store.socket, STREAM))

    def verdict(self, name: str) -> tuple[str, str]:
        """Return rule set and rule that decided this signal."""
        (found,) = self._found(name)
        ruling = found.decision["ruling"]
        return ruling["rule_set"], ruling["rule"]

    def _found(self, name: str) -> list[Entry]:
        return [
            one
            for one in self.journal()
            if one.kind == "signal" and signal_name(one.event["wire"])[1] == name
        ]

    def of_rules(self) -> list[dict[str, Any]]:
        """Return every stored attempt to change the rules, and each start."""
        return [one.event for one in self.journal() if one.kind.startswith(("rules_", "room_"))]


@asynccontextmanager
async def closed_street(folder: Path) -> AsyncIterator[Street]:
    """Yield broker and store and, not yet open, a room over a copy of the shipped rules."""
    rules = Path(shutil.copytree(ROOT / "config" / "rules", folder / "books" / "rules"))
    shutil.copy(ROOT / "config" / "calendars.yaml", folder / "books")
    shutil.copytree(ROOT / "config" / "plans", folder / "books" / "plans")
    port = free_port()
    async with House(folder, {"RULES__DIRECTORY": str(rules), "CONSOLE__PORT": str(port)}) as house:
        yield Street(house, rules, f"http://127.0.0.1:{port}")


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """An open room and a device."""
    async with closed_street(tmp_path) as made:
        await made.house.open_room()
        await made.device.open(made.house.broker.port, "device")
        yield made
        made.device.close()


async def test_a_reload_by_api_decides_what_comes_after_it(street: Street) -> None:
    """What comes before the answer is decided by the old set, what comes after it by the new one."""
    street.write(QUIET)
    _, first = await street.reload()
    before = await street.say()
    street.write(LOUD)
    status, second = await street.reload("desk-two")
    after = await street.say()

    assert (status, second["result"]) == (200, "swapped")
    old, new = first["rules"]["version"], second["rules"]["version"]
    assert (street.verdict(before)[0], street.verdict(after)[0]) == (old, new)
    standing = await street.standing()
    assert (standing["version"], standing["loaded_by"], standing["refused"]) == (new, "token:desk-two", None)
    assert {"table": "camera-fault", "rules": 1} in standing["tables"]
    (record,) = (one for one in street.journal() if one.position == second["position"])
    assert record.event == {
        "type": "rules_swapped",
        "author": "token:desk-two",
        "rule_set": new,
        "previous": old,
    }
    figures = await street.house.figures()
    assert figures['controlroom_rules_reloads_total{result="swapped"}'] == 2
    assert figures["controlroom_rules_loaded_timestamp_seconds"] > figures["process_start_time_seconds"]


async def test_a_reload_by_signal_is_one_too(street: Street) -> None:
    """SIGHUP has the folder read again; the record names the signal as its author, and the room lives on."""
    version = (await street.standing())["version"]
    street.write(LOUD)
    street.house.room.send(signal.SIGHUP)
    await street.house.wait_for('controlroom_rules_reloads_total{result="swapped"}', 1)
    standing = await street.standing()
    assert standing["loaded_by"] == "SIGHUP"
    assert street.of_rules()[-1] | {"rule_set": ""} == {
        "type": "rules_swapped",
        "author": "SIGHUP",
        "rule_set": "",
        "previous": version,
    }
    assert street.verdict(await street.say()) == (standing["version"], "all")
    street.house.room.send(signal.SIGHUP)
    await street.house.wait_for('controlroom_rules_reloads_total{result="unchanged"}', 1)
    assert (await street.standing()) == standing


async def test_a_refused_set_leaves_the_old_one_deciding(street: Street) -> None:
    """A set that does not load or endangers life is answered with its places and never decides."""
    version = (await street.standing())["version"]
    table = street.rules / "camera-fault.yaml"
    good = table.read_text()
    table.write_text(good.replace("route: log", "route: lgo", 1))
    status, problem = await street.reload()
    assert (status, problem["type"]) == (409, "urn:controlroom:problem:rules-refused")
    assert (problem["found"], problem["rule_set"]) == (1, version)
    assert problem["problems"][0].startswith(f"{table}:")
    assert "did you mean 'log'?" in problem["problems"][0]
    assert street.verdict(await street.say())[0] == version

    table.write_text(good)
    help_point = street.rules / "help-point.yaml"
    help_point.write_text(
        f"table: help-point\nrules:\n  - {{id: hush, when: {{}}, then: {QUIET}, why: Nobody listens.}}\n"
    )
    street.house.room.send(signal.SIGHUP)
    await street.house.wait_for('controlroom_rules_reloads_total{result="refused"}', 2)
    standing = await street.standing()
    assert standing["version"] == version
    assert standing["refused"]["by"] == "SIGHUP"
    assert "callers-are-heard" in standing["refused"]["problems"][0]
    assert street.verdict(await street.say())[0] == version
    refused = [one for one in street.of_rules() if one["type"] == "rules_refused"]
    assert [one["author"] for one in refused] == ["token:desk-one", "SIGHUP"]
    assert "rules_refused" in street.house.room.tail()


async def test_after_a_restart_the_rules_on_disk_decide(street: Street) -> None:
    """A killed room comes back with what lies in the folder, and its opening says which set that is."""
    street.write(LOUD)
    _, swapped = await street.reload()
    street.write(QUIET)
    await street.house.room.end(signal.SIGKILL)
    await street.house.open_room()
    standing = await street.standing()
    assert standing["version"] != swapped["rules"]["version"]
    assert standing["loaded_by"] == "start"
    assert [one["type"] for one in street.of_rules()] == ["room_opened", "rules_swapped", "room_opened"]
    assert street.of_rules()[-1]["rule_set"] == standing["version"]


@pytest.mark.parametrize("section", ["RULES", "ESTATE"])
async def test_a_room_without_its_books_does_not_begin(tmp_path: Path, section: str) -> None:
    """`serve` over a folder that is not there ends as with bad settings and names the setting."""
    async with closed_street(tmp_path) as street:
        gone = tmp_path / "gone"
        street.house.room.change(**{f"CONTROLROOM_{section}__DIRECTORY": str(gone)})
        await street.house.room.spawn()
        assert await street.house.room.ended() == ExitCode.CONFIG
        said = f"{section.lower()}.directory: {gone} does not exist"
        assert said in street.house.room.tail()


async def test_a_room_whose_rules_endanger_life_does_not_begin(tmp_path: Path) -> None:
    """What a reload would refuse is refused at the start as well: no restart lets it in."""
    async with closed_street(tmp_path) as street:
        (street.rules / "arc-alarm.yaml").write_text(
            f"table: arc-alarm\nrules:\n  - {{id: hush, when: {{}}, then: {QUIET}, why: Nobody looks.}}\n"
        )
        await street.house.room.spawn()
        assert await street.house.room.ended() == ExitCode.CONFIG
        assert "alarms-for-life" in street.house.room.tail()
