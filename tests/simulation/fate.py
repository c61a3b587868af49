"""What befalls one simulated day: everything that goes wrong, drawn from the seed before the day begins.

A fate is data. The same seed is the same fate in every process and on every machine; a fault more in one
list does not move the others, because each list has dice of its own.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from simulators.timetable import START_HOUR, dice

DAY_S = 86_400.0
"""How long the city speaks, in virtual seconds."""

SETTLE_S = 1_800.0
"""How long what is on its way then has to arrive: twice the latest message's way."""

LONDON = ZoneInfo("Europe/London")

CLOCK_CHANGES = (
    date(2026, 3, 28),
    date(2026, 10, 24),
    date(2027, 3, 27),
    date(2027, 10, 30),
)
"""The days before the nights on which the clocks of Great Britain change: their last Sundays follow."""

SEAMS = (
    "journal read",
    "journal claimed",
    "before append",
    "after append",
    "before effects",
    "between effects",
    "before order",
    "after order",
    "before acknowledgement",
    "before snapshot",
    "torn snapshot",
    "after snapshot",
)
"""Places between two steps of the room's process at which it can end; `anywhere` is a moment instead."""

ANYWHERE = "anywhere"

AFTER_S = 3_600.0
"""When a seam is not passed for so long the process ends wherever it is."""


class Crash(msgspec.Struct, frozen=True):
    """The process ends when it passes `seam` for the `nth` time after `at_s`."""

    at_s: float
    seam: str
    nth: int = 1


class Gap(msgspec.Struct, frozen=True):
    """Something is away from `at_s` on, for so long."""

    at_s: float
    for_s: float


class Shares(msgspec.Struct, frozen=True):
    """What part of the messages meets a fault on its way, each a chance per message."""

    late: float
    twice: float
    corrupt: float
    retained: float
    skewed: float


class Fate(msgspec.Struct, frozen=True):
    """One day. `begins` is UTC; moments are virtual seconds after it, in order.

    At each of `rivals` a second process starts while the first one still works.
    """

    seed: int
    begins: datetime
    crashes: tuple[Crash, ...]
    outages: tuple[Gap, ...]
    disconnections: tuple[Gap, ...]
    lost_replies: tuple[float, ...]
    rivals: tuple[float, ...]
    shares: Shares
    snapshot_every: int


def fate_of(seed: int) -> Fate:
    """Return the day of this seed; every other one runs through a night in which the clocks change."""
    rng = dice(seed, "shares")
    return Fate(
        seed=seed,
        begins=_begins(seed),
        crashes=_crashes(seed),
        outages=_gaps(seed, "outages", 3, 900.0),
        disconnections=_gaps(seed, "disconnections", 5, 600.0),
        lost_replies=_moments(seed, "lost replies", 3),
        rivals=_moments(seed, "rivals", 2),
        shares=Shares(
            late=rng.uniform(0, 0.06),
            twice=rng.uniform(0, 0.08),
            corrupt=rng.uniform(0, 0.02),
            retained=rng.uniform(0, 0.01),
            skewed=rng.uniform(0, 0.05),
        ),
        snapshot_every=rng.choice((50, 200, 700)),
    )


def _begins(seed: int) -> datetime:
    rng = dice(seed, "date")
    any_day = date(2026, 1, 1) + timedelta(days=rng.randrange(730))
    day = rng.choice(CLOCK_CHANGES) if seed % 2 else any_day
    local = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(hours=START_HOUR)
    return local.astimezone(UTC)


def _moments(seed: int, name: str, most: int) -> tuple[float, ...]:
    rng = dice(seed, name)
    return tuple(sorted(rng.uniform(0, DAY_S) for _ in range(rng.randint(0, most))))


def _gaps(seed: int, name: str, most: int, longest_s: float) -> tuple[Gap, ...]:
    """Return gaps that do not overlap; most are short."""
    rng = dice(seed, f"{name} length")
    gaps: list[Gap] = []
    for at in _moments(seed, name, most):
        if not gaps or at > gaps[-1].at_s + gaps[-1].for_s:
            gaps.append(Gap(at, longest_s * rng.random() ** 3 + 0.01))
    return tuple(gaps)


def _crashes(seed: int) -> tuple[Crash, ...]:
    rng = dice(seed, "seams")
    moments = _moments(seed, "crashes", 10)
    return tuple(Crash(at, rng.choice((*SEAMS, ANYWHERE)), rng.randint(1, 4)) for at in moments)
