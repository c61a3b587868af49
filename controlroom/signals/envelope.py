"""CloudEvents 1.0 around every signal, and the one reader that turns a wire message into a `Signal`.

Both MQTT 5 modes are read: structured (the whole event is the JSON payload) and binary (attributes are
user properties, the payload is `data` alone). The attribute `source` repeats the topic, so a broker's
access list guards who may speak for whom, and (`source`, `id`) is the key of a duplicate.
Extension attributes that we do not know are ignored, as CloudEvents asks; unknown fields of the
*data* are refused.

Limits: JSON only (`datacontenttype` is `application/json`); `data_base64` is refused.
"""

from typing import Annotated, Any, Literal, assert_never, final

import pydantic_core
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from controlroom.signals.payloads import (
    BY_THE_ROOM,
    ArcAlarm,
    CameraFaultReport,
    GuardBooking,
    HelpPointCall,
    LoneWorkerReport,
    ParkReport,
    TelecareReport,
)
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire

STRUCTURED = "application/cloudevents+json"
"""The content type that marks a structured event (CloudEvents MQTT binding 3.2)."""

TYPE_PREFIX = "uk.gov.leeds.leedswatch."
"""Reverse-DNS prefix of every event type (CloudEvents 1.0, `type`)."""


class Envelope(BaseModel):
    """The attributes that every signal carries."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    specversion: Literal["1.0"]
    id: Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]
    source: Annotated[str, Field(min_length=1, max_length=256)]
    time: AwareDatetime
    """The device's own clock; never used to route, only to label and to measure skew."""
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")] | None = None
    """The device's own counter, where it has one (CloudEvents extension `sequence`)."""
    simulated: bool = False
    """True for everything that a simulator sends; the room decides what that may reach."""
    traceparent: Annotated[str, Field(pattern=r"^[0-9a-f-]{55}$")] | None = None


@final
class ArcAlarmSignal(Envelope):
    """A report of an alarm panel."""

    type: Literal["uk.gov.leeds.leedswatch.arc-alarm.v1"]
    data: ArcAlarm


@final
class CameraFaultSignal(Envelope):
    """A camera fault, raised or cleared."""

    type: Literal["uk.gov.leeds.leedswatch.camera-fault.v1"]
    data: CameraFaultReport


@final
class HelpPointSignal(Envelope):
    """A step of a help point call."""

    type: Literal["uk.gov.leeds.leedswatch.help-point.v1"]
    data: HelpPointCall


@final
class LoneWorkerSignal(Envelope):
    """A report of a lone worker's device."""

    type: Literal["uk.gov.leeds.leedswatch.lone-worker.v1"]
    data: LoneWorkerReport


@final
class GuardSignal(Envelope):
    """A booking or check call of a guard."""

    type: Literal["uk.gov.leeds.leedswatch.guard.v1"]
    data: GuardBooking


@final
class ParkSignal(Envelope):
    """A report of a park or cemetery."""

    type: Literal["uk.gov.leeds.leedswatch.park.v1"]
    data: ParkReport


@final
class TelecareSignal(Envelope):
    """A report of a home's telecare unit."""

    type: Literal["uk.gov.leeds.leedswatch.telecare.v1"]
    data: TelecareReport


Signal = (
    ArcAlarmSignal
    | CameraFaultSignal
    | HelpPointSignal
    | LoneWorkerSignal
    | GuardSignal
    | ParkSignal
    | TelecareSignal
)
"""The closed union of what the field can say."""

_BOOLEANS = {"true": True, "false": False}
"""CloudEvents writes a Boolean attribute as one of these two words when it travels as text."""

_TYPES = {kind: f"{TYPE_PREFIX}{kind}.v1" for kind in Kind}

_READER: TypeAdapter[Signal] = TypeAdapter(Annotated[Signal, Field(discriminator="type")])


def kind_of(signal: Signal) -> Kind:
    """Return the feed that this signal belongs to."""
    match signal:
        case ArcAlarmSignal():
            return Kind.ARC_ALARM
        case CameraFaultSignal():
            return Kind.CAMERA_FAULT
        case HelpPointSignal():
            return Kind.HELP_POINT
        case LoneWorkerSignal():
            return Kind.LONE_WORKER
        case GuardSignal():
            return Kind.GUARD
        case ParkSignal():
            return Kind.PARK
        case TelecareSignal():
            return Kind.TELECARE
        case _:
            assert_never(signal)


def type_of(kind: Kind) -> str:
    """Return the CloudEvents `type` of a kind, version 1."""
    return _TYPES[kind]


def read_any(document: bytes) -> Signal:
    """Return the signal of a structured event, also one that only the room says; raises like `read`."""
    return _READER.validate_json(document, context=BY_THE_ROOM)


def read(wire: Wire) -> Signal:
    """Return the signal in this message; raises `pydantic.ValidationError` with every problem in it."""
    if wire.content_type is None or wire.content_type.startswith(STRUCTURED):
        return _READER.validate_json(wire.payload)
    return _READER.validate_json(_binary_event(wire))


def _binary_event(wire: Wire) -> bytes:
    """Return the structured form of a binary-mode event, so that one strict reader serves both modes.

    The payload is parsed on its own first: text that only becomes JSON in the middle of the envelope
    could otherwise write attributes of its own.
    """
    event: dict[str, Any] = {name: value for name, value in wire.attributes if name != "data"}
    if wire.content_type is not None:
        event["datacontenttype"] = wire.content_type.partition(";")[0].strip()
    if event.get("simulated") in _BOOLEANS:
        event["simulated"] = _BOOLEANS[event["simulated"]]
    try:
        pydantic_core.from_json(wire.payload)
    except ValueError as fault:
        problem = pydantic_core.InitErrorDetails(
            type="json_invalid", loc=("data",), ctx={"error": str(fault)}, input=wire.payload
        )
        raise pydantic_core.ValidationError.from_exception_data("Signal", [problem]) from fault
    return pydantic_core.to_json(event)[:-1] + b',"data":' + wire.payload + b"}"
