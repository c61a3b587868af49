"""Coming in and going out: passwords, waits, locks, sessions, tokens and links, in virtual time."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from controlroom.access import registry
from controlroom.access.accounts import AccessRefused, Account
from controlroom.access.book import Book
from controlroom.access.front_desk import Badge, Caller, FrontDesk
from controlroom.access.keys import TOKEN_MARK
from controlroom.access.passwords import Passwords, generated, insist_good
from controlroom.access.permissions import Role
from controlroom.access.throttle import FREE, FREE_OF_ADDRESS, LOCK_AFTER, LOCKED_FOR, TooSoon
from controlroom.access.vault import MemoryVault, Put, Shelf
from controlroom.commands.access import AccessStep
from controlroom.journal.store import StoreRefused
from tests.build import NOON

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
HERE = Caller("192.0.2.1", "a browser")
GOOD = "correct horse battery"


class House:
    """A front desk whose clock a test moves, with one supervisor and one operator."""

    def __init__(self) -> None:
        self.now = NOON
        self.vault = MemoryVault()
        self.passwords: dict[str, str] = {}
        self.desk = self.opened()

    def opened(self) -> FrontDesk:
        """Return a desk of a new process over the same vault."""
        return FrontDesk(Book(self.vault), lambda: self.now, QUICK)

    async def add(self, name: str, *roles: Role) -> str:
        """Add somebody and return the initial password."""
        account = Account(name, name, roles)
        return await registry.add(self.desk.book, QUICK, account, "a test", self.now)

    async def wrong(self, name: str, caller: Caller = HERE) -> None:
        """Try a wrong password once, after whatever wait is asked for."""
        while True:
            try:
                await self.desk.enter(name, "wrong", caller)
            except TooSoon as wait:
                self.passes(wait.wait_s)
            except AccessRefused:
                return

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    def steps(self) -> list[AccessStep]:
        """Return what was noted."""
        return [note.step for note in self.desk.book.notes]


@pytest.fixture
async def house() -> House:
    """A house with sam, who supervises, and ana, who operates."""
    built = House()
    await built.add("sam", Role.SUPERVISOR)
    built.passwords["ana"] = await built.add("ana", Role.OPERATOR)
    return built


def known(house: House, key: str) -> Badge:
    """Return who comes with this key."""
    badge = house.desk.known(key)
    assert badge is not None
    return badge


async def came_in(house: House, name: str = "ana") -> str:
    """Return the key of a session of somebody whose password is their own."""
    password = await registry.reset(house.desk.book, QUICK, name, "a test")
    key = await house.desk.enter(name, password, HERE)
    await house.desk.new_password(known(house, key), password, GOOD + name[0])
    return key


async def test_an_initial_password_is_changed_first(house: House) -> None:
    """It lets somebody in who may do nothing; after the change the same session may."""
    first = await registry.reset(house.desk.book, QUICK, "ana", "a test")
    key = await house.desk.enter("ana", first, HERE)
    assert known(house, key).person.must_change
    await house.desk.new_password(known(house, key), first, GOOD)
    assert not known(house, key).person.must_change
    assert house.desk.known(await house.desk.enter(" ANA ", GOOD, HERE)) is not None


async def test_a_restart_knows_everybody_again(house: House) -> None:
    """Sessions and accounts are in the vault; another process opens with them."""
    key = await came_in(house)
    again = house.opened()
    await again.book.refresh()
    badge = again.known(key)
    assert badge is not None
    assert (badge.person.name, badge.person.roles) == ("ana", frozenset({Role.OPERATOR}))


async def test_what_is_kept_opens_nothing(house: House) -> None:
    """Neither a password nor a key of a session, a token or a link stands in the vault or in a note."""
    key = await came_in(house)
    made = ("sam", house.now)
    token = await registry.make_token(house.desk.book, "reporter", (Role.MANAGER,), timedelta(days=1), made)
    link = await registry.make_link(house.desk.book, "sam", "sam", house.now)
    kept = await house.vault.read(-1)
    assert kept is not None
    records = [record for shelf in kept.shelves.values() for record in shelf.values()] + list(kept.notes)
    text = b"\n".join(records) + "".join(name for shelf in kept.shelves.values() for name in shelf).encode()
    assert [secret for secret in (key, token, link, GOOD) if secret.encode() in text] == []


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong"), ("nobody", "wrong"), ("", ""), ("x" * 999, "y")]
)
async def test_every_refusal_sounds_the_same(house: House, name: str, password: str) -> None:
    """Nobody tells a wrong password from an unknown name."""
    with pytest.raises(AccessRefused, match="name or password is not right"):
        await house.desk.enter(name, password, HERE)


async def test_guessing_becomes_slow_and_then_locks(house: House) -> None:
    """From the fifth wrong password on there is a wait that doubles; the tenth locks for 15 min."""
    begun = house.now
    for _ in range(FREE + 1):
        await house.wrong("ana")
    assert house.now == begun
    with pytest.raises(TooSoon):
        await house.desk.enter("ana", "wrong", HERE)
    for _ in range(LOCK_AFTER - FREE - 1):
        await house.wrong("ana")
    assert house.desk.book.accounts["ana"].locked_until is not None
    assert house.steps()[-1] is AccessStep.LOCKED
    house.passes(61)
    with pytest.raises(AccessRefused):
        await house.desk.enter("ana", house.passwords["ana"], HERE)
    house.passes(16 * 60)
    assert await house.desk.enter("ana", house.passwords["ana"], HERE)


async def test_the_last_supervisor_is_never_locked_out(house: House) -> None:
    """The right password opens after a minute at most, however often somebody guesses."""
    sam = await registry.reset(house.desk.book, QUICK, "sam", "a test")
    for _ in range(3 * LOCK_AFTER):
        await house.wrong("sam", Caller(f"192.0.2.{_}"))
    house.passes(60)
    assert await house.desk.enter("sam", sam, HERE)
    await house.add("kim", Role.SUPERVISOR)
    for _ in range(LOCK_AFTER):
        await house.wrong("sam", Caller(f"192.0.2.{_}"))
    assert house.desk.book.accounts["sam"].locked_until is not None


async def test_the_last_supervisor_stays_one(house: House) -> None:
    """That account is not disabled and keeps its role until there is another; then it may go."""
    book = house.desk.book
    with pytest.raises(AccessRefused, match="last supervisor"):
        await registry.disable(book, "sam", "sam", house.now)
    with pytest.raises(AccessRefused, match="last supervisor"):
        await registry.set_roles(book, "sam", (Role.OPERATOR,), "sam", house.now)
    await house.add("kim", Role.SUPERVISOR)
    await registry.disable(book, "sam", "kim", house.now)
    with pytest.raises(AccessRefused, match="last supervisor"):
        await registry.disable(book, "kim", "kim", house.now)


async def test_one_address_that_guesses_many_names_has_to_wait(house: House) -> None:
    """Thirty wrong passwords of an address slow it down whatever the names; others are not in its way."""
    for number in range(FREE_OF_ADDRESS + 1):
        await house.wrong(f"name-{number}")
    with pytest.raises(TooSoon):
        await house.desk.enter("ana", "wrong", HERE)
    with pytest.raises(AccessRefused):
        await house.desk.enter("ana", "wrong", Caller("192.0.2.9"))


async def test_a_session_ends_by_itself(house: House) -> None:
    """After an hour without use, and after thirteen hours in any case; use keeps it."""
    key = await came_in(house)
    house.passes(3_599)
    assert house.desk.known(key) is not None
    house.passes(3_601)
    assert house.desk.known(key) is None
    key = await came_in(house)
    for _ in range(12):
        house.passes(3_600)
        assert house.desk.known(key) is not None
    house.passes(3_600)
    assert house.desk.known(key) is not None
    house.passes(1)
    assert house.desk.known(key) is None
    await house.desk.tidy()
    assert house.desk.book.sessions == {}


async def test_use_is_kept_for_the_next_process(house: House) -> None:
    """When a session was used last is written now and then, so that a restart throws out nobody who works."""
    key = await came_in(house)
    house.passes(3_000)
    assert house.desk.known(key) is not None
    await house.desk.tidy()
    house.passes(3_000)
    again = house.opened()
    await again.book.refresh()
    assert again.known(key) is not None


async def test_a_changed_password_ends_the_other_sessions(house: House) -> None:
    """Whoever else was in with the old one is out; the browser that changed it stays."""
    first = await came_in(house)
    second = await house.desk.enter("ana", GOOD + "a", HERE)
    await house.desk.new_password(known(house, first), GOOD + "a", "another good one")
    assert house.desk.known(first) is not None
    assert house.desk.known(second) is None


async def test_disabling_and_revoking_end_sessions_at_once(house: House) -> None:
    """No request after it is answered."""
    key = await came_in(house)
    session = known(house, key).session
    assert session is not None
    await registry.revoke(house.desk.book, session.id, "sam")
    assert house.desk.known(key) is None
    key = await house.desk.enter("ana", GOOD + "a", HERE)
    await registry.disable(house.desk.book, "ana", "sam", house.now)
    assert house.desk.known(key) is None
    with pytest.raises(AccessRefused):
        await house.desk.enter("ana", GOOD + "a", HERE)


async def test_a_link_works_once(house: House) -> None:
    """The second time it is too late, and so it is after its hours."""
    link = await registry.make_link(house.desk.book, "sam", "a test", house.now)
    assert known(house, await house.desk.enter_once(link, HERE)).person.name == "sam"
    with pytest.raises(AccessRefused, match="used before"):
        await house.desk.enter_once(link, HERE)
    late = await registry.make_link(house.desk.book, "sam", "a test", house.now)
    house.passes(13 * 3600)
    with pytest.raises(AccessRefused, match="too old"):
        await house.desk.enter_once(late, HERE)


async def test_a_token_opens_until_its_end_or_until_it_is_revoked(house: House) -> None:
    """It is somebody with its own roles and name; a crew's, or one without an end, is refused."""
    book, made = house.desk.book, ("sam", house.now)
    token = await registry.make_token(book, "reporter", (Role.MANAGER,), timedelta(days=2), made)
    badge = house.desk.bearer(token)
    assert token.startswith(TOKEN_MARK)
    assert badge is not None
    assert (badge.person.name, badge.person.roles) == ("token:reporter", frozenset({Role.MANAGER}))
    house.passes(2 * 86_400 + 1)
    assert house.desk.bearer(token) is None
    other = await registry.make_token(book, "other", (Role.MANAGER,), timedelta(days=2), (made[0], house.now))
    await registry.revoke_token(book, "other", "sam")
    assert house.desk.bearer(other) is None
    with pytest.raises(AccessRefused, match="not crew"):
        await registry.make_token(book, "van", (Role.CREW,), timedelta(days=2), made)
    with pytest.raises(AccessRefused, match="up to 400 days"):
        await registry.make_token(book, "ever", (Role.MANAGER,), timedelta(days=4_000), made)


