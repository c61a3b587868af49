"""The search over the API: what is found, how far was looked, and that nothing hidden is told by anything."""

from typing import Any

from controlroom.access.permissions import Role
from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.log_book import EntryCorrected, EntryWritten
from controlroom.commands.work import Noted
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom, garbage
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked


def radio(text: str) -> Radio:
    """Return what somebody wrote."""
    return Radio(Channel.AIRWAVE, "LK1", text)


async def test_everything_is_found_page_by_page_and_the_answer_says_how_far_was_looked() -> None:
    """Entries, incidents and signals come page by page; the answer says what the index has not seen yet."""
    room = SmallRoom()
    room.happens(
        signal(Kind.ARC_ALARM, "a1", event="panic", zone="heronry"),
        Noted("INC-1", 1, "ana", "heronry <b>again</b>"),
        *(EntryWritten("ana", room.now, radio(f"heronry {number}")) for number in range(3)),
    )
    async with served(room) as server:
        found: list[Any] = []
        cursor = ""
        while True:
            address = f"{V1}/search?words=heronry&limit=2{cursor}"
            status, told, _ = await asked(server.address, address)
            assert status == 200
            found += told["found"]
            if told["next"] is None:
                break
            cursor = f"&cursor={told['next']}"
        names = [f"{one['what']} {one['id']}" for one in found]
        assert names == ["entry LOG-5", "entry LOG-4", "entry LOG-3", "incident INC-1", "signal 1"]
        assert ["heronry", True] in found[3]["parts"]
        assert not [one for one in found if any("\\n" in text for text, _ in one["parts"])]
        assert (told["through"], told["behind"], told["cut"]) == (5, 0, False)
        room.search.hold()
        room.happens(EntryWritten("ana", room.now, radio("heronry once more")))
        _, told, _ = await asked(server.address, f"{V1}/search?words=heronry")
        assert (told["through"], told["behind"], len(told["found"])) == (5, 1, 5)
        for question, status in (
            ("words=heronry&what=incident", 200),
            ("words=heronry&person=ana&site=S1&kind=arc-alarm&area=inner-east", 200),
            ("words=%22%29 OR NEAR(%2A", 200),
            ("words=--", 400),
            ("words=heronry&cursor=bm9uZQ==", 400),
            ("words=heronry&area=nowhere", 400),
            ("words=x", 400),
        ):
            assert (await asked(server.address, f"{V1}/search?{question}"))[0] == status, question


async def test_what_is_restricted_is_not_found_counted_or_hinted_at() -> None:
    """Who is not named finds the rest as if nothing else were there, also before the index knows of it."""
    room = SmallRoom()
    room.happens(
        *(EntryWritten("ana", room.now, radio(f"heron {number}")) for number in range(4)),
        garbage(b"heron in quarantine"),
    )
    room.search.hold()
    room.happens(
        EntryCorrected("LOG-4", 1, "ana", "for few", room.now, radio("heron 3"), None, None, ("bo",))
    )
    async with served(room) as server:
        for name, role, entries, raw in (
            ("max", Role.MANAGER, ["LOG-3", "LOG-2", "LOG-1"], False),
            ("bo", Role.MANAGER, ["LOG-4", "LOG-3", "LOG-2", "LOG-1"], False),
            ("op", Role.OPERATOR, ["LOG-3", "LOG-2", "LOG-1"], True),
        ):
            headers = await server.cookies(name, role)
            whole = f"{V1}/search?words=heron&limit=3&what=entry"
            _, told, _ = await asked(server.address, whole, headers=headers)
            assert [one["id"] for one in told["found"]] == entries[:3]
            assert (told["next"] is None) is (len(entries) == 3)
            _, told, _ = await asked(server.address, f"{V1}/search?words=heron", headers=headers)
            assert any(one["what"] == "quarantine" for one in told["found"]) is raw
