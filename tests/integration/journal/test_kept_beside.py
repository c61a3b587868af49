"""What is kept beside the journal, of people and of answers: the twin and a real Valkey keep alike."""

import random
from collections.abc import Sequence
from itertools import count

import pytest

from controlroom.access.valkey_vault import ValkeyVault
from controlroom.access.vault import Kept, MemoryVault, Put, Shelf, Vault
from controlroom.journal.answers import (
    ANSWER_BYTES,
    Answer,
    AnswerStore,
    MemoryAnswers,
    ValkeyAnswers,
)
from controlroom.journal.answers import Kept as KeptAnswer
from controlroom.journal.store import StoreAway, StoreRefused
from tests.integration.journal.stage import Links, ValkeyServer
from tests.ports import free_port

BYTES = (b"", b"{}", bytes(range(256)), b"\r\n$3\r\nfoo", "Élodie".encode())
_ROOMS = count()


@pytest.fixture(params=["memory", "valkey"])
def vault(request: pytest.FixtureRequest, links: Links, shared_valkey: ValkeyServer) -> Vault:
    """A vault that nobody has written to."""
    if request.param == "memory":
        return MemoryVault()
    return ValkeyVault(f"vault-{next(_ROOMS)}", links(shared_valkey.address()))


async def whole(vault: Vault) -> Kept:
    """Return everything that is kept."""
    kept = await vault.read(-1)
    assert kept is not None
    return kept


async def test_a_vault_that_nobody_wrote_to_is_empty(vault: Vault) -> None:
    """Every shelf is there and has nothing on it."""
    kept = await whole(vault)
    assert {shelf: dict(records) for shelf, records in kept.shelves.items()} == {shelf: {} for shelf in Shelf}
    assert kept.notes == ()
    assert await vault.read(kept.version) is None


async def test_a_change_and_its_note_are_one_step(vault: Vault) -> None:
    """Records come back byte for byte; one that is taken away is gone; notes stand in order."""
    await vault.write([Put(Shelf.TOKENS, f"k{at}", one) for at, one in enumerate(BYTES)], b"first")
    await vault.write([Put(Shelf.TOKENS, "k0", None), Put(Shelf.ACCOUNTS, "é b", b"x")], b"second")
    kept = await whole(vault)
    assert kept.shelves[Shelf.TOKENS] == {f"k{at}": one for at, one in enumerate(BYTES) if at}
    assert kept.shelves[Shelf.ACCOUNTS] == {"é b": b"x"}
    assert kept.notes == (b"first", b"second")


async def test_a_reader_is_told_only_what_is_new(vault: Vault) -> None:
    """The version grows with each change, a forgotten note included; the same one again is nothing new."""
    seen = (await whole(vault)).version
    for change in (
        vault.write([Put(Shelf.ONCE, "a", b"1")], None),
        vault.write([], b"note"),
        vault.forget_notes(1),
    ):
        await change
        kept = await vault.read(seen)
        assert kept is not None
        assert kept.version > seen
        seen = kept.version
        assert await vault.read(seen) is None


async def test_notes_are_forgotten_from_the_oldest_on(vault: Vault) -> None:
    """So many, and no more than there are; what came meanwhile stays."""
    for note in (b"1", b"2", b"3"):
        await vault.write([], note)
    await vault.forget_notes(2)
    assert (await whole(vault)).notes == (b"3",)
    await vault.forget_notes(5)
    assert (await whole(vault)).notes == ()


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_is_done_both_keep_the_same(
    links: Links, shared_valkey: ValkeyServer, seed: int
) -> None:
    """A hundred changes as they come: the twin and the real one tell the same after each."""
    chance = random.Random(seed)
    both: Sequence[Vault] = (
        MemoryVault(),
        ValkeyVault(f"vault-{next(_ROOMS)}", links(shared_valkey.address())),
    )
    for _ in range(100):
        if chance.random() < 0.2:
            forgotten = chance.randint(0, 3)
            for one in both:
                await one.forget_notes(forgotten)
        else:
            puts = [
                Put(chance.choice(list(Shelf)), chance.choice("abc"), chance.choice((None, *BYTES)))
                for _ in range(chance.randint(0, 3))
            ]
            note = chance.choice((None, b"a note"))
            for one in both:
                await one.write(puts, note)
        twin, real = [await whole(one) for one in both]
        assert {shelf: dict(kept) for shelf, kept in twin.shelves.items()} == real.shelves
        assert twin.notes == real.notes


async def test_a_store_that_is_away_or_refuses_says_so(links: Links, shared_valkey: ValkeyServer) -> None:
    """Nothing is taken for done: away is away, and a shelf of another type is a refusal."""
    room = f"vault-{next(_ROOMS)}"
    link = links(shared_valkey.address())
    await link.call((b"SET", f"controlroom:{{{room}}}:access:accounts".encode(), b"no hash"))
    with pytest.raises(StoreRefused):
        await ValkeyVault(room, link).write([Put(Shelf.ACCOUNTS, "a", b"1")], None)
    away = links(shared_valkey.address(port=free_port()))
    with pytest.raises(StoreAway):
        await ValkeyVault(room, away).read(-1)


@pytest.fixture(params=["memory", "valkey"])
def answers(request: pytest.FixtureRequest, links: Links, shared_valkey: ValkeyServer) -> AnswerStore:
    """A store of answers that is empty."""
    if request.param == "memory":
        return MemoryAnswers()
    return ValkeyAnswers(f"answers-{next(_ROOMS)}", links(shared_valkey.address()))


async def test_an_answer_comes_back_as_it_was_kept(answers: AnswerStore) -> None:
    """Under its name alone; the later one stands; one that is too long leaves what the room was told."""
    assert await answers.read(b"a") is None
    told = KeptAnswer(b"digest", 7, bytes(range(256)))
    await answers.keep(b"a", told)
    assert await answers.read(b"a") == told
    answer = Answer(201, b"{}", "application/json", (("Location", "/x"),))
    await answers.keep(b"a", KeptAnswer(b"digest", 7, b"told", answer))
    assert await answers.read(b"a") == KeptAnswer(b"digest", 7, b"told", answer)
    long = Answer(200, b"x" * (ANSWER_BYTES + 1), "application/json", ())
    await answers.keep(b"b", KeptAnswer(b"digest", 7, b"told", long))
    assert await answers.read(b"b") == KeptAnswer(b"digest", 7, b"told")


async def test_answers_are_forgotten_by_the_store_itself(links: Links, shared_valkey: ValkeyServer) -> None:
    """After a day, without anybody who looks after it."""
    room, link = f"answers-{next(_ROOMS)}", links(shared_valkey.address())
    await ValkeyAnswers(room, link).keep(b"a", KeptAnswer(b"digest"))
    [left_s] = await link.call((b"TTL", f"controlroom:{{{room}}}:answers:a".encode()))
    assert isinstance(left_s, int)
    assert 0 < left_s <= 24 * 3600
