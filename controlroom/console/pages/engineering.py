"""The engineer's page: feeds and trials, the candidate and its review, promotion, and how the devices are.

It works without a script: each button is a form that does one thing and comes back here with a sentence about
it, and a filter is a question in the address.
"""

import asyncio
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from controlroom.access.permissions import Permission
from controlroom.commands.rule_changes import DifferencesAccepted, ShadowStopped
from controlroom.console.admission import author_of
from controlroom.console.forms import fields, token_of
from controlroom.console.lab import LabRefused, Order, Trial
from controlroom.console.pages.shell import Shell, named
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.questions import asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.shadow import TAKEN, refusal_of, waited
from controlroom.console.shadow_desk import SeenDifference, ShadowStanding
from controlroom.console.telling import settled_by
from controlroom.events import How
from controlroom.room import Settled

HERE = "/engineering"

ALONE = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of a report: it stands alone and holds its own style and script, so it gets an origin of its own
that reaches nothing of ours."""

REASON_MAX = 400

POSITION_DIGITS = 15
"""Digits of a position: more records than any journal will hold, and a number that fits into one."""

ORDERED = ("feed", "rules", "against", "times")
"""The fields of a form that orders a trial."""


class Filter(BaseModel):
    """Which differences to show."""

    model_config = ConfigDict(extra="forbid")

    find: str = ""
    life: str = ""
    group: str = ""

    def lets(self, one: SeenDifference) -> bool:
        """Return whether this difference is to be shown."""
        shown = (one.kind, named(one.kind), one.word, named(one.word), one.source)
        words = " ".join((*shown, *one.old.values(), *one.new.values())).lower()
        return (
            (not self.life or one.life)
            and (not self.group or one.group == self.group)
            and self.find.lower() in words
        )


class EngineeringPages:
    """The handlers of these pages."""

    def __init__(self, shell: Shell, parts: Parts) -> None:
        self._shell = shell
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        may = Permission.CHANGE_RULES
        return [
            get(HERE, self.page, may),
            post(HERE, self.change, may),
            get(f"{HERE}/reports/{{name}}", self.report, may),
            get(f"{HERE}/explain/{{position}}", self.explain, may),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Show how everything stands."""
        return self._page(request, asked(request, Filter))

    async def change(self, request: web.Request) -> web.Response:
        """Do what the button says, and show what came of it."""
        sent = dict(await fields(request))
        try:
            said = await self._do(author_of(request), sent)
        except LabRefused as refused:
            return self._page(request, Filter(), fault=str(refused), status=409)
        except ProblemError as refused:
            problems = refused.body.get("problems", ())
            lines = tuple(map(str, problems)) if isinstance(problems, tuple | list) else ()
            fault = str(refused.body.get("detail", refused))
            return self._page(request, Filter(), fault=fault, lines=lines, status=refused.status)
        return self._page(request, Filter(), said=said)

    async def report(self, request: web.Request) -> web.Response:
        """Show the page that a trial made, in an origin of its own."""
        path: Path | None = self._parts.engineering.lab.state().reports.get(request.match_info["name"])
        if path is None:
            raise problem(404, "not-found", "no such report; it may have made room for a newer one")
        headers = {"Content-Security-Policy": ALONE, "Cache-Control": "no-store"}
        body = await asyncio.to_thread(path.read_bytes)
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    async def explain(self, request: web.Request) -> web.Response:
        """Show why both rule sets decide as they do about one difference."""
        said = request.match_info["position"]
        position = int(said) if _is_position(said) else 0
        told = await self._parts.engineering.explainer.explain(position)
        found = next((one for one in self._parts.shadow.standing().recent if one.position == position), None)
        values = {"told": told, "found": found, "position": position}
        return self._shell.page(request, "explained.html", values, status=200 if told else 404)

    def _page(
        self,
        request: web.Request,
        wanted: Filter,
        *,
        said: str = "",
        fault: str = "",
        lines: tuple[str, ...] = (),
        status: int = 200,
    ) -> web.Response:
        standing, engineering = self._parts.shadow.standing(), self._parts.engineering
        values = {
            "token": token_of(request),
            "said": said,
            "fault": fault,
            "lines": lines,
            "shadow": standing,
            "rules": self._parts.rules.standing(),
            "lab": engineering.lab.state(),
            "health": engineering.health(),
            "wanted": wanted,
            "shown": [one for one in reversed(standing.recent) if wanted.lets(one)],
            "query": urlencode,
        }
        return self._shell.page(request, "engineering.html", values, status=status)

    async def _do(self, author: str, sent: dict[str, str]) -> str:
        """Do it, and return a sentence about it; raises LabRefused and the problems of the API."""
        do, reason = sent.get("do", ""), sent.get("reason", "").strip()[:REASON_MAX]
        shadow, lab = self._parts.shadow, self._parts.engineering.lab
        if do in {"replay", "rehearsal"}:
            feed, rules, against, times = (sent.get(name, "").strip() for name in ORDERED)
            lab.begin(Order(Trial(do), feed, rules, against, times, author))
            return "The trial has begun; load this page again to see how far it is."
        if do == "cancel":
            lab.cancel()
            return "The trial was told to end."
        if not reason:
            raise LabRefused("say why: the journal keeps it with your name")
        if do == "start":
            folder = sent.get("directory", "").strip()
            return self._taken(
                await waited(shadow.start(author, reason, folder)), "The candidate runs beside."
            )
        if do in {How.PROMOTION, How.ROLLBACK}:
            moved = await waited(shadow.move(author, reason, How(do)))
            refusal = refusal_of(moved)
            if refusal is not None:
                raise refusal
            return f"Done, at position {moved.position} of the journal."
        return await self._reviewed(author, reason, sent, shadow.standing())

    async def _reviewed(
        self, author: str, reason: str, sent: dict[str, str], standing: ShadowStanding
    ) -> str:
        """Stop the candidate, or accept a group or one difference of it."""
        if sent.get("do") == "stop":
            settled = await settled_by(self._parts, ShadowStopped(author, reason), "this page shows")
            return self._taken(settled, "The candidate runs no more.")
        if sent.get("do") != "accept":
            raise LabRefused("this page has no such button; load it again")
        position = sent.get("position", "")
        if position and not _is_position(position):
            raise LabRefused("this is no position of the journal; load this page again")
        at = int(position) if position else None
        command = DifferencesAccepted(author, reason, standing.rule_set or "", sent.get("group", ""), at)
        return self._taken(await settled_by(self._parts, command, "this page shows"), "Accepted as meant.")

    def _taken(self, settled: Settled, said: str) -> str:
        reason = settled.decision.reasons[0]
        if reason not in TAKEN:
            raise problem(409, "not-possible-now", reason.value.replace("_", " "), reason=reason)
        return said


def _is_position(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) <= POSITION_DIGITS
