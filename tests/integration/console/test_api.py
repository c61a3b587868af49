from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from controlroom.console.parts import Check, RoomStatus
from controlroom.events import Tick
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import EPOCH, SmallRoom, garbage
from tests.incidents.holds.test_holding import Holding
from tests.integration.console.served import SERVED, served

V1 = "/api/v1"
OWN = {"version": 1, "author": "desk one"}


async def asked(
    address: str,
    path: str,
    body: object = None,
    *,
    headers: dict[str, str] | None = None,
    who: str = "desk one",
) -> tuple[int, Any, aiohttp.ClientResponse]:
    """Return status, JSON and answer of a GET, or of a POST when there is a body.

    `author` in a body is no part of what is sent: as `who`, it names the person who is signed in.
    """
    who = str(body.get("author", who)) if isinstance(body, dict) else who
    body = {key: value for key, value in body.items() if key != "author"} if isinstance(body, dict) else body
    headers = await SERVED[address].cookies(who) | (headers or {})
    async with aiohttp.ClientSession() as session:
        method = "GET" if body is None else "POST"
        sent = {"data": body} if isinstance(body, str | bytes) else {"json": body} if body is not None else {}
        async with session.request(method, address + path, headers=headers, **sent) as answer:
            return answer.status, await answer.json(content_type=None), answer


def waiting_room() -> SmallRoom:
    """Return a room with one incident that waits for an operator: INC-1."""
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="other"))
    return room


async def test_incidents_are_listed_with_a_cursor() -> None:
    """The list is in the order of need, bounded, and leads on until there is no more."""
    room = waiting_room()
    room.happens(signal(Kind.LONE_WORKER, "w1", event="sos"), signal(Kind.HELP_POINT, "h1"))
    async with served(room) as server:
        _, first, _ = await asked(server.address, f"{V1}/incidents?limit=2")
        _, rest, _ = await asked(server.address, f"{V1}/incidents?limit=2&cursor={first['next']}")
        ids = [one["id"] for one in first["incidents"] + rest["incidents"]]
        assert (ids, rest["next"]) == (["INC-2", "INC-3", "INC-1"], None)
        _, new, _ = await asked(server.address, f"{V1}/incidents?status=new")
        assert [one["id"] for one in new["incidents"]] == ["INC-1"]


@pytest.mark.parametrize(
    "query",
    ["color=red", "limit=0", "limit=501", "limit=x", "status=gone", "cursor=abc", "limit=1&limit=2"],
)
async def test_a_question_that_is_not_understood_is_refused(query: str) -> None:
    """An unknown name, a bad value, a made-up cursor or a name twice gives a 400 problem, never a guess."""
    async with served() as server:
        status, problem, answer = await asked(server.address, f"{V1}/incidents?{query}")
        assert (status, answer.content_type) == (400, "application/problem+json")
        assert problem["type"] == "urn:controlroom:problem:not-valid"


async def test_one_incident_has_its_version_as_its_tag() -> None:
    """A single incident is found by its id, and its ETag is its version; an unknown one is a 404 problem."""
    async with served(waiting_room()) as server:
        status, incident, answer = await asked(server.address, f"{V1}/incidents/INC-1")
        assert (status, incident["id"], answer.headers["ETag"]) == (200, "INC-1", '"1"')
        status, problem, _ = await asked(server.address, f"{V1}/incidents/INC-9")
        assert (status, problem["title"]) == (404, "no such incident")


async def test_one_incident_comes_with_its_plan() -> None:
    """The answer about one incident has the steps of its rule's plan; a rule without one shows none."""
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"), signal(Kind.LONE_WORKER, "w1", event="sos"))
    async with served(room) as server:
        _, incident, _ = await asked(server.address, f"{V1}/incidents/INC-1")
        assert incident["plan"] == {
            "title": "Go and see",
            "silent": True,
            "steps": [{"id": "go", "do": "Go.", "required": True}],
        }
        _, other, _ = await asked(server.address, f"{V1}/incidents/INC-2")
        assert "plan" not in other
        _, listed, _ = await asked(server.address, f"{V1}/incidents")
        assert all("plan" not in one for one in listed["incidents"])


