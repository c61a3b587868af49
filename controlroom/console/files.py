"""The browser's files, read once at the start and served from memory under the digest of them all.

A page names its files by an address that holds the digest, so a browser may keep them for ever, and a new
version is a new address. There is no path from a request to the disk: what is not in the table is not there.
"""

import base64
import hashlib
import json
from pathlib import Path

import msgspec
from aiohttp import web

from controlroom.console.problems import problem

STATIC = Path(__file__).parent / "static"
VENDOR_RECORD = Path(__file__).with_name("vendor.lock.json")
PAGE = "index.html"
CREW_PAGE = "crew.html"
PAST_PAGE = "past.html"

IMPORT_MAP = b"{importmap}"
"""Stands in the other pages for the console's own import map: one map, and so one hash in the policy."""


_TYPES = {
    ".css": "text/css",
    ".geojson": "application/geo+json",
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
"""What a browser may be served; anything else in the folder is left where it is."""

_DIGEST_CHARS = 16
"""Of a SHA-256: enough that two versions never share an address."""

_FOREVER = "public, max-age=31536000, immutable"


class VendorMissingError(Exception):
    """The third-party files are not there; the message says what to run."""


class Files(msgspec.Struct, frozen=True):
    """The files by their path below `static`, the page with its addresses filled in, and what dates them."""

    contents: dict[str, bytes]
    digest: str
    page: bytes
    import_map_hash: str
    crew: bytes = b""
    past: bytes = b""


def load(folder: Path = STATIC, record: Path = VENDOR_RECORD) -> Files:
    """Return the files; raises `VendorMissingError` when one that npm should have given is missing."""
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TYPES
    }
    named = [f"vendor/{entry['file']}" for entry in json.loads(record.read_text(encoding="utf-8"))]
    missing = [name for name in named if name not in contents]
    if missing:
        raise VendorMissingError(f"{folder}: {', '.join(missing)} not found; run: make vendor")
    told = hashlib.sha256()
    for name, content in contents.items():
        told.update(f"{name} {len(content)}\n".encode() + content)
    digest = told.hexdigest()[:_DIGEST_CHARS]
    import_map = contents[PAGE].partition(b'<script type="importmap">')[2].partition(b"</script>")[0]
    page, crew, past = (
        contents[name].replace(IMPORT_MAP, import_map).replace(b"{static}", f"/static/{digest}".encode())
        for name in (PAGE, CREW_PAGE, PAST_PAGE)
    )
    import_map = import_map.replace(b"{static}", f"/static/{digest}".encode())
    hashed = base64.b64encode(hashlib.sha256(import_map).digest()).decode("ascii")
    return Files(contents, digest, page, hashed, crew, past)


class Shelf:
    """The handlers that serve the files."""

    def __init__(self, files: Files) -> None:
        self._files = files

    async def page(self, request: web.Request) -> web.Response:
        """Answer with the console; a browser asks each time and is told when nothing changed."""
        return self._page(request, self._files.page)

    async def crew(self, request: web.Request) -> web.Response:
        """Answer with the crew's page, in the same way."""
        return self._page(request, self._files.crew)

    async def past(self, request: web.Request) -> web.Response:
        """Answer with the page of the past, in the same way."""
        return self._page(request, self._files.past)

    def _page(self, request: web.Request, page: bytes) -> web.Response:
        tag = f'"{self._files.digest}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=page, content_type="text/html", charset="utf-8", headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        """Answer with one file of this version."""
        name = request.match_info["name"]
        content = self._files.contents.get(name)
        if content is None or request.match_info["digest"] != self._files.digest:
            raise problem(404, "no-such-file", "not a file of this version; load the page again")
        tag = f'"{hashlib.sha256(content).hexdigest()[:_DIGEST_CHARS]}"'
        headers = {"ETag": tag, "Cache-Control": _FOREVER}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        content_type = _TYPES[Path(name).suffix]
        return web.Response(body=content, content_type=content_type, charset="utf-8", headers=headers)
