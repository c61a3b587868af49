"""The API of cameras and their repairs, over a room whose camera stays dark."""

from collections.abc import AsyncIterator

import pytest

from controlroom.signals.vocabulary import Kind
from tests.build import after, signal
from tests.console.small_room import SmallRoom
from tests.integration.console.served import Served, served
from tests.integration.console.test_api import asked

V1 = "/api/v1"
ORDERS = f"{V1}/work-orders"
AUTHOR = {"author": "operator-1"}


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    """Yield a room whose one camera lost its picture a minute ago."""
    room = SmallRoom(now=after(0))
    room.happens(signal(Kind.CAMERA_FAULT, "c1", fault="offline"))
    room.now = after(60)
    async with served(room) as server:
        yield server


async def test_a_camera_says_how_it_is_and_was(server: Served) -> None:
    """One camera: its faults, its light, and exact seconds since the start and over each period."""
    _, said, _ = await asked(server.address, f"{V1}/cameras/C1")

    assert (said["light"], said["faults"][0][0], said["area"]) == ("down", "offline", "inner-east")
    minute = {"up_s": 0.0, "down_s": 60.0, "unknown_s": 0.0, "availability": 0.0}
    assert said["figures"] == dict.fromkeys(("since_start", "day", "week", "month"), minute)


async def test_cameras_are_listed_by_what_is_asked(server: Served) -> None:
    """Dark cameras are found by their light; nothing is found where nothing is up."""
    _, dark, _ = await asked(server.address, f"{V1}/cameras?light=down")
    _, up, _ = await asked(server.address, f"{V1}/cameras?light=up")
    _, areas, _ = await asked(server.address, f"{V1}/camera-availability")

    assert ([one["key"] for one in dark["cameras"]], dark["next"]) == (["C1"], None)
    assert up["cameras"] == []
    assert areas["areas"]["inner-east"]["day"]["down_s"] == 60.0


@pytest.mark.parametrize("query", ["light=dim", "group=moon", "limit=0", "colour=red"])
async def test_an_odd_question_is_refused(server: Served, query: str) -> None:
    """A word that is not in its list, or a name that is none, is answered with what is allowed."""
    assert (await asked(server.address, f"{V1}/cameras?{query}"))[0] == 400


async def test_an_unknown_camera_is_not_found(server: Served) -> None:
    """A key that no camera has is said to be none, also where something else has it."""
    assert (await asked(server.address, f"{V1}/cameras/S1"))[0] == 404


async def test_a_repair_from_its_order_to_its_result(server: Served) -> None:
    """A work order is raised on an open incident once, attended, cleared with a result, and listed."""
    server.room.happens(signal(Kind.HELP_POINT, "h1"))
    (incident,) = server.room.state.incidents
    raising = {**AUTHOR, "incident": incident, "note": "button loose"}

    status, raised, _ = await asked(server.address, ORDERS, raising)
    order = raised["work_order"]["id"]
    twice, refused, _ = await asked(server.address, ORDERS, raising)
    attended, _, _ = await asked(server.address, f"{ORDERS}/{order}/attended", AUTHOR)
    wrong, _, _ = await asked(server.address, f"{ORDERS}/{order}/cleared", {**AUTHOR, "result": "gone"})
    cleared, _, _ = await asked(server.address, f"{ORDERS}/{order}/cleared", {**AUTHOR, "result": "repaired"})
    _, listed, _ = await asked(server.address, ORDERS)

    assert (status, twice, attended, wrong, cleared) == (200, 409, 200, 400, 200)
    assert refused["detail"] == f"{order} is open for it already"
    assert (listed["open"], [one["result"] for one in listed["cleared"]]) == ([], ["repaired"])


async def test_no_work_order_without_an_open_incident(server: Served) -> None:
    """An engineer is sent because of something that is open, and the refusal says so."""
    status, refused, _ = await asked(server.address, ORDERS, {**AUTHOR, "incident": "INC-99"})

    assert status == 409
    assert "open incident" in refused["detail"]
