"""Orders and crew reports on the wire: strict both ways."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from controlroom.signals.dispatch_messages import (
    Outcome,
    Step,
    orders_topic,
    read_order,
    read_step,
    reports_topic,
)

ORDER: dict[str, Any] = {
    "specversion": "1.0",
    "id": "ORD-17",
    "source": "leedswatch/dispatch/MR-03/orders",
    "type": "uk.gov.leeds.leedswatch.order.v1",
    "time": "2026-06-01T12:00:00Z",
    "simulated": True,
    "data": {
        "order": "ORD-17",
        "incident": "INC-17",
        "unit": "MR-03",
        "area": "inner-east",
        "site": "SCH-001",
        "kind": "arc-alarm",
        "priority": 1,
        "instruction": "Panic alarm, go now.",
        "issued_at": "2026-06-01T12:00:00Z",
        "respond_within_s": 1200,
    },
}
REPORT: dict[str, Any] = ORDER | {
    "id": "ORD-17-cleared",
    "source": "leedswatch/dispatch/MR-03/reports",
    "type": "uk.gov.leeds.leedswatch.crew-report.v1",
    "data": {"order": "ORD-17", "unit": "MR-03", "step": "cleared", "outcome": "false_alarm", "reason": None},
}


def test_an_order_is_read_whole() -> None:
    """What the room writes is what a crew reads; an order that is written again is the same."""
    order = read_order(json.dumps(ORDER).encode())
    assert (order.data.priority, order.data.respond_within_s, order.simulated) == (1, 1200, True)
    assert read_order(order.model_dump_json().encode()) == order


def test_a_report_is_read_whole() -> None:
    """A cleared report carries its outcome."""
    report = read_step(json.dumps(REPORT).encode())
    assert (report.data.step, report.data.outcome, report.data.reason) == (
        Step.CLEARED,
        Outcome.FALSE_ALARM,
        None,
    )


def test_the_topics_of_a_unit() -> None:
    """Orders and reports of a unit have a topic each."""
    assert (orders_topic("MR-03"), reports_topic("MR-03")) == (ORDER["source"], REPORT["source"])


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"priority": 5}, "data.priority"),
        ({"priority": "1"}, "data.priority"),
        ({"unit": "MR 03"}, "data.unit"),
        ({"respond_within_s": 0}, "data.respond_within_s"),
        ({"kind": "toaster"}, "data.kind"),
        ({"colour": "red"}, "data.colour"),
    ],
)
def test_an_order_with_a_fault_is_refused_by_field(changed: dict[str, Any], where: str) -> None:
    """A wrong value or an unknown field of an order is refused and named."""
    with pytest.raises(ValidationError) as raised:
        read_order(json.dumps(ORDER | {"data": ORDER["data"] | changed}).encode())
    assert [".".join(map(str, error["loc"])) for error in raised.value.errors()] == [where]


def test_a_report_is_no_order() -> None:
    """The type tells them apart: one is never read as the other."""
    with pytest.raises(ValidationError):
        read_order(json.dumps(REPORT).encode())
    with pytest.raises(ValidationError):
        read_step(json.dumps(ORDER).encode())
