"""Messages that were handed over and not yet handed back, in the order they came.

MQTT wants PUBACKs in the order of the PUBLISHes (MQTT-4.6.0-2), and some brokers throw out a client
that breaks it. The queue here makes that order a fact instead of a hope. A message whose connection was
lost comes again while its first copy is still held, so both count until their tickets are back: a
store that is away for hours, with reconnects, must not fill the memory. Pure: bytes go nowhere.
"""

from collections import Counter, deque
from collections.abc import Sequence

from controlroom.ingest.session.codec import puback_packets
from controlroom.ingest.session.model import OutOfOrder, Ticket


class Arrivals:
    """What is held of all connections: `len` counts the messages, `held_bytes` is their size."""

    def __init__(self) -> None:
        self.generation = 0
        self.received = 0
        self.redelivered = 0
        self.acknowledged = 0
        self.stale_tickets = 0
        self.held_bytes = 0
        self._pending: deque[Ticket] = deque()
        self._stale: Counter[Ticket] = Counter()
        self._stale_count = 0

    def __len__(self) -> int:
        return len(self._pending) + self._stale_count

    def forget(self) -> None:
        """Make all tickets given so far stale: the broker delivers those messages again."""
        self.generation += 1
        self._stale.update(self._pending)
        self._stale_count += len(self._pending)
        self._pending.clear()

    def take(self, packet_id: int, size_bytes: int, *, again: bool) -> Ticket:
        """Count the message as received and held; `again` says it was sent before."""
        self.received += 1
        if again:
            self.redelivered += 1
        ticket = Ticket(self.generation, packet_id, size_bytes)
        self._pending.append(ticket)
        self.held_bytes += size_bytes
        return ticket

    def settle(self, tickets: Sequence[Ticket | None]) -> bytes:
        """Free these messages and return their PUBACKs, in order; empty when there are none.

        A ticket of an earlier connection is counted and has no PUBACK; None is passed over. A
        ticket out of order raises OutOfOrder and frees nothing of the call.
        """
        generation, pending = self.generation, self._pending
        live = [ticket for ticket in tickets if ticket is not None and ticket.generation == generation]
        if len(live) > len(pending):
            raise OutOfOrder(f"{len(live)} tickets handed back, {len(pending)} messages are unacknowledged")
        due = [pending.popleft() for _ in live]
        if due != live:
            pending.extendleft(reversed(due))
            at = next(i for i, (a, b) in enumerate(zip(live, due, strict=True)) if a != b)
            raise OutOfOrder(
                f"ticket {at} of the call is for packet {live[at].packet_id}, "
                f"but {due[at].packet_id} came before it"
            )
        self.held_bytes -= sum([ticket.size_bytes for ticket in due])
        self.acknowledged += len(due)
        if len(live) < len(tickets):
            self._settle_stale(tickets)
        return puback_packets([ticket.packet_id for ticket in due if ticket.packet_id])

    def _settle_stale(self, tickets: Sequence[Ticket | None]) -> None:
        """Free what came on earlier connections; a ticket that was handed back before frees nothing."""
        for ticket in tickets:
            if ticket is None or ticket.generation == self.generation:
                continue
            self.stale_tickets += 1
            left = self._stale.pop(ticket, 0)
            if not left:
                continue
            if left > 1:
                self._stale[ticket] = left - 1
            self._stale_count -= 1
            self.held_bytes -= ticket.size_bytes
