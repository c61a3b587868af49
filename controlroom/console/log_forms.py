"""The forms of the log book, told to the page: the schema of each kind, so a field stands once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.commands.entries import TYPES
from controlroom.console.api import answer
from controlroom.console.log_bodies import FORMS
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.rules.template_file import Template


class LogForms:
    """The handler of the forms."""

    def __init__(self, templates: Sequence[Template] = ()) -> None:
        self._templates = tuple(templates or ())

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/log-forms", self.forms, Permission.WRITE_LOG)]

    async def forms(self, request: web.Request) -> web.Response:
        """Tell what each kind of entry asks for, as JSON schema, and which templates there are."""
        asked(request, Nothing)
        return answer({"forms": _forms(), "templates": self._templates})


@cache
def _forms() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind, made when the first page asks."""
    return {kind.value: form.model_json_schema() for kind, form in zip(TYPES, FORMS, strict=True)}
