"""What happens while a password is being checked: guesses in parallel, and changes by a supervisor."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from controlroom.access import registry
from controlroom.access.accounts import AccessRefused, Account
from controlroom.access.front_desk import Caller
from controlroom.access.permissions import Role
from controlroom.access.throttle import AT_ONCE, AT_ONCE_OF_ADDRESS, LOCK_AFTER, TooSoon
from controlroom.access.vault import MemoryVault, Put, Shelf
from tests.access.test_front_desk import GOOD, HERE, QUICK, House, came_in, house, known

__all__ = ["house"]


async def outcomes(tries: list[Awaitable[str]]) -> Counter[str]:
    """Return how tries that are made at the same moment end, by kind."""
    return Counter(type(one).__name__ for one in await asyncio.gather(*tries, return_exceptions=True))


async def test_guesses_in_parallel_are_one_guess(house: House) -> None:
    """Four hundred at once are one try; the right one among them comes too soon like all others."""
    await came_in(house)
    guesses = [f"guess {number}" for number in range(399)] + [GOOD + "a"]
    tries = [
        house.desk.enter("ana", guess, Caller(f"192.0.2.{at % 250}")) for at, guess in enumerate(guesses)
    ]
    assert await outcomes([*tries]) == {"AccessRefused": 1, "TooSoon": 399}


async def test_checks_under_way_are_bounded(house: House) -> None:
    """By address and in all, whatever the names; afterwards everybody may try again."""
    same = [house.desk.enter(f"name-{at}", "wrong", HERE) for at in range(9)]
    assert (await outcomes([*same]))["AccessRefused"] == AT_ONCE_OF_ADDRESS
    others = [house.desk.enter(f"other-{at}", "wrong", Caller(f"192.0.2.{at}")) for at in range(40)]
    assert (await outcomes([*others]))["AccessRefused"] == AT_ONCE
    assert await came_in(house)


async def test_a_change_of_password_is_one_try_as_well(house: House) -> None:
    """Whoever sits at somebody else's desk guesses no faster there than at the door."""
    badge = known(house, await came_in(house))
    tries = [house.desk.new_password(badge, f"guess {at}", "another good one") for at in range(30)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert Counter(map(type, ends)) == {AccessRefused: 1, TooSoon: 29}


async def test_disabling_outlasts_a_wrong_password_under_way(house: House) -> None:
    """The try that would have locked the account writes nothing over the supervisor's word."""
    for _ in range(LOCK_AFTER - 1):
        await house.wrong("ana")
    house.passes(60)
    trying = asyncio.create_task(house.desk.enter("ana", "wrong", HERE))
    await asyncio.sleep(0)
    await registry.disable(house.desk.book, "ana", "sam", house.now)
    with pytest.raises(AccessRefused):
        await trying
    assert house.desk.book.accounts["ana"].disabled


async def test_disabling_outlasts_the_right_password_under_way(house: House) -> None:
    """Who was disabled while the password was checked is not let in."""
    await came_in(house)
    trying = asyncio.create_task(house.desk.enter("ana", GOOD + "a", HERE))
    await asyncio.sleep(0)
    await registry.disable(house.desk.book, "ana", "sam", house.now)
    with pytest.raises(AccessRefused):
        await trying
    assert house.desk.book.sessions == {}


async def test_disabling_outlasts_a_new_password_under_way(house: House) -> None:
    """Neither the own change nor a supervisor's reset brings back an account as it was before."""
    badge = known(house, await came_in(house))
    changing = asyncio.create_task(house.desk.new_password(badge, GOOD + "a", "another good one"))
    resetting = asyncio.create_task(registry.reset(house.desk.book, QUICK, "ana", "sam"))
    await asyncio.sleep(0)
    await registry.disable(house.desk.book, "ana", "sam", house.now)
    with pytest.raises(AccessRefused, match="changed meanwhile"):
        await changing
    await resetting
    assert house.desk.book.accounts["ana"].disabled


async def test_an_old_password_opens_nothing_once_it_was_reset(house: House) -> None:
    """Also where its check began before the reset."""
    await came_in(house)
    fits = QUICK.fits(house.desk.book.accounts["ana"].password, GOOD + "a")
    resetting = asyncio.create_task(registry.reset(house.desk.book, QUICK, "ana", "sam"))
    trying = asyncio.create_task(house.desk.enter("ana", GOOD + "a", HERE))
    assert await fits
    await resetting
    ended = (await asyncio.gather(trying, return_exceptions=True))[0]
    assert isinstance(ended, AccessRefused) or house.desk.known(str(ended)) is None


class Late(MemoryVault):
    """A vault in which something else happens before a session is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], Awaitable[object]] | None = None

    async def write(self, puts: Sequence[Put], note: bytes | None) -> None:
        """As `Vault.write` says."""
        before, self.before = self.before, None if puts and puts[0].shelf is Shelf.SESSIONS else self.before
        if before is not None and self.before is None:
            await before()
        await super().write(puts, note)


@pytest.mark.parametrize("how", ["reset", "disable"])
async def test_a_session_that_is_kept_too_late_opens_nothing(how: str) -> None:
    """A password that was reset, or an account disabled, while the session was on its way to the store."""
    house = House()
    house.vault = vault = Late()
    house.desk = house.opened()
    await house.add("sam", Role.SUPERVISOR)
    house.passwords["ana"] = await house.add("ana", Role.OPERATOR)
    await came_in(house)
    changes = {
        "reset": lambda: registry.reset(house.desk.book, QUICK, "ana", "sam"),
        "disable": lambda: registry.disable(house.desk.book, "ana", "sam", house.now),
    }
    vault.before = changes[how]
    with pytest.raises(AccessRefused):
        await house.desk.enter("ana", GOOD + "a", HERE)
    assert house.desk.book.sessions == {}


async def test_a_change_undoes_nothing_that_a_command_line_did(house: House) -> None:
    """Roles that are given, and an account that is disabled or enabled, leave a new password as it is."""
    beside = house.opened().book
    book = house.desk.book
    changes: list[Callable[[], Awaitable[None]]] = [
        lambda: registry.set_roles(book, "ana", (Role.ENGINEER,), "sam", house.now),
        lambda: registry.disable(book, "ana", "sam", house.now),
        lambda: registry.enable(book, "ana", "sam", house.now),
    ]
    for change in changes:
        await beside.refresh()
        await registry.reset(beside, QUICK, "ana", "a command line")
        digest = beside.accounts["ana"].password
        await change()
        assert book.accounts["ana"].password == digest


async def test_a_link_works_once_for_two_who_come_at_once(house: House) -> None:
    """One of three is let in."""
    link = await registry.make_link(house.desk.book, "sam", "a test", house.now)
    ends = await outcomes([house.desk.enter_once(link, HERE) for _ in range(3)])
    assert ends == {"str": 1, "AccessRefused": 2}


async def test_a_token_ends_with_the_account_that_made_it(house: House) -> None:
    """A supervisor who is disabled leaves no key behind; who is enabled again has them again."""
    await house.add("kim", Role.SUPERVISOR)
    book = house.desk.book
    token = await registry.make_token(book, "bot", (Role.ENGINEER,), timedelta(days=9), ("kim", house.now))
    assert house.desk.bearer(token) is not None
    await registry.disable(book, "kim", "sam", house.now)
    assert house.desk.bearer(token) is None
    await registry.enable(book, "kim", "sam", house.now)
    assert house.desk.bearer(token) is not None


async def test_bytes_that_are_no_text_open_nothing(house: House) -> None:
    """A cookie, a token and a password may hold any bytes; none of them is an error of ours."""
    assert house.desk.known("\udcff") is None
    assert house.desk.bearer("crt_\ud800") is None
    with pytest.raises(AccessRefused):
        await house.desk.enter("ana", "\udcff", HERE)


async def test_what_another_process_has_just_changed_is_not_undone(house: House) -> None:
    """Who gives a role, disables or adds somebody does it to the accounts as they are kept now."""
    beside = house.opened().book
    await beside.refresh()
    await registry.disable(beside, "ana", "a command line", house.now)
    await registry.set_roles(house.desk.book, "ana", (Role.ENGINEER,), "sam", house.now)
    assert house.desk.book.accounts["ana"].disabled
    await registry.reset(beside, QUICK, "sam", "a command line")
    digest = beside.accounts["sam"].password
    await registry.add(beside, QUICK, Account("tom", "Tom", (Role.SUPERVISOR,)), "a command line", house.now)
    await registry.disable(house.desk.book, "sam", "tom", house.now)
    assert house.desk.book.accounts["sam"].password == digest
    await registry.enable(beside, "sam", "a command line", house.now)
    with pytest.raises(AccessRefused, match="there already"):
        await registry.add(house.opened().book, QUICK, Account("tom", "", (Role.MANAGER,)), "sam", house.now)
    lasts, by = timedelta(days=1), ("a command line", house.now)
    await registry.make_token(beside, "wall", (Role.OPERATOR,), lasts, by)
    with pytest.raises(AccessRefused, match="there already"):
        await registry.make_token(house.desk.book, "wall", (Role.OPERATOR,), lasts, by)
