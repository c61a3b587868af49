"""The sender on virtual time: a real room, receivers that do what the test wants, no network."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from msgspec.structs import replace

from controlroom.commands.referrals import ReferralResent, Referred
from controlroom.dispatch.webhooks.pacing import Pacing
from controlroom.dispatch.webhooks.sender import Sender
from controlroom.dispatch.webhooks.transport import Answer, Unreached
from controlroom.estate.partners import Category, Partner, Reached
from controlroom.incidents.referrals.state import Delivery, Referral
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.signals.vocabulary import Kind
from tests.build import handbook, signal
from tests.journal.virtual_time import passes, run
from tests.room.desk import Desk, at_work

TAKES = frozenset({Category.ASB})
PACING = Pacing(attempts_max=4, first_s=2.0, most_s=60.0, in_flight_max=2)


class Receivers:
    """Two partners. `says` is what each answers next, the last for ever; an exception is raised."""

    def __init__(self, **says: list[int | Exception]) -> None:
        self.room = "test"
        self.keys: Mapping[str, bytes] = dict.fromkeys(says, bytes(32))
        self.says = says
        self.posts: list[tuple[float, str, str]] = []
        self.slow_s = 0.0
        self.at_once = self.most_at_once = 0

    def partners(self) -> Mapping[str, Partner]:
        """Return a partner for each list of answers."""
        return {
            name: Partner(name, name, Reached.WEBHOOK, TAKES, f"https://{name}.example") for name in self.says
        }

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Answer as the test wants."""
        del body
        name = url.removeprefix("https://").removesuffix(".example")
        self.posts.append((asyncio.get_running_loop().time(), name, headers["webhook-id"]))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.slow_s)
        self.at_once -= 1
        said = self.says[name]
        answer = said.pop(0) if len(said) > 1 else said[0]
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer)

    def times(self, name: str) -> list[float]:
        """Return when this partner was sent something."""
        return [round(at_s, 2) for at_s, to, _ in self.posts if to == name]


async def told(receivers: Receivers, *partners: str, wait_s: float, resend: bool = False) -> list[Referral]:
    """Return the referrals after one was made to each of these, and that much time."""
    book = replace(handbook(), partners=dict(receivers.partners()))
    async with at_work(book) as desk, sending(desk, receivers):
        desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
        for version, partner in enumerate(partners, start=1):
            desk.room.tell(Referred("INC-1", version, "op-1", partner, Category.ASB, "again"))
        await stored(desk, wait_s)
        if resend:
            for name in list(desk.room.state.referrals.kept):
                desk.room.tell(ReferralResent(name, "op-2"))
            await stored(desk, wait_s)
        return list(desk.room.state.referrals.kept.values())


async def stored(desk: Desk, seconds: float) -> None:
    """Let time pass in steps, everything decided becoming durable at each."""
    for _ in range(int(seconds * 10)):
        await desk.turns()
        desk.store()
        await passes(0.099)


class sending:  # noqa: N801 - reads as a word where it is used
    """A sender at work within; half of every wait's bound is waited."""

    def __init__(self, desk: Desk, receivers: Receivers) -> None:
        self._sender = Sender(desk.room, receivers, receivers.post, PACING, desk.now, lambda: 0.5)
        desk.room.follow(self._sender)
        self._sender.start()

    async def __aenter__(self) -> Sender:
        self._task = asyncio.create_task(self._sender.run())
        return self._sender

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


def test_a_referral_is_sent_once_it_is_durable() -> None:
    """A receiver that takes it is asked once."""
    receivers = Receivers(wyp=[204])
    (referral,) = run(told(receivers, "wyp", wait_s=10))

    assert (referral.delivery, referral.attempts) == (Delivery.DELIVERED, 1)
    assert len(receivers.posts) == 1


def test_nothing_is_sent_before_it_is_durable() -> None:
    """While the store is away nobody is told: what is not stored may never have happened."""

    async def story() -> int:
        receivers = Receivers(wyp=[204])
        book = replace(handbook(), partners=dict(receivers.partners()))
        async with at_work(book) as desk, sending(desk, receivers):
            desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
            desk.room.tell(Referred("INC-1", 1, "op-1", "wyp", Category.ASB, "again"))
            await passes(60)
            before = len(receivers.posts)
            await stored(desk, 1)
            assert len(receivers.posts) == 1
            return before

    assert run(story()) == 0


