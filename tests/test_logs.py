"""The log: one canonical line a signal, report or quarantined message, and every line is JSON."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import structlog

from controlroom.events import CrewReported, Event, OrdersHandedOver, SignalReceived, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.ingest.decode import decode
from controlroom.logs import CanonicalLog, Form, Level, set_up
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import LIMITS, NOON, after, estate, handbook, signal, topic_of

ACCEPTED = CrewReported(Wire("t", b"secret"), "ORD-1", "MR-01", Step.ACCEPTED)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Whatever a test configures is taken back."""
    yield
    structlog.reset_defaults()


def records_of(*events: Event) -> list[Record]:
    """Return the records of these events, all of them two seconds after noon."""
    state, records = State(), []
    for event in events:
        decision = decide(handbook(), state, event, after(2))
        apply(state, state.position + 1, after(2), decision)
        records.append(Record(state.position, after(2), event, decision))
    return records


def lines(capsys: pytest.CaptureFixture[str], *events: Event, level: Level = "info") -> list[dict[str, Any]]:
    """Return the lines that the canonical log writes of these events."""
    CanonicalLog(level, "json").released(records_of(*events))
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_signal_for_mobile_response_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The line says what came, from where, how old it was, what was decided by which rule, and who goes."""
    (line,) = lines(capsys, signal(Kind.ARC_ALARM, "a1", event="panic"))

    assert line == {
        "event": "signal",
        "level": "info",
        "timestamp": "2026-03-02T12:00:02Z",
        "position": 1,
        "topic": topic_of(Kind.ARC_ALARM),
        "id": "a1",
        "age_ms": 2000,
        "reason": "rule",
        "rule": "about-panic",
        "route": "mobile_response",
        "priority": 1,
        "incident": "INC-1",
        "unit": "MR-01",
    }


def test_a_signal_for_the_log_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is sent, and the line names no incident and no unit."""
    (line,) = lines(capsys, signal(Kind.LONE_WORKER))

    assert (line["route"], line["priority"], line["reason"]) == ("log", 4, "rule")
    assert not {"incident", "unit"} & line.keys()


def test_a_signal_that_joined_names_its_incident(capsys: pytest.CaptureFixture[str]) -> None:
    """A further signal's line leads to the incident that it belongs to."""
    first, second = (signal(Kind.ARC_ALARM, name, event="intruder") for name in ("a1", "a2"))
    line = lines(capsys, first, second)[1]

    assert (line["position"], line["route"], line["incident"]) == (2, "mobile_response", "INC-1")
    assert "unit" not in line


def test_reports_and_quarantined_messages_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """What a crew says and what could not be understood are found in the log with their reasons."""
    garbage = decode(Wire(topic_of(Kind.GUARD), b"\xff secret"), estate(), LIMITS, NOON)
    assert garbage is not None
    _, report, kept = lines(capsys, signal(Kind.ARC_ALARM, event="panic"), ACCEPTED, garbage)

    assert (report["event"], report["order"], report["unit"], report["step"]) == (
        "crew_report",
        "ORD-1",
        "MR-01",
        "accepted",
    )
    assert (kept["event"], kept["topic"], kept["position"]) == ("quarantined", topic_of(Kind.GUARD), 3)
    assert kept["reason"] in {"not_utf8", "bad_json"}


def test_a_batch_has_one_line_a_signal_and_none_for_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    """Ticks and hand-overs show in their effects; the lines stand in the order of the journal."""
    signals: list[Event] = [signal(Kind.LONE_WORKER, f"w{number}") for number in range(5)]
    written = lines(capsys, *signals[:2], Tick(), *signals[2:], OrdersHandedOver(()))

    assert [line["position"] for line in written] == [1, 2, 4, 5, 6]
    assert {line["event"] for line in written} == {"signal"}


def test_payloads_stay_out_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the raw message nor a person's position is written, whatever was decided."""
    where = {"latitude": 53.812345, "longitude": -1.543210}
    event = signal(Kind.LONE_WORKER, event="sos", position=where)
    assert isinstance(event, SignalReceived)
    CanonicalLog("info", "json").released(records_of(event, ACCEPTED))
    written = capsys.readouterr().err

    assert written.count("\n") == 2
    assert not [word for word in ("53.812345", "secret", "specversion") if word in written]


def test_a_higher_level_silences_the_canonical_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """At warning nothing is written of what went well."""
    assert lines(capsys, signal(Kind.LONE_WORKER), level="warning") == []


def test_a_person_can_watch_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The form for people has a line a signal too, with the same facts."""
    CanonicalLog("info", "console").released(records_of(signal(Kind.LONE_WORKER, "w1")))
    (line,) = capsys.readouterr().err.splitlines()

    assert "signal" in line
    assert "about-check_in" in line


def test_every_other_line_is_json_with_its_level_and_moment(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the rest of the service says is a JSON line; below the level nothing is written."""
    set_up("info", "json")
    log = structlog.get_logger("journal")
    log.debug("unseen")
    log.warning("degraded", because='the store said "no"\nand hung up', snowman="☃")
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert (line["level"], line["event"], line["snowman"]) == ("warning", "degraded", "☃")
    assert line["because"] == 'the store said "no"\nand hung up'
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch, form: Form) -> None:
    """A full disk behind the log costs lines, which are counted, and neither the room nor its other words."""
    full = Path("/dev/full").open("w")  # noqa: SIM115 - closing it fails, as it should, below
    monkeypatch.setattr("sys.stderr", full)
    set_up("info", form)
    log = CanonicalLog("info", form)

    log.released(records_of(ACCEPTED))
    log.released(records_of(ACCEPTED))
    structlog.get_logger("journal").error("degraded", because="the store is away")

    assert log.lost == 2
    with suppress(OSError):
        full.close()
