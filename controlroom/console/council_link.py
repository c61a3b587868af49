"""What the console asks of the council's sign-in service: where it is, its keys, a token for a code."""

from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from controlroom.access.accounts import AccessRefused
from controlroom.access.council import Council, Pending
from controlroom.clock import monotonic_s

WITHIN_S = 5.0
"""How long somebody waits for the service before being told to use a local account."""

KEPT_S = 3_600.0
"""How long what it says of itself is believed without asking again."""

KEYS_ANEW_S = 60.0
"""Keys are asked for again, when a signature fits none, at most this often."""

ANSWER_BYTES = 256 * 1024
"""No document of such a service is larger."""


class _Place(msgspec.Struct, frozen=True):
    """What is used of the discovery document (OpenID Connect Discovery 1.0, 3; RFC 9207; Logout 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    authorization_response_iss_parameter_supported: bool = False

    def addresses(self) -> tuple[str, ...]:
        """Return every address that somebody is sent to, or asked at."""
        named = (self.authorization_endpoint, self.token_endpoint, self.jwks_uri, self.end_session_endpoint)
        return tuple(address for address in named if address)


class CouncilLink:
    """The service as it describes itself. Raises AccessRefused, with a sentence for the person who waits."""

    def __init__(self, council: Council) -> None:
        self._council = council
        self._place: tuple[float, _Place] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def authorization(self) -> str:
        """Return where browsers are sent."""
        return (await self._found()).authorization_endpoint

    async def out(self) -> str:
        """Return where browsers are sent to be signed out there as well; empty where nothing does that."""
        return (await self._found()).end_session_endpoint

    async def names_itself(self) -> bool:
        """Return whether the service promises to name itself in what it sends back."""
        return (await self._found()).authorization_response_iss_parameter_supported

    async def keys(self, *, anew: bool) -> KeySet:
        """Return the keys that it signs with; `anew` where a signature fitted none of those."""
        age_s = KEYS_ANEW_S if anew else KEPT_S
        if self._keys is None or monotonic_s() - self._keys[0] >= age_s:
            said = await self._asked("GET", (await self._found()).jwks_uri)
            try:
                self._keys = (monotonic_s(), KeySet.import_key_set(msgspec.json.decode(said)))
            except (JoseError, msgspec.MsgspecError, KeyError, TypeError, ValueError) as fault:
                raise self._away("its keys cannot be read") from fault
        return self._keys[1]

    async def token(self, code: str, back: str, pending: Pending) -> str:
        """Return the ID token that this code stands for."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self._council.client_id,
            "code_verifier": pending.verifier,
        }
        if self._council.client_secret:
            form["client_secret"] = self._council.client_secret
        said = await self._asked("POST", (await self._found()).token_endpoint, form)
        try:
            return str(msgspec.json.decode(said, type=dict[str, Any])["id_token"])
        except (msgspec.MsgspecError, KeyError) as fault:
            raise self._away("it gave no token") from fault

    async def _found(self) -> _Place:
        if self._place is None or monotonic_s() - self._place[0] >= KEPT_S:
            address = self._council.issuer.rstrip("/") + "/.well-known/openid-configuration"
            try:
                place = msgspec.json.decode(await self._asked("GET", address), type=_Place)
            except msgspec.MsgspecError as fault:
                raise self._away("it does not describe itself") from fault
            if place.issuer != self._council.issuer:
                raise self._away("it calls itself by another name")
            if any(urlsplit(one).scheme != urlsplit(place.issuer).scheme for one in place.addresses()):
                raise self._away("it names an address without TLS")
            self._place = (monotonic_s(), place)
        return self._place[1]

    async def _asked(self, method: str, address: str, form: dict[str, str] | None = None) -> bytes:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WITHIN_S)) as session,
                session.request(method, address, data=form, allow_redirects=False) as answer,
            ):
                if answer.status != 200:  # noqa: PLR2004 - the one status that means yes
                    raise self._away(f"it answered {answer.status}")
                return await self._body(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise self._away("it does not answer") from fault

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """Return the whole body, which may come in pieces; refuses one that is too large."""
        body = bytearray()
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > ANSWER_BYTES:
                raise self._away(f"its answer is larger than {ANSWER_BYTES // 1024} KiB")
        return bytes(body)

    def _away(self, why: str) -> AccessRefused:
        return AccessRefused(f"{self._council.label}: {why}; use a local account meanwhile, or try again")
