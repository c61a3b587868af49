"""The lines of a feed: a header, messages and cuts in the order of their time, an end that vouches for them.

Moments are whole microseconds after the header's `begins`, because the journal's are: the same feed gives
the same `now` to the last digit. A line is JSON with its sort under `line`; what is absent has its default.

    {"line":"header","feed":1,"begins":"2026-03-02T00:00:00Z","zone":"Europe/London",...}
    {"line":"message","at_us":1500000,"topic":"leedswatch/inner-east/arc-alarm/SCH-001","text":"{...}",...}
    {"line":"cut","at_us":2000000,"for_us":30000000}
    {"line":"end","messages":1,"sha256":"..."}
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from controlroom.signals.wire import Wire

FORM = 1
"""The form of feed that is written; a reader refuses one that it does not know."""

SECOND_US = 1_000_000


class Header(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="line", tag="header"):
    """What a feed is, before its first message.

    `begins` has a time zone and is moment 0; `zone` is the clock on the wall there (IANA). `maker` is the
    command that wrote it with its version, `estate` the digest of the estate it speaks of (`estate_digest`),
    `seed` what it was drawn from, None for what was recorded. `simulated`: every signal in it carries the
    mark. `pseudonyms`: people were renamed. `settings` say how it was made, for people.
    """

    feed: int
    begins: datetime
    zone: str
    maker: str
    estate: str
    seed: int | None = None
    simulated: bool = False
    pseudonyms: bool = False
    settings: dict[str, str] = {}


class Spoken(msgspec.Struct, frozen=True, omit_defaults=True, gc=False, tag_field="line", tag="message"):
    """One MQTT message and when it came: its payload as `text` where it is UTF-8, else as `base64`.

    The other fields are those of a `Wire`.
    """

    at_us: int
    topic: str
    text: str | None = None
    base64: bytes | None = None
    content_type: str | None = None
    properties: tuple[tuple[str, str], ...] = ()
    retained: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None

    def wire(self) -> Wire:
        """Return the message as it comes off the wire."""
        payload = self.text.encode() if self.text is not None else self.base64 or b""
        return Wire(
            self.topic,
            payload,
            self.content_type,
            self.properties,
            self.retained,
            self.response_topic,
            self.correlation,
        )


class Cut(msgspec.Struct, frozen=True, tag_field="line", tag="cut"):
    """The devices' connection was lost for so long. Its messages stand behind it, at the time they came."""

    at_us: int
    for_us: int


class End(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="line", tag="end"):
    """The last line: how many messages there were, and digests of every byte before this line.

    `sha256` finds any accident; `hmac` (SHA-256 as well), there where the feed was signed, finds intent.
    """

    messages: int
    sha256: str
    hmac: str | None = None


Entry = Spoken | Cut
Line = Header | Spoken | Cut | End


def spoken(at_us: int, wire: Wire) -> Spoken:
    """Return the line of this message at this moment."""
    try:
        text, raw = wire.payload.decode(), None
    except UnicodeDecodeError:
        text, raw = None, wire.payload
    return Spoken(
        at_us,
        wire.topic,
        text,
        raw,
        wire.content_type,
        wire.attributes,
        wire.retained,
        wire.response_topic,
        wire.correlation,
    )


def moment(header: Header, at_us: int) -> datetime:
    """Return when that is, in the zone of the header's `begins`."""
    return header.begins + timedelta(microseconds=at_us)


def estate_digest(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of an estate's files (name to text), the same whatever order they are named in."""
    told = sha256()
    for name in sorted(files):
        text = files[name].encode()
        told.update(f"{name}\n{len(text)}\n".encode())
        told.update(text)
    return told.hexdigest()
