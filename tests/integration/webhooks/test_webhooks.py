"""Referrals over real sockets: whatever a receiver does, the room goes on, nothing is lost, and it shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from msgspec.structs import replace

from controlroom.clock import wall_clock
from controlroom.commands.referrals import ReferralResent, Referred
from controlroom.dispatch.webhooks.pacing import Pacing
from controlroom.dispatch.webhooks.sender import Sender
from controlroom.dispatch.webhooks.transport import Answer, Transport
from controlroom.estate.partners import Category, Partner, Reached
from controlroom.incidents.incident import Status
from controlroom.incidents.referrals.state import Delivery, Referral
from controlroom.signals.vocabulary import Kind
from tests.build import handbook, signal
from tests.integration.waiting import until
from tests.integration.webhooks.receivers import (
    KEY,
    LOCAL,
    Behaviour,
    Taking,
    endless_headers,
    failing,
    garbage,
    hanging_up,
    listening,
    silent,
    trickling,
)
from tests.ports import free_port
from tests.room.desk import Desk, at_work

TIMEOUT_S = 0.3
"""How long a receiver that never answers is waited for."""

PATIENT_S = 60.0
"""How long any other may take, on a machine that is busy with something else."""

PACING = Pacing(attempts_max=3, first_s=0.02, most_s=0.05, in_flight_max=2)
SIGNALS = 200


class Town:
    """A room that refers to one partner, whose receiver is at a port of this machine."""

    def __init__(self, desk: Desk, port: int, timeout_s: float) -> None:
        self.desk = desk
        self.transport = Transport(timeout_s)
        self.room = "leeds"
        self.keys = {"lasbt": KEY}
        self._partners = partners(port)

    def partners(self) -> dict[str, Partner]:
        """Return the one partner."""
        return self._partners

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post by the transport of this moment."""
        return await self.transport.post(url, body, headers)

    async def wait_longer(self) -> None:
        """Wait longer for answers from now on."""
        await self.transport.close()
        self.transport = Transport(PATIENT_S)

    @property
    def referral(self) -> Referral:
        """The one referral."""
        return self.desk.room.state.referrals.kept["REF-2"]

    async def refer(self) -> None:
        """Open an incident and refer it."""
        self.desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
        self.desk.room.tell(Referred("INC-1", 1, "op-1", "lasbt", Category.ASB, "again"))
        await until(lambda: "REF-2" in self.desk.room.state.referrals.kept, "the referral is made")

    async def comes_to(self, delivery: Delivery) -> None:
        """Wait until the referral stands so."""
        await until(lambda: self.referral.delivery is delivery, f"it is {delivery}")

    async def goes_on(self) -> None:
        """The room decides and stores what it is told, whatever is under way."""
        before = self.desk.room.state.position
        for number in range(SIGNALS):
            self.desk.room.tell(signal(Kind.GUARD, f"g{before}-{number}"))
        await until(lambda: len(self.desk.shelf.stored) >= before + SIGNALS, "the signals are stored")


def partners(port: int) -> dict[str, Partner]:
    """Return the partner whose receiver is at this port."""
    takes = frozenset({Category.ASB})
    return {"lasbt": Partner("lasbt", "LASBT", Reached.WEBHOOK, takes, f"http://{LOCAL}:{port}/in")}


@asynccontextmanager
async def town(port: int, timeout_s: float = PATIENT_S) -> AsyncIterator[Town]:
    """A room at work, whose store takes everything within some milliseconds, and its sender."""
    async with at_work(replace(handbook(), partners=partners(port))) as desk:
        here = Town(desk, port, timeout_s)
        sender = Sender(desk.room, here, here.post, PACING, wall_clock(), lambda: 0.5)
        desk.room.follow(sender)
        sender.start()
        task, storing = asyncio.create_task(sender.run(), name="sender"), Storing(desk)
        try:
            yield here
        finally:
            storing.stop()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await here.transport.close()


