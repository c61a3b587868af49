"""The contract that devices are built against says what the service does."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from controlroom.cli.contract_crews import CURRENTS, ORDERS, REPORTS, STAND_DOWNS, STATUSES, UPDATES
from controlroom.cli.contract_document import MODELS, document, text
from controlroom.cli.contract_examples import SIGNALS, Example
from controlroom.ingest.topics import OwnTopic, ReportTopic, SignalTopic, parse
from controlroom.settings import load
from controlroom.signals.dispatch_messages import (
    CrewStatusMessage,
    OrderUpdateMessage,
    StandDownMessage,
    Step,
    read_current,
    read_instruction,
    read_order,
    read_report,
    read_step,
)
from controlroom.signals.envelope import STRUCTURED, kind_of, read
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.wiring.feeds import session_settings

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
DOCUMENT = document()
MESSAGES: dict[str, dict[str, Any]] = DOCUMENT["components"]["messages"]
EXAMPLES = [(name, example) for name, message in MESSAGES.items() for example in message["examples"]]
ALL_SIGNALS = [(kind, example) for kind, examples in SIGNALS.items() for example in examples]


def fits(schema: dict[str, Any], value: object) -> None:
    """Raise unless the value fits the schema, whose references lead into the document."""
    whole = schema | {"components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(value)


def as_wire(example: Example, *, binary: bool) -> Wire:
    """Return the example as the broker would hand it over."""
    if not binary:
        return Wire(example.topic, json.dumps(example.event).encode(), STRUCTURED)
    payload = json.dumps(example.event["data"]).encode()
    return Wire(example.topic, payload, "application/json", tuple(example.attributes.items()))


def test_the_committed_document_is_made_from_the_models() -> None:
    """`docs/asyncapi.yaml` is what the models say today."""
    committed = (ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8")

    assert committed == text(), "run: controlroom contract asyncapi --out docs/asyncapi.yaml"
    assert yaml.safe_load(committed) == DOCUMENT


def test_the_document_is_asyncapi_3() -> None:
    """The document fits the JSON schema of AsyncAPI 3.0, MQTT bindings included."""
    assert SPECIFICATION.exists(), f"{SPECIFICATION} is missing: make .venv/node.stamp"
    specification = json.loads(SPECIFICATION.read_text(encoding="utf-8"))

    jsonschema.Draft7Validator(specification).validate(DOCUMENT)


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=lambda part: part if isinstance(part, str) else ""
)
def test_every_example_fits_its_schema(name: str, example: dict[str, Any]) -> None:
    """Payload and headers of each example are what the message's own schemas allow."""
    fits(MESSAGES[name]["payload"], example["payload"])
    if "headers" in MESSAGES[name]:
        fits(MESSAGES[name]["headers"], example["headers"])


@pytest.mark.parametrize("name", MESSAGES)
def test_a_schema_refuses_what_is_foreign(name: str) -> None:
    """An unknown field in the data of a message is refused by its schema, as the service refuses it."""
    payload = json.loads(json.dumps(MESSAGES[name]["examples"][0]["payload"]))
    payload.get("data", payload)["surprise"] = 1

    with pytest.raises(jsonschema.ValidationError):
        fits(MESSAGES[name]["payload"], payload)


@pytest.mark.parametrize(("kind", "example"), ALL_SIGNALS, ids=lambda part: getattr(part, "name", str(part)))
def test_the_service_reads_every_example_in_both_modes(kind: Kind, example: Example) -> None:
    """Structured and binary mode of an example are read as the same signal of its kind, on its topic."""
    structured, binary = (read(as_wire(example, binary=mode)) for mode in (False, True))

    assert structured == binary
    assert kind_of(structured) == kind
    topic = parse(example.topic)
    assert isinstance(topic, SignalTopic)
    assert (topic.kind, structured.source) == (kind, example.topic)


def test_crews_and_the_room_read_the_examples_of_dispatch() -> None:
    """Orders and reports of the document are read by their production readers, on topics of their kind."""
    orders = [read_order(as_wire(example, binary=False).payload) for example in ORDERS]
    reports = [read_step(as_wire(example, binary=False).payload) for example in REPORTS]

    assert [order.id for order in orders] == [order.data.order for order in orders]
    about = {report.data.step: report.data.order for report in reports}
    assert about.pop(Step.ACKNOWLEDGED) == UPDATES[0].event["id"]
    assert set(about.values()) == {orders[0].id}
    assert {type(parse(example.topic)) for example in ORDERS} == {OwnTopic}
    assert {type(parse(example.topic)) for example in REPORTS} == {ReportTopic}


def test_what_else_is_said_of_orders_and_crews_is_read_as_it_stands() -> None:
    """Stand-downs, what is in hand and words of crews have production readers too."""
    said = [read_instruction(as_wire(one, binary=False).payload) for one in (*STAND_DOWNS, *UPDATES)]
    kept = [read_current(as_wire(example, binary=False).payload) for example in CURRENTS]
    words = [read_report(as_wire(example, binary=False).payload) for example in STATUSES]

    assert [type(one) for one in said] == [StandDownMessage, OrderUpdateMessage]
    assert said[1].data.model_dump()["update"] == said[1].id
    assert [job.step for one in kept for job in one.data.orders] == ["en_route"]
    assert {type(one) for one in words} == {CrewStatusMessage}
    assert {type(parse(example.topic)) for example in (*STAND_DOWNS, *UPDATES, *CURRENTS)} == {OwnTopic}
    assert {type(parse(example.topic)) for example in STATUSES} == {ReportTopic}


def test_every_kind_has_its_channel_and_several_examples() -> None:
    """No feed can be added without its channel, its two messages and at least two examples of each."""
    addresses = [channel["address"] for channel in DOCUMENT["channels"].values()]

    assert set(MODELS) == set(SIGNALS) == set(Kind)
    for kind in Kind:
        assert f"leedswatch/{{area}}/{kind}/{{source}}" in addresses
        assert len(SIGNALS[kind]) >= 2


def test_the_status_that_is_sent_is_the_one_described() -> None:
    """What an instance says on coming, going and dying fits the schema of the status message."""
    presence = session_settings(load(None, {"CONTROLROOM_ROOM__DEMONSTRATION": "true"})).presence

    assert presence is not None
    assert presence.topic == "leedswatch/status/leedswatch-1"
    for said in (presence.online, presence.offline, presence.lost):
        fits(MESSAGES["status"]["payload"], json.loads(said))
