"""Renders a template inside the frame that all pages share, with the headers that a page of facts needs.

Every value is escaped, a name that nobody gave is an error and not an empty place, and neither a script nor a
style may stand in a template: the content security policy (`guards.py`) would refuse it. Addresses of files
come from `static(...)`, which knows what is there and raises for what is not.

Limit: templates are read once. Whoever changes one starts the room again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web

from controlroom.commands.moments import nearest
from controlroom.console.files import Files
from controlroom.console.pages.navigation import VisitorOf, Where, anybody, shown_to

TEMPLATES = Path(__file__).parent / "templates"
LONDON = ZoneInfo("Europe/London")
"""The room's zone: a page shows times as the clock on the wall does."""

_NAMES = {"arc-alarm": "Alarm", "camera-fault": "Camera", "sos": "SOS"}
"""Words that people call something else, as `static/js/words.js` has them."""


class Shell:
    """Makes pages. `visitor_of` says who asks; a page shows their name and the navigation they may use."""

    def __init__(self, files: Files, visitor_of: VisitorOf = anybody, templates: Path = TEMPLATES) -> None:
        self._visitor_of = visitor_of
        self._environment = _environment(templates, _static(files))

    def page(
        self,
        request: web.Request,
        template: str,
        values: Mapping[str, object] | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> web.Response:
        """Return the answer that shows this template with these values; nobody may keep it."""
        visitor = self._visitor_of(request)
        frame = {
            "path": request.path,
            "visitor": visitor,
            "top": shown_to(visitor, Where.TOP),
            "foot": shown_to(visitor, Where.FOOT),
        }
        text = self._environment.get_template(template).render({**frame, **(values or {})})
        return web.Response(
            status=status,
            text=text,
            content_type="text/html",
            headers={"Cache-Control": "no-store", **(headers or {})},
        )


def _environment(templates: Path, static: Callable[[str], str]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["static"] = static
    environment.filters["moment"] = moment
    environment.filters["day"] = day
    environment.filters["thousands"] = thousands
    environment.filters["named"] = named
    return environment


def _static(files: Files) -> Callable[[str], str]:
    """Return what turns a file's name below `static` into its address."""

    def address(name: str) -> str:
        if name not in files.contents:
            raise jinja2.TemplateRuntimeError(
                f"static({name!r}): no such file below controlroom/console/static"
            )
        return f"/static/{files.digest}/{name}"

    return address


def moment(at: datetime) -> str:
    """Return a moment as a page shows it: `29 November 2026, 02:14:05`, in the room's zone."""
    local = nearest(at).astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M:%S}"


def day(at: datetime) -> str:
    """Return the day of a moment as a page shows it: `29 November 2026`, in the room's zone."""
    local = nearest(at).astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def named(word: str) -> str:
    """Return a word of the wire as people read it: `arc-alarm` is an alarm, `image_quality` image quality."""
    return _NAMES.get(word) or word.replace("_", " ").replace("-", " ").capitalize()


def thousands(number: float) -> str:
    """Return a number with a comma between thousands; a whole one without a fraction."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,}"
