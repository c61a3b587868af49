"""What goes out to crews, as bytes: CloudEvents of `signals.dispatch_messages`, the same each time."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from controlroom.orders import Order, SendCrew, UpdateOrder
from controlroom.signals.dispatch_messages import orders_topic
from controlroom.signals.envelope import TYPE_PREFIX

ORDER_TYPE = f"{TYPE_PREFIX}order.v1"
UPDATE_TYPE = f"{TYPE_PREFIX}order-update.v1"
STAND_DOWN_TYPE = f"{TYPE_PREFIX}stand-down.v1"
"""The CloudEvents types; `OrderMessage`, `OrderUpdateMessage` and `StandDownMessage` are their schemas."""

_encode = msgspec.json.Encoder().encode


def order_message(order: Order, issued_at: datetime) -> bytes:
    """Return the order, what became of it, or its end, as the CloudEvent that a crew's terminal reads."""
    moment, topic = issued_at.astimezone(UTC).isoformat(), orders_topic(order.unit)
    if isinstance(order, SendCrew):
        return _event(ORDER_TYPE, order.id, topic, job(order, moment), simulated=order.simulated)
    if isinstance(order, UpdateOrder):
        return _event(UPDATE_TYPE, order.id, topic, _update(order, moment), simulated=order.simulated)
    data = {
        "order": order.order,
        "incident": order.incident,
        "unit": order.unit,
        "reason": order.reason[:500],
        "issued_at": moment,
    }
    return _event(STAND_DOWN_TYPE, order.id, topic, data, simulated=order.simulated)


def _update(order: UpdateOrder, issued_at: str) -> dict[str, Any]:
    return {
        "update": order.id,
        "order": order.order,
        "incident": order.incident,
        "unit": order.unit,
        "priority": order.priority,
        "instruction": order.instruction[:500],
        "issued_at": issued_at,
        "respond_within_s": order.respond_within_s,
    }


def job(order: SendCrew, issued_at: str) -> dict[str, Any]:
    """Return what an order says to its crew."""
    return {
        "order": order.id,
        "incident": order.incident,
        "signal": order.signal,
        "unit": order.unit,
        "area": order.area,
        "site": order.site,
        "kind": order.kind,
        "priority": order.priority,
        "instruction": order.instruction,
        "issued_at": issued_at,
        "respond_within_s": order.respond_within_s,
    }


def _event(event_type: str, identifier: str, source: str, data: dict[str, Any], *, simulated: bool) -> bytes:
    """Return the event; its time is that of its data."""
    return _encode(
        {
            "specversion": "1.0",
            "id": identifier,
            "source": source,
            "type": event_type,
            "time": data["issued_at"],
            "datacontenttype": "application/json",
            "simulated": simulated,
            "data": data,
        }
    )
