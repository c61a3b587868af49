"""Everything a field can send that is no signal, and signals that only look odd; seeded.

Each bad letter says the reason under which it must be kept, or None where the fuzz decides. Left out is
what the broker itself refuses (malformed UTF-8 in a topic, wildcards, control characters): it ends the
publisher's connection and never reaches the room.
"""

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from tests.chaos.packets import Letter
from tests.chaos.workload import STRUCTURED, Said

LIMIT_BYTES = 65_536
"""The room's own limit of a payload, by default."""

PANEL = "leedswatch/inner-east/arc-alarm/SCH-001"
PANEL_TYPE = "uk.gov.leeds.leedswatch.arc-alarm.v1"
WORKER = "leedswatch/outer-west/lone-worker/LW-001"
REPORTS = "leedswatch/dispatch/MR-01/reports"
BIDI = "\u202e\u2066\u200b\ufeff\u0301"

Reason = str | None


class Bad(msgspec.Struct, frozen=True):
    """One letter that must end in quarantine, once, under `reason`; None accepts any."""

    letter: Letter
    reason: Reason


def event(**changes: Any) -> dict[str, Any]:
    """Return a sound opening report of a panel as a structured event."""
    sound = {
        "specversion": "1.0",
        "id": "g-1",
        "source": PANEL,
        "type": PANEL_TYPE,
        "time": "2026-03-02T12:00:00+00:00",
        "simulated": True,
        "data": {"site": "SCH-001", "event": "opened"},
    }
    return sound | changes


def encoded(value: Any) -> bytes:
    """Return compact JSON; NaN and infinity are written as JavaScript would."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def extended(raw: bytes) -> bytes:
    """Return a sound event with one more attribute, whose value is `raw` as it stands."""
    return encoded(event())[:-1] + b',"extra":' + raw + b"}"


def worker(position: bytes) -> bytes:
    """Return a worker's report whose position is `position` as it stands."""
    data = {"worker": "LW-001", "event": "check_in"}
    report = event(source=WORKER, type="uk.gov.leeds.leedswatch.lone-worker.v1", data=data)
    return encoded(report)[:-2] + b',"position":' + position + b"}}"


CORNERS: tuple[tuple[bytes, str], ...] = (
    (b"", "bad_json"),
    (b"null", "wrong_type"),
    (b"5", "wrong_type"),
    (b"[]", "wrong_type"),
    (b'""', "wrong_type"),
    (b"{}", "unknown_kind"),
    (b'{"type":null}', "unknown_kind"),
    (b'{"type":{}}', "unknown_kind"),
    (b"NaN", "wrong_type"),
    (b"\x00" * 40, "bad_json"),
    (b"[" * 60_000, "bad_json"),
    (b"[" * 100_000, "oversize"),
    (b'{"a":' * 10_000, "bad_json"),
    (extended(b"[" * 5_000 + b"]" * 5_000), "bad_json"),
    (extended(b"1" * 60_000), "bad_json"),
    (extended(b'"\\ud800"'), "bad_json"),
    (extended(b'"\\udc00\\ud800"'), "bad_json"),
    (extended(b'"\xed\xa0\x80"'), "not_utf8"),
    (extended(b'"\xc0\xaf"'), "not_utf8"),
    (extended(b'"\xf5\x80\x80\x80"'), "not_utf8"),
    (extended(b'"\x01"'), "bad_json"),
    (extended(b"'single'"), "bad_json"),
    (extended(b"0x10"), "bad_json"),
    (extended(b"01"), "bad_json"),
    (extended(b"1,"), "bad_json"),
    (b"\xef\xbb\xbf" + encoded(event()), "bad_json"),
    (encoded(event()).decode().encode("utf-16"), "not_utf8"),
    (encoded(event()) + encoded(event()), "bad_json"),
    (encoded(event(id="")), "wrong_type"),
    (encoded(event(id="a\u0000b")), "wrong_type"),
    (encoded(event(id=BIDI)), "wrong_type"),
    (encoded(event(id="x" * 129)), "wrong_type"),
    (encoded(event(id=1)), "wrong_type"),
    (encoded(event(specversion="0.3")), "wrong_type"),
    (encoded(event(time=1e300)), "wrong_type"),
    (encoded(event(time="12:00")), "wrong_type"),
    (encoded(event(time="2026-03-02T12:00:00")), "wrong_type"),
    (encoded(event(time="2026-02-30T12:00:00Z")), "wrong_type"),
    (encoded(event(simulated="yes")), "wrong_type"),
    (encoded(event(sequence=10**400)), "wrong_type"),
    (encoded(event(type="uk.gov.leeds.leedswatch.toaster.v1")), "unknown_kind"),
    (encoded(event(source="leedswatch/inner-east/arc-alarm/OTHER")), "wrong_topic"),
    (encoded(event(source="x" * 257)), "wrong_type"),
    (encoded(event(data=None)), "wrong_type"),
    (encoded(event(data={"site": "SCH-001", "event": "explosion"})), "wrong_type"),
    (encoded(event(data={"site": BIDI, "event": "opened"})), "wrong_type"),
    (encoded(event(data={"site": "SCH-001", "event": "opened", "extra": 1})), "wrong_type"),
    (encoded(event(data={"site": "SCH-001", "event": "opened", "test": 1})), "wrong_type"),
    (
        encoded(
            event(
                type="uk.gov.leeds.leedswatch.guard.v1", data={"guard": "a", "post": "b", "event": "on_duty"}
            )
        ),
        "wrong_type",
    ),
    (b"x" * (LIMIT_BYTES + 1), "oversize"),
    (b"\xff" * 2_000_000, "oversize"),
)
"""Payloads on a panel's topic, structured, each with its reason."""

