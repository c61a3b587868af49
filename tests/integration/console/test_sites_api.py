"""The sites over the API: which are unset, unknown or overdue, and one of them with its keyholders."""

from controlroom.incidents.apply import apply
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import ExpectationMissed, Expected, SetNoted
from controlroom.signals.vocabulary import Kind, SetState
from tests.build import NOON, topic_of
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import asked

SITES = "/api/v1/sites"
PANEL = topic_of(Kind.ARC_ALARM)


def late_library() -> SmallRoom:
    """Return a room whose library is unset and late to set."""
    room = SmallRoom()
    late = (SetNoted(PANEL, SetState.UNSET), ExpectationMissed(PANEL, Expected.LATE_TO_SET))
    apply(room.state, 1, NOON, Decision(late))
    return room


async def test_sites_are_listed_by_state_and_by_what_they_owe() -> None:
    """A site that has told nothing is unknown; a question that is none of ours is refused."""
    async with served(SmallRoom()) as server:
        _, listed, _ = await asked(server.address, f"{SITES}?state=unknown")
        assert [(site["site"], site["state"], site["since"]) for site in listed["sites"]] == [
            ("S1", "unknown", None)
        ]
        assert (await asked(server.address, f"{SITES}?state=set"))[1] == {"sites": [], "next": None}
        assert (await asked(server.address, f"{SITES}?overdue=any"))[1] == {"sites": [], "next": None}
        assert (await asked(server.address, f"{SITES}?state=open"))[0] == 400
    async with served(late_library()) as server:
        for question in ("state=unset", "overdue=any", "overdue=late_to_set", "after=S0&limit=1"):
            _, listed, _ = await asked(server.address, f"{SITES}?{question}")
            assert [site["site"] for site in listed["sites"]] == ["S1"], question
        for question in ("state=unknown", "overdue=test_overdue", "after=S1"):
            assert (await asked(server.address, f"{SITES}?{question}"))[1]["sites"] == [], question


async def test_one_site_is_told_with_what_it_owes_and_since_when() -> None:
    """Set state with its record, what is overdue, and the false calls beside their limits."""
    async with served(late_library()) as server:
        status, site, answer = await asked(server.address, f"{SITES}/S1")
        assert (status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert (site["state"], site["since"], site["position"]) == ("unset", "2026-03-02T12:00:00Z", 1)
        owed = {"what": WatchKind.LATE_TO_SET, "detail": "", "since": "2026-03-02T12:00:00Z"}
        assert site["overdue"] == [owed]
        assert {calls["system"]: calls["limit"] for calls in site["false_calls"]} == {
            "intruder": 3,
            "hold_up": 2,
        }
        assert (await asked(server.address, f"{SITES}/NOWHERE"))[0] == 404