class Storing:
    """Makes what is decided durable every few milliseconds, until it is stopped."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._again()

    def _again(self) -> None:
        self._desk.store()
        self._timer = asyncio.get_running_loop().call_later(0.002, self._again)

    def stop(self) -> None:
        """Store no more."""
        self._timer.cancel()


async def test_a_receiver_verifies_what_it_takes() -> None:
    """The body is a CloudEvent with what the sheet shows, its signature is right, its id the referral's."""
    taking = Taking()
    async with listening(taking) as port, town(port) as here:
        await here.refer()
        await here.comes_to(Delivery.DELIVERED)

    event = taking.bodies["leeds.REF-2"]
    assert (event["id"], event["type"]) == ("leeds.REF-2", "uk.gov.leeds.leedswatch.referral.v1")
    assert (event["data"]["reason"], event["data"]["name"]) == ("again", "Library of S1")
    assert event["simulated"] is False
    assert here.referral.attempts == 1


@pytest.mark.parametrize(
    ("behaviour", "because"),
    [
        (None, "no connection"),
        (silent, f"no answer within {TIMEOUT_S:g} s"),
        (trickling, ""),
        (failing, "it answered 500"),
        (garbage, "its answer is no HTTP"),
        (endless_headers, "its answer is no HTTP"),
        (hanging_up, "the connection broke"),
    ],
    ids=["down", "silent", "trickling", "500", "garbage", "endless headers", "hanging up"],
)
async def test_a_bad_receiver_costs_the_room_nothing(behaviour: Behaviour | None, because: str) -> None:
    """The room decides on; the referral is tried, given up in the open, told to somebody, sent again."""
    port = free_port()
    async with town(port, TIMEOUT_S if behaviour in (silent, trickling) else PATIENT_S) as here:
        if behaviour is None:
            await _tried_in_vain(here, because)
        else:
            async with listening(behaviour, port):
                await _tried_in_vain(here, because)
        taking = Taking()
        await here.wait_longer()
        async with listening(taking, port):
            here.desk.room.tell(ReferralResent("REF-2", "op-2"))
            await here.comes_to(Delivery.DELIVERED)
        assert list(taking.bodies) == ["leeds.REF-2"]


async def _tried_in_vain(here: Town, because: str) -> None:
    await here.refer()
    await here.goes_on()
    await here.comes_to(Delivery.DEAD)
    await here.goes_on()
    assert here.referral.attempts == PACING.attempts_max
    assert because in (here.referral.because or "")
    incident = here.desk.room.state.incidents["INC-1"]
    assert incident.status is Status.ESCALATED
    assert "REF-2 to lasbt was not delivered" in (incident.escalated_because or "")


async def test_an_answer_without_end_is_cut_off() -> None:
    """The status is what counts: of a body that never ends a little is read, and the rest is nobody's."""
    async with listening(Taking(tail=b"x" * 4096)) as port, town(port) as here:
        await here.refer()
        await here.comes_to(Delivery.DELIVERED)


async def test_a_redirect_leads_nowhere() -> None:
    """An address comes from the configuration alone: who is named in an answer is never asked."""
    elsewhere = Taking()

    async with listening(elsewhere) as other:

        async def redirecting(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            place = f"Location: http://{LOCAL}:{other}/in\r\n"
            writer.write(f"HTTP/1.1 307 Go there\r\n{place}Content-Length: 0\r\n\r\n".encode())

        async with listening(redirecting) as port, town(port) as here:
            await here.refer()
            await here.comes_to(Delivery.DEAD)
    assert here.referral.because == "it answered 307"
    assert not elsewhere.seen


async def test_a_key_that_is_not_the_partners_is_refused_and_shown() -> None:
    """A receiver that cannot verify says so, and the referral waits for a person."""
    taking = Taking()
    async with listening(taking) as port, town(port) as here:
        here.keys = {"lasbt": bytes(32)}
        await here.refer()
        await here.comes_to(Delivery.DEAD)

    assert here.referral.because == "it answered 401"
    assert not taking.bodies