POSITIONS = (
    b'{"latitude":NaN,"longitude":0}',
    b'{"latitude":1e400,"longitude":0}',
    b'{"latitude":1}',
    b"[1,2]",
)

TOPICS: tuple[tuple[str, str], ...] = (
    ("leedswatch", "wrong_topic"),
    ("leedswatch/inner-east", "wrong_topic"),
    ("leedswatch/inner-east/arc-alarm", "wrong_topic"),
    ("leedswatch/inner-east/arc-alarm/", "wrong_topic"),
    ("leedswatch//arc-alarm/SCH-001", "wrong_topic"),
    ("leedswatch/inner-east/arc-alarm/SCH-001/zone", "wrong_topic"),
    ("leedswatch/INNER-EAST/arc-alarm/SCH-001", "wrong_topic"),
    (f"leedswatch/{BIDI}/arc-alarm/SCH-001", "wrong_topic"),
    ("leedswatch/" + "/".join("x" * 150), "wrong_topic"),
    ("leedswatch/" + "x" * 60_000, "wrong_topic"),
    ("leedswatch/inner-east/toaster/SCH-001", "unknown_kind"),
    (f"leedswatch/inner-east/{BIDI}/SCH-001", "unknown_kind"),
    ("leedswatch/dispatch/MR-01/coffee", "wrong_topic"),
    ("leedswatch/dispatch/orders", "wrong_topic"),
    (PANEL + BIDI, "wrong_topic"),
)
"""Where a sound event of a panel has no business."""

REPORTED: tuple[tuple[bytes, str], ...] = (
    (b"{", "bad_json"),
    (b"{}", "wrong_type"),
    (b"\xff", "not_utf8"),
    (b"x" * (LIMIT_BYTES + 1), "oversize"),
)
"""What no crew reports."""

CONTENT_TYPES = ("image/png", "text/plain; charset=\u202e", "", "x" * 60_000, "application/cloudevents")


