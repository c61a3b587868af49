"""Frames that were written long ago, and frames of a version that is still to come."""

import base64
import zlib
from pathlib import Path

import msgspec

from controlroom.incidents.apply import apply
from controlroom.incidents.incident import Status
from controlroom.incidents.state import State
from controlroom.journal.records import decode_applied, decode_frame
from controlroom.signals.vocabulary import Kind

FIRST_VERSION = Path(__file__).with_name("first_version.frame.txt")
"""A frame of the first version: twelve records of nine kinds of event. Never written again."""


def first_version() -> bytes:
    """Return the stored frame's bytes."""
    return zlib.decompress(base64.b64decode(FIRST_VERSION.read_bytes()))


def test_a_frame_of_the_first_version_is_read_for_ever() -> None:
    """Its events can be told again, and its decisions lead to the state that they led to then."""
    records = decode_frame(first_version())
    state = State()
    for offset, stored in enumerate(decode_applied(first_version()).records, start=1):
        apply(state, offset, stored.now, stored.decision)

    assert [record.position for record in records] == list(range(1, 13))
    assert len({type(record.event) for record in records}) == 9
    assert [(one.kind, one.status) for one in state.closed.values()] == [
        (Kind.HELP_POINT, Status.CLOSED),
        (Kind.ARC_ALARM, Status.CLOSED),
    ]
    assert (len(state.unsent), state.quarantined, len(state.heard)) == (1, 1, 3)


def test_what_a_later_version_adds_to_a_decision_is_passed_over() -> None:
    """A field that this version does not know does not keep it from reading the rest."""
    writer, position, records = msgspec.msgpack.decode(first_version())
    for record in records:
        record[1]["weather"] = "rain"
        record.append("a column more")
    body = msgspec.msgpack.encode([writer, position, records, "and one here"])

    assert decode_applied(body).records[3].decision == decode_applied(first_version()).records[3].decision
