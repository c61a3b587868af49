"""A referral on paper: a page that prints on one sheet of A4 and works without JavaScript."""

from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.pages.shell import Shell
from controlroom.console.parts import Parts
from controlroom.console.questions import Nothing, asked
from controlroom.console.raw import visible
from controlroom.console.referral_views import referral_view
from controlroom.console.referrals import referral_of
from controlroom.console.routes import Declared, get

_TEST = "TEST: this is about a simulated signal; nobody is to act on it"


class ReferralPages:
    """The handler of this page. It holds no state of its own."""

    def __init__(self, parts: Parts, shell: Shell) -> None:
        self._parts = parts
        self._shell = shell

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/referrals/{id}/sheet", self.sheet, Permission.SEE)]

    async def sheet(self, request: web.Request) -> web.Response:
        """Show a referral as it is handed over."""
        asked(request, Nothing)
        found = referral_of(self._parts, request.match_info["id"])
        partner = self._parts.handbook().partners.get(found.partner)
        values = {
            "referral": referral_view(found),
            "about": found.about,
            "partner": partner.name if partner is not None else found.partner,
            "findings": tuple(finding.says for finding in found.findings),
            "mark": _TEST if found.simulated else None,
            "reason": visible(" ".join(found.reason.split())),
        }
        return self._shell.page(request, "referral.html", values)