class Trouble:
    """Makes bad letters for ever, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._makers: tuple[Callable[[], Bad], ...] = (
            self._noise,
            self._cut,
            self._bitten,
            self._corner,
            self._corner,
            self._elsewhere,
            self._mislabelled,
            self._misplaced,
            self._reported,
        )

    def make(self) -> Bad:
        """Return the next bad letter, in one of the ways a publisher can send it."""
        draw = self._random
        bad = draw.choice(self._makers)()
        letter = msgspec.structs.replace(
            bad.letter,
            qos=draw.choices((0, 1, 2), (5, 85, 10))[0],
            retain=draw.random() < 0.02,
            attributes=bad.letter.attributes + self._flood(),
            correlation=draw.randbytes(20) if draw.random() < 0.1 else None,
        )
        return Bad(letter, bad.reason)

    def _flood(self) -> tuple[tuple[str, str], ...]:
        draw = self._random
        if draw.random() < 0.9:
            return ()
        words = ("", "__proto__", BIDI, "x" * 1_000, "traceparent", "id2")
        return tuple((draw.choice(words), draw.choice(words)) for _ in range(draw.choice((1, 20, 500))))

    def _noise(self) -> Bad:
        payload = b"\xff" + self._random.randbytes(self._random.randint(0, 400))
        return Bad(Letter(PANEL, payload, STRUCTURED), "not_utf8")

    def _cut(self) -> Bad:
        whole = encoded(event())
        return Bad(Letter(PANEL, whole[: self._random.randrange(len(whole))], STRUCTURED), "bad_json")

    def _bitten(self) -> Bad:
        """A sound event with bytes changed; the last brace goes as well, so that none stays sound."""
        draw = self._random
        payload = bytearray(encoded(event())[:-1])
        for _ in range(draw.randint(1, 6)):
            payload[draw.randrange(len(payload))] = draw.randrange(256)
        return Bad(Letter(PANEL, bytes(payload), STRUCTURED), None)

    def _corner(self) -> Bad:
        payload, reason = self._random.choice(CORNERS)
        return Bad(Letter(PANEL, payload, STRUCTURED), reason)

    def _elsewhere(self) -> Bad:
        topic, reason = self._random.choice(TOPICS)
        return Bad(Letter(topic, encoded(event()), STRUCTURED), reason)

    def _mislabelled(self) -> Bad:
        kind = self._random.choice(CONTENT_TYPES)
        return Bad(Letter(PANEL, encoded(event()), kind, (("id", "x"), ("source", PANEL))), "unknown_kind")

    def _misplaced(self) -> Bad:
        return Bad(Letter(WORKER, worker(self._random.choice(POSITIONS)), STRUCTURED), "wrong_type")

    def _reported(self) -> Bad:
        payload, reason = self._random.choice(REPORTED)
        return Bad(Letter(REPORTS, payload, STRUCTURED), reason)


class Odd(msgspec.Struct, frozen=True):
    """One signal that looks strange and is sound: decided once; `doubt` says what is noted beside it."""

    said: Said
    doubt: Reason


def odd_signals(run: str, now: datetime) -> Iterator[Odd]:
    """Yield every kind of odd signal once; ids begin with `run`."""
    known: dict[str, Any] = {"source": PANEL_KNOWN, "time": now.isoformat()}
    ghost = f"leedswatch/inner-east/arc-alarm/{BIDI}"
    plain = encoded(event(id=f"{run}-plain", **known))
    yield _odd(f"{run}-plain", PANEL_KNOWN, plain)
    for number, value in enumerate((b"NaN", b"1e400", b"1" * 4_000, b"[" * 150 + b"]" * 150, encoded(BIDI))):
        identifier = f"{run}-extra-{number}"
        raw = encoded(event(id=identifier, **known))[:-1] + b',"extra":' + value + b"}"
        yield _odd(identifier, PANEL_KNOWN, raw)
    twice = b'{"id":"another","source":"another",' + encoded(event(id=f"{run}-twice", **known))[1:]
    yield _odd(f"{run}-twice", PANEL_KNOWN, twice)
    flood = tuple((BIDI, "x" * 1_000) for _ in range(500))
    raw = encoded(event(id=f"{run}-flood", **known))
    yield _odd(f"{run}-flood", PANEL_KNOWN, raw, attributes=flood)
    for time, doubt in (("0001-01-01T00:00:00+14:00", None), ("9999-12-31T23:59:59-14:00", "future_time")):
        identifier = f"{run}-{time[:4]}"
        raw = encoded(event(id=identifier, source=PANEL_KNOWN, time=time))
        yield _odd(identifier, PANEL_KNOWN, raw, doubt=doubt)
    raw = encoded(event(id=f"{run}-ghost", source=ghost, time=now.isoformat()))
    yield _odd(f"{run}-ghost", ghost, raw, doubt="unknown_source")


PANEL_KNOWN = "leedswatch/outer-north-east/arc-alarm/SCH-001"


def _odd(
    identifier: str,
    topic: str,
    payload: bytes,
    *,
    doubt: Reason = None,
    attributes: tuple[tuple[str, str], ...] = (),
) -> Odd:
    return Odd(
        Said(topic, identifier, due=False, letter=Letter(topic, payload, STRUCTURED, attributes)), doubt
    )
