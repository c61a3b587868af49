"""A small sign-in service (OpenID Connect), on loopback and over real HTTP: what the council's own would be.

It keeps the rules that it is there to keep: a code is good once, for the address and the verifier that it
was given for. `person` is who signs in; `lie` changes what the token says, `key` and `algorithm` how it is
signed.
"""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT, SECRET = "controlroom", "a secret of a test"


class Provider:
    """The service; `asked` counts what it was asked for."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.key: RSAKey | ECKey | OctKey = ECKey.generate_key("P-256", parameters={"kid": "one"})
        self.algorithm = "ES256"
        self.shown = KeySet([self.key])
        self.person: dict[str, Any] = {"sub": "u-1", "preferred_username": "Jo.Ames", "name": "Jo Ames"}
        self.person["groups"] = ["cctv-operators", "staff"]
        self.lie: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.issuer = ""
        self.more: dict[str, object] = {}
        """What else it says of itself."""
        self.names: str | None = None
        """What it calls itself in what it sends back; None does not say."""
        self.asked: list[str] = []
        self.padding = 0
        """Blanks before the keys, which then come in pieces."""
        self._now = now
        self._codes: dict[str, dict[str, str]] = {}

    async def described(self, _: web.Request) -> web.Response:
        """Answer with the discovery document."""
        self.asked.append("description")
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        described = {name: f"{self.issuer}/{end}" for name, end in ends.items()}
        return web.json_response({"issuer": self.issuer, **described, **self.more})

    async def keys(self, request: web.Request) -> web.StreamResponse:
        """Answer with the public keys, in pieces."""
        self.asked.append("keys")
        answer = web.StreamResponse()
        await answer.prepare(request)
        text = b" " * self.padding + json.dumps(self.shown.as_dict(private=False)).encode()
        step = max(20, len(text) // 5)
        for begin in range(0, len(text), step):
            await answer.write(text[begin : begin + step])
            await asyncio.sleep(0)  # so that they are pieces on the wire as well
        return answer

    async def authorize(self, request: web.Request) -> web.Response:
        """Sign the person in at once, and send the browser back with a code."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(request.query)
        named = {"iss": self.names} if self.names is not None else {}
        back = urlencode({"code": code, "state": request.query["state"], **named})
        return web.Response(status=302, headers={"Location": f"{request.query['redirect_uri']}?{back}"})

    async def token(self, request: web.Request) -> web.Response:
        """Answer with a token for a code that fits everything it was given for."""
        form = await request.post()
        asked = self._codes.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        wanted = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uri": asked["redirect_uri"] if asked else None,
        }
        if asked is None or asked["code_challenge"] != proof or asked["code_challenge_method"] != "S256":
            return web.json_response({"error": "invalid_grant"}, status=400)
        if any(form.get(name) != value for name, value in wanted.items()):
            return web.json_response({"error": "invalid_client"}, status=401)
        now = int(self._now())
        claims = {**self.person, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims = self.lie({**claims, "nonce": asked["nonce"]})
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return web.json_response({"id_token": signed, "token_type": "Bearer", "access_token": "x"})


@asynccontextmanager
async def provider(now: Callable[[], float]) -> AsyncIterator[Provider]:
    """Serve a provider until the block ends."""
    made = Provider(now)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", made.described)
    app.router.add_get("/keys", made.keys)
    app.router.add_get("/authorize", made.authorize)
    app.router.add_post("/token", made.token)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()
