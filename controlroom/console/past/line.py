"""The line between the room's process and the reader: HTTP over a socket in a folder that is theirs alone."""

import asyncio
import base64
from http import HTTPStatus
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web
from yarl import URL

from controlroom.console.past.desk import PastAsked, PastAway, PastTold, Stands
from controlroom.console.past.questions import HEADER_BYTES, HIDDEN, LIVES, PERSON, POSITION, STANDS

_ANY_HOST = "http://past"
_STANDS = msgspec.json.Decoder(Stands)


class PastLine:
    """A line to the reader that listens at this socket. Satisfies `PastReader`."""

    def __init__(self, socket: Path) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(socket)), timeout=aiohttp.ClientTimeout(total=None)
        )

    async def ask(self, question: PastAsked) -> PastTold:
        """As `PastReader.ask` says."""
        headers = {PERSON: base64.b64encode(msgspec.json.encode(question.person)).decode()}
        if question.hidden:
            headers[HIDDEN] = base64.b64encode(msgspec.json.encode(sorted(question.hidden))).decode()
        if question.position is not None:
            headers[POSITION] = str(question.position)
        try:
            async with self._session.get(
                URL(_ANY_HOST + question.address, encoded=True), headers=headers
            ) as told:
                body = await told.read()
                again, about = told.headers.get("Retry-After"), told.headers.get(STANDS)
                stands = _STANDS.decode(base64.b64decode(about)) if about is not None else None
                return PastTold(told.status, body, told.content_type, again, stands)
        except aiohttp.ClientError as fault:
            raise PastAway(f"the reader of the past does not answer: {fault}") from fault

    async def lives(self, within_s: float) -> bool:
        """Return whether the reader answers at all: a fold, however long, lets others have their turn."""
        try:
            async with asyncio.timeout(within_s), self._session.get(URL(_ANY_HOST + LIVES)) as told:
                return told.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Hang up."""
        await self._session.close()


class PastSite:
    """The reader's end. A question whose asker hangs up is given up."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(
            app,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=0,
            max_field_size=HEADER_BYTES,
        )

    async def open(self, socket: Path) -> None:
        """Listen there; raises OSError."""
        await self._runner.setup()
        await web.UnixSite(self._runner, socket).start()

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()
