"""`controlroom demo` from its first line to its last: real processes on free ports."""

import os
import signal
from pathlib import Path

import pytest

from controlroom.signals.vocabulary import Kind
from tests.integration.brokers import mosquitto
from tests.integration.demo.stage import Place, Program, alive, descendants, part
from tests.integration.journal.stage import ValkeyServer
from tests.integration.waiting import until

MOVING = [
    *(f'controlroom_signals_received_total{{kind="{kind}"}}' for kind in Kind),
    *(f'controlroom_ingest_lag_seconds_count{{kind="{kind}"}}' for kind in Kind),
    'controlroom_decisions_total{kind="arc-alarm",route="mobile_response"}',
    'controlroom_decisions_total{kind="arc-alarm",route="log"}',
    'controlroom_orders_total{step="handed_over"}',
    'leedswatch_plan_events_total{measure="wyp_briefings",priority="C"}',
    'leedswatch_plan_events_total{measure="mispers_contributed",priority="B"}',
]
"""What the first seconds of a demonstration have to show."""


async def moving(place: Place, names: list[str]) -> dict[str, float]:
    """Return the figures once all of these have moved."""
    await until(
        lambda: all(place.figures().get(name, 0) > 0 for name in names),
        f"all of {names} above zero",
        within_s=90,
    )
    return place.figures()


def incidents(place: Place) -> set[str]:
    """Return the ids of all open incidents."""
    _, listed = place.ask("/api/v1/incidents?limit=500")
    return {incident["id"] for incident in listed["incidents"]}


def plan(figures: dict[str, float]) -> dict[str, float]:
    """Return the plan's measures."""
    return {name: value for name, value in figures.items() if name.startswith("leedswatch_plan_events_total")}


async def stopped(program: Program) -> None:
    """Press Ctrl-C and see that all of it ends, with exit code 0."""
    family = [*descendants(program.process.pid)]
    assert len(family) == 5, family
    program.press_ctrl_c()
    assert await program.ended() == 0, program.err
    assert [pid for pid in family if alive(pid)] == []


async def test_a_newcomer_watches_ends_it_and_goes_on(place: Place, tmp_path: Path) -> None:
    """Addresses, pages and figures come up; Ctrl-C ends what it started and no more; the next run goes on."""
    foreign_store = ValkeyServer(tmp_path)
    foreign_broker = mosquitto(tmp_path)
    foreign_store.start()
    await foreign_broker.start()
    try:
        first = await place.watchable()
        for name, address in (("console", "http"), ("metrics", "http"), ("broker", "mqtt")):
            assert f"{name:8} {address}://127.0.0.1:{place.ports[name]}" in first.out
        assert place.ask("/readyz")[0] == 200
        assert "<title>" in place.ask("/")[1]
        before = await moving(place, MOVING)
        open_then = incidents(place)
        assert open_then
        await stopped(first)

        again = await place.watchable()
        after = place.figures()
        assert after["controlroom_journal_position"] > before["controlroom_journal_position"]
        assert all(after[name] >= value for name, value in plan(before).items())
        assert sum(plan(after).values()) > 0
        assert open_then & incidents(place)
        await stopped(again)

        assert foreign_store.runs
        assert foreign_broker.runs
    finally:
        foreign_store.stop()
        await foreign_broker.end()


async def test_a_killed_demonstration_is_taken_over_by_the_next(place: Place) -> None:
    """After kill -9 room and city die, store and broker stay; the next one adopts them and goes on."""
    killed = await place.watchable()
    before = await moving(place, ["controlroom_journal_records_total"])
    servers = place.servers()
    others = set(descendants(killed.process.pid)) - set(servers)
    killed.process.kill()
    await killed.ended()
    await until(lambda: not any(alive(pid) for pid in others), "the room and the city end")
    assert all(alive(pid) for pid in servers)

    heir = await place.watchable()
    assert place.servers() == servers
    assert place.figures()["controlroom_journal_position"] > before["controlroom_journal_position"]
    heir.press_ctrl_c()
    assert await heir.ended() == 0, heir.err
    await until(lambda: not any(alive(pid) for pid in servers), "the adopted servers end")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("simulators city",), "the city"),
        (("simulators desk",), "the desk"),
        (("simulators desk", "controlroom serve"), "the room"),
        (("valkey-server",), "valkey"),
    ],
)
async def test_a_part_that_dies_ends_the_demonstration(
    place: Place, words: tuple[str, ...], name: str
) -> None:
    """A part that is killed is named on one line, everything else is ended, and the exit code is 1.

    So is one that took another with it: the desk goes when the room does, and is not to blame.
    """
    program = await place.watchable()
    killed = [await part(program, some) for some in words]
    family = [*descendants(program.process.pid)]
    program.process.send_signal(signal.SIGSTOP)  # so that it finds all of them in one look
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    await until(lambda: not any(alive(pid) for pid in killed), "they are dead")
    program.process.send_signal(signal.SIGCONT)

    assert await program.ended() == 1
    assert [line for line in program.told if name in line and "SIGKILL" in line] == program.told
    assert [pid for pid in family if alive(pid)] == []


@pytest.mark.parametrize("struck", [False, True], ids=["all", "struck"])
async def test_ctrl_c_while_it_starts_ends_it(place: Place, *, struck: bool) -> None:
    """Somebody who thinks better of it before the addresses are out leaves nothing behind.

    Nor is it a fault where the interrupt strikes a part as well, that has no session of its own yet.
    """
    program = place.start()
    await until(lambda: len([*descendants(program.process.pid)]) >= 2, "the first children")
    family = [*descendants(program.process.pid)]
    program.press_ctrl_c()
    if struck:
        os.kill(family[-1], signal.SIGKILL)

    assert await program.ended() == 0, program.err
    assert program.told == []
    assert [pid for pid in family if alive(pid)] == []
