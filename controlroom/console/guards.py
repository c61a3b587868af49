"""What every answer carries and every request must pass, so that a page of somebody else can do nothing here.

A strict content security policy: scripts, styles and connections from this server alone, no inline code but
the import map (by its hash), no frames, forms to this server alone, no HTML from strings (Trusted Types). A
request must name a host that we answer to (a foreign name that resolves to us is somebody's trick), and a
POST must come from our own page. Who may do what is asked behind this, in `admission`.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from controlroom.console.problems import Handler, problem

Dress = Callable[[web.Request, web.StreamResponse], Awaitable[None]]

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names under which the console answers unless the settings name more."""

HEALTH = frozenset({"/livez", "/readyz"})
"""Asked by supervisors and load balancers under whatever name or address they know."""

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing and so may come from anywhere."""


STRICT_TRANSPORT = "max-age=31536000"
"""For a year a browser that came by a published name asks for it by TLS alone."""


def policy(inline_hashes: tuple[str, ...]) -> str:
    """Return the content security policy of a page whose only inline code has these SHA-256 hashes."""
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in inline_hashes)])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def guarding(csp: str, hosts: frozenset[str]) -> tuple[Middleware, Dress]:
    """Return the middleware that checks each request, and the signal handler that dresses each answer."""
    headers = {
        "Content-Security-Policy": csp,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in HEALTH:
            _known_host(request, hosts)
        if request.method not in SAFE:
            _from_our_page(request)
        return await handler(request)

    async def dress(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)  # a report that stands alone has a stricter policy
        response.headers.setdefault("Cache-Control", "no-store")  # whatever says nothing else, as a redirect
        if host_of(request) not in LOOPBACK_HOSTS:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT

    return check, dress


def host_of(request: web.Request) -> str:
    """Return the name that the request was sent to, in lower case and without its port."""
    host = request.host
    return (host if host.endswith("]") else host.rsplit(":", 1)[0]).lower()


def _known_host(request: web.Request, hosts: frozenset[str]) -> None:
    name = host_of(request)
    if name not in hosts:
        allowed = ", ".join(sorted(hosts))
        raise problem(421, "unknown-host", f"found host {name[:64]!r}; the console answers to: {allowed}")


def _from_our_page(request: web.Request) -> None:
    """Refuse a command that another site's page sent; a program that names no origin is welcome."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc.lower() != request.host.lower()
    if foreign or site not in {None, "same-origin"}:
        raise problem(403, "foreign-page", "a command must come from the console's own page")
