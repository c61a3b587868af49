"""What the room says to a crew and what a crew says back, in the same CloudEvents dress as the signals.

An order goes out on `leedswatch/dispatch/<unit>/orders`, and so do the words that it is more urgent than it
was, and that it is over before its time. What a unit has in hand now is kept by the broker on `…/current`, so
that a terminal that starts again sees its job. Reports come back on `…/reports`: how far an order is, or how
the crew itself is. `source` repeats the topic. The event id of an order is the order's id, that of an update
`<order>-update-<n>`, that of its recall `<order>-stand-down` and that of a report `<order>-<step>`, so a
repeat of any of them is recognised wherever it arrives.

Limits: structured mode only; a crew's terminal is not asked to speak MQTT 5 user properties.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from controlroom.signals.envelope import Envelope
from controlroom.signals.payloads import Identifier, Payload, Position
from controlroom.signals.vocabulary import Kind

DISPATCH_ROOT = "leedswatch/dispatch"
"""Topic prefix of everything between the room and its crews."""


class Step(StrEnum):
    """Where a crew stands with an order; refused and cleared are the last.

    `stood_down` answers the room's word that an order is over; of an order that is not, it changes nothing.
    `acknowledged` answers an update, whose id it gives in the order's place: the crew knows of it.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    CLEARED = "cleared"
    STOOD_DOWN = "stood_down"
    ACKNOWLEDGED = "acknowledged"


class Outcome(StrEnum):
    """What a crew found, given with `cleared`. `made_safe`: open or damaged, and secured by the crew."""

    GENUINE = "genuine"
    FALSE_ALARM = "false_alarm"
    NO_TRACE = "no_trace"
    HANDED_TO_POLICE = "handed_to_police"
    HANDED_TO_FIRE = "handed_to_fire"
    HANDED_TO_AMBULANCE = "handed_to_ambulance"
    HANDED_TO_KEYHOLDER = "handed_to_keyholder"
    MADE_SAFE = "made_safe"


class Cause(StrEnum):
    """Why an alarm was false, given with that outcome where the crew could tell."""

    USER_ERROR = "user_error"
    EQUIPMENT = "equipment"
    WEATHER = "weather"
    ANIMAL = "animal"
    MALICIOUS = "malicious"
    WORKS = "works"


class CrewWord(StrEnum):
    """What a crew says of itself, whatever it has in hand.

    `busy` is a break or another errand: nothing new until `available`. `check_in` is a sign of life, `sos` a
    call for help.
    """

    BOOKED_ON = "booked_on"
    BOOKED_OFF = "booked_off"
    BUSY = "busy"
    AVAILABLE = "available"
    CHECK_IN = "check_in"
    SOS = "sos"


class Order(Payload):
    """Go there, for this.

    `signal` is the id of the signal that called for it; `respond_within_s` is seconds from `issued_at`,
    None where no rule sets a limit.
    """

    order: Identifier
    incident: Identifier
    signal: Annotated[str, Field(max_length=128)] | None = None
    unit: Identifier
    area: Identifier
    site: Identifier
    kind: Kind
    priority: Annotated[int, Field(ge=1, le=4)]
    instruction: Annotated[str, Field(max_length=500)]
    issued_at: AwareDatetime
    respond_within_s: Annotated[int, Field(gt=0)] | None = None


class StandDown(Payload):
    """That order is over before its time; `reason` is for people. The crew answers `stood_down`."""

    order: Identifier
    incident: Identifier
    unit: Identifier
    reason: Annotated[str, Field(max_length=500)]
    issued_at: AwareDatetime


class OrderUpdate(Payload):
    """That order is for more than it was: this priority now, and this. The crew answers `acknowledged`.

    `update` is the id of this word; `respond_within_s` is seconds from `issued_at`, None where the time that
    the order gave stays.
    """

    update: Identifier
    order: Identifier
    incident: Identifier
    unit: Identifier
    priority: Annotated[int, Field(ge=1, le=4)]
    instruction: Annotated[str, Field(max_length=500)]
    issued_at: AwareDatetime
    respond_within_s: Annotated[int, Field(gt=0)] | None = None


