"""`docs/asyncapi.yaml`: every channel, message and example, made from the models that read and write them.

AsyncAPI 3.0. Each signal can come in both CloudEvents modes: structured (the event is the payload) and
binary (attributes are MQTT 5 user properties, the payload is `data` alone).
"""

from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from controlroom.cli.contract_crews import CURRENTS, ORDERS, REPORTS, STAND_DOWNS, STATUSES, UPDATES
from controlroom.cli.contract_examples import SIGNALS, Example
from controlroom.estate.areas import Area
from controlroom.signals import envelope
from controlroom.signals.dispatch_messages import (
    CrewReportMessage,
    CrewStatusMessage,
    CurrentMessage,
    OrderMessage,
    OrderUpdateMessage,
    StandDownMessage,
)
from controlroom.signals.envelope import STRUCTURED, type_of
from controlroom.signals.payloads import Payload
from controlroom.signals.vocabulary import Kind

Node = dict[str, Any]
"""A piece of the document."""

MODELS: dict[Kind, type[envelope.Envelope]] = {
    Kind.ARC_ALARM: envelope.ArcAlarmSignal,
    Kind.CAMERA_FAULT: envelope.CameraFaultSignal,
    Kind.HELP_POINT: envelope.HelpPointSignal,
    Kind.LONE_WORKER: envelope.LoneWorkerSignal,
    Kind.GUARD: envelope.GuardSignal,
    Kind.PARK: envelope.ParkSignal,
    Kind.TELECARE: envelope.TelecareSignal,
}

MQTT_BINDING = "0.2.0"
"""Version of the MQTT bindings that this document follows."""

NEWS = {"qos": 1, "retain": False, "bindingVersion": MQTT_BINDING}
"""Everything but the status travels at QoS 1: acknowledged means stored."""

STATE = {"qos": 0, "retain": True, "bindingVersion": MQTT_BINDING}
"""The status is kept by the broker for whoever asks later."""

KEPT = {"qos": 1, "retain": True, "bindingVersion": MQTT_BINDING}
"""What a crew has in hand is kept by the broker, so that a terminal that starts again sees its job."""

_HEAD = "# Made by `controlroom contract asyncapi`; change the models in controlroom/signals/ instead.\n"


class Receipt(Payload):
    """Proof that a signal is durable: its id (null where it could not be read) and its journal position."""

    id: str | None
    position: Annotated[int, Field(ge=1)]


class Status(Payload):
    """What an instance says of itself; `lost` is its last will."""

    instance: str
    status: Literal["online", "offline", "lost"]


def document() -> Node:
    """Return the whole document."""
    channels, messages = _signal_channels(), _signal_messages()
    own_channels, own_messages = _own_channels(), _own_messages()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "controlroom",
            "version": "1.0.0",
            "description": "Signals in, orders out, reports in. Every message is a CloudEvent 1.0 in JSON, "
            "but for receipts and status. `source` repeats the topic; (`source`, `id`) names a duplicate.",
        },
        "defaultContentType": STRUCTURED,
        "servers": {"broker": _server()},
        "channels": channels | own_channels,
        "operations": {
            name: _operation(name, channel) for name, channel in (channels | own_channels).items()
        },
        "components": {"messages": messages | own_messages, "schemas": schemas()},
    }


def text() -> str:
    """Return the document as YAML."""
    body: str = yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
    return _HEAD + body


def schemas() -> Node:
    """Return the schema of every payload, by model name."""
    orders = (OrderMessage, OrderUpdateMessage, StandDownMessage, CurrentMessage)
    crews = (CrewReportMessage, CrewStatusMessage)
    models: list[type[BaseModel]] = [*MODELS.values(), *orders, *crews, Receipt, Status]
    _, whole = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    found: Node = whole["$defs"]
    for schema in found.values():
        schema["description"] = " ".join(schema.get("description", "").split())
    return found


