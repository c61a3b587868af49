"""The topic grammar: who may say what on which topic, read once per topic and remembered.

    leedswatch/<area>/<kind>/<source>          what the field says
    leedswatch/dispatch/<unit>/orders          what a crew is ordered           (ours)
    leedswatch/dispatch/<unit>/current         what a crew has in hand, kept    (ours)
    leedswatch/dispatch/<unit>/reports         what a crew answers
    leedswatch/receipts/<anything>             proof that a signal is durable   (ours)
    leedswatch/status/<instance>               who is alive                     (ours)

Anything else is a wrong topic: it is kept, because a mistyped topic may still carry an alarm.
"""

import re
from functools import lru_cache

import msgspec

from controlroom.estate.areas import Area
from controlroom.signals.vocabulary import Kind

ROOT = "leedswatch"
RECEIPTS = f"{ROOT}/receipts/"
"""Receipts go to topics below this one only, or a device could make the room write orders."""

_RECEIPT_TOPIC = re.compile(rf"{RECEIPTS}[A-Za-z0-9._-]{{1,64}}(/[A-Za-z0-9._-]{{1,64}}){{0,7}}")
"""Up to eight plain levels. Brokers close the connection for a topic they dislike (Mosquitto: more than
200 levels), and a receipt that is sent again on each new connection would then end every one of them."""

_KNOWN_TOPICS_MAX = 20_000
"""Topics remembered: ten times the demonstration estate, about 6 MB; strangers push each other out."""

_LONGEST = 256
"""Characters of a topic, at most: what an envelope's `source` may hold, which repeats the topic. MQTT
allows 65,535 bytes, and remembering strangers' topics of that length would take a gigabyte."""


class SignalTopic(msgspec.Struct, frozen=True):
    """A topic that a device speaks on."""

    area: Area
    kind: Kind
    source: str


class ReportTopic(msgspec.Struct, frozen=True):
    """A topic that a crew reports on."""

    unit: str


class OwnTopic(msgspec.Struct, frozen=True):
    """A topic that we or our peers write: not for the room."""


class UnknownKind(msgspec.Struct, frozen=True):
    """A well-formed topic of a feed that we do not have."""

    kind: str


class WrongTopic(msgspec.Struct, frozen=True):
    """A topic outside the grammar; `why` says what is allowed there."""

    why: str


Topic = SignalTopic | ReportTopic | OwnTopic | UnknownKind | WrongTopic

_AREAS = {str(area): area for area in Area}
_KINDS = {str(kind): kind for kind in Kind}
_OWN = frozenset({"receipts", "status"})
_OURS_TO_CREWS = frozenset({"orders", "current"})
_SEGMENTS = 4


def parse(topic: str) -> Topic:
    """Return what this topic is for; total: every string has an answer."""
    if len(topic) > _LONGEST:
        return WrongTopic(f"{len(topic)} characters; at most {_LONGEST} are a source's name")
    return _parse(topic)


@lru_cache(maxsize=_KNOWN_TOPICS_MAX)
def _parse(topic: str) -> Topic:
    segments = topic.split("/")
    if segments[0] == ROOT and len(segments) > 1 and segments[1] in _OWN:
        return OwnTopic()
    if segments[0] != ROOT or len(segments) != _SEGMENTS or not all(segments):
        return WrongTopic("expected leedswatch/<area>/<kind>/<source>")
    _, second, third, fourth = segments
    if second == "dispatch":
        return _dispatch(third, fourth)
    if second not in _AREAS:
        return WrongTopic(f"no area {second!r}; areas are {', '.join(_AREAS)}")
    if third not in _KINDS:
        return UnknownKind(third)
    return SignalTopic(_AREAS[second], _KINDS[third], fourth)


def _dispatch(unit: str, last: str) -> Topic:
    if last == "reports":
        return ReportTopic(unit)
    if last in _OURS_TO_CREWS:
        return OwnTopic()
    return WrongTopic("expected leedswatch/dispatch/<unit>/orders, .../current or .../reports")


def is_receipt_topic(topic: str) -> bool:
    """Say whether a publisher may have its receipt there: plain levels below `leedswatch/receipts/`."""
    return _RECEIPT_TOPIC.fullmatch(topic) is not None


def signal_topic(area: Area, kind: Kind, source: str) -> str:
    """Return the topic on which this source speaks."""
    return f"{ROOT}/{area}/{kind}/{source}"


def orders_topic(unit: str) -> str:
    """Return the topic on which this unit is ordered."""
    return f"{ROOT}/dispatch/{unit}/orders"
