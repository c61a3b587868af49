"""Small builders that tests share: a tiny estate, a judge with one opinion a word, signals on the wire."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew, Estate, Place
from controlroom.events import SignalReceived
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.ingest.decode import Limits, decode
from controlroom.measures.book import Book
from controlroom.measures.ledger import Ledger
from controlroom.measures.plan.read import read_plan
from controlroom.rules.calendars import Calendar
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict, no_rule
from controlroom.signals.envelope import type_of
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire

PLAN = read_plan("plan-on-a-page.yaml", Path("config/plan-on-a-page.yaml").read_text("utf-8"))
BOOK, REAL_BOOK = Book(PLAN, count_simulated=True), Book(PLAN, count_simulated=False)
ALARMS_HANDLED, ALARMS_RESPONDED, LONE_WORKER_CHECKS = (
    "alarms_handled",
    "alarms_responded",
    "lone_worker_checks",
)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LIMITS = Limits(payload_bytes=4096, future_s=300, simulated_welcome=True)

_DATA: dict[Kind, dict[str, Any]] = {
    Kind.ARC_ALARM: {"site": "S1", "event": "intruder", "zone": "Z1", "set_state": "set"},
    Kind.CAMERA_FAULT: {"camera": "C1", "fault": "offline", "state": "raised"},
    Kind.HELP_POINT: {"point": "H1", "call": "K1", "step": "started"},
    Kind.LONE_WORKER: {"worker": "W1", "event": "check_in"},
    Kind.GUARD: {"guard": "G1", "post": "P1", "event": "on_duty"},
    Kind.PARK: {"park": "K1", "event": "opened", "warden": "PW-1"},
    Kind.TELECARE: {"home": "T1", "event": "test", "device": "D-1"},
}
_SOURCE = {
    Kind.ARC_ALARM: "S1",
    Kind.CAMERA_FAULT: "C1",
    Kind.HELP_POINT: "H1",
    Kind.LONE_WORKER: "W1",
    Kind.GUARD: "P1",
    Kind.PARK: "K1",
    Kind.TELECARE: "T1",
}


def figure(ledger: Ledger, measure: str) -> int:
    """Return how much of the measure there is, of all time."""
    return ledger.counted.get(measure, 0) - ledger.taken_back.get(measure, 0)


def after(seconds: float) -> datetime:
    """Return the moment that many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def topic_of(kind: Kind, source: str | None = None) -> str:
    """Return the topic of the test city's source of this kind."""
    return f"leedswatch/inner-east/{kind}/{source or _SOURCE[kind]}"


def body(kind: Kind, identifier: str = "1", *, source: str | None = None, **data: Any) -> dict[str, Any]:
    """Return a structured CloudEvent of this kind as a plain dictionary."""
    return {
        "specversion": "1.0",
        "id": identifier,
        "source": topic_of(kind, source),
        "type": type_of(kind),
        "time": NOON.isoformat(),
        "data": _DATA[kind] | data,
    }


def wire(kind: Kind, identifier: str = "1", *, source: str | None = None, **data: Any) -> Wire:
    """Return a structured message of this kind as it comes off the wire."""
    event = body(kind, identifier, source=source, **data)
    return Wire(event["source"], json.dumps(event).encode(), "application/cloudevents+json")


def signal(kind: Kind, identifier: str = "1", *, source: str | None = None, **data: Any) -> SignalReceived:
    """Return a received signal of this kind."""
    event = decode(wire(kind, identifier, source=source, **data), estate(), LIMITS, NOON)
    assert isinstance(event, SignalReceived), event
    return event


def estate() -> Estate:
    """Return a city of one source a kind and two crews."""
    places = [
        Place(
            topic=topic_of(kind),
            kind=kind,
            area=Area.INNER_EAST,
            site=source,
            site_kind="library",
            name=f"Library of {source}",
        )
        for kind, source in _SOURCE.items()
    ]
    crews = [Crew("MR-01", Area.INNER_EAST), Crew("MR-02", Area.OUTER_WEST)]
    return Estate({place.topic: place for place in places}, {crew.unit: crew for crew in crews})


class OneWordJudge:
    """Sends a crew for urgent words, asks an operator for `answered`, logs what it knows, and no more."""

    version = "test-rules"
    calendars: Mapping[str, Calendar] = MappingProxyType({})
    urgent = frozenset({"intruder", "fire", "panic", "sos", "started"})
    merged = frozenset({"intruder"})
    unknown = frozenset({"other"})

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion of the one word that the signal is about."""
        data = circumstances.signal.data
        word = str(getattr(data, "event", None) or getattr(data, "step", None) or getattr(data, "fault", ""))
        if word in self.unknown:
            return no_rule(circumstances.kind, self.version)
        return Verdict(
            table=circumstances.kind,
            rule=f"about-{word}",
            rule_set=self.version,
            route=Route.MOBILE_RESPONSE if word in self.urgent | {"answered"} else Route.LOG,
            priority=1 if word in self.urgent else 4,
            why=f"Because {word}.",
            dispatch=Dispatch.OPERATOR if word == "answered" else Dispatch.AUTOMATIC,
            merge="site" if word in self.merged else None,
        )


def handbook(*, demonstration: bool = False, accept_within_s: int = 60) -> Handbook:
    """Return the test room's handbook."""
    return Handbook(OneWordJudge(), estate(), HouseRules(demonstration, accept_within_s))