async def test_a_snapshot_says_where_the_stream_goes_on() -> None:
    """Incidents, signals and quarantine come with the place from which the stream has the rest."""
    room = SmallRoom()
    async with served(room) as server:
        room.happens(signal(Kind.ARC_ALARM, "a1"), garbage(b"<script>"))
        _, snapshot, _ = await asked(server.address, f"{V1}/snapshot")
        assert (snapshot["epoch"], snapshot["position"], snapshot["as_of"]) == (EPOCH, 2, 2)
        assert [one["id"] for one in snapshot["incidents"]] == ["INC-1"]
        assert [delta["p"] for delta in snapshot["recent"]] == [1]
        assert snapshot["quarantine"][0]["raw"]["text"] == "<script>"
        _, listed, _ = await asked(server.address, f"{V1}/quarantine?limit=1")
        assert (len(listed["quarantine"]), listed["ever"]) == (1, 1)


async def test_the_status_tells_the_condition() -> None:
    """Degraded, demonstration, epoch, positions and counts by kind and route are there for any program."""
    room = waiting_room()
    room.status = RoomStatus(demonstration=False, degraded="the store does not answer")
    async with served(room) as server:
        room.happens(signal(Kind.GUARD, "g1"))
        _, status, _ = await asked(server.address, f"{V1}/status")
        assert (status["degraded"], status["demonstration"]) == ("the store does not answer", False)
        assert status["counts"]["guard"] == {"mobile_response": 0, "log": 1}


async def test_readiness_names_what_is_missing() -> None:
    """Alive while the loop turns; ready only while every check holds, with its reason when not."""
    async with served() as server:
        assert (await asked(server.address, "/livez"))[0] == 200
        assert (await asked(server.address, "/readyz"))[0] == 200
        server.room.checks = (Check("broker", ok=False, detail="not connected for 4 s"),)
        status, body, _ = await asked(server.address, "/readyz", headers={"Host": "10.0.0.9:8080"})
        assert (status, body["ready"]) == (503, False)
        assert body["checks"] == [{"name": "broker", "ok": False, "detail": "not connected for 4 s"}]


async def test_the_second_to_own_is_told_who_was_first() -> None:
    """A command that saw an old version changes nothing and is answered with who did what, and when."""
    async with served(waiting_room()) as server:
        status, done, _ = await asked(server.address, f"{V1}/incidents/INC-1/own", OWN)
        assert (status, done["incident"]["owner"], done["incident"]["version"]) == (200, "desk one", 2)
        server.room.passes(4)
        late = {"version": 1, "author": "desk two"}
        status, problem, _ = await asked(server.address, f"{V1}/incidents/INC-1/own", late)
        assert (status, problem["reason"]) == (409, "command_saw_an_old_version")
        assert "owned by desk one 4 s ago" in problem["detail"]
        assert problem["incident"]["owner"] == "desk one"


