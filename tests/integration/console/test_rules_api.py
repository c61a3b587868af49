"""The rule tables over the API, by a desk that answers as it is told to."""

import pytest
from msgspec.structs import replace

from controlroom.console.rule_desk import Refusal, ReloadResult
from tests.build import NOON
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import asked

RULES = "/api/v1/rules"
RELOAD = f"{RULES}/reload"


async def test_the_rules_in_force_are_told_with_their_author() -> None:
    """Version, tables with their rules, moment and author are answered; a parameter is refused."""
    async with served() as server:
        status, standing, answer = await asked(server.address, RULES)
        assert (status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert standing == {
            "version": "test-rules",
            "tables": [{"table": "guard", "rules": 1}],
            "loaded_at": "2026-03-02T12:00:00Z",
            "loaded_by": "start",
            "warnings": [],
            "refused": None,
        }
        status, _, _ = await asked(server.address, f"{RULES}?all=1")
        assert status == 400


@pytest.mark.parametrize("result", [ReloadResult.SWAPPED, ReloadResult.UNCHANGED])
async def test_a_reload_is_answered_with_what_became_of_it(result: ReloadResult) -> None:
    """The author goes to the desk, and its result, position and standing come back."""
    room = SmallRoom()
    room.rules.result = result
    async with served(room) as server:
        status, said, _ = await asked(server.address, RELOAD, {"author": "desk one"})
        assert (status, said["result"], said["position"]) == (200, result, 5)
        assert said["rules"]["version"] == "test-rules"
        assert room.rules.authors == ["desk one"]


async def test_a_refused_set_is_a_conflict_with_its_problems() -> None:
    """A refused set is a 409 with the first problems, their number and the version that stays."""
    room = SmallRoom()
    room.rules.result = ReloadResult.REFUSED
    refused = Refusal(NOON, "desk one", ("guard.yaml:1:2: no",), 7)
    room.rules.standing_now = replace(room.rules.standing_now, refused=refused)
    async with served(room) as server:
        status, problem, answer = await asked(server.address, RELOAD, {"author": "desk one"})
        assert (status, answer.content_type) == (409, "application/problem+json")
        assert problem["type"] == "urn:controlroom:problem:rules-refused"
        assert (problem["problems"], problem["found"]) == (["guard.yaml:1:2: no"], 7)
        assert (problem["rule_set"], problem["position"]) == ("test-rules", 5)


async def test_a_set_that_came_second_and_a_busy_desk_are_told_as_such() -> None:
    """A stale set is a 409, too many waiting reloads a 503; both say what to do."""
    room = SmallRoom()
    room.rules.result = ReloadResult.STALE
    async with served(room) as server:
        status, problem, _ = await asked(server.address, RELOAD, {"author": "desk one"})
        assert (status, problem["type"]) == (409, "urn:controlroom:problem:somebody-was-first")
        room.rules.busy = "8 reloads wait already"
        status, problem, _ = await asked(server.address, RELOAD, {"author": "desk one"})
        assert (status, problem["detail"]) == (503, "8 reloads wait already")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"author": "somebody else"}', {"Content-Type": "application/json"}, 400),
        ({"author": "desk one", "force": True}, {}, 400),
        ("author=desk", {}, 415),
        ({"author": "desk one"}, {"Origin": "http://elsewhere.example"}, 403),
        ({"author": "desk one"}, {"Host": "elsewhere.example"}, 421),
    ],
)
async def test_a_reload_passes_the_guards_of_every_command(
    body: object, headers: dict[str, str], status: int
) -> None:
    """A wrong body, another site's page or a foreign host is refused before the desk hears of it."""
    room = SmallRoom()
    async with served(room) as server:
        found, _, _ = await asked(server.address, RELOAD, body, headers=headers)
        assert (found, room.rules.authors) == (status, [])


async def test_a_reload_is_asked_for_by_post_only() -> None:
    """A link or a prefetch cannot have the rules read again."""
    async with served() as server:
        status, _, _ = await asked(server.address, RELOAD)
        assert status == 405
