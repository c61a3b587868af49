"""A story's steps as messages: structured CloudEvents of devices, marked as simulated, at their second."""

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pydantic import ValidationError

from controlroom.estate.model import Estate, Place
from controlroom.signals.envelope import STRUCTURED, read, type_of
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.stories.model import EachOf, Operator, Step, Story

KEYS = {
    Kind.ARC_ALARM: "site",
    Kind.CAMERA_FAULT: "camera",
    Kind.HELP_POINT: "point",
    Kind.LONE_WORKER: "worker",
    Kind.GUARD: "post",
    Kind.PARK: "park",
    Kind.TELECARE: "home",
}
"""The field of each kind's data that names who speaks."""


class Bad(ValueError):
    """A step cannot be told: which one, and why."""

    def __init__(self, step: int, why: str) -> None:
        super().__init__(why)
        self.step = step


class Saying(msgspec.Struct, frozen=True):
    """A device speaks: when (seconds after the beginning), who, what; `amber_s` for a timed note."""

    at: float
    kind: Kind
    topic: str
    id: str
    data: dict[str, Any]
    amber_s: float | None = None


class Act(msgspec.Struct, frozen=True):
    """An operator acts."""

    at: float
    operator: Operator


def script(story: Story, estate: Estate) -> list[Saying | Act]:
    """Return everything that happens, in the order of its time; raises `Bad` for what no device could say."""
    found: list[Saying | Act] = []
    for number, step in enumerate(story.steps):
        if step.operator is not None:
            found.append(Act(step.at, step.operator))
            continue
        try:
            found.extend(_sayings(number, step, estate, story.begins))
        except ValidationError as fault:
            error = fault.errors()[0]
            raise Bad(number, f"{'.'.join(map(str, error['loc']))}: {error['msg']}") from fault
    return sorted(found, key=lambda one: one.at)


def wire_of(saying: Saying, now: datetime) -> Wire:
    """Return the message as the device sends it at `now`."""
    data = saying.data
    if saying.amber_s is not None:
        data = data | {"amber_until": (now + timedelta(seconds=saying.amber_s)).isoformat()}
    event = {
        "specversion": "1.0",
        "id": saying.id,
        "source": saying.topic,
        "type": type_of(saying.kind),
        "time": now.isoformat(),
        "simulated": True,
        "data": data,
    }
    return Wire(saying.topic, json.dumps(event).encode(), STRUCTURED)


def _sayings(number: int, step: Step, estate: Estate, begins: datetime) -> list[Saying]:
    said = step.said
    if said is None:
        raise Bad(number, "nobody speaks in this step")
    kind, data = said
    found: list[Saying] = []
    for turn, place in enumerate(_places(number, step, kind, estate)):
        gap = step.each_of.gap if step.each_of is not None else 0.0
        for repeat in range(step.times):
            told = _numbered(data, repeat + 1) | {KEYS[kind]: place.key}
            name = f"story-{begins:%Y%m%d%H%M}-{number}-{turn}-{repeat}"
            at = step.at + turn * gap + repeat * step.every
            saying = Saying(at, kind, place.topic, name, told, step.amber_after)
            read(wire_of(saying, begins))
            found.append(saying)
    return found


def _places(number: int, step: Step, kind: Kind, estate: Estate) -> list[Place]:
    every = [place for place in estate.places.values() if place.kind == kind]
    if step.each_of is not None:
        return _of(number, step.each_of, every)
    said = step.said
    key = str(said[1].get(KEYS[kind], "")) if said is not None else ""
    found = [place for place in every if place.key == key]
    if not found:
        raise Bad(number, f"nobody of {kind} is called {key!r} in this estate; say {KEYS[kind]}: KEY")
    return found


def _of(number: int, each: EachOf, every: list[Place]) -> list[Place]:
    found = [
        place for place in every if each.site in (None, place.site) and each.area in (None, place.area.value)
    ]
    if not found:
        raise Bad(number, "each_of fits no place of the estate")
    return found[: each.count]


def _numbered(data: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        name: value.replace("{n}", str(number)) if isinstance(value, str) else value
        for name, value in data.items()
    }
