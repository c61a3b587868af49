import asyncio

from controlroom.ingest.session.codec import publish_packet
from controlroom.ingest.session.departures import Departures
from controlroom.ingest.session.model import LARGEST_PUBLISH_ID, Acknowledged, Outbound, PublishRefused

PACKET_BYTES = len(publish_packet(Outbound("t", b"0"), 1))


def queued(departures: Departures, count: int) -> list[Acknowledged]:
    """Queue messages numbered from 0 and return their futures."""
    futures = [asyncio.get_running_loop().create_future() for _ in range(count)]
    for number, future in enumerate(futures):
        departures.add(Outbound("t", b"%d" % number), future)
    return futures


def taken(departures: Departures) -> list[tuple[int, bool]]:
    """Return id and DUP of each packet that may be written now."""
    data = departures.take()
    packets = [data[at : at + PACKET_BYTES] for at in range(0, len(data), PACKET_BYTES)]
    return [(int.from_bytes(packet[5:7]), bool(packet[0] & 8)) for packet in packets]


async def test_no_more_than_the_window_flies() -> None:
    """A further message leaves when one is acknowledged, first come, first sent."""
    departures = Departures(100)
    futures = queued(departures, 5)
    departures.open(2, resumed=False, largest_bytes=None)

    assert taken(departures) == [(1, False), (2, False)]
    assert taken(departures) == []

    departures.settle(2, 0)

    assert futures[1].done()
    assert taken(departures) == [(3, False)]


async def test_a_resumed_session_gets_the_unacknowledged_again() -> None:
    """In publish order, marked as sent before, with their ids; what never flew is not marked."""
    departures = Departures(100)
    queued(departures, 4)
    departures.open(3, resumed=False, largest_bytes=None)
    taken(departures)
    departures.settle(2, 0)
    departures.close()
    departures.open(3, resumed=True, largest_bytes=None)

    assert taken(departures) == [(1, True), (3, True), (4, False)]


async def test_the_mark_outlives_a_connection_on_which_nothing_flew() -> None:
    """A message that flew once is marked on the next connection but one as well."""
    departures = Departures(100)
    queued(departures, 2)
    for window, resumed in ((2, False), (1, True), (2, True)):
        departures.close()
        departures.open(window, resumed=resumed, largest_bytes=None)
        last = taken(departures)

    assert last == [(1, True), (2, True)]


async def test_a_new_session_gets_them_as_new() -> None:
    """A broker that lost the session has seen nothing, so nothing is marked."""
    departures = Departures(100)
    queued(departures, 2)
    departures.open(2, resumed=False, largest_bytes=None)
    taken(departures)
    departures.close()
    departures.open(2, resumed=False, largest_bytes=None)

    assert taken(departures) == [(1, False), (2, False)]


async def test_an_id_in_use_is_not_given_again() -> None:
    """When the ids have gone round, one that still has no PUBACK is passed over."""
    departures = Departures(100)
    queued(departures, 1)
    departures.open(10, resumed=False, largest_bytes=None)
    taken(departures)
    departures._last_id = LARGEST_PUBLISH_ID
    queued(departures, 1)

    assert taken(departures) == [(2, False)]


async def test_refusals_and_late_answers() -> None:
    """A reason from 0x80 fails the future; an answer for nobody, or for a future given up, does nothing."""
    departures = Departures(100)
    refused, given_up = queued(departures, 2)
    given_up.cancel()
    departures.settle(1, 0x97)
    departures.settle(2, 0)
    departures.settle(77, 0)

    assert isinstance(refused.exception(), PublishRefused)
    assert (departures.refusals, departures.acks, len(departures)) == (1, 1, 0)
