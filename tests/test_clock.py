"""The room's clock when the machine's clock is set under it."""

import asyncio
from datetime import datetime, timedelta

from controlroom.clock import Alarm, Now, wall_clock
from tests.build import NOON, after
from tests.journal.virtual_time import passes, run


class Machine:
    """A machine whose wall clock is off by `offset_s` beside a monotonic clock that is always right."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.offset_s = 0.0

    def wall(self) -> datetime:
        """What the machine says the time is."""
        return NOON + timedelta(seconds=self.elapsed + self.offset_s)

    def clock(self) -> Now:
        """The room's clock on this machine."""
        return wall_clock(self.wall, lambda: self.elapsed)


def seconds(moment: datetime) -> float:
    """Seconds since noon."""
    return (moment - NOON).total_seconds()


def test_it_says_what_the_machine_says() -> None:
    """As long as the machine's clock goes forward, ours is the same, jumps forward included."""
    machine = Machine()
    now = machine.clock()
    machine.elapsed = 10
    assert seconds(now()) == 10
    machine.offset_s = 3_600
    assert seconds(now()) == 3_610


def test_a_clock_that_is_set_back_neither_goes_back_nor_stops() -> None:
    """An hour back: moments never fall, a deadline a minute away still comes, and in the end both agree."""
    machine = Machine()
    now = machine.clock()
    machine.elapsed = 10
    before = now()
    machine.offset_s = -3_600
    moments = [now()]
    for _ in range(120):
        machine.elapsed += 1
        moments.append(now())
    assert moments[0] == before
    assert moments == sorted(moments)
    assert seconds(moments[-1]) - seconds(before) == 60
    for _ in range(7_200):
        machine.elapsed += 1
        now()
    assert now() == machine.wall()


async def rung(told: dict[float, datetime | None], jumps: dict[float, float]) -> list[float]:
    """Return the seconds at which an alarm rings that is set at these, on a clock that jumps at those."""
    loop, machine, rings = asyncio.get_running_loop(), Machine(), list[float]()

    def now() -> datetime:
        machine.elapsed = loop.time()
        return machine.wall()

    alarm = Alarm(now, lambda: rings.append(loop.time()))
    for at_s in sorted({*told, *jumps}):
        await passes(at_s - loop.time())
        machine.offset_s += jumps.get(at_s, 0)
        if at_s in told:
            alarm.set(told[at_s])
    await passes(200)
    return rings


def test_an_alarm_rings_once_at_the_moment_it_was_set_to_last() -> None:
    """Set again to the same moment it rings once; set to another it rings there; set to none it is silent."""
    assert run(rung({0: after(60), 10: after(60), 20: after(60)}, {})) == [60]
    assert run(rung({0: after(60), 10: after(30)}, {})) == [30]
    assert run(rung({0: after(60), 10: None}, {})) == []
    assert run(rung({10: after(5)}, {})) == [10]
    assert run(rung({0: after(60), 80: after(90)}, {})) == [60, 90]


def test_an_alarm_follows_a_clock_that_is_set() -> None:
    """Whoever sets it again after a jump is woken by the new time, sooner or later than before."""
    assert run(rung({0: after(60), 10: after(60)}, {5: 40})) == [20]
    assert run(rung({0: after(60), 10: after(60)}, {5: -40})) == [100]
