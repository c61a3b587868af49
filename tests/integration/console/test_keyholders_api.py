"""Keyholders and the check of a police reference over the API, of a room that decides."""

from datetime import date

from msgspec.structs import replace

from controlroom.access.permissions import TABLE, Permission, Role
from controlroom.estate.model import Estate, Keyholder, Round, SiteNotes
from controlroom.estate.police import PoliceReference, System
from controlroom.estate.telephones import Telephone
from controlroom.signals.vocabulary import Kind
from tests.build import estate, signal, topic_of
from tests.console.small_room import SmallRoom
from tests.incidents.referrals.test_preflight import POLICE
from tests.integration.console.looks import QUICK
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked
from tests.integration.console.test_doors import told_to
from tests.integration.console.test_restricted import walked

INCIDENT = f"{V1}/incidents/INC-1"
NUMBER = PoliceReference("U-1", "S1", System.HOLD_UP, "WYP", 3, "Library of S1", date(2020, 1, 1))


RINGS_AT = Telephone("+447700900123", "07700 900123")


def room_with_keys() -> SmallRoom:
    """Return a room with one panic at a site that has two keyholders and a number that is withdrawn."""
    room, known = SmallRoom(), estate()
    keys = {"S1": tuple(Keyholder(f"KH-{turn}", "S1", f"Keyholder {turn}", turn) for turn in (1, 2))}
    notes = {"S1": SiteNotes("Side gate", "Two go in", ("violent-person", "dogs"), date(2026, 2, 28))}
    rounds = {"R1": Round("R1", topic_of(Kind.GUARD), "P1", "night")}
    numbers = {"KH-1": RINGS_AT}
    there = Estate(
        known.places,
        known.crews,
        keyholders=keys,
        police={"U-1": NUMBER},
        notes=notes,
        rounds=rounds,
        telephones=numbers,
    )
    room.handbook = replace(room.handbook, estate=there, partners={"wyp": POLICE})
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    return room


async def test_keyholders_are_called_in_order() -> None:
    """The list says who is next; each call is on record, listed on the incident, and moves the list on."""
    async with served(room_with_keys()) as server:
        _, listed, _ = await asked(server.address, f"{INCIDENT}/keyholders")
        assert (listed["next"], listed["call_due"]) == ("KH-1", None)
        body = {"author": "desk one", "version": 1, "keyholder": "KH-1", "result": "no_answer"}
        status, said, _ = await asked(server.address, f"{INCIDENT}/keyholders", body)
        assert (status, said["incident"]["version"]) == (200, 2)

        _, listed, _ = await asked(server.address, f"{INCIDENT}/keyholders")
        assert [one["result"] for one in listed["keyholders"]] == ["no_answer", None]
        assert listed["next"] == "KH-2"
        assert listed["call_due"] is not None
        on_way = {"author": "desk one", "version": 2, "keyholder": "KH-2", "result": "on_the_way"}
        await asked(server.address, f"{INCIDENT}/keyholders", on_way)
        _, listed, _ = await asked(server.address, f"{INCIDENT}/keyholders")
        assert (listed["next"], listed["attends_by"]) == (None, "2026-03-02T12:20:00Z")
        _, incident, _ = await asked(server.address, INCIDENT)
        assert [(one["keyholder"], one["by"]) for one in incident["calls"]] == [
            ("KH-1", "desk one"),
            ("KH-2", "desk one"),
        ]


async def test_a_number_is_told_to_whoever_rings_it_by_one_question_alone() -> None:
    """By every route, the past and the stream included, it is in one answer, for the permission's roles."""
    room = room_with_keys()
    async with served(room, QUICK) as server:
        told_in = {f"{V1}/sites/S1/keyholders"}
        for name, roles in (
            ("olu", TABLE[Permission.RING]),
            ("ray", set(Role) - TABLE[Permission.RING] - {Role.CREW}),
        ):
            headers = await server.cookies(name, *roles)
            told = await walked(server, headers)
            found = {
                address
                for address, (_, text) in told.items()
                if RINGS_AT.shown in text or "7700900123" in text
            }
            assert found == (told_in if name == "olu" else set())
            assert RINGS_AT.shown not in str(await told_to(server, headers, room.state.position))
        _, numbers, _ = await asked(server.address, f"{V1}/sites/S1/keyholders")
        assert [
            (one["keyholder"], one["telephone"], one["dialled"], one["at_hand"])
            for one in numbers["keyholders"]
        ] == [
            ("KH-1", "07700 900123", "+447700900123", True),
            ("KH-2", None, None, True),
        ]
        assert (await asked(server.address, f"{V1}/sites/S9/keyholders"))[0] == 404


async def test_the_site_of_an_incident_says_what_is_dangerous_there() -> None:
    """Dangers with their review, the way in, how it stands, what else happened there, the newest first."""
    room = room_with_keys()
    room.happens(signal(Kind.ARC_ALARM, "a2", event="other"), signal(Kind.HELP_POINT, "h1"))
    async with served(room) as server:
        _, card, _ = await asked(server.address, f"{INCIDENT}/site")
        assert (card["hazards"], card["entry"]) == (["violent-person", "dogs"], "Side gate")
        assert (card["review_by"], card["review_overdue"]) == ("2026-02-28", True)
        assert [(one["id"], one["status"]) for one in card["recent"]] == [("INC-2", "new")]
        assert card["picture"]["site"] == "S1"
        _, card, _ = await asked(server.address, f"{V1}/incidents/INC-3/site")
        assert (card["hazards"], card["picture"], card["recent"]) == ([], None, [])


async def test_a_call_that_is_none_is_refused() -> None:
    """A stranger is a 409 with its reason, a word that is no result a 400."""
    async with served(room_with_keys()) as server:
        body = {"author": "desk one", "version": 1, "keyholder": "KH-9", "result": "no_answer"}
        status, problem, _ = await asked(server.address, f"{INCIDENT}/keyholders", body)
        assert (status, problem["reason"]) == (409, "no_keyholder_of_this_site")
        status, _, _ = await asked(server.address, f"{INCIDENT}/keyholders", body | {"result": "asleep"})
        assert status == 400


async def test_the_check_is_shown_before_and_kept_with_the_referral() -> None:
    """A withdrawn number is found by asking, refused by referring, and made all the same by who says so."""
    async with served(room_with_keys()) as server:
        _, check, _ = await asked(server.address, f"{INCIDENT}/preflight?partner=wyp")
        assert check["reference"] == "U-1"
        assert [one["what"] for one in check["findings"]] == ["withdrawn"]

        refer = {"author": "desk one", "version": 1, "partner": "wyp", "category": "alarm", "reason": "help"}
        status, problem, _ = await asked(server.address, f"{INCIDENT}/refer", refer)
        assert (status, problem["reason"]) == (409, "police_would_refuse_this")
        assert problem["preflight"] == check
        status, _, _ = await asked(server.address, f"{INCIDENT}/refer", refer | {"anyway": True})
        assert status == 200
        _, incident, _ = await asked(server.address, INCIDENT)
        (made,) = incident["referrals"]
        assert (made["reference"], made["findings"]) == ("U-1", check["findings"])


async def test_a_check_of_nobody_is_not_found() -> None:
    """An unknown partner and an unknown incident are 404."""
    async with served(room_with_keys()) as server:
        status, _, _ = await asked(server.address, f"{INCIDENT}/preflight?partner=fbi")
        assert status == 404
        status, _, _ = await asked(server.address, f"{V1}/incidents/INC-9/preflight?partner=wyp")
        assert status == 404
