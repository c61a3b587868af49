"""The gauges of work in hand: by whom it waits for, how old, how overdue, and how far orders are."""

from msgspec.structs import replace

from controlroom.incidents.incident import Status
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.gauges import oldest_by_queue, open_by_queue, orders_by_state, overdue
from tests.build import NOON, after, signal
from tests.journal.virtual_time import run
from tests.measures.test_answering import WAITING
from tests.room.desk import at_work


def test_open_incidents_are_told_apart_by_whom_they_wait_for() -> None:
    """Each open incident is in one queue, every queue and priority is there, and nothing is counted twice."""
    incidents = tuple(
        replace(WAITING, id=f"INC-{number}", status=status, priority=1 + number % 4)
        for number, status in enumerate(one for one in Status if one is not Status.CLOSED)
    )
    found = open_by_queue(incidents)

    assert sum(found.values()) == len(incidents)
    assert set(found) == {(queue, str(p)) for queue in ("waiting", "in_hand", "aside") for p in (1, 2, 3, 4)}
    assert sum(value for (queue, _), value in found.items() if queue == "waiting") == 2
    assert sum(value for (queue, _), value in found.items() if queue == "aside") == 2


def test_the_oldest_and_the_most_overdue_are_the_worst() -> None:
    """Of each queue the age of its oldest; of each priority by how much its worst is late; else nothing."""
    young = replace(WAITING, id="INC-1", opened_at=after(50), due=after(200))
    old = replace(WAITING, id="INC-2", opened_at=NOON, due=after(40))
    now = after(100)

    assert oldest_by_queue((young, old), now)["waiting", "2"] == 100
    assert overdue((young, old), now) == {("1",): 0, ("2",): 60, ("3",): 0, ("4",): 0}
    assert set(oldest_by_queue((), now).values()) == {0}


def test_an_order_is_counted_while_it_is_not_over() -> None:
    """An order that was given and not answered stands under its state; all states are there at zero."""

    async def story() -> dict[tuple[str, ...], float]:
        async with at_work() as desk:
            before = dict(orders_by_state(desk.room))
            assert set(before.values()) == {0}
            desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
            await desk.turns()
            after_it = dict(orders_by_state(desk.room))
            assert set(after_it) == set(before)
            return after_it

    found = run(story())
    assert found["given",] == 1
    assert sum(found.values()) == 1


def test_the_room_tells_how_long_each_batch_took() -> None:
    """One word for each batch of records that was decided, and none while nothing is."""

    async def story() -> list[float]:
        took: list[float] = []
        async with at_work() as desk:
            desk.room.batch_took = took.append
            await desk.turns()
            assert took == []
            desk.room.tell(signal(Kind.GUARD))
            await desk.turns()
        return took

    took = run(story())
    assert len(took) == 1
    assert took[0] >= 0
