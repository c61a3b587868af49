"""Patrols over the API, of a room that decides."""

from msgspec.structs import replace

from controlroom.estate.model import Estate, Round
from controlroom.incidents.sites.changes import VisitCalled
from controlroom.incidents.sites.state import note
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, estate, topic_of
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

POST = topic_of(Kind.GUARD)


def room_with_rounds() -> SmallRoom:
    """Return a room with two rounds, of which one is random and called."""
    room, known = SmallRoom(), estate()
    rounds = {name: Round(name, POST, "P1", "night", random=name == "R2") for name in ("R1", "R2")}
    there = Estate(known.places, {}, rounds=rounds)
    room.handbook = replace(room.handbook, estate=there)
    note(room.state.sites, VisitCalled("R2"), 1, NOON)
    return room


async def test_rounds_are_listed_and_a_visit_is_taken_down() -> None:
    """Whoever is called stands first; a visit said by radio is durable with who took it down."""
    async with served(room_with_rounds()) as server:
        _, listed, _ = await asked(server.address, f"{V1}/patrols")
        assert [(one["round"], one["random"]) for one in listed["patrols"]] == [("R2", True), ("R1", False)]
        assert listed["patrols"][0]["called"] is not None

        status, said, _ = await asked(server.address, f"{V1}/patrols/R1/visited", {"author": "desk one"})
        assert (status, said["patrol"]["visited"]) == (200, "2026-03-02T12:00:00Z")
        status, _, _ = await asked(server.address, f"{V1}/patrols/R9/visited", {"author": "desk one"})
        assert status == 404
