"""What each feed says: one strict model a kind, the `data` of its CloudEvent.

Strict means that a number is not a string and `1` is not true; an unknown field is refused by name.
Identifiers are short and plain so that they fit a topic, a log line and a screen reader.
"""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo

from controlroom.signals.vocabulary import (
    ROOM_WORDS,
    AlarmEvent,
    CallStep,
    CameraFault,
    Condition,
    FaultState,
    GuardEvent,
    ParkEvent,
    SetState,
    TelecareEvent,
    WorkerEvent,
)

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A device, site or person key: letters, digits, dot, dash, underscore; 1 to 64 characters."""


BY_THE_ROOM = {"by": "room"}
"""The context of a validation in which the room's own words are allowed: for the room itself, and for
rules and cases about what it says."""


def said_by_the_field(word: str, info: ValidationInfo) -> str:
    """Return the word; raises ValueError for one that only the room itself says, unless the room does."""
    if word in ROOM_WORDS and info.context is not BY_THE_ROOM:
        raise ValueError(f"only the room itself says {word!s}; a device reports what happened to it")
    return word


_Heard = AfterValidator(said_by_the_field)


class Payload(BaseModel):
    """The shared strictness of all payloads; no fields of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Position(Payload):
    """Where a person is: WGS 84 degrees, accuracy as a radius in metres when the device knows it."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None


class ArcAlarm(Payload):
    """One report of an alarm panel, already translated from its wire format by the receiver.

    `code` is the panel's own code ("CID 1130", "SIA BA") where it sent one. `panel_confirmed` is the
    panel's own sequential confirmation (BS 8243); the room does not confirm such a signal twice.
    """

    site: Identifier
    event: Annotated[AlarmEvent, _Heard]
    zone: Identifier | None = None
    condition: Condition = Condition.ACTIVE
    set_state: SetState | None = None
    test: bool = False
    panel_confirmed: bool = False
    code: Annotated[str, Field(pattern=r"^[ -~]{1,32}$")] | None = None


class CameraFaultReport(Payload):
    """One fault of one camera, raised or cleared."""

    camera: Identifier
    fault: Annotated[CameraFault, _Heard]
    state: FaultState


class HelpPointCall(Payload):
    """One step of a call from a help point; `answered_by` is the desk that took it, once taken."""

    point: Identifier
    call: Identifier
    step: Annotated[CallStep, _Heard]
    answered_by: Identifier | None = None


class LoneWorkerReport(Payload):
    """One report of a lone worker's device; `amber_until` is when a timed note turns red."""

    worker: Identifier
    event: Annotated[WorkerEvent, _Heard]
    position: Position | None = None
    amber_until: AwareDatetime | None = None


class GuardBooking(Payload):
    """One booking or check call of a guard at a post."""

    guard: Identifier
    post: Identifier
    event: Annotated[GuardEvent, _Heard]


class ParkReport(Payload):
    """One report of a park or cemetery: `gate` where it is about one, `warden` where a person sent it.

    A warden is a number of the duty roster, never a name; a gate controller sends none.
    """

    park: Identifier
    event: Annotated[ParkEvent, _Heard]
    gate: Identifier | None = None
    warden: Identifier | None = None


class TelecareReport(Payload):
    """One report of a home's telecare unit, already translated from SCAIP (or a tone) by its gateway.

    `home` is the unit (`cid`), `device` the trigger or sensor that it heard (`did`). `speech` says whether
    the unit opens a voice path (`mre` 1); None where the gateway does not say. `code` is `dty`, `mty` and
    `stc` as they came. Who lives there is on no wire: the room looks the home up.
    """

    home: Identifier
    event: Annotated[TelecareEvent, _Heard]
    device: Identifier | None = None
    speech: bool | None = None
    code: Annotated[str, Field(pattern=r"^[ -~]{1,32}$")] | None = None
