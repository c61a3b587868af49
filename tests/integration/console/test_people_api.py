"""Watches and people over the API, of a room that decides."""

import pytest

from controlroom.events import LinkLost
from controlroom.signals.vocabulary import Kind
from tests.build import signal, topic_of
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

WORKER = topic_of(Kind.LONE_WORKER)
PERSON = f"{V1}/people/inner-east/lone-worker/W1"
DESK = {"author": "desk one"}


def at_work() -> SmallRoom:
    """Return a room with one lone worker on duty and one incident that waits for an operator."""
    room = SmallRoom()
    room.happens(signal(Kind.LONE_WORKER, "w1", event="booked_on"), signal(Kind.HELP_POINT, "h1"))
    return room


async def test_what_is_expected_is_listed_in_order_with_a_cursor() -> None:
    """The first due stands first, each with whom it is expected of; the cursor leads on to the end."""
    async with served(at_work()) as server:
        _, first, _ = await asked(server.address, f"{V1}/watches?limit=2")
        _, rest, _ = await asked(server.address, f"{V1}/watches?limit=2&cursor={first['next']}")
        listed = first["watches"] + rest["watches"]

        assert [one["kind"] for one in listed] == ["acceptance", "help_point_call", "check", "shift_end"]
        assert (first["armed"], rest["next"]) == (4, None)
        assert (listed[0]["whom"], listed[2]["whom"]) == ("MR-01", "Library of W1")
        assert listed[2]["otherwise"].startswith("the check is late")


async def test_watches_of_one_kind_and_before_a_moment() -> None:
    """Kind and moment narrow the list; what an outage leaves unknown can be asked for alone."""
    room = at_work()
    async with served(room) as server:
        _, checks, _ = await asked(server.address, f"{V1}/watches?kind=check")
        assert [one["subject"] for one in checks["watches"]] == [WORKER]
        _, group, _ = await asked(server.address, f"{V1}/watches?group=people")
        assert [one["kind"] for one in group["watches"]] == ["check", "shift_end"]
        _, early, _ = await asked(server.address, f"{V1}/watches?before=2026-03-02T12:05:00Z")
        assert [one["kind"] for one in early["watches"]] == ["acceptance", "help_point_call"]
        _, unknown, _ = await asked(server.address, f"{V1}/watches?unknown=true")
        assert (unknown["watches"], unknown["deaf_since"]) == ([], None)

        room.happens(LinkLost("unreachable"))
        room.passes(1_900)
        _, unknown, _ = await asked(server.address, f"{V1}/watches?unknown=true")
        assert [(one["kind"], one["unknown"]) for one in unknown["watches"]] == [
            ("help_point_call", True),
            ("check", True),
        ]


@pytest.mark.parametrize(
    "query", ["kind=tea", "group=tea", "before=noon", "cursor=abc", "limit=501", "color=red"]
)
async def test_a_question_about_watches_that_is_not_understood_is_refused(query: str) -> None:
    """A bad word, moment or cursor gives a 400 problem, never a guess."""
    async with served() as server:
        status, problem, _ = await asked(server.address, f"{V1}/watches?{query}")
        assert (status, problem["type"]) == (400, "urn:controlroom:problem:not-valid")


async def test_a_telephone_check_is_taken_and_shown() -> None:
    """An operator's check is answered with the duty as it now stands; the people on duty are listed."""
    room = at_work()
    room.passes(600)
    async with served(room) as server:
        status, said, _ = await asked(server.address, f"{PERSON}/check", DESK)
        assert (status, said["duty"]["stage"], said["duty"]["checked_at"]) == (
            200,
            "well",
            "2026-03-02T12:10:00Z",
        )
        _, listed, _ = await asked(server.address, f"{V1}/people")
        assert [(one["name"], one["person"]) for one in listed["people"]] == [("Library of W1", "W1")]


async def test_a_word_that_makes_no_sense_is_a_conflict() -> None:
    """Booking on twice, or checking somebody who is off duty, is a 409 that says why."""
    async with served(at_work()) as server:
        status, problem, _ = await asked(server.address, f"{PERSON}/book-on", DESK)
        assert (status, problem["detail"]) == (409, "they are on duty already")
        status, said, _ = await asked(server.address, f"{PERSON}/book-off", DESK)
        assert (status, said["duty"]) == (200, None)
        status, problem, _ = await asked(server.address, f"{PERSON}/check", DESK)
        assert (status, problem["reason"]) == (409, "not_on_duty")


async def test_nobody_is_no_person() -> None:
    """A topic that is not of the estate, or of a camera, is a 404."""
    async with served(at_work()) as server:
        for path in ("inner-east/lone-worker/W9", "inner-east/camera-fault/C1"):
            status, _, _ = await asked(server.address, f"{V1}/people/{path}/check", DESK)
            assert status == 404
