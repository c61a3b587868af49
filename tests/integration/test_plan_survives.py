"""The plan's counters over kill and restart of the real service, and the proof of its figures afterwards."""

import asyncio
import os
import signal
import sys

from controlroom.clock import wall_clock
from tests.chaos.client import Publisher
from tests.chaos.house import ROOT, House
from tests.chaos.workload import City, topics_by_kind

BURST, KILLS = 400, 3
COUNTERS = ("leedswatch_plan_events_total", "leedswatch_plan_taken_back_total")


async def counters(house: House) -> dict[str, float]:
    """Return the plan's counters as Prometheus would read them now."""
    return {name: value for name, value in (await house.figures()).items() if name.startswith(COUNTERS)}


async def test_no_counter_goes_back_over_a_kill(house: House) -> None:
    """Killed in the middle of the work, three times: each counter starts where it was or further on.

    What was read before a kill was durable, so it is never less after it; and in the end every figure is the
    recount's, so nothing was counted twice or lost either.
    """
    city = City(topics_by_kind(ROOT / "config" / "estate"), "plan", 1)
    seen: dict[str, float] = {}
    for kill in range(KILLS):
        publisher = Publisher()
        await publisher.open(house.broker.port, f"plan-{kill}")
        sending = asyncio.create_task(
            publisher.publish_all((said.letter, said.name) for said in city.burst(BURST, wall_clock()()))
        )
        before = sum(seen.values())
        while sum((await counters(house)).values()) <= before:
            assert house.room.alive, house.room.tail()
        seen = await counters(house)
        await house.room.end(signal.SIGKILL)
        await sending
        publisher.close()
        await house.open_room()
        after = await counters(house)
        assert after.keys() == seen.keys()
        assert all(after[name] >= value for name, value in seen.items()), (seen, after)
    assert sum(seen.values()) > 0
    proof = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controlroom", "measures", "verify", "--config", str(house.config)),
        env={**os.environ, **house.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await proof.communicate()
    assert (proof.returncode, err) == (0, b""), (out, err)
    assert b"each equals the recount" in out
