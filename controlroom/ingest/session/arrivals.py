"""Messages that were handed over and not yet acknowledged, in the order they came.

MQTT wants PUBACKs in the order of the PUBLISHes (MQTT-4.6.0-2), and some brokers throw out a client
that breaks it. The queue here makes that order a fact instead of a hope. Pure: bytes go nowhere.
"""

from collections import deque
from collections.abc import Sequence

from controlroom.ingest.session.codec import puback_packets
from controlroom.ingest.session.model import OutOfOrder, Ticket


class Arrivals:
    """The unacknowledged messages of a connection: `len` counts them, `held_bytes` is their size."""

    def __init__(self) -> None:
        self.generation = 0
        self.received = 0
        self.redelivered = 0
        self.acknowledged = 0
        self.stale_tickets = 0
        self.held_bytes = 0
        self._pending: deque[int] = deque()
        self._sizes: deque[int] = deque()

    def __len__(self) -> int:
        return len(self._pending)

    def forget(self) -> None:
        """Make all tickets given so far stale: the broker delivers those messages again."""
        self.generation += 1
        self._pending.clear()
        self._sizes.clear()
        self.held_bytes = 0

    def take(self, packet_id: int, size_bytes: int, *, again: bool) -> Ticket:
        """Count the message as received and unacknowledged; `again` says it was sent before."""
        self.received += 1
        if again:
            self.redelivered += 1
        self._pending.append(packet_id)
        self._sizes.append(size_bytes)
        self.held_bytes += size_bytes
        return Ticket(self.generation, packet_id)

    def settle(self, tickets: Sequence[Ticket | None]) -> bytes:
        """Free these messages and return their PUBACKs, in order; empty when there are none.

        A ticket of an earlier connection is counted and does nothing; None is passed over. A
        ticket out of order raises OutOfOrder and frees nothing of the call.
        """
        generation, pending = self.generation, self._pending
        live = [t.packet_id for t in tickets if t is not None and t.generation == generation]
        self.stale_tickets += sum(1 for t in tickets if t is not None and t.generation != generation)
        if len(live) > len(pending):
            raise OutOfOrder(f"{len(live)} tickets handed back, {len(pending)} messages are unacknowledged")
        due = [pending.popleft() for _ in live]
        if due != live:
            pending.extendleft(reversed(due))
            at = next(i for i, (a, b) in enumerate(zip(live, due, strict=True)) if a != b)
            raise OutOfOrder(
                f"ticket {at} of the call is for packet {live[at]}, but {due[at]} came before it"
            )
        for _ in live:
            self.held_bytes -= self._sizes.popleft()
        self.acknowledged += len(live)
        return puback_packets([packet_id for packet_id in live if packet_id])