async def test_a_name_is_given_once(house: House) -> None:
    """A name that the journal holds never becomes somebody else's; what is no name is none."""
    with pytest.raises(AccessRefused, match="there already"):
        await house.add("ana", Role.OPERATOR)
    with pytest.raises(AccessRefused, match="lower-case"):
        await house.add("Ana Lee", Role.OPERATOR)
    with pytest.raises(AccessRefused, match="crew has a unit"):
        await house.add("mr-01", Role.CREW)


@pytest.mark.parametrize("password", ["short", "a" * 20, "ana ana ana ana", "x" * 300])
def test_a_bad_password_is_refused_with_what_to_do(password: str) -> None:
    """Too short, too long, too uniform, or one's own name."""
    with pytest.raises(AccessRefused, match="a password"):
        insist_good(password, "ana")


def test_a_generated_password_is_good_and_new() -> None:
    """What we make up passes our own rule, and never comes twice."""
    assert len({insist_good(generated(), "ana") for _ in range(50)}) == 50


async def test_the_digest_is_argon2id_with_the_recommended_cost() -> None:
    """What is shipped uses RFC 9106's second recommendation; the weak one is of tests alone."""
    digest = await Passwords().digest(GOOD)
    assert digest.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await Passwords().fits(digest, GOOD)
    assert not await Passwords().fits(digest, GOOD + "x")
    assert not await Passwords().fits("", GOOD)