class Job(Order):
    """An order in hand, with how far it is, and what a crew should know of the place.

    `version` counts what became of the order. `keys` says whether the site's keys are on board (None: the
    council holds none). `hazards` are words of the estate's site notes. `update` is the id of the last update
    that the crew has not acknowledged.
    """

    version: Annotated[int, Field(ge=1)]
    step: Step | None = None
    name: Annotated[str, Field(max_length=200)] | None = None
    position: Position | None = None
    keys: bool | None = None
    entry: Annotated[str, Field(max_length=2_000)] = ""
    notes: Annotated[str, Field(max_length=2_000)] = ""
    hazards: tuple[str, ...] = ()
    update: Identifier | None = None


class Current(Payload):
    """Everything that a unit has in hand, what it is on first.

    `as_of` is the journal's position at which it stood so; of two the higher one is newer.
    """

    unit: Identifier
    as_of: Annotated[int, Field(ge=0)]
    orders: tuple[Job, ...]


class CrewReport(Payload):
    """One step of one order.

    `outcome` comes with cleared, and `cause` with a false alarm; `reason` comes with refused, else None.
    `position` is where the vehicle is.
    """

    order: Identifier
    unit: Identifier
    step: Step
    outcome: Outcome | None = None
    reason: Annotated[str, Field(max_length=200)] | None = None
    cause: Cause | None = None
    position: Position | None = None


class CrewStatus(Payload):
    """How a crew itself is, and where."""

    unit: Identifier
    word: CrewWord
    position: Position | None = None


class OrderMessage(Envelope):
    """An order on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.order.v1"] = "uk.gov.leeds.leedswatch.order.v1"
    data: Order


class StandDownMessage(Envelope):
    """The end of an order on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.stand-down.v1"] = "uk.gov.leeds.leedswatch.stand-down.v1"
    data: StandDown


class OrderUpdateMessage(Envelope):
    """That an order is more urgent now, on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.order-update.v1"] = "uk.gov.leeds.leedswatch.order-update.v1"
    data: OrderUpdate


class CurrentMessage(Envelope):
    """What a unit has in hand, on the wire; kept by the broker, and an empty payload when it is nothing."""

    type: Literal["uk.gov.leeds.leedswatch.current.v1"] = "uk.gov.leeds.leedswatch.current.v1"
    data: Current


class CrewReportMessage(Envelope):
    """A crew's report on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.crew-report.v1"] = "uk.gov.leeds.leedswatch.crew-report.v1"
    data: CrewReport


class CrewStatusMessage(Envelope):
    """A crew's word about itself on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.crew-status.v1"] = "uk.gov.leeds.leedswatch.crew-status.v1"
    data: CrewStatus


def orders_topic(unit: str) -> str:
    """Return the topic that a crew hears its orders on."""
    return f"{DISPATCH_ROOT}/{unit}/orders"


def current_topic(unit: str) -> str:
    """Return the topic on which the broker keeps what a unit has in hand."""
    return f"{DISPATCH_ROOT}/{unit}/current"


def reports_topic(unit: str) -> str:
    """Return the one topic that a crew reports on."""
    return f"{DISPATCH_ROOT}/{unit}/reports"


def read_order(payload: bytes) -> OrderMessage:
    """Return the order in this payload; raises `pydantic.ValidationError` with every problem in it."""
    return OrderMessage.model_validate_json(payload)


def read_instruction(payload: bytes) -> OrderMessage | OrderUpdateMessage | StandDownMessage:
    """Return what this payload of an orders topic says; raises like `read_order`."""
    if b"leedswatch.order-update." in payload:
        return OrderUpdateMessage.model_validate_json(payload)
    if b"leedswatch.stand-down." in payload:
        return StandDownMessage.model_validate_json(payload)
    return OrderMessage.model_validate_json(payload)


def read_current(payload: bytes) -> CurrentMessage:
    """Return what a unit has in hand; raises `pydantic.ValidationError` with every problem in it."""
    return CurrentMessage.model_validate_json(payload)


def read_report(payload: bytes) -> CrewReportMessage | CrewStatusMessage:
    """Return the report in this payload; raises `pydantic.ValidationError` with every problem in it.

    The type may be missing from a report of a step, as it always could, so it is looked for and not asked
    for.
    """
    if b"leedswatch.crew-status." in payload:
        return CrewStatusMessage.model_validate_json(payload)
    return read_step(payload)


def read_step(payload: bytes) -> CrewReportMessage:
    """Return the report of a step in this payload; raises like `read_report`."""
    return CrewReportMessage.model_validate_json(payload)
