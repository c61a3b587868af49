"""Sessions of people and tokens of machines: 256 random bits each, of which only a digest is ever kept.

A session ends when nobody used it for a while, when it is old, when somebody signs out or revokes it. An open
live page counts as use: an operator who watches for an hour without touching a key has not gone away. A token
ends at its moment, or when somebody revokes it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import msgspec

from controlroom.access.permissions import Role

KEY_BYTES = 32
"""256 bits: nothing to guess, so a plain digest is enough to keep."""

TOKEN_MARK = "crt_"  # noqa: S105 - how tokens begin, none itself
"""Begins every token, so that a scanner finds one that was committed by mistake."""


class Limits(msgspec.Struct, frozen=True):
    """How long a session lasts without use, and at all."""

    idle: timedelta = timedelta(hours=1)
    whole: timedelta = timedelta(hours=13)


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """One signed-in browser. `id` is public, for lists; `form` is the token that its forms carry."""

    id: str
    account: str
    created: datetime
    seen: datetime
    form: str
    address: str = ""
    agent: str = ""
    by: str = "password"


class Token(msgspec.Struct, frozen=True, omit_defaults=True):
    """A key for a machine: what it may, until when, and who made it. `id` is public, for lists."""

    id: str
    name: str
    roles: tuple[Role, ...]
    created: datetime
    until: datetime
    by: str


class Once(msgspec.Struct, frozen=True):
    """A link that signs somebody in one single time, until a moment."""

    id: str
    account: str
    until: datetime


def new_key() -> str:
    """Return 256 random bits as text that fits a cookie, a header and an address."""
    return secrets.token_urlsafe(KEY_BYTES)


def digest_of(key: str) -> str:
    """Return what is kept of a key: whoever reads the store cannot sign in with it.

    A header may hold any bytes, which arrive as lone surrogates: a key like that opens nothing.
    """
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def stands(session: Session, now: datetime, limits: Limits) -> bool:
    """Return whether this session still opens doors."""
    return now - session.seen <= limits.idle and now - session.created <= limits.whole
