import pytest

from controlroom.ingest.session.arrivals import Arrivals
from controlroom.ingest.session.model import OutOfOrder, Ticket


def arrived(*packet_ids: int) -> tuple[Arrivals, list[Ticket]]:
    """Return a connection on which these came, and their tickets."""
    arrivals = Arrivals()
    return arrivals, [arrivals.take(packet_id, 100, again=False) for packet_id in packet_ids]


def test_acknowledgements_keep_the_order_of_arrival() -> None:
    """The PUBACKs of one call are in the order in which the messages came, whatever their ids."""
    arrivals, tickets = arrived(9, 3, 5)

    assert arrivals.settle(tickets).hex() == "400200094002000340020005"
    assert len(arrivals) == 0


def test_a_ticket_before_its_turn_frees_nothing() -> None:
    """A call out of order raises, and the same tickets in order are good afterwards."""
    arrivals, tickets = arrived(1, 2, 3)
    with pytest.raises(OutOfOrder, match="for packet 2, but 1 came before it"):
        arrivals.settle([tickets[1], tickets[0]])

    assert len(arrivals) == 3
    assert arrivals.settle(tickets) != b""


def test_a_ticket_handed_back_twice_is_an_error() -> None:
    """More tickets than messages means that one came twice."""
    arrivals, tickets = arrived(1)
    arrivals.settle(tickets)
    with pytest.raises(OutOfOrder):
        arrivals.settle(tickets)


def test_tickets_of_a_lost_connection_are_counted_only() -> None:
    """After a loss the old tickets send nothing, even beside a new one with the same packet id."""
    arrivals, old = arrived(1, 2)
    arrivals.forget()
    new = arrivals.take(1, 100, again=True)

    assert arrivals.settle([*old, None, new]).hex() == "40020001"
    assert (arrivals.stale_tickets, arrivals.acknowledged, arrivals.redelivered) == (2, 1, 1)


def test_a_qos_0_message_takes_room_and_sends_nothing() -> None:
    """It counts against our own bound until it is handed back; no PUBACK belongs to it."""
    arrivals, tickets = arrived(0, 4)

    assert len(arrivals) == 2
    assert arrivals.settle(tickets).hex() == "40020004"


def test_what_is_held_of_lost_connections_counts_until_it_is_back() -> None:
    """A message that comes again while its first copy is held counts twice, in number and in bytes."""
    arrivals, first = arrived(1, 0, 0)
    for _ in range(3):
        arrivals.forget()
        again = [arrivals.take(packet_id, 100, again=True) for packet_id in (1, 2)]
    assert (len(arrivals), arrivals.held_bytes) == (9, 900)

    assert arrivals.settle([first[2], first[0], first[1]]) == b""
    assert (len(arrivals), arrivals.held_bytes) == (6, 600)
    arrivals.settle(again)
    assert (len(arrivals), arrivals.held_bytes) == (4, 400)


def test_a_stale_ticket_frees_its_place_once() -> None:
    """Handed back twice, before the loss or after it, a ticket frees nothing the second time."""
    arrivals, tickets = arrived(1, 2)
    arrivals.settle(tickets[:1])
    arrivals.forget()
    for _ in range(2):
        arrivals.settle(tickets)

    assert (len(arrivals), arrivals.held_bytes, arrivals.stale_tickets) == (0, 0, 4)


def test_the_bytes_that_are_held_are_those_of_what_is_not_handed_back() -> None:
    """What is handed back weighs nothing any more; what was refused as out of order still does."""
    arrivals, tickets = arrived(1, 2, 3)
    assert arrivals.held_bytes == 300
    arrivals.settle(tickets[:1])
    assert arrivals.held_bytes == 200
    with pytest.raises(OutOfOrder):
        arrivals.settle([tickets[2]])
    assert arrivals.held_bytes == 200
    arrivals.forget()
    assert arrivals.held_bytes == 200
    arrivals.settle(tickets[1:])
    assert arrivals.held_bytes == 0