def test_trouble_is_waited_out_with_growing_pauses() -> None:
    """Down, broken, too busy: each is tried again, after half of 2, 4 and 8 s here, under the same id."""
    receivers = Receivers(wyp=[Unreached("no connection"), 500, 429, 200])
    (referral,) = run(told(receivers, "wyp", wait_s=60))

    assert (referral.delivery, referral.attempts) == (Delivery.DELIVERED, 4)
    first, *others = receivers.times("wyp")
    assert [round(at_s - first) for at_s in others] == [1, 3, 7]
    assert {event for _, _, event in receivers.posts} == {f"test.{referral.id}"}


def test_it_is_given_up_in_the_end_and_resent_by_a_person() -> None:
    """After the last attempt it is dead; sent again it has all attempts anew, and the same id."""
    receivers = Receivers(wyp=[500, 500, 500, 500, 202])
    (referral,) = run(told(receivers, "wyp", wait_s=60))
    assert (referral.delivery, referral.because) == (Delivery.DEAD, "it answered 500")

    receivers = Receivers(wyp=[500, 500, 500, 500, 202])
    (referral,) = run(told(receivers, "wyp", wait_s=60, resend=True))
    assert (referral.delivery, referral.attempts) == (Delivery.DELIVERED, 1)
    assert len({event for _, _, event in receivers.posts}) == 1


def test_what_will_never_be_taken_is_given_up_at_once() -> None:
    """A refusal of the request itself, or a redirect, is not tried again: a person has to look."""
    for status in (301, 400, 401, 404, 410):
        receivers = Receivers(wyp=[status])
        (referral,) = run(told(receivers, "wyp", wait_s=30))
        assert (referral.delivery, len(receivers.posts)) == (Delivery.DEAD, 1), status


def test_a_slow_partner_holds_up_nobody_else() -> None:
    """Each partner has a lane of its own, with a bound on what is under way in it."""
    receivers = Receivers(wyp=[500], lasbt=[200])
    referrals = run(told(receivers, "wyp", "wyp", "wyp", "lasbt", wait_s=1))

    assert [one.delivery for one in referrals if one.partner == "lasbt"] == [Delivery.DELIVERED]
    slow = Receivers(wyp=[200])
    slow.slow_s = 5
    run(told(slow, *["wyp"] * 5, wait_s=20))
    assert (slow.most_at_once, len(slow.posts)) == (2, 5)


def test_a_fault_of_our_own_ends_nothing() -> None:
    """Whatever an attempt raises, it is one more failed attempt: the room must not notice."""
    receivers = Receivers(wyp=[RuntimeError("a bug"), 200])
    (referral,) = run(told(receivers, "wyp", wait_s=20))

    assert (referral.delivery, referral.attempts) == (Delivery.DELIVERED, 2)


def test_a_partner_without_a_key_is_never_sent_anything() -> None:
    """Unsigned, a receiver could not tell it from anybody's; so it is given up, and a person is told."""
    receivers = Receivers(wyp=[200])
    receivers.keys = {}
    (referral,) = run(told(receivers, "wyp", wait_s=5))

    assert (referral.delivery, receivers.posts) == (Delivery.DEAD, [])


def test_a_restart_goes_on_where_it_was() -> None:
    """What was undelivered is sent by the next process, which counts on from the attempts so far."""

    async def story() -> tuple[Referral, Receivers]:
        down, up = Receivers(wyp=[Unreached("no connection")]), Receivers(wyp=[200])
        book = replace(handbook(), partners=dict(down.partners()))
        async with at_work(book) as desk, sending(desk, down):
            desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
            desk.room.tell(Referred("INC-1", 1, "op-1", "wyp", Category.ASB, "again"))
            await stored(desk, 2)
            state = from_bytes(to_bytes(desk.room.state))
        again = Desk(book, 1_000, state)
        task = asyncio.create_task(again.room.run())
        async with sending(again, up):
            again.shelf.stored += desk.shelf.stored
            await stored(again, 2)
        task.cancel()
        return again.room.state.referrals.kept["REF-2"], up

    referral, up = run(story())
    assert len(up.posts) == 1
    assert referral.delivery is Delivery.DELIVERED
    assert referral.attempts > 1
