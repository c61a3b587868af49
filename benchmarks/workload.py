"""The mixed workload: about 400 bytes a signal, all seven feeds, 45 % of them due for an order.

What is due is about a life: whatever else a source says again and again is rolled up into one incident.

Signal `n` is always the same but for its time, so a publisher, a listener and a checker agree on what
is due without speaking to each other. The order of the twenty kinds of message is spread, not in blocks.
"""

import msgspec

from controlroom.estate.model import CREW_TAG, Estate
from controlroom.signals.vocabulary import Kind

DUE = (
    *(True, False, True, False, False, True, False, True, False, True),
    *(False, True, False, False, True, False, True, False, True, False),
)
"""Which of twenty signals in a row end in an order: nine, 45 %."""

_URGENT = (
    (
        Kind.ARC_ALARM,
        '"site":"{site}","event":"panic","zone":"Z-07","condition":"active","set_state":"unset"',
    ),
    (
        Kind.ARC_ALARM,
        '"site":"{site}","event":"hold_up","zone":"Z-12","condition":"active","set_state":"set"',
    ),
    (Kind.LONE_WORKER, '"worker":"{source}","event":"sos","position":{{"latitude":53.79,"longitude":-1.54}}'),
    (Kind.TELECARE, '"home":"{source}","event":"fall","device":"D-1","speech":true'),
)
_ROUTINE = (
    (Kind.ARC_ALARM, '"site":"{site}","event":"test","zone":"Z-01","condition":"active","test":true'),
    (
        Kind.LONE_WORKER,
        '"worker":"{source}","event":"check_in","position":{{"latitude":53.8,"longitude":-1.5}}',
    ),
    (Kind.CAMERA_FAULT, '"camera":"{source}","fault":"offline","state":"raised"'),
    (Kind.GUARD, '"guard":"G-17","post":"{source}","event":"check_call"'),
    (Kind.PARK, '"park":"{source}","event":"opened","warden":"PW-3"'),
    (Kind.HELP_POINT, '"point":"{source}","step":"ended","call":"C-'),
    (Kind.CAMERA_FAULT, '"camera":"{source}","fault":"offline","state":"cleared"'),
)
_PADDING = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
"""The body of a trace id: real senders carry one, and it brings a signal to about 400 bytes."""

PERIOD = 2_000
"""Signals before a source comes again in the same role."""


class Template(msgspec.Struct, frozen=True):
    """One signal ready to be completed: its topic, the payload's parts, whether it is due for an order."""

    topic: str
    head: bytes
    middle: bytes
    tail: bytes
    own_call: bool
    due: bool

    def payload(self, identifier: bytes, moment: bytes) -> bytes:
        """Return the payload of the signal with this id at this moment (RFC 3339)."""
        if self.own_call:  # a call is one incident, so each signal that starts one has its own
            return b"".join((self.head, identifier, self.middle, moment, self.tail, identifier, b'"}}'))
        return b"".join((self.head, identifier, self.middle, moment, self.tail))


def templates(estate: Estate) -> list[Template]:
    """Return a period of signals over the sources of this estate."""
    by_kind: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for place in estate.places.values():
        # What stands for a group of cameras sends nothing itself, and crews have topics of their own.
        if place.kind in by_kind and CREW_TAG not in place.tags:
            by_kind[Kind(place.kind)].append(place.topic)
    made = []
    for n in range(PERIOD):
        due = DUE[n % len(DUE)]
        roles = _URGENT if due else _ROUTINE
        kind, data = roles[(n // 3) % len(roles)]
        topic = by_kind[kind][n * 7 % len(by_kind[kind])]
        made.append(_template(topic, kind, data, due=due))
    return made


def _template(topic: str, kind: Kind, data: str, *, due: bool) -> Template:
    source = topic.rsplit("/", 1)[1]
    filled = data.format(site=source, source=source)
    own_call = kind is Kind.HELP_POINT
    head = f'{{"specversion":"1.0","type":"uk.gov.leeds.leedswatch.{kind}.v1","source":"{topic}",'
    extra = f'"datacontenttype":"application/json","simulated":true,"traceparent":"00-{_PADDING}-01",'
    return Template(
        topic=topic,
        head=f'{head}{extra}"id":"'.encode(),
        middle=b'","time":"',
        tail=f'","data":{{{filled}'.encode() + (b"" if own_call else b"}}"),
        own_call=own_call,
        due=due,
    )


def is_due(n: int) -> bool:
    """Say whether signal `n` ends in an order."""
    return DUE[n % PERIOD % len(DUE)]
