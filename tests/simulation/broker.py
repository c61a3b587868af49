"""The twin of the broker, and of the session that the room keeps with it: QoS 1 and nothing better.

Towards the room: messages wait in order, at most `RECEIVE_MAX` of them unacknowledged; those are delivered
again, in order, on the next connection. Acknowledgements must come in the order of delivery, as the real
session insists; one for an earlier connection counts for nothing.

From the room: what it publishes is held until the broker's answer and sent again on a new connection, so a
crew may hear one publish twice. A process that ends takes its publishes without an answer with it.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from controlroom.ingest.session.model import (
    ConnectionState,
    Inbound,
    Loss,
    Phase,
    PublishQueueFull,
    PublishRefused,
    Ticket,
)
from controlroom.signals.wire import Wire

RECEIVE_MAX = 20
"""Few, so that back-pressure is met on every day with a pause."""

ANSWER_S = (0.001, 0.4)
"""How long the broker takes for its word that it has a message, at least and at most."""

FULL, REFUSED, HEARD_TWICE = 0.01, 0.01, 0.03
"""Chances of a publish: that the queue is full, that the broker says no, that it arrives twice."""

CONNECTED = ConnectionState(Phase.CONNECTED)
DISCONNECTED = ConnectionState(Phase.DISCONNECTED, Loss.BROKEN)

_NO = 0x97
"""Quota exceeded (MQTT 5, 3.4.2.1)."""


class Letter(msgspec.Struct):
    """One publish of the room; `answer` completes with the broker's word."""

    topic: str
    payload: bytes
    answer: asyncio.Future[None]


class Broker:
    """Everything between the field and the room. `heard` takes what the room publishes."""

    def __init__(
        self,
        rng: random.Random,
        acknowledged: Callable[[Wire], None],
        heard: Callable[[str, bytes], None],
        wrong: Callable[[str, str], None],
    ) -> None:
        self.calm = False
        self._rng = rng
        self._acknowledged = acknowledged
        self._heard = heard
        self._wrong = wrong
        self._waiting: deque[Wire] = deque()
        self._flying: dict[int, Wire] = {}
        self._letters: list[Letter] = []
        self._deliver: Callable[[Inbound], None] | None = None
        self._state: Callable[[ConnectionState], None] = _nobody
        self._up = True
        self._generation = 0
        self._packet = 0

    @property
    def left(self) -> int:
        """How many messages the room has not acknowledged yet."""
        return len(self._waiting) + len(self._flying)

    def publish(self, wire: Wire) -> None:
        """Take a message of the field."""
        self._waiting.append(wire)
        self._pump()

    def connect(self, deliver: Callable[[Inbound], None], heard: Callable[[ConnectionState], None]) -> None:
        """Let a process hear what waits, the unacknowledged first, and take what it has to say.

        A process that was connected until now is sent away.
        """
        self._state(DISCONNECTED)
        self._requeue()
        self._deliver, self._state = deliver, heard
        self._reopen()

    def disconnect(self) -> None:
        """End the connection because the process has ended, and with it what it still held."""
        self._deliver, self._state = None, _nobody
        self._letters = []
        self._requeue()

    def go(self) -> None:
        """End the connection because the broker restarts."""
        self._up = False
        self._state(DISCONNECTED)
        self._requeue()

    def come(self) -> None:
        """Be back: what was unacknowledged goes out again, in both directions."""
        self._up = True
        self._reopen()

    def _reopen(self) -> None:
        if not self._up or self._deliver is None:
            return
        self._generation += 1
        self._state(CONNECTED)
        for letter in self._letters:
            self._send(letter)
        self._pump()

    def _requeue(self) -> None:
        self._waiting.extendleft(reversed(self._flying.values()))
        self._flying = {}

    def _pump(self) -> None:
        while self._deliver is not None and self._up and self._waiting and len(self._flying) < RECEIVE_MAX:
            self._packet += 1
            wire = self._flying[self._packet] = self._waiting.popleft()
            self._deliver(Inbound(wire, Ticket(self._generation, self._packet, len(wire.payload))))

    def acknowledge(self, tickets: Sequence[Ticket | None]) -> None:
        """Let these messages go; they are the room's from here on."""
        for ticket in tickets:
            if ticket is None or ticket.generation != self._generation or not self._flying:
                continue
            packet = next(iter(self._flying))
            if packet != ticket.packet_id:
                self._wrong("acknowledged in order", f"packet {ticket.packet_id} before {packet}")
                return
            self._acknowledged(self._flying.pop(packet))
        self._pump()

    def send(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        """Take what the room publishes; raises PublishQueueFull when the session has no place for it."""
        if not self.calm and self._rng.random() < FULL:
            raise PublishQueueFull("the session's queue is full")
        letter = Letter(topic, payload, asyncio.get_running_loop().create_future())
        self._letters.append(letter)
        if self._up and self._deliver is not None:
            self._send(letter)
        return letter.answer

    def _send(self, letter: Letter) -> None:
        loop, rng = asyncio.get_running_loop(), self._rng
        if not self.calm and rng.random() < REFUSED:
            loop.call_later(rng.uniform(*ANSWER_S), self._refuse, letter, self._generation)
            return
        for _ in range(1 + (rng.random() < HEARD_TWICE)):
            loop.call_later(rng.uniform(*ANSWER_S), self._heard, letter.topic, letter.payload)
        loop.call_later(rng.uniform(*ANSWER_S), self._accept, letter, self._generation)

    def _accept(self, letter: Letter, generation: int) -> None:
        if self._is_awaited(letter, generation):
            letter.answer.set_result(None)

    def _refuse(self, letter: Letter, generation: int) -> None:
        if self._is_awaited(letter, generation):
            letter.answer.set_exception(PublishRefused(letter.topic, _NO))

    def _is_awaited(self, letter: Letter, generation: int) -> bool:
        """Say whether the answer still reaches whoever waits for it; it is waited for once."""
        if generation != self._generation or not self._up or letter not in self._letters:
            return False
        self._letters.remove(letter)
        return True


def _nobody(state: ConnectionState) -> None:
    """Tell nobody how the connection stands: no process is there."""
    del state
