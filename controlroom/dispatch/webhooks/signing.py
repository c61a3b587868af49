"""The signature of what is sent, as Standard Webhooks describes it, so that receivers can use its libraries.

HMAC-SHA256 over the event's id, the moment of sending and the body, with a point between them. The moment is
signed, so that who recorded a message cannot send it again later; the id is the same at each attempt, so
that a receiver takes it once.
"""

import base64
import hashlib
import hmac
from datetime import datetime

ID, MOMENT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
"""The three headers; the moment is in whole seconds since 1970."""

VERSION = "v1"
"""The scheme: HMAC-SHA256 with a key that both sides have, in base64."""


def signature(key: bytes, event_id: str, moment_s: int, body: bytes) -> str:
    """Return the value of the signature's header."""
    signed = f"{event_id}.{moment_s}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode('ascii')}"


def headers(key: bytes, event_id: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that go with this body at this moment."""
    moment_s = int(moment.timestamp())
    return {ID: event_id, MOMENT: str(moment_s), SIGNATURE: signature(key, event_id, moment_s, body)}