async def test_notes_are_kept_until_they_are_journalled(house: House) -> None:
    """A note leaves the vault when the journal has it; another process finds the rest."""
    assert house.steps() == [AccessStep.ADDED, AccessStep.ADDED]
    await house.desk.book.journalled(1)
    again = house.opened()
    await again.book.refresh()
    assert [(note.author, note.account) for note in again.book.notes] == [("a test", "ana")]


async def test_every_try_is_counted_and_nobody_is_named(house: House) -> None:
    """Who came in, wrong passwords, tries that came too soon, and locks; how many accounts are locked now."""
    await came_in(house)
    for _ in range(LOCK_AFTER):
        await house.wrong("ana")
    tries = house.desk.tries()
    assert (tries["admitted"], tries["wrong"], tries["locked"]) == (1, LOCK_AFTER, 1)
    assert tries["too_soon"] == LOCK_AFTER - FREE - 1
    assert house.desk.locked() == 1
    house.passes(LOCKED_FOR.total_seconds() + 1)
    assert house.desk.locked() == 0


async def test_somebody_whose_name_was_typed_in_capitals_can_come_in(house: House) -> None:
    """An account has one name, as it is kept, however it was typed when it was added."""
    password = await house.add(" Bea ", Role.OPERATOR)
    key = await house.desk.enter("BEA", password, HERE)
    assert known(house, key).person.name == "bea"


async def test_a_clock_that_is_put_back_makes_nobody_wait_longer(house: House) -> None:
    """The longest wait is a minute, whatever the clock does."""
    for _ in range(FREE + 1):
        await house.wrong("ana")
    for seconds in (-7200, 7200, -60):
        house.passes(seconds)
        with pytest.raises(AccessRefused):
            await house.desk.enter("ana", "wrong", HERE)


async def test_a_record_that_cannot_be_read_leaves_everybody_known(house: House) -> None:
    """Another version has written something: it is the store's refusal, said again until it can be read."""
    kept = dict(house.desk.book.accounts)
    await house.vault.write([Put(Shelf.ACCOUNTS, "new", b'{"name":"new","roles":["pilot"]}')], None)
    for _ in range(2):
        with pytest.raises(StoreRefused, match="accounts"):
            await house.desk.book.refresh()
        assert house.desk.book.accounts == kept
    await house.vault.write([Put(Shelf.ACCOUNTS, "new", None)], None)
    await house.desk.book.refresh()
    assert house.desk.book.accounts == kept
