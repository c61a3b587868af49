"""Signing in through the council's service (OpenID Connect Core 1.0): what is asked, what is believed. Pure.

The code flow with PKCE (RFC 7636): the browser carries a code that is worth nothing without the verifier
that never left us. What the service says of a person is believed when its signature is by one of its keys,
it is meant for us, it is fresh, and it answers this very question (`nonce`).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec.structs import replace

from controlroom.access.accounts import AccessRefused, Account, name_of
from controlroom.access.permissions import Role

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a private key of the service. None by a shared secret, and never "none"."""

LEEWAY_S = 60
"""How far two clocks may be apart: a minute, with both kept by the network's time."""


class Council(msgspec.Struct, frozen=True):
    """What is agreed with the service. `roles` says what a value of the claim means."""

    issuer: str
    client_id: str
    client_secret: str
    label: str
    scopes: str
    name_claim: str
    roles_claim: str
    roles: Mapping[str, Role]
    prompt: str = "login"


class Pending(msgspec.Struct, frozen=True):
    """Somebody who was sent to the service and is not back yet."""

    state: str
    nonce: str
    verifier: str
    onward: str
    since: datetime


class Claims(msgspec.Struct, frozen=True):
    """What is believed of a person: who they are for the service, their name here, and their roles."""

    subject: str
    name: str
    shown: str
    roles: tuple[Role, ...]


def new_pending(onward: str, now: datetime) -> Pending:
    """Return the three random words that tie the way there and the way back together."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Pending(state, nonce, verifier, onward, now)


def question(council: Council, endpoint: str, back: str, pending: Pending) -> str:
    """Return the address to which the browser is sent."""
    digest = hashlib.sha256(pending.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": council.client_id,
        "redirect_uri": back,
        "scope": council.scopes,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if council.prompt:
        asked["prompt"] = council.prompt
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def insist_from(council: Council, named: str | None, *, promised: bool) -> None:
    """Refuse an answer that another service sent (RFC 9207); `promised`: ours says that it names itself.

    Without it, a browser that began at one service could be made to hand the code of another one in.
    """
    if (named is None and promised) or (named is not None and named != council.issuer):
        raise AccessRefused(f"the answer does not come from {council.label}; begin again")


def believed(council: Council, token: str, keys: KeySet, pending: Pending, now: datetime) -> Claims:
    """Return what is believed of this ID token; raises AccessRefused where anything is wrong with it."""
    try:
        read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": council.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": council.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": pending.nonce},
        ).validate(read.claims)
    except (JoseError, ValueError) as fault:
        raise AccessRefused(
            f"what {council.label} said cannot be believed ({type(fault).__name__})"
        ) from fault
    if (
        isinstance(read.claims["aud"], list)
        and read.claims.get("azp", council.client_id) != council.client_id
    ):
        raise AccessRefused(f"what {council.label} said was meant for somebody else")
    return _claims(council, read.claims)


def account_of(accounts: Mapping[str, Account], claims: Claims) -> Account:
    """Return the account of this person from now on; raises AccessRefused for a name of another."""
    known = next((one for one in accounts.values() if one.subject == claims.subject), None)
    if known is not None:
        return replace(known, roles=claims.roles, shown=claims.shown)
    if claims.name in accounts:
        raise AccessRefused(f"{claims.name} is a local account here; a supervisor can give it another name")
    return Account(claims.name, claims.shown, claims.roles, subject=claims.subject)


def _claims(council: Council, said: Mapping[str, Any]) -> Claims:
    groups = said.get(council.roles_claim, [])
    groups = groups if isinstance(groups, list) else [groups]
    roles = tuple(dict.fromkeys(role for group, role in council.roles.items() if group in groups))
    if not roles:
        raise AccessRefused(f"{council.label} gives you no role here; ask a supervisor")
    name = name_of(str(said.get(council.name_claim, "")))
    shown = said.get("name")
    shown = shown[:64] if isinstance(shown, str) and shown.isprintable() and shown else name
    return Claims(f"{council.issuer} {said['sub']}", name, shown, roles)
