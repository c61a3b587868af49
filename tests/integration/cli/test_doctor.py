"""`controlroom doctor` beside a real Mosquitto and a real Valkey."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from controlroom.cli.checks.talk import Talk, Where
from controlroom.journal.valkey import Link
from tests.integration.brokers import DURABLE, Broker, iotcore, mosquitto
from tests.integration.cli.installation import Installation, Said
from tests.integration.journal.stage import ValkeyServer
from tests.integration.listening import listening
from tests.ports import free_port

ROOT = Path(__file__).parents[3]
BOOKS = {
    "CONTROLROOM_RULES__DIRECTORY": str(ROOT / "config" / "rules"),
    "CONTROLROOM_ESTATE__DIRECTORY": str(ROOT / "config" / "estate"),
    "CONTROLROOM_MEASURES__PLAN": str(ROOT / "config" / "plan-on-a-page.yaml"),
    "CONTROLROOM_CONSOLE__PORT": "0",
    "CONTROLROOM_METRICS__PORT": "0",
}


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A Mosquitto as we deploy it."""
    started = mosquitto(tmp_path, *DURABLE, "max_inflight_messages 1000")
    await started.start()
    yield started
    await started.end()


async def examine(installation: Installation, port: int, **variables: str) -> tuple[Said, dict[str, Any]]:
    """Return what the doctor says of the broker at this port, and its findings by check."""
    said = await installation.run(
        "doctor", "--json", **(BOOKS | {"CONTROLROOM_BROKER__PORT": str(port)} | variables)
    )
    return said, {finding["check"]: finding for finding in json.loads(said.out)} if said.out else {}


async def test_a_house_in_order_has_nothing_wrong(installation: Installation, broker: Broker) -> None:
    """With broker, store, key and books in order it ends with 0, and says what it cannot see."""
    said, found = await examine(installation, broker.port)

    assert (said.code, said.err) == (0, "")
    assert found["broker queue"]["found"].startswith("1200 of 1200 ")
    assert {name for name, each in found.items() if each["severity"] != "good"} <= {
        "broker persistence",
        "disk space",
        "disk sync",
    }
    assert found["broker persistence"]["severity"] == "unseen"


async def test_a_broker_as_shipped_is_caught_losing_messages(
    installation: Installation, tmp_path: Path
) -> None:
    """A Mosquitto that keeps 1,000 messages and acknowledges more is WRONG, with the line to change."""
    shipped = mosquitto(tmp_path)
    await shipped.start()
    try:
        said, found = await examine(installation, shipped.port)
    finally:
        await shipped.end()

    assert said.code == 1
    assert found["broker queue"]["severity"] == "WRONG"
    assert found["broker queue"]["found"].startswith("1000 of 1200 ")
    assert "max_queued_messages 0" in found["broker queue"]["advice"]
    assert found["broker receive maximum"]["severity"] == "advice"


async def test_the_trial_leaves_no_session_behind(installation: Installation, broker: Broker) -> None:
    """After two visits the second still finds the whole queue, and the broker stores no session of ours."""
    await examine(installation, broker.port)
    said, found = await examine(installation, broker.port)
    await broker.end()

    assert said.code == 0
    assert found["broker queue"]["found"].startswith("1200 of 1200 ")
    stored = (installation.home / "mosquitto.db").read_bytes()
    assert b"controlroom-doctor" not in stored


async def test_the_embedded_broker_can_be_examined(installation: Installation, tmp_path: Path) -> None:
    """The demonstration's broker is greeted, told apart from Mosquitto, and found to keep the queue."""
    embedded = iotcore(tmp_path)
    await embedded.start()
    try:
        said, found = await examine(installation, embedded.port)
    finally:
        await embedded.end()

    assert said.code == 0
    assert found["broker"]["severity"] == "good"
    assert found["broker queue"]["found"].startswith("1200 of 1200 ")


async def test_a_refused_user_is_said_to_be_refused(installation: Installation, tmp_path: Path) -> None:
    """A broker that lets nobody in anonymously is WRONG, and the advice names the settings."""
    closed = mosquitto(tmp_path, anonymous=False)
    await closed.start()
    try:
        said, found = await examine(installation, closed.port)
    finally:
        await closed.end()

    assert said.code == 1
    assert found["broker"]["found"] == "refuses us (0x87)"
    assert "broker.username" in found["broker"]["advice"]


async def test_a_store_that_may_forget_is_wrong_unless_allowed(
    installation: Installation, broker: Broker, valkey: ValkeyServer
) -> None:
    """`appendfsync everysec` is WRONG; where allow_unsafe_store is set it is advice."""
    link = Link(valkey.address())
    await link.call((b"CONFIG", b"SET", b"appendfsync", b"everysec"))
    await link.close()

    strict, found = await examine(installation, broker.port)
    lenient, allowed = await examine(installation, broker.port, CONTROLROOM_STORE__ALLOW_UNSAFE_STORE="true")

    name = "store appendfsync"
    assert (strict.code, found[name]["severity"], found[name]["found"]) == (1, "WRONG", "everysec")
    assert (lenient.code, allowed[name]["severity"]) == (0, "advice")


async def test_what_does_not_answer_ends_with_4(installation: Installation, valkey: ValkeyServer) -> None:
    """Without broker and store both are AWAY, the rest is examined all the same, and the end is 4."""
    valkey.kill()

    said, found = await examine(installation, free_port())

    assert said.code == 4
    assert {found["broker"]["severity"], found["store"]["severity"]} == {"AWAY"}
    assert found["rules and estate"]["severity"] == "good"


async def test_another_program_on_the_brokers_port_is_no_broker(installation: Installation) -> None:
    """A port where somebody speaks another protocol is WRONG, not away."""

    async def web(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(100))

    async with listening(web) as port:
        said, found = await examine(installation, port)

    assert said.code == 1
    assert found["broker"]["severity"] == "WRONG"
    assert found["broker"]["wanted"] == "MQTT 5"


async def test_bad_settings_end_with_3_before_anything_is_asked(installation: Installation) -> None:
    """The settings come first: with a bad one nothing else is examined."""
    said = await installation.run("doctor", CONTROLROOM_BROKER__PORT="0")

    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("CONTROLROOM_BROKER__PORT: broker.port: found the number 0")


async def test_the_table_says_what_to_change(installation: Installation, broker: Broker) -> None:
    """For a person each finding is a line, and what to change stands below it."""
    (installation.home / "journal.key").chmod(0o666)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = await installation.run(
            "doctor",
            **(
                BOOKS
                | {
                    "CONTROLROOM_BROKER__PORT": str(broker.port),
                    "CONTROLROOM_CONSOLE__PORT": str(port),
                    "CONTROLROOM_RULES__DIRECTORY": "nowhere",
                }
            ),
        )

    assert said.code == 1
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert f"-> chmod 600 {installation.home}/journal.key" in lines
    assert f"WRONG console.port 127.0.0.1:{port}: Address already in use (wanted: free)" in lines
    assert any(line.startswith("WRONG rules and estate") for line in lines)
    assert any(line.startswith("good broker queue 1200 of 1200") for line in lines)


async def test_who_leaves_lets_the_broker_close_first() -> None:
    """The next conversation is not met by a broker that is still busy with the end of the last."""
    closed: list[bool] = []

    async def slow(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readexactly(2)
        for _turn in range(50):
            await asyncio.sleep(0)
        closed.append(True)

    async with listening(slow) as port:
        talk = await Talk.open(Where("127.0.0.1", port))
        await talk.leave(forget=False)
        assert closed
