"""The order on the wire is the one that its model describes."""

import json
from datetime import UTC, timedelta, timezone
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from controlroom.dispatch.messages import ORDER_TYPE, order_message
from controlroom.estate.areas import Area
from controlroom.ingest import topics
from controlroom.orders import SendCrew, UpdateOrder
from controlroom.signals.dispatch_messages import (
    Order,
    OrderMessage,
    OrderUpdate,
    OrderUpdateMessage,
    orders_topic,
    read_instruction,
    read_order,
)
from controlroom.signals.vocabulary import Kind
from tests.build import NOON

NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
ORDERS = st.builds(
    SendCrew,
    id=NAMES,
    incident=NAMES,
    unit=NAMES,
    area=st.sampled_from(Area),
    kind=st.sampled_from(Kind),
    source=st.just("leedswatch/inner-east/guard/P1"),
    site=NAMES,
    priority=st.integers(1, 4),
    instruction=st.text(st.characters(codec="utf-8"), max_size=500),
    simulated=st.booleans(),
    signal=st.none() | st.text(st.characters(codec="utf-8"), max_size=128),
    respond_within_s=st.none() | st.integers(1, 10**6),
)


@given(ORDERS)
def test_an_order_is_read_back_by_its_model_field_by_field(order: SendCrew) -> None:
    """Whatever the order, the strict reader of a crew's terminal takes it and finds every field as it was."""
    read = read_order(order_message(order, NOON))

    assert (read.id, read.source, read.time) == (order.id, orders_topic(order.unit), NOON)
    assert (read.simulated, read.data.order, read.data.issued_at) == (order.simulated, order.id, NOON)
    for name in ("incident", "signal", "unit", "area", "site", "kind", "priority", "instruction"):
        assert getattr(read.data, name) == getattr(order, name)
    assert read.data.respond_within_s == order.respond_within_s


@given(ORDERS)
def test_an_order_has_exactly_the_fields_of_its_model(order: SendCrew) -> None:
    """No field of the model's data is left out, none is added."""
    written = json.loads(order_message(order, NOON))

    assert written["data"].keys() == Order.model_fields.keys()
    assert written.keys() <= OrderMessage.model_fields.keys()


@given(ORDERS, st.integers(-12, 14))
def test_the_same_order_is_the_same_bytes(order: SendCrew, hours: int) -> None:
    """Sent again, and whatever time zone its moment is kept in, an order's bytes are the same."""
    elsewhere = NOON.astimezone(timezone(timedelta(hours=hours)))

    assert order_message(order, elsewhere) == order_message(order, NOON.astimezone(UTC))


UPDATES = st.builds(
    UpdateOrder,
    id=NAMES,
    order=NAMES,
    incident=NAMES,
    unit=NAMES,
    priority=st.integers(1, 4),
    instruction=st.text(st.characters(codec="utf-8"), max_size=900),
    simulated=st.booleans(),
    respond_within_s=st.none() | st.integers(1, 10**6),
)


@given(UPDATES)
def test_an_update_is_read_back_as_it_was_said(update: UpdateOrder) -> None:
    """A crew's terminal tells it from an order, and finds what that is for now, however long."""
    read = read_instruction(order_message(update, NOON))

    assert isinstance(read, OrderUpdateMessage)
    assert (read.id, read.source, read.simulated) == (update.id, orders_topic(update.unit), update.simulated)
    said = OrderUpdate(
        update=update.id,
        order=update.order,
        incident=update.incident,
        unit=update.unit,
        priority=update.priority,
        instruction=update.instruction[:500],
        issued_at=NOON,
        respond_within_s=update.respond_within_s,
    )
    assert read.data == said


def test_type_and_topic_are_the_models() -> None:
    """The outbox writes the type that the model demands, on the topic that the grammar keeps for us."""
    assert get_args(OrderMessage.model_fields["type"].annotation) == (ORDER_TYPE,)
    assert topics.orders_topic("MR-01") == orders_topic("MR-01")