class _Plain(yaml.SafeDumper):
    """YAML without anchors: a reader should not have to look elsewhere."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - YAML's own signature
        return True


def _server() -> Node:
    return {
        "host": "127.0.0.1:1883",
        "protocol": "mqtt",
        "protocolVersion": "5",
        "description": "An MQTT 5 broker with persistence; where it is, `[broker]` of the settings says.",
    }


def _camel(kind: Kind) -> str:
    first, *rest = kind.split("-")
    return first + "".join(word.capitalize() for word in rest)


def _signal_channels() -> Node:
    return {
        _camel(kind): {
            "address": f"leedswatch/{{area}}/{kind}/{{source}}",
            "description": " ".join((model.__doc__ or "").split()),
            "parameters": {
                "area": {
                    "enum": [str(area) for area in Area],
                    "description": "Community Committee area of the source.",
                },
                "source": {"description": "Key of the device that speaks."},
            },
            "messages": {
                mode: {"$ref": f"#/components/messages/{_camel(kind)}{mode.capitalize()}"}
                for mode in ("structured", "binary")
            },
        }
        for kind, model in MODELS.items()
    }


def _own_channels() -> Node:
    unit = {"unit": {"description": "Key of the crew's unit."}}
    instance = {"instance": {"description": "Name of the instance, `service.instance` of its settings."}}
    place = {"place": {"description": "Whatever the publisher chose, in one segment or several."}}
    return {
        "orders": _channel(
            "leedswatch/dispatch/{unit}/orders",
            "What a crew is told to do, and that it is over before its time.",
            unit,
            *("order", "standDown"),
        ),
        "current": _channel(
            "leedswatch/dispatch/{unit}/current",
            "What a crew has in hand, kept by the broker; an empty payload when it is nothing.",
            unit,
            "current",
        ),
        "reports": _channel(
            "leedswatch/dispatch/{unit}/reports",
            "How far a crew is with an order, and how it is itself.",
            unit,
            *("crewReport", "crewStatus"),
        ),
        "receipts": _channel(
            "leedswatch/receipts/{place}",
            "Receipts, for publishers that gave such a topic as their MQTT 5 response topic.",
            place,
            "receipt",
        ),
        "status": _channel(
            "leedswatch/status/{instance}", "Whether an instance is there.", instance, "status"
        ),
    }


def _channel(address: str, description: str, parameters: Node, *messages: str) -> Node:
    return {
        "address": address,
        "description": description,
        "parameters": parameters,
        "messages": {message: {"$ref": f"#/components/messages/{message}"} for message in messages},
    }


def _operation(name: str, channel: Node) -> Node:
    ours = name in {"orders", "current", "receipts", "status"}
    operation: Node = {
        "action": "send" if ours else "receive",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": channel["description"],
        "bindings": {"mqtt": {"status": STATE, "current": KEPT}.get(name, NEWS)},
    }
    if name in {_camel(kind) for kind in MODELS}:
        operation["reply"] = {"channel": {"$ref": "#/channels/receipts"}}
    return operation


def _signal_messages() -> Node:
    messages: Node = {}
    for kind, model in MODELS.items():
        name = _camel(kind)
        payload = model.model_fields["data"].annotation
        messages[f"{name}Structured"] = _message(
            f"{kind}, structured", STRUCTURED, model.__name__, [_structured(each) for each in SIGNALS[kind]]
        )
        messages[f"{name}Binary"] = _message(
            f"{kind}, binary", "application/json", getattr(payload, "__name__", ""), _binaries(SIGNALS[kind])
        ) | {"headers": _headers(kind)}
    return messages


def _own_messages() -> Node:
    receipt = {"name": "stored", "payload": {"id": "PANEL-0042-000017", "position": 412}}
    unreadable = {"name": "quarantined", "payload": {"id": None, "position": 413}}
    statuses = [
        {"name": word, "payload": {"instance": "leedswatch-1", "status": word}} for word in ("online", "lost")
    ]
    return {
        "order": _message("order", STRUCTURED, "OrderMessage", [_structured(each) for each in ORDERS]),
        "orderUpdate": _message(
            "order update", STRUCTURED, "OrderUpdateMessage", [_structured(each) for each in UPDATES]
        ),
        "standDown": _message(
            "stand-down", STRUCTURED, "StandDownMessage", [_structured(each) for each in STAND_DOWNS]
        ),
        "current": _message(
            "current", STRUCTURED, "CurrentMessage", [_structured(each) for each in CURRENTS]
        ),
        "crewReport": _message(
            "crew report", STRUCTURED, "CrewReportMessage", [_structured(each) for each in REPORTS]
        ),
        "crewStatus": _message(
            "crew status", STRUCTURED, "CrewStatusMessage", [_structured(each) for each in STATUSES]
        ),
        "receipt": _message("receipt", "application/json", "Receipt", [receipt, unreadable]),
        "status": _message("status", "application/json", "Status", statuses),
    }


def _message(title: str, content_type: str, schema: str, examples: list[Node]) -> Node:
    return {
        "title": title,
        "contentType": content_type,
        "payload": {"$ref": f"#/components/schemas/{schema}"},
        "bindings": {"mqtt": {"contentType": content_type, "bindingVersion": MQTT_BINDING}},
        "examples": examples,
    }


def _structured(example: Example) -> Node:
    return {"name": example.name, "summary": example.summary, "payload": example.event}


def _binaries(examples: tuple[Example, ...]) -> list[Node]:
    return [
        {
            "name": example.name,
            "summary": example.summary,
            "headers": example.attributes,
            "payload": example.event["data"],
        }
        for example in examples
    ]


def _headers(kind: Kind) -> Node:
    """Return the schema of the user properties: the attributes of the envelope, as text."""
    schema = envelope.Envelope.model_json_schema()
    names = [name for name in schema["properties"] if name not in {"datacontenttype", "data"}]
    properties: Node = {name: {"type": "string"} for name in names}
    properties |= {
        "specversion": {"const": "1.0"},
        "type": {"const": type_of(kind)},
        "time": {"type": "string", "format": "date-time"},
        "simulated": {"enum": ["true", "false"]},
    }
    required = [name for name in schema["required"] if name in properties]
    return {
        "type": "object",
        "description": "MQTT 5 user properties; `datacontenttype` is the MQTT content type.",
        "properties": properties,
        "required": [*required, "type"],
    }
