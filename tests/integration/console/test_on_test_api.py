"""Tests of devices over the API, of a room that decides."""

from datetime import timedelta

from controlroom.access.permissions import Role
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, signal, topic_of
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

CAMERA = topic_of(Kind.CAMERA_FAULT)
UNTIL = (NOON + timedelta(hours=2)).isoformat()
ASK = {"author": "desk one", "target": CAMERA, "reason": "new lens", "owner": "Fitters", "until": UNTIL}


async def test_a_test_begins_ends_and_leaves_its_report() -> None:
    """What is on test is listed; its end answers with what was only logged meanwhile, and stays listed."""
    room = SmallRoom()
    async with served(room) as server:
        status, begun, _ = await asked(server.address, f"{V1}/tests", ASK)
        assert (status, begun["test"]["owner"]) == (200, "Fitters")
        _, listed, _ = await asked(server.address, f"{V1}/tests")
        assert [one["target"] for one in listed["tests"]] == [CAMERA]

        ending = {"author": "desk two", "target": CAMERA}
        status, ended, _ = await asked(server.address, f"{V1}/tests/end", ending)
        assert (status, ended["test"]["reason"]) == (200, "new lens")
        _, listed, _ = await asked(server.address, f"{V1}/tests")
        assert (listed["tests"], [one["target"] for one in listed["over"]]) == ([], [CAMERA])
        status, problem, _ = await asked(server.address, f"{V1}/tests/end", ending)
        assert (status, problem["reason"]) == (409, "not_on_test")


async def test_what_can_call_for_help_needs_a_second_person() -> None:
    """One name alone is refused with what to do; with another one the test stands."""
    room = SmallRoom()
    panel = ASK | {"target": topic_of(Kind.ARC_ALARM), "code": "mains_fault"}
    async with served(room) as server:
        status, problem, _ = await asked(server.address, f"{V1}/tests", panel)
        assert (status, problem["reason"]) == (409, "test_needs_a_second_person")
        assert "second_author" in problem["detail"]
        alone = panel | {"second_author": "desk one"}
        for named, why in ((panel | {"second_author": "anybody"}, "nobody here"), (alone, "somebody else")):
            status, problem, _ = await asked(server.address, f"{V1}/tests", named)
            assert (status, problem["type"]) == (409, "urn:controlroom:problem:second-person")
            assert why in problem["detail"]
        await server.let_in("desk two", Role.OPERATOR)
        _, told, _ = await asked(server.address, f"{V1}/second-people?to=test")
        assert told == {"people": [{"handle": "desk two", "shown": "desk two"}]}
        status, begun, _ = await asked(server.address, f"{V1}/tests", panel | {"second_author": "Desk two "})
        assert (status, begun["test"]["code"], begun["test"]["second"]) == (200, "mains_fault", "desk two")


async def test_one_code_on_test_leaves_all_others_live() -> None:
    """A signal with the code is on test; one of the same panel without it is not."""
    room = SmallRoom()
    panel = ASK | {"target": "S1", "code": "CID 1301", "second_author": "desk two"}
    async with served(room) as server:
        await server.let_in("desk two", Role.OPERATOR)
        await asked(server.address, f"{V1}/tests", panel)
        room.happens(
            signal(Kind.ARC_ALARM, "a1", event="mains_fault", code="CID 1301"),
            signal(Kind.ARC_ALARM, "a2", event="mains_fault"),
        )
        _, listed, _ = await asked(server.address, f"{V1}/tests")
        assert (listed["tests"][0]["swallowed"], listed["tests"][0]["positions"]) == ({"mains_fault": 1}, [2])
