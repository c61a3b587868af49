"""What the room says to a crew and what a crew says back, in the same CloudEvents dress as the signals.

An order goes out on `leedswatch/dispatch/<unit>/orders`, reports come back on `…/reports`; `source`
repeats the topic. The event id of an order is the order's id and the id of a report is
`<order>-<step>`, so a repeat of either is recognised wherever it arrives.

Limits: structured mode only; a crew's terminal is not asked to speak MQTT 5 user properties.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from controlroom.signals.envelope import Envelope
from controlroom.signals.payloads import Identifier, Payload
from controlroom.signals.vocabulary import Kind

DISPATCH_ROOT = "leedswatch/dispatch"
"""Topic prefix of everything between the room and its crews."""


class Step(StrEnum):
    """Where a crew stands with an order; refused and cleared are the last."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    CLEARED = "cleared"


class Outcome(StrEnum):
    """What a crew found, given with `cleared`."""

    GENUINE = "genuine"
    FALSE_ALARM = "false_alarm"
    NO_TRACE = "no_trace"
    HANDED_TO_POLICE = "handed_to_police"


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


class CrewReport(Payload):
    """One step of one order; `outcome` comes with cleared, `reason` with refused, else None."""

    order: Identifier
    unit: Identifier
    step: Step
    outcome: Outcome | None = None
    reason: Annotated[str, Field(max_length=200)] | None = None


class OrderMessage(Envelope):
    """An order on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.order.v1"] = "uk.gov.leeds.leedswatch.order.v1"
    data: Order


class CrewReportMessage(Envelope):
    """A crew's report on the wire."""

    type: Literal["uk.gov.leeds.leedswatch.crew-report.v1"] = "uk.gov.leeds.leedswatch.crew-report.v1"
    data: CrewReport


def orders_topic(unit: str) -> str:
    """Return the topic that a crew hears its orders on."""
    return f"{DISPATCH_ROOT}/{unit}/orders"


def reports_topic(unit: str) -> str:
    """Return the one topic that a crew reports on."""
    return f"{DISPATCH_ROOT}/{unit}/reports"


def read_order(payload: bytes) -> OrderMessage:
    """Return the order in this payload; raises `pydantic.ValidationError` with every problem in it."""
    return OrderMessage.model_validate_json(payload)


def read_report(payload: bytes) -> CrewReportMessage:
    """Return the report in this payload; raises `pydantic.ValidationError` with every problem in it."""
    return CrewReportMessage.model_validate_json(payload)
