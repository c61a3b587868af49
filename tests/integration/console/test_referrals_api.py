"""Tests of referrals over the API, of a room that decides."""

from msgspec.structs import replace

from controlroom.commands.referrals import DeliveryTried
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.incidents.referrals.test_referring import PARTNERS
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked

REFER = {"author": "desk one", "version": 1, "partner": "lasbt", "category": "asb", "reason": "again \u202e"}


def room_with_partners() -> SmallRoom:
    """Return a room with two partners and one incident."""
    room = SmallRoom()
    room.handbook = replace(room.handbook, partners=PARTNERS)
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    return room


async def test_an_incident_is_referred_and_lists_it() -> None:
    """The partners are listed without their addresses; the referral is durable when the answer comes."""
    async with served(room_with_partners()) as server:
        _, listed, _ = await asked(server.address, f"{V1}/partners")
        assert [one["key"] for one in listed["partners"]] == ["lasbt", "wyp"]
        assert "example" not in str(listed)

        status, said, _ = await asked(server.address, f"{V1}/incidents/INC-1/refer", REFER)
        assert (status, said["incident"]["version"]) == (200, 2)
        _, incident, _ = await asked(server.address, f"{V1}/incidents/INC-1")
        (made,) = incident["referrals"]
        assert (made["partner"], made["delivery"], made["reason"]) == ("lasbt", "sheet", "again \\u202e")
        _, again, _ = await asked(server.address, f"{V1}/referrals/{made['id']}")
        assert again == made


async def test_referrals_are_listed_by_how_far_they_are() -> None:
    """The newest stands first; what is on its way to a receiver can be asked for alone."""
    async with served(room_with_partners()) as server:
        for version, partner in enumerate(("lasbt", "wyp"), start=1):
            body = REFER | {"version": version, "partner": partner}
            await asked(server.address, f"{V1}/incidents/INC-1/refer", body)
        _, listed, _ = await asked(server.address, f"{V1}/referrals")
        assert [one["partner"] for one in listed["referrals"]] == ["wyp", "lasbt"]
        _, listed, _ = await asked(server.address, f"{V1}/referrals?delivery=waiting")
        assert [one["partner"] for one in listed["referrals"]] == ["wyp"]


async def test_a_referral_that_was_given_up_is_sent_again() -> None:
    """It is listed as dead with the reason; sent again it is on its way, and a second press is refused."""
    room = room_with_partners()
    async with served(room) as server:
        await asked(server.address, f"{V1}/incidents/INC-1/refer", REFER | {"partner": "wyp"})
        resend, author = f"{V1}/referrals/REF-2/resend", {"author": "desk two"}
        status, problem, _ = await asked(server.address, resend, author)
        assert (status, problem["reason"]) == (409, "referral_was_not_given_up")
        room.happens(DeliveryTried("REF-2", 12, "it answered 500", final=True))
        _, listed, _ = await asked(server.address, f"{V1}/referrals?delivery=dead")
        assert [one["because"] for one in listed["referrals"]] == ["it answered 500"]

        status, said, _ = await asked(server.address, resend, author)
        assert (status, said["referral"]["delivery"]) == (200, "waiting")
        status, _, _ = await asked(server.address, resend, author)
        assert status == 409


async def test_what_cannot_be_referred_is_refused_in_words() -> None:
    """A wrong partner is a 409 with its reason, a wrong category a 400, an unknown referral a 404."""
    async with served(room_with_partners()) as server:
        refer = f"{V1}/incidents/INC-1/refer"
        status, problem, _ = await asked(server.address, refer, REFER | {"partner": "fbi"})
        assert (status, problem["reason"]) == (409, "partner_unknown")
        status, _, _ = await asked(server.address, refer, REFER | {"category": "gossip"})
        assert status == 400
        status, _, _ = await asked(server.address, f"{V1}/referrals/REF-9")
        assert status == 404
