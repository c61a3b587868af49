"""Muting a desk: the sound is the browser's, but that somebody turned it off is the room's to know.

A mute is for minutes, never silences priority 1 (the page sees to both), and stands in the journal with its
author, so that a review can tell whether an alarm was heard.
"""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.parts import Parts
from controlroom.console.routes import Declared, post
from controlroom.console.telling import settled_by

MUTE_MAX_S = 300
"""The longest mute: what users of alarm consoles ask for is minutes; more is a desk that nobody minds."""


class MutedBody(Authored):
    """This desk hears nothing but priority 1 for so many seconds."""

    seconds: Annotated[int, Field(ge=1, le=MUTE_MAX_S)]


class DeskSound:
    """The handler that notes a mute."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [post("/api/v1/desk/muted", self.muted, Permission.SEE)]

    async def muted(self, request: web.Request) -> web.Response:
        """Note that the author muted the own desk."""
        body, author = await read_body(request, MutedBody), author_of(request)
        note = AccessNoted(author, AccessStep.MUTED, author, f"for {body.seconds} s")
        settled = await settled_by(self._parts, note, "the page is muted already")
        return answer({"position": settled.position, "seconds": body.seconds})
