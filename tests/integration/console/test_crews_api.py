"""Tests of crews over the API, of a room that decides."""

from typing import Any

import aiohttp

from controlroom.access.permissions import Role
from controlroom.incidents.reasons import Reason
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

UNIT = f"{V1}/crews/MR-01"


def ordered() -> SmallRoom:
    """Return a room whose first crew has an order."""
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    return room


def step(name: str, step: Step, **more: Any) -> dict[str, Any]:
    """Return the body of a report of that step."""
    return {"report": name, "order": "ORD-1", "step": step, **more}


async def test_a_crew_sees_its_job_and_works_it() -> None:
    """The current order has what to know of the place; each step is answered with what is in hand then."""
    async with served(ordered()) as server:
        _, mine, _ = await asked(server.address, f"{UNIT}/current")
        assert (mine["status"], mine["current"]["order"], mine["current"]["step"]) == (
            "offered",
            "ORD-1",
            None,
        )
        assert mine["current"]["name"] == "Library of S1"
        assert mine["due"] is not None
        _, said, _ = await asked(server.address, f"{UNIT}/reports", step("r1", Step.ACCEPTED))
        assert (said["taken"], said["status"], said["current"]["step"]) == (True, "busy", "accepted")
        _, said, _ = await asked(server.address, f"{UNIT}/reports", step("r2", Step.ON_SCENE))
        assert said["status"] == "on_scene"
        assert said["check_due"] is not None
        body = step("r3", Step.CLEARED, outcome="false_alarm", cause="animal")
        _, said, _ = await asked(server.address, f"{UNIT}/reports", body)
        assert (said["status"], said["current"], said["check_due"]) == ("available", None, None)
        _, incident, _ = await asked(server.address, f"{V1}/incidents/INC-1")
        assert (incident["status"], incident["outcome"]) == ("closed", "false_alarm")


async def test_a_report_that_is_sent_again_counts_once() -> None:
    """A page may send it as often as it likes; a late one is told that it changes nothing."""
    async with served(ordered()) as server:
        await asked(server.address, f"{UNIT}/reports", step("r1", Step.ACCEPTED))
        status, again, _ = await asked(server.address, f"{UNIT}/reports", step("r1", Step.ACCEPTED))
        assert (status, again["taken"], again["reason"]) == (200, False, Reason.DUPLICATE)
        await asked(server.address, f"{UNIT}/reports", step("r2", Step.EN_ROUTE))
        _, late, _ = await asked(server.address, f"{UNIT}/reports", step("r0", Step.ACCEPTED))
        assert (late["taken"], late["reason"]) == (False, Reason.REPORT_STALE)


async def test_crews_are_listed_with_how_they_are() -> None:
    """Their word and their orders say how they are; half a position is refused, an unknown unit a 404."""
    async with served(ordered()) as server:
        word = {"report": "w1", "word": "busy", "latitude": 53.8, "longitude": -1.5}
        await asked(server.address, f"{V1}/crews/MR-02/words", word)
        _, listed, _ = await asked(server.address, f"{V1}/crews")
        assert [(one["unit"], one["status"]) for one in listed["crews"]] == [
            ("MR-01", "offered"),
            ("MR-02", "busy"),
        ]
        assert listed["crews"][1]["position"] == {"latitude": 53.8, "longitude": -1.5}
        status, _, _ = await asked(server.address, f"{V1}/crews/MR-09")
        assert status == 404
        del word["longitude"]
        status, _, _ = await asked(server.address, f"{V1}/crews/MR-02/words", word | {"report": "w2"})
        assert status == 400


async def test_a_crew_speaks_for_its_own_unit_and_sees_no_other() -> None:
    """Whoever signs in as a crew has its unit's job under its hand, and the desk's doors stay shut."""
    async with served(ordered()) as server:
        headers = await server.cookies("romeo one", Role.CREW, unit="MR-01")
        async with aiohttp.ClientSession(headers=headers) as session:
            own, desk = f"{server.address}{V1}/crew", f"{server.address}{UNIT}"
            async with session.get(f"{own}/current") as answer:
                assert (await answer.json())["current"]["order"] == "ORD-1"
            body = {"report": "p1", "order": "ORD-1", "step": "accepted"}
            async with session.post(f"{own}/reports", json=body) as answer:
                assert (await answer.json())["status"] == "busy"
            async with session.get(f"{desk}/current") as answer:
                assert answer.status == 403


async def test_an_operator_sees_who_could_go_recalls_and_gives_to_another() -> None:
    """Each crew stands with why; the crew that goes is stood down before another one is sent."""
    async with served(ordered()) as server:
        _, asked_for, _ = await asked(server.address, f"{V1}/incidents/INC-1/crews")
        assert [one["unit"] for one in asked_for["crews"]] == ["MR-02", "MR-01"]
        assert asked_for["crews"][0]["because"][1] == "nothing in hand"
        other = {"version": 1, "reason": "nearer", "unit": "MR-02"}
        _, said, _ = await asked(server.address, f"{V1}/incidents/INC-1/reassign", other)
        assert said["incident"]["unit"] == "MR-02"
        _, mine, _ = await asked(server.address, f"{UNIT}/current")
        assert mine["current"] is None
        back = {"version": 2, "reason": "keyholder is there"}
        _, said, _ = await asked(server.address, f"{V1}/incidents/INC-1/recall", back)
        assert (said["incident"]["status"], said["incident"]["owner"]) == ("owned", "desk one")
        assert (said["incident"]["unit"], said["incident"]["step"]) == ("MR-02", "withdrawn")
        status, problem, _ = await asked(
            server.address, f"{V1}/incidents/INC-1/recall", back | {"version": 3}
        )
        assert (status, problem["reason"]) == (409, Reason.NOBODY_GOES)


async def test_a_report_that_was_kept_for_another_account_is_refused() -> None:
    """A page says who pressed: under another sign-in it is a 412, and the crew's word is not taken."""
    async with served(ordered()) as server:
        for what, body in (
            ("reports", step("r1", Step.ACCEPTED)),
            ("words", {"report": "w1", "word": "busy"}),
        ):
            path = f"{UNIT}/{what}"
            status, told, _ = await asked(server.address, path, body, headers={"X-Account": "mr-02"})
            assert (status, told["type"]) == (412, "urn:controlroom:problem:another-account")
            status, _, _ = await asked(server.address, path, body, headers={"X-Account": "desk one"})
            assert status == 200
