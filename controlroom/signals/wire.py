"""The message as it came off the wire, before anybody understood it.

This is what the journal keeps of every input, so that a decoder that was wrong can be put right and
asked again years later. It holds everything that the decoder may look at and nothing else: no clock
reading, no connection, no packet id.
"""

from hashlib import blake2b

import msgspec

KEY_BYTES = 16
"""Digest size of a duplicate's key: two different signals share one less often than once in 10^27."""


def duplicate_key(source: str, identifier: str) -> bytes:
    """Return the name under which a message is recognised when it comes again (CloudEvents: source + id)."""
    return blake2b(f"{source}\n{identifier}".encode(), digest_size=KEY_BYTES).digest()


class Wire(msgspec.Struct, frozen=True, gc=False):
    """One MQTT message, byte for byte.

    `attributes` are the MQTT 5 user properties in the order they came; a name may repeat.
    `content_type`, `response_topic` and `correlation` are None when the publisher sent none.
    `retained` marks a message that the broker kept from the past: it is state, not news.
    """

    topic: str
    payload: bytes
    content_type: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    retained: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None
