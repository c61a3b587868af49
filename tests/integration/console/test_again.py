"""Commands that are sent again, and versions that come in a header."""

import asyncio

import pytest
from msgspec.structs import replace

from controlroom.events import Ask
from controlroom.journal.answers import Kept, MemoryAnswers
from controlroom.room import Settled
from tests.console.small_room import SmallRoom
from tests.integration.console.served import served
from tests.integration.console.test_api import V1, asked, waiting_room

OWN = f"{V1}/incidents/INC-1/own"
ENTRIES = f"{V1}/log-entries"
NOTE = f"{V1}/incidents/INC-1/note"
KEY_NAME = "Idempotency-Key"
KEY = {KEY_NAME: "mine-1"}


async def test_a_command_sent_again_is_answered_as_the_first_time() -> None:
    """The same key, body and person: the same answer, and one note; another person's key is another key."""
    async with served(waiting_room()) as server:
        body = {"version": 1, "text": "seen"}
        _, first, _ = await asked(server.address, NOTE, body, headers=KEY)
        status, again, answer = await asked(server.address, NOTE, body, headers=KEY)
        assert (status, again, answer.headers["Idempotency-Replayed"]) == (200, first, "true")
        status, problem, _ = await asked(server.address, NOTE, {**body, "text": "other"}, headers=KEY)
        assert (status, problem["type"]) == (409, "urn:controlroom:problem:key-used")
        status, _, _ = await asked(server.address, NOTE, body, headers=KEY, who="desk two")
        assert status == 409  # asked of the room anew, which has seen this version pass
        _, shown, _ = await asked(server.address, f"{V1}/incidents/INC-1")
        assert [note["text"] for note in shown["notes"]] == ["seen"]


async def test_two_at_once_are_one() -> None:
    """The second waits for what the first is told; without a key the room decides on both."""
    async with served(waiting_room()) as server:
        both = [asked(server.address, OWN, {"version": 1}, headers=KEY) for _ in range(2)]
        assert [status for status, _, _ in await asyncio.gather(*both)] == [200, 200]
        both = [asked(server.address, NOTE, {"version": 2, "text": "x"}) for _ in range(2)]
        assert sorted(status for status, _, _ in await asyncio.gather(*both)) == [200, 409]


async def test_a_refusal_for_want_of_a_store_is_tried_again() -> None:
    """What was not stored is not remembered; the next one with the same key is decided."""
    async with served(waiting_room()) as server:
        server.room.answers = False
        status, _, _ = await asked(server.address, OWN, {"version": 1}, headers=KEY)
        assert status == 503
        server.room.answers = True
        status, _, _ = await asked(server.address, OWN, {"version": 1}, headers=KEY)
        assert status == 200


class NoMemory(MemoryAnswers):
    """What there is of keys while the store is away: nothing."""

    async def keep(self, name: bytes, kept: Kept) -> None:
        """Keep nothing."""
        del name, kept


class SlowStore(SmallRoom):
    """A room that decides at once, and whose store has nothing of it before `stored`."""

    def __init__(self) -> None:
        super().__init__()
        self.stored = asyncio.Event()
        self.answers_kept = NoMemory()

    async def tell(self, command: Ask) -> Settled:
        """Answer when it is durable."""
        settled = await super().tell(command)
        await self.stored.wait()
        return settled


