"""The room's clock when the machine's clock is set under it."""

from datetime import datetime, timedelta

from controlroom.clock import Now, wall_clock
from tests.build import NOON


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
