"""How busy each hour of the week is: shapes from `simulators/data/hourly-profiles.json`, a stand-in.

The week is that of all emergency calls of a county over five years. What its printed table leaves out is
filled in: 10:00 to 13:00 by the hours of the same county's shorter table, Tuesday and Wednesday by the mean
of Monday and Thursday. Kinds of call with few counts are smoothed over three hours.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "hourly-profiles.json"

DAY_H = 24
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FILLED_IN = {"Tue": ("Mon", "Thu"), "Wed": ("Mon", "Thu")}
"""Days that the table leaves out, and those whose mean stands for them."""

Shape = tuple[tuple[float, ...], ...]
"""For each weekday, Monday first, 24 hours: how busy, 1 being the mean of the week."""

EVENLY: Shape = ((1.0,) * DAY_H,) * 7
"""The shape of what machines do."""


@cache
def calls() -> Shape:
    """Return how all calls are spread over the week."""
    data = _data()
    table = data["montgomery_911_full"]["all_calls"]
    short = data["montgomery_911"]["profiles"]["all"]["by_hour"]
    days = {
        day: _filled(dict(zip(table["hours"], table[day], strict=True)), short)
        for day in table
        if day in DAYS
    }
    for day, (one, other) in FILLED_IN.items():
        days[day] = [(a + b) / 2 for a, b in zip(days[one], days[other], strict=True)]
    return _scaled([days[day] for day in DAYS])


@cache
def daily(name: str) -> Shape:
    """Return how one kind of call (`fire_alarm`, `fall_victim`, ...) is spread over every day."""
    counts = _data()["montgomery_911"]["profiles"][name]["by_hour"]
    smooth = [sum(counts[(hour + near) % DAY_H] for near in (-1, 0, 1)) / 3 for hour in range(DAY_H)]
    return _scaled([smooth] * len(DAYS))


def _data() -> Any:
    return json.loads(DATA.read_text(encoding="utf-8"))


def _filled(known: dict[int, float], short: list[int]) -> list[float]:
    """Return all 24 hours; a missing one is the shorter table's, scaled by the hours next to the gap."""
    missing = [hour for hour in range(DAY_H) if hour not in known]
    before, after = missing[0] - 1, missing[-1] + 1
    factor = (known[before] + known[after]) / (short[before] + short[after])
    return [known.get(hour, short[hour] * factor) for hour in range(DAY_H)]


def _scaled(week: list[list[float]]) -> Shape:
    mean = sum(map(sum, week)) / (len(week) * DAY_H)
    return tuple(tuple(value / mean for value in day) for day in week)