async def test_what_the_room_has_already_is_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 503, and sent again while the first is still on its way to the store: one entry."""
    monkeypatch.setattr("controlroom.console.telling.ANSWER_WITHIN_S", 0.05)
    room = SlowStore()
    async with served(room) as server:
        for _ in range(2):
            status, said, _ = await asked(server.address, ENTRIES, entry(room), headers=KEY)
            assert (status, said["type"]) == (503, "urn:controlroom:problem:not-stored-yet")
        room.stored.set()
        status, first, _ = await asked(server.address, ENTRIES, entry(room), headers=KEY)
        assert status == 201, first
        assert (await asked(server.address, ENTRIES, entry(room), headers=KEY))[:2] == (201, first)
        assert len(room.state.log_book.recent) == 1
        status, _, _ = await asked(server.address, ENTRIES, entry(room), headers={KEY_NAME: "another"})
        assert (status, len(room.state.log_book.recent)) == (201, 2)


def entry(room: SmallRoom) -> dict[str, object]:
    """Return an entry of the log book as it is sent."""
    return {
        "happened_at": room.now.isoformat(),
        "entry": {"kind": "asb_case", "reference": "A-1", "text": "stones", "resolved_by_cctv": True},
        "area": "inner-east",
    }


async def forget_the_answer(room: SmallRoom) -> None:
    """Leave what a process leaves that dies before it has answered."""
    for name in room.answers_kept.kept:
        kept = await room.answers_kept.read(name)
        assert kept is not None
        await room.answers_kept.keep(name, replace(kept, answer=None))


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "told"])
async def test_a_restart_makes_nothing_happen_twice(*, answered: bool) -> None:
    """Another process answers as the first one did, or would have: one entry, and the same position."""
    room = waiting_room()
    body = entry(room)
    async with served(room) as server:
        status, first, _ = await asked(server.address, ENTRIES, body, headers=KEY)
        assert status == 201, first
    if not answered:
        await forget_the_answer(room)
    async with served(room) as server:
        status, again, answer = await asked(server.address, ENTRIES, body, headers=KEY)
        assert (status, again) == (201, first)
        assert ("Idempotency-Replayed" in answer.headers) is answered
        assert len(room.state.log_book.recent) == 1
        status, said, _ = await asked(server.address, ENTRIES, {**body, "area": None}, headers=KEY)
        assert (status, said["type"]) == (409, "urn:controlroom:problem:key-used")


async def test_a_refusal_stands_after_a_restart() -> None:
    """Who was too late is told so again, and not that their own command was the faster one."""
    room = waiting_room()
    async with served(room) as server:
        await asked(server.address, OWN, {"version": 1}, who="desk two")
        status, first, _ = await asked(server.address, NOTE, {"version": 1, "text": "x"}, headers=KEY)
        assert (status, first["reason"]) == (409, "command_saw_an_old_version")
    async with served(room) as server:
        status, again, _ = await asked(server.address, NOTE, {"version": 1, "text": "x"}, headers=KEY)
        assert (status, again["reason"]) == (409, "command_saw_an_old_version")
        assert len(room.journal) == 3


@pytest.mark.parametrize("key", ["", "x" * 129, "with space"])
async def test_a_key_that_is_none_is_refused(key: str) -> None:
    """A key is visible characters, 128 at most."""
    async with served(waiting_room()) as server:
        status, _, _ = await asked(server.address, OWN, {"version": 1}, headers={"Idempotency-Key": key})
        assert status == 400


async def test_the_version_may_come_in_a_header() -> None:
    """`If-Match` takes the ETag of an answer; it may not contradict the body, and an old one is a 409."""
    async with served(waiting_room()) as server:
        _, _, seen = await asked(server.address, f"{V1}/incidents/INC-1")
        tag = {"If-Match": seen.headers["ETag"]}
        status, done, _ = await asked(server.address, OWN, {}, headers=tag)
        assert (status, done["incident"]["version"]) == (200, 2)
        assert (await asked(server.address, NOTE, {"text": "x"}, headers=tag))[0] == 409
        assert (await asked(server.address, NOTE, {"text": "x", "version": 2}, headers=tag))[0] == 400
        assert (await asked(server.address, NOTE, {"text": "x"}, headers={"If-Match": "*"}))[0] == 400
        assert (await asked(server.address, NOTE, "[", headers=tag | {"Content-Type": "application/json"}))[
            0
        ] == 400


async def test_a_password_that_was_told_is_written_down_nowhere() -> None:
    """Whoever asks again under the key hears it again, from memory alone: no store holds it in clear."""
    async with served() as server:
        for path, body in (
            ("accounts", {"name": "Bea", "roles": ["operator"]}),
            ("accounts/bea/reset", {}),
            ("tokens", {"name": "Wall", "roles": ["operator"]}),
        ):
            status, told, _ = await asked(server.address, f"{V1}/{path}", body, headers=KEY)
            assert (status, told["name"]) in {(201, "bea"), (200, "bea"), (201, "token:wall")}
            again = await asked(server.address, f"{V1}/{path}", body, headers=KEY)
            assert again[:2] == (status, told)
            secret = told.get("password") or told["token"]
            assert secret.encode() not in b"".join(server.room.answers_kept.kept.values()), path
