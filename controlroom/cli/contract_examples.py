"""Messages as devices, crews and the room send them: the examples of `docs/asyncapi.yaml`.

Every one is also read by the production reader in the tests. Places and people are made up.
"""

from typing import Any

import msgspec

from controlroom.estate.areas import Area
from controlroom.ingest.topics import signal_topic
from controlroom.signals.envelope import type_of
from controlroom.signals.vocabulary import Kind


class Example(msgspec.Struct, frozen=True):
    """One message: what it is about, its topic, and the whole event in structured mode."""

    name: str
    summary: str
    topic: str
    event: dict[str, Any]

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes as MQTT 5 user properties, for binary mode."""
        rest = {key: value for key, value in self.event.items() if key not in {"data", "datacontenttype"}}
        return {key: str(value).lower() if isinstance(value, bool) else value for key, value in rest.items()}


def _signal(kind: Kind, area: Area, name: str, summary: str, event: dict[str, Any]) -> Example:
    source = event.pop("_source")
    topic = signal_topic(area, kind, source)
    head = {"specversion": "1.0", "type": type_of(kind), "source": topic}
    return Example(name, summary, topic, head | event)


def _of(source: str, identifier: str, time: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"_source": source, "id": identifier, "time": time, **more, "data": data}


_MORNING, _NIGHT = "2026-01-31T09:30:00Z", "2026-01-31T23:12:45.250+00:00"

SIGNALS: dict[Kind, tuple[Example, ...]] = {
    Kind.ARC_ALARM: (
        _signal(
            Kind.ARC_ALARM,
            Area.INNER_EAST,
            "intruder",
            "A detector of a set panel has seen somebody.",
            _of(
                "PANEL-0042",
                "PANEL-0042-000017",
                _NIGHT,
                {
                    "site": "SITE-0042",
                    "event": "intruder",
                    "zone": "Z-03",
                    "set_state": "set",
                    "code": "CID 1130",
                },
                sequence="17",
            ),
        ),
        _signal(
            Kind.ARC_ALARM,
            Area.INNER_EAST,
            "restored",
            "The same detector is quiet again; a restore closes nothing.",
            _of(
                "PANEL-0042",
                "PANEL-0042-000018",
                _NIGHT,
                {"site": "SITE-0042", "event": "intruder", "zone": "Z-03", "condition": "restored"},
            ),
        ),
        _signal(
            Kind.ARC_ALARM,
            Area.OUTER_SOUTH,
            "test",
            "The panel's daily test call.",
            _of(
                "PANEL-0107",
                "PANEL-0107-000950",
                _MORNING,
                {"site": "SITE-0107", "event": "test", "test": True, "code": "SIA RP"},
            ),
        ),
    ),
    Kind.CAMERA_FAULT: (
        _signal(
            Kind.CAMERA_FAULT,
            Area.OUTER_WEST,
            "raised",
            "A camera has lost its picture.",
            _of(
                "CAM-0311",
                "CAM-0311-5",
                _NIGHT,
                {"camera": "CAM-0311", "fault": "signal_loss", "state": "raised"},
            ),
        ),
        _signal(
            Kind.CAMERA_FAULT,
            Area.OUTER_WEST,
            "cleared",
            "It is back.",
            _of(
                "CAM-0311",
                "CAM-0311-6",
                _NIGHT,
                {"camera": "CAM-0311", "fault": "signal_loss", "state": "cleared"},
            ),
        ),
    ),
    Kind.HELP_POINT: (
        _signal(
            Kind.HELP_POINT,
            Area.INNER_WEST,
            "started",
            "Somebody pressed the button of a bus station's help point.",
            _of("HP-12", "HP-12-call-88-1", _NIGHT, {"point": "HP-12", "call": "call-88", "step": "started"}),
        ),
        _signal(
            Kind.HELP_POINT,
            Area.INNER_WEST,
            "answered",
            "An operator has taken the call.",
            _of(
                "HP-12",
                "HP-12-call-88-2",
                _NIGHT,
                {"point": "HP-12", "call": "call-88", "step": "answered", "answered_by": "desk-3"},
            ),
        ),
    ),
    Kind.LONE_WORKER: (
        _signal(
            Kind.LONE_WORKER,
            Area.OUTER_EAST,
            "sos",
            "A worker pressed SOS; the device knows where.",
            _of(
                "LW-07",
                "LW-07-2044",
                _NIGHT,
                {
                    "worker": "LW-07",
                    "event": "sos",
                    "position": {"latitude": 53.79, "longitude": -1.53, "accuracy_m": 8.0},
                },
            ),
        ),
        _signal(
            Kind.LONE_WORKER,
            Area.OUTER_EAST,
            "amber",
            "A timed note: silence after this moment turns it red.",
            _of(
                "LW-07",
                "LW-07-2045",
                _MORNING,
                {"worker": "LW-07", "event": "amber_timer", "amber_until": "2026-01-31T10:00:00Z"},
            ),
        ),
        _signal(
            Kind.LONE_WORKER,
            Area.OUTER_EAST,
            "check-in",
            "All is well, said by a simulator.",
            _of(
                "LW-07",
                "LW-07-2046",
                _MORNING,
                {"worker": "LW-07", "event": "check_in"},
                simulated=True,
            ),
        ),
    ),
    Kind.GUARD: (
        _signal(
            Kind.GUARD,
            Area.INNER_SOUTH,
            "on-duty",
            "A guard books on.",
            _of("G-21", "G-21-310", _MORNING, {"guard": "G-21", "post": "POST-4", "event": "on_duty"}),
        ),
        _signal(
            Kind.GUARD,
            Area.INNER_SOUTH,
            "check-call",
            "A guard makes his check call.",
            _of("G-21", "G-21-311", _NIGHT, {"guard": "G-21", "post": "POST-4", "event": "check_call"}),
        ),
    ),
    Kind.PARK: (
        _signal(
            Kind.PARK,
            Area.OUTER_WEST,
            "closed",
            "A gate controller has closed the park for the night.",
            _of("PK-01", "PK-01-77", _NIGHT, {"park": "PK-01", "event": "closed"}),
        ),
        _signal(
            Kind.PARK,
            Area.OUTER_WEST,
            "antisocial",
            "A warden reports a group that does not leave.",
            _of(
                "PK-01",
                "PK-01-78",
                _NIGHT,
                {"park": "PK-01", "event": "antisocial_behaviour", "gate": "G-2", "warden": "PW-04"},
            ),
        ),
    ),
    Kind.TELECARE: (
        _signal(
            Kind.TELECARE,
            Area.INNER_NORTH_EAST,
            "pendant",
            "A resident pressed the trigger that they wear; the unit opens a voice path.",
            _of(
                "TC-0001",
                "TC-0001-412",
                _NIGHT,
                {
                    "home": "TC-0001",
                    "event": "pendant",
                    "device": "D-2",
                    "speech": True,
                    "code": "0003 ME 0010",
                },
                sequence="412",
            ),
        ),
        _signal(
            Kind.TELECARE,
            Area.INNER_NORTH_EAST,
            "test",
            "The unit's periodic test call.",
            _of(
                "TC-0001",
                "TC-0001-413",
                _MORNING,
                {"home": "TC-0001", "event": "test", "code": "0045 PI 0070"},
            ),
        ),
    ),
}
"""At least two of every kind."""
