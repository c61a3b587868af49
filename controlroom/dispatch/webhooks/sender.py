"""Sends referrals to the receivers of partners, until each is taken or given up. A follower of the room.

It keeps nothing that matters: what is undelivered is part of the room's state, with the attempts so far, so
after a restart it goes on where it was. Each attempt is told to the room as an event. An attempt that was
taken just before a crash is made again; the event's id is the same, so a receiver takes it once.

Every partner has a lane of its own with a bound on what is under way in it: one that is slow or down holds
up nobody else, and the room never waits for any of them. Nothing that a receiver does ends the service.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Protocol

import structlog

from controlroom.clock import Now
from controlroom.commands.referrals import DeliveryTried
from controlroom.dispatch.webhooks.message import event_id, referral_message
from controlroom.dispatch.webhooks.pacing import Pacing, wait_s
from controlroom.dispatch.webhooks.signing import headers
from controlroom.dispatch.webhooks.transport import Answer, Unreached
from controlroom.estate.partners import Partner
from controlroom.incidents.record import Record
from controlroom.incidents.referrals.state import Delivery, Referral, ReferralMade, ReferralMoved
from controlroom.incidents.state import State

Post = Callable[[str, bytes, dict[str, str]], Awaitable[Answer]]
"""Posts a body with headers to an address; raises `Unreached`."""

AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Refusals that a later attempt may not meet; any other one says that the request itself will not do."""


class Tells(Protocol):
    """The room, as the sender knows it."""

    state: State

    def tell(self, event: DeliveryTried) -> None:
        """Take a word about a delivery."""
        ...


class Destinations(Protocol):
    """Where referrals go: who the partners are now, the keys that sign, the name of this room."""

    room: str

    @property
    def keys(self) -> Mapping[str, bytes]:
        """Return the key of each partner that has one."""
        ...

    def partners(self) -> Mapping[str, Partner]:
        """Return the partners by key."""
        ...


class _Lane:
    """What waits for one partner, the earliest first, and how much is under way."""

    __slots__ = ("in_flight", "waiting")

    def __init__(self) -> None:
        self.waiting: list[tuple[float, int, str]] = []
        self.in_flight = 0


class Sender:
    """The referrals on their way to receivers."""

    def __init__(
        self, room: Tells, to: Destinations, post: Post, pacing: Pacing, now: Now, draw: Callable[[], float]
    ) -> None:
        self._room = room
        self._to = to
        self._post = post
        self._pacing = pacing
        self._now = now
        self._draw = draw
        self._lanes: dict[str, _Lane] = {}
        self._counted = 0
        self._known: set[str] = set()
        self._wake = asyncio.Event()
        self._open = False
        self._log = structlog.get_logger("webhooks")

    def released(self, records: Sequence[Record]) -> None:
        """Take up what has to be delivered by decisions that are durable."""
        if not self._open:
            return  # `start` finds them in the state
        for record in records:
            for change in record.decision.changes:
                if type(change) is ReferralMade:
                    self._take(change.referral.id)
                elif type(change) is ReferralMoved and not change.attempts:
                    self._take(change.referral)

    def start(self) -> None:
        """Begin with what was left undelivered: the state's own list, while all of it is durable."""
        self._open = True
        for name in self._room.state.referrals.undelivered:
            self._take(name)

    async def run(self) -> None:
        """Deliver for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                next_s = self._start_due(group)
                self._wake.clear()
                await self._until(next_s)

    @property
    def in_flight(self) -> int:
        """How many posts are under way."""
        return sum(lane.in_flight for lane in self._lanes.values())

    def _take(self, name: str, wait: float = 0.0) -> None:
        referral = self._room.state.referrals.kept.get(name)
        if referral is None or referral.delivery is not Delivery.WAITING or name in self._known:
            return
        self._known.add(name)
        lane = self._lanes.setdefault(referral.partner, _Lane())
        self._counted += 1
        heapq.heappush(lane.waiting, (_loop_s() + wait, self._counted, name))
        self._wake.set()

    def _start_due(self, group: asyncio.TaskGroup) -> float | None:
        """Begin what is due and fits; return when the next is due, None where nothing waits for a moment."""
        now_s, ahead = _loop_s(), []
        for lane in self._lanes.values():
            while lane.waiting and lane.in_flight < self._pacing.in_flight_max:
                due_s, _, name = lane.waiting[0]
                if due_s > now_s:
                    ahead.append(due_s)
                    break
                heapq.heappop(lane.waiting)
                lane.in_flight += 1
                group.create_task(self._deliver(lane, name), name=f"controlroom.webhooks.{name}")
        return min(ahead, default=None)

    async def _until(self, moment_s: float | None) -> None:
        """Wait until this moment of the loop, or until something changes."""
        try:
            async with asyncio.timeout_at(moment_s):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _deliver(self, lane: _Lane, name: str) -> None:
        """Make one attempt, tell the room of it, and come again where it was not the last."""
        try:
            referral = self._room.state.referrals.kept.get(name)
            if referral is not None and referral.delivery is Delivery.WAITING:
                await self._attempt(referral)
            else:
                self._known.discard(name)
        finally:
            lane.in_flight -= 1
            self._wake.set()

    async def _attempt(self, referral: Referral) -> None:
        attempt = referral.attempts + 1
        because, wait, final = await self._outcome(referral, attempt)
        if because is not None:
            told = self._log.warning if final else self._log.info
            told("referral_not_delivered", referral=referral.id, attempt=attempt, because=because)
        self._room.tell(DeliveryTried(referral.id, attempt, because, final))
        self._known.discard(referral.id)
        if not final:
            self._take(referral.id, wait)

    async def _outcome(self, referral: Referral, attempt: int) -> tuple[str | None, float, bool]:
        """Return why it was not taken (None: it was), how long to wait, and whether it is given up."""
        partner, key = self._to.partners().get(referral.partner), self._to.keys.get(referral.partner)
        if partner is None or partner.url is None or key is None:
            return "the partner has no receiver any more", 0.0, True
        room, asked_s, final = self._to.room, None, attempt >= self._pacing.attempts_max
        body = referral_message(room, referral)
        try:
            signed = headers(key, event_id(room, referral), self._now(), body)
            answer = await self._post(partner.url, body, signed)
        except Unreached as fault:
            because = str(fault)
        except Exception as fault:  # noqa: BLE001 - nothing that a receiver does may end the service
            because = f"it could not be sent ({type(fault).__name__})"
        else:
            if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                return None, 0.0, True
            because, asked_s = f"it answered {answer.status}", answer.retry_after_s
            final = final or not _may_pass(answer.status)
        return because, wait_s(self._pacing, attempt, self._draw(), asked_s), final


def _may_pass(status: int) -> bool:
    """Say whether a later attempt may be taken: trouble of the receiver's own, or too many at once."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in AGAIN


def _loop_s() -> float:
    return asyncio.get_running_loop().time()
