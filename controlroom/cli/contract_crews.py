"""What the room says to crews and what they say back: the dispatch examples of `docs/asyncapi.yaml`.

Every one is also read by the production reader in the tests.
"""

from typing import Any

from controlroom.cli.contract_examples import Example
from controlroom.signals.dispatch_messages import current_topic, orders_topic, reports_topic

_UNIT = "MR-1"


def _dispatch(name: str, summary: str, topic: str, kind: str, event: dict[str, Any]) -> Example:
    head = {"specversion": "1.0", "type": f"uk.gov.leeds.leedswatch.{kind}.v1", "source": topic}
    return Example(name, summary, topic, head | event)


def _order(name: str, summary: str, more: dict[str, Any]) -> Example:
    data: dict[str, Any] = {
        "order": "ORD-418",
        "incident": "INC-412",
        "unit": _UNIT,
        "area": "inner-east",
        "site": "SITE-0042",
    }
    data |= {"kind": "arc-alarm", "priority": 1, "issued_at": "2026-01-31T23:12:46Z"}
    event = {"id": "ORD-418", "time": "2026-01-31T23:12:46Z", "data": data | more}
    return _dispatch(name, summary, orders_topic(_UNIT), "order", event)


def _report(step: str, summary: str, more: dict[str, Any]) -> Example:
    data = {"order": "ORD-418", "unit": _UNIT, "step": step, **more}
    event = {"id": f"{data['order']}-{step}", "time": "2026-01-31T23:14:00Z", "data": data}
    return _dispatch(step, summary, reports_topic(_UNIT), "crew-report", event)


ORDERS = (
    _order(
        "send",
        "Go there, within twenty minutes, for this signal.",
        {"instruction": "Attend.", "respond_within_s": 1200, "signal": "PANEL-0042-000017"},
    ),
    _order("send-untimed", "Go there; no rule sets a time.", {"instruction": "Look at the camera."}),
)

REPORTS = (
    _report("accepted", "The crew goes.", {}),
    _report("refused", "The crew cannot go.", {"reason": "vehicle fault"}),
    _report("cleared", "It is over, and this is what it was.", {"outcome": "false_alarm", "cause": "animal"}),
    _report("stood_down", "The crew has heard that it is over.", {}),
    _report("acknowledged", "The crew knows that it is more urgent.", {"order": "ORD-418-update-1"}),
)

UPDATES = (
    _dispatch(
        "order-update",
        "Somebody has pressed a panic button where the crew goes already.",
        orders_topic(_UNIT),
        "order-update",
        {
            "id": "ORD-418-update-1",
            "time": "2026-01-31T23:16:00Z",
            "data": {
                "update": "ORD-418-update-1",
                "order": "ORD-418",
                "incident": "INC-412",
                "unit": _UNIT,
                "priority": 1,
                "instruction": "now priority 1: panic at Hill School; before it intruder",
                "issued_at": "2026-01-31T23:16:00Z",
                "respond_within_s": 600,
            },
        },
    ),
)

STAND_DOWNS = (
    _dispatch(
        "stand-down",
        "Do not go on: the keyholder is there.",
        orders_topic(_UNIT),
        "stand-down",
        {
            "id": "ORD-418-stand-down",
            "time": "2026-01-31T23:20:00Z",
            "data": {
                "order": "ORD-418",
                "incident": "INC-412",
                "unit": _UNIT,
                "reason": "The keyholder is there.",
                "issued_at": "2026-01-31T23:20:00Z",
            },
        },
    ),
)

CURRENTS = (
    _dispatch(
        "current",
        "The crew is on its way to one job, which a terminal that starts again shows.",
        current_topic(_UNIT),
        "current",
        {
            "id": f"{_UNIT}-431",
            "time": "2026-01-31T23:15:00Z",
            "data": {
                "unit": _UNIT,
                "as_of": 431,
                "orders": [
                    ORDERS[0].event["data"]
                    | {
                        "version": 3,
                        "step": "en_route",
                        "name": "Hill School",
                        "position": {"latitude": 53.81, "longitude": -1.52},
                        "keys": True,
                        "entry": "Gate at the back",
                        "hazards": ["asbestos"],
                    }
                ],
            },
        },
    ),
)

STATUSES = tuple(
    _dispatch(
        word,
        summary,
        reports_topic(_UNIT),
        "crew-status",
        {
            "id": f"{_UNIT}-{word}-7",
            "time": "2026-01-31T22:00:00Z",
            "data": {"unit": _UNIT, "word": word, **more},
        },
    )
    for word, summary, more in (
        ("booked_on", "The crew begins its shift.", {}),
        ("check_in", "A sign of life from the place.", {"position": {"latitude": 53.81, "longitude": -1.52}}),
        ("sos", "The crew calls for help.", {}),
    )
)