async def test_a_crew_is_sent_and_the_incident_closed() -> None:
    """Sending names a unit, closing says what was found, and what is closed cannot be closed again."""
    async with served(waiting_room()) as server:
        path = f"{V1}/incidents/INC-1"
        _, sent, _ = await asked(server.address, f"{path}/send", {**OWN, "unit": "MR-02"})
        assert (sent["incident"]["unit"], sent["incident"]["status"]) == ("MR-02", "dispatched")
        closing = {"version": 2, "author": "desk one", "outcome": "no_trace"}
        _, closed, _ = await asked(server.address, f"{path}/close", closing)
        assert (closed["incident"]["status"], closed["incident"]["outcome"]) == ("closed", "no_trace")
        status, problem, _ = await asked(server.address, f"{path}/close", closing)
        assert (status, problem["reason"]) == (409, "command_not_possible_now")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"version":1}', {"Content-Type": "text/plain"}, 415),
        ('{"version":1', {"Content-Type": "application/json"}, 400),
        ('{"version":1,"author":"somebody else"}', {"Content-Type": "application/json"}, 400),
        ({"version": True}, {}, 400),
        ({"version": "1"}, {}, 400),
        ({"version": 1, "more": 1}, {}, 400),
        ({}, {}, 400),
        (OWN, {"Origin": "http://elsewhere.example"}, 403),
        (OWN, {"Sec-Fetch-Site": "cross-site"}, 403),
        (OWN, {"Host": "rebound.example"}, 421),
        ({**OWN, "more": "a" * 20_000}, {}, 413),
    ],
)
async def test_a_command_that_is_not_well_formed_reaches_no_room(
    body: object, headers: dict[str, str], status: int
) -> None:
    """Only strict JSON from our own page is a command; anything else is a problem and changes nothing."""
    async with served(waiting_room()) as server:
        found, problem, answer = await asked(
            server.address, f"{V1}/incidents/INC-1/own", body, headers=headers
        )
        assert (found, answer.content_type, problem["status"]) == (status, "application/problem+json", status)
        assert server.room.state.position == 1


async def test_a_command_without_a_store_is_answered() -> None:
    """When nothing can be stored a person is told so, instead of waiting for ever."""
    async with served(waiting_room()) as server:
        server.room.answers = False
        status, problem, _ = await asked(server.address, f"{V1}/incidents/INC-1/own", OWN)
        assert (status, problem["title"]) == (503, "not stored yet")


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), (f"{V1}/incidents/INC-1/own", 405)])
async def test_what_is_not_there_is_a_problem_too(path: str, status: int) -> None:
    """An unknown page and a wrong method have the form of every other problem."""
    async with served() as server:
        found, problem, answer = await asked(server.address, path)
        assert (found, answer.content_type) == (status, "application/problem+json")
        assert problem["instance"] == path


async def test_files_are_kept_for_ever_under_their_digest() -> None:
    """The page is asked for each time; its files never change under their address; no other path exists."""
    async with served() as server, aiohttp.ClientSession(headers=await server.cookies()) as session:
        async with session.get(server.address) as page:
            text, csp = await page.text(), page.headers["Content-Security-Policy"]
            tag = page.headers["ETag"]
        script = text.split('type="module" src="')[1].split('"')[0]
        async with session.get(server.address + script) as file:
            assert "immutable" in file.headers["Cache-Control"]
            assert file.headers["X-Content-Type-Options"] == "nosniff"
        async with session.get(server.address, headers={"If-None-Match": tag}) as again:
            assert again.status == 304
        async with session.get(f"{server.address}{script}/..%2f..%2fapp.py") as elsewhere:
            assert elsewhere.status == 404
        assert "unsafe" not in csp
        assert "default-src 'none'" in csp


