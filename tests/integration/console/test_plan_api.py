"""Tests of the plan's figures over the API, of a room that decides."""

from datetime import timedelta
from typing import Any

from controlroom.access.permissions import Role
from tests.build import NOON
from tests.console.managed_room import ManagedRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

PLAN = f"{V1}/plan"
DAY = NOON - timedelta(days=70)
QUARTER = "2025Q3"
CASE = {"kind": "asb_case", "reference": "A-1", "text": "stones thrown", "resolved_by_cctv": True}
BODY: dict[str, Any] = {
    "author": "desk one",
    "happened_at": DAY.isoformat(),
    "entry": CASE,
    "area": "inner-east",
}


def line(card: dict[str, Any], measure: str) -> dict[str, Any]:
    """Return a measure's line of a card."""
    found = [one for group in card["groups"] for one in group["measures"] if one["id"] == measure]
    assert len(found) == 1
    return dict(found[0])


async def test_a_figure_opens_onto_its_events_and_a_quarter_is_signed() -> None:
    """The list of events is as long as the figure; what is corrected after the sign-off stands beside it."""
    async with served(ManagedRoom()) as server:
        for _ in range(3):
            await asked(server.address, f"{V1}/log-entries", BODY)
        _, card, _ = await asked(server.address, f"{PLAN}/quarters/{QUARTER}")
        assert line(card, "asb_cases_resolved")["actual"] == {"text": "3", "value": 3.0}
        where = f"{PLAN}/measures/asb_cases_resolved/events?period={QUARTER}&area=inner-east"
        _, found, _ = await asked(server.address, f"{where}&limit=2")
        _, rest, _ = await asked(server.address, f"{where}&after={found['next']}")
        assert (found["figure"], len(found["events"]) + len(rest["events"]), rest["next"]) == (3, 3, None)

        said = {"author": "desk one", "text": "three of them in one week", "corrective_action": "lights"}
        status, _, _ = await asked(
            server.address, f"{PLAN}/quarters/{QUARTER}/measures/asb_cases_resolved/narrative", said
        )
        assert status == 200
        status, _, _ = await asked(server.address, f"{PLAN}/quarters/{QUARTER}/sign", {"author": "desk one"})
        assert status == 200
        status, twice, _ = await asked(
            server.address, f"{PLAN}/quarters/{QUARTER}/sign", {"author": "desk one"}
        )
        assert (status, twice["reason"]) == (409, "quarter_is_signed")
        gone = {"author": "desk one", "version": 1, "reason": "twice"}
        await asked(server.address, f"{V1}/log-entries/LOG-1/withdraw", gone)
        _, card, _ = await asked(server.address, f"{PLAN}/quarters/{QUARTER}")
        signed = line(card, "asb_cases_resolved")
        assert (signed["actual"]["text"], signed["since_signed"]) == ("3", -1)
        assert (signed["narrative"], signed["corrective_action"]) == ("three of them in one week", "lights")


async def test_what_is_no_quarter_or_measure_is_told() -> None:
    """A 404 says what is allowed; a quarter that goes on is not signed."""
    async with served(ManagedRoom()) as server:
        for path in (
            "quarters/2025Q9",
            "quarters/0001Q1",
            "quarters/9999-12",
            "quarters/2025",
            "measures/none/events?period=2025",
        ):
            status, _, _ = await asked(server.address, f"{PLAN}/{path}")
            assert status == 404
        status, early, _ = await asked(server.address, f"{PLAN}/quarters/2026Q3/sign", {"author": "desk one"})
        assert (status, early["reason"]) == (409, "quarter_is_not_over")
        status, plan, _ = await asked(server.address, PLAN)
        assert (status, len(plan["measures"])) == (200, 19)


async def test_the_events_of_a_sensitive_measure_are_for_whoever_answers_for_the_plan() -> None:
    """The same rule as on the pages: others who read the plan are outside the team over the API as well."""
    path = f"{PLAN}/measures/noise_complaints/events?period={QUARTER}"
    async with served(ManagedRoom()) as server:
        for role, wanted in ((Role.MANAGER, 200), (Role.SUPERVISOR, 403), (Role.AUDITOR, 403)):
            headers = await server.cookies(f"a {role}", role)
            assert (await asked(server.address, path, headers=headers))[0] == wanted
