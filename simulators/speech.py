"""From an act to the MQTT message a device of that kind would send.

Kinds differ in dress on purpose, so that both CloudEvents modes are always in use: panels, help points,
guards and parks send structured events; cameras, workers' devices and telecare units binary ones. Panels,
workers' devices and telecare units count what they send (`sequence`); the others do not.

The device's clock is the real time of sending: `now` is an argument, so the same message at the same
instant is the same bytes.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, assert_never

import msgspec

from controlroom.signals.envelope import STRUCTURED, type_of
from controlroom.signals.payloads import LoneWorkerReport, Payload
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from simulators.keepers import Wall
from simulators.timetable import Act

RECEIPTS = "leedswatch/receipts/"
"""Where receipts go: this, then the sender's own area, kind and key."""

RECEIPT_EVERY = 20
"""Every so many messages of a feed ask for a receipt: enough to see them, too few to matter."""

BINARY_KINDS = frozenset({Kind.CAMERA_FAULT, Kind.LONE_WORKER, Kind.TELECARE})
"""Kinds that send binary events; the others send structured ones."""

COUNTING_KINDS = frozenset({Kind.ARC_ALARM, Kind.LONE_WORKER, Kind.TELECARE})
"""Kinds whose devices number what they send."""


class Run(msgspec.Struct, frozen=True):
    """What sets one run apart from the last, so that a second run is news and no repeat.

    `name` begins every event id; `first_sequence` is where the devices' counters start, larger than
    where they stopped before (the caller takes the unix time in seconds). `speed` is virtual seconds a
    real second. `wall` is the real clock, None for a run that goes by the city's day alone.
    """

    name: str
    first_sequence: int
    speed: float = 10.0
    wall: Wall | None = None


class Message(msgspec.Struct, frozen=True):
    """One event but its time. `copies` above 1: a device repeats itself; `skew_s`: its clock is wrong."""

    due_s: float
    topic: str
    kind: Kind
    id: str
    data: Payload
    sequence: int | None = None
    amber_s: float | None = None
    receipt: bool = False
    copies: int = 1
    skew_s: float = 0.0


class Noise(msgspec.Struct, frozen=True):
    """Something that is no signal: bytes on a topic."""

    due_s: float
    topic: str
    payload: bytes
    content_type: str | None = STRUCTURED


Utterance = Message | Noise
"""Everything the city says."""


def speak(kind: Kind, acts: Iterable[Act], run: Run) -> Iterator[Message]:
    """Yield the acts of one feed as numbered messages."""
    return _numbered(((kind, act) for act in acts), run)


def narrate(acts: Iterable[Act], run: Run) -> Iterator[Message]:
    """Yield the acts of all kinds as messages, each kind numbered by itself."""
    return _numbered(((Kind(act.topic.split("/")[2]), act) for act in acts), run)


def _numbered(acts: Iterable[tuple[Kind, Act]], run: Run) -> Iterator[Message]:
    sequences: dict[str, int] = {}
    numbers: Counter[Kind] = Counter()
    for kind, act in acts:
        numbers[kind] += 1
        number = numbers[kind]
        sequence = None
        if kind in COUNTING_KINDS:
            sequence = sequences.get(act.topic, run.first_sequence - 1) + 1
            sequences[act.topic] = sequence
        yield Message(
            due_s=act.due_s,
            topic=act.topic,
            kind=kind,
            id=f"{run.name}-{kind}-{number:07}",
            data=act.data,
            sequence=sequence,
            amber_s=act.amber_s,
            receipt=number % RECEIPT_EVERY == 0,
        )


def wires(said: Utterance, now: datetime, speed: float) -> tuple[Wire, ...]:
    """Return what goes on the wire at `now` (with a time zone): a message, or the same one several times."""
    match said:
        case Noise():
            return (Wire(said.topic, said.payload, said.content_type),)
        case Message():
            return (_wire(said, now, speed),) * said.copies
        case _:
            assert_never(said)


def _wire(said: Message, now: datetime, speed: float) -> Wire:
    """Return the event in the dress of its kind."""
    data = said.data
    if said.amber_s is not None and isinstance(data, LoneWorkerReport):
        until = now + timedelta(seconds=said.skew_s + said.amber_s / speed)  # by the device's own clock
        data = data.model_copy(update={"amber_until": until})
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": said.id,
        "source": said.topic,
        "type": type_of(said.kind),
        "time": (now + timedelta(seconds=said.skew_s)).isoformat(),
        "simulated": True,
    }
    if said.sequence is not None:
        attributes["sequence"] = str(said.sequence)
    receipt = RECEIPTS + said.topic.partition("/")[2] if said.receipt else None
    correlation = said.id.encode() if said.receipt else None
    payload = data.model_dump(mode="json", exclude_none=True)
    if said.kind in BINARY_KINDS:
        properties = tuple((name, _as_text(value)) for name, value in attributes.items())
        body = json.dumps(payload, separators=(",", ":")).encode()
        return Wire(
            said.topic, body, "application/json", properties, response_topic=receipt, correlation=correlation
        )
    event = attributes | {"datacontenttype": "application/json", "data": payload}
    body = json.dumps(event, separators=(",", ":")).encode()
    return Wire(said.topic, body, STRUCTURED, response_topic=receipt, correlation=correlation)


def _as_text(value: str | bool) -> str:  # noqa: FBT001 - an attribute's value, not a switch
    """Return an attribute as CloudEvents writes it in a header: a Boolean is true or false."""
    return str(value).lower() if isinstance(value, bool) else value