async def test_an_incident_is_parked_taken_over_resolved_and_reopened() -> None:
    """Each command of the lifecycle has its address, and answers with the incident as it is then."""
    async with served(waiting_room()) as server:
        path, until = f"{V1}/incidents/INC-1", "2026-03-02T14:00:00+01:00"
        parked = {**OWN, "until": until, "reason": "keyholder at two"}
        _, said, _ = await asked(server.address, f"{path}/park", parked)
        assert (said["incident"]["status"], said["incident"]["parked"]) == ("parked", "keyholder at two")
        assert said["incident"]["due"] == "2026-03-02T13:00:00Z"
        steps: tuple[tuple[str, dict[str, str], str], ...] = (
            ("unpark", {}, "new"),
            ("own", {}, "owned"),
            ("note", {"text": "she is on her way"}, "owned"),
            ("escalate", {"reason": "alone here"}, "escalated"),
            ("resolve", {"outcome": "genuine"}, "resolved"),
            ("reopen", {"reason": "rang again"}, "owned"),
        )
        for verb, more, status in steps:
            seen = {"version": said["incident"]["version"], "author": "desk one", **more}
            code, said, _ = await asked(server.address, f"{path}/{verb}", seen)
            assert (code, said["incident"]["status"]) == (200, status), verb
        seen = {"version": said["incident"]["version"], "author": "desk two"}
        code, problem, _ = await asked(server.address, f"{path}/own", seen)
        assert (code, problem["reason"]) == (409, "owned_by_another")
        assert "reopened by desk one 0 s ago; it is owned by desk one" in problem["detail"]
        taken = {**seen, "from_owner": "desk one"}
        code, problem, _ = await asked(server.address, f"{path}/own", taken)
        assert (code, [one["pointer"] for one in problem["errors"]]) == (400, ["/reason"])
        code, said, _ = await asked(server.address, f"{path}/own", {**taken, "reason": "at it already"})
        assert (code, said["incident"]["owner"]) == (200, "desk two")
        _, whole, _ = await asked(server.address, path)
        why = "Taken over from desk one: at it already"
        assert [note["text"] for note in whole["notes"]] == ["she is on her way", why]
        assert [member["position"] for member in whole["members"]] == [1]


async def test_the_room_too_can_be_first() -> None:
    """Who comes after an escalation is told that the room moved the incident, and when."""
    async with served(waiting_room()) as server:
        server.room.passes(60)
        server.room.happens(Tick())
        status, problem, _ = await asked(server.address, f"{V1}/incidents/INC-1/own", OWN)
        assert status == 409
        assert "escalated by the room 0 s ago; it is escalated; you saw version 1" in problem["detail"]
        assert problem["incident"]["level"] == "operator"


async def test_two_incidents_are_merged_split_and_undone() -> None:
    """Merging names both versions; what was merged says where it went; an undo gives it back."""
    room = waiting_room()
    room.happens(signal(Kind.ARC_ALARM, "a2", event="other"))
    async with served(room) as server:
        first, second = f"{V1}/incidents/INC-1", f"{V1}/incidents/INC-2"
        merging = {**OWN, "other": "INC-2", "other_version": 1}
        _, said, _ = await asked(server.address, f"{first}/merge", merging)
        assert said["incident"]["signals"] == 2
        _, gone, _ = await asked(server.address, second)
        assert (gone["status"], gone["outcome"], gone["into"]) == ("closed", "merged", "INC-1")
        seen = {"version": said["incident"]["version"], "author": "desk one"}
        _, said, _ = await asked(server.address, f"{first}/undo", seen)
        _, back, _ = await asked(server.address, second)
        assert (said["incident"]["signals"], back["status"]) == (1, "new")
        seen["version"] = said["incident"]["version"]
        code, problem, _ = await asked(server.address, f"{first}/split", {**seen, "positions": [1]})
        assert (code, problem["reason"]) == (409, "split_names_no_part_of_its_signals")


async def test_what_waits_for_an_abort_is_listed() -> None:
    """Nothing that is held is hidden: the list says what it is, where, and until when."""
    room = SmallRoom()
    room.handbook = replace(room.handbook, rules=Holding())
    async with served(room) as server:
        room.happens(signal(Kind.ARC_ALARM, "a1", event="intruder"))
        _, said, _ = await asked(server.address, f"{V1}/held")
        assert said["count"] == 1
        held = said["held"][0]
        assert (held["site"], held["event"], held["until"]) == ("S1", "intruder", "2026-03-02T12:02:00Z")


async def test_faults_without_their_restore_are_listed() -> None:
    """A mains fault stands in the list from its report on, with the position of its record."""
    room = SmallRoom()
    async with served(room) as server:
        room.happens(signal(Kind.ARC_ALARM, "a1", event="mains_fault"))
        _, said, _ = await asked(server.address, f"{V1}/faults")
        assert (said["count"], said["unpaired"]) == (1, 0)
        fault = said["faults"][0]
        assert (fault["site"], fault["event"], fault["position"]) == ("S1", "mains_fault", 1)
