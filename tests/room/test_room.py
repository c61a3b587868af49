"""The single writer, on virtual time, with a store that is durable when the test says so."""

from collections.abc import Coroutine
from typing import Any

from msgspec.structs import replace

from controlroom.events import CrewReported, MessageQuarantined, SignalReceived, Tick
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.room import BATCH_MAX
from controlroom.rules.verdict import Circumstances, Verdict
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import OneWordJudge, after, handbook, signal
from tests.journal.virtual_time import passes, run
from tests.room.desk import at_work


def told(story: Coroutine[Any, Any, None]) -> None:
    """The story was told on virtual time."""
    run(story)


def check_in(number: int) -> SignalReceived:
    """Return a signal that goes to the log."""
    return signal(Kind.LONE_WORKER, f"w{number}")


def panic(number: int) -> SignalReceived:
    """Return a signal that opens an incident of its own, with an order that must be accepted in a minute."""
    return signal(Kind.ARC_ALARM, f"a{number}", event="panic")


def test_answers_come_in_the_order_of_arrival_with_duplicates_between() -> None:
    """A duplicate and a bare answer wait for what was decided before them, and for nothing after them."""

    async def story() -> None:
        async with at_work() as desk:
            desk.room.tell(check_in(1), "first")
            desk.room.tell(check_in(1), "first again")
            desk.room.tell(check_in(2), "second")
            desk.room.answer_in_turn("ours")
            desk.room.tell(check_in(1), "first once more")
            desk.room.tell(check_in(3), "third")
            await desk.turns()
            assert (desk.tokens, desk.room.unsettled, desk.room.duplicates) == ([], 6, 2)
            desk.store(1)
            assert desk.tokens == ["first", "first again"]
            desk.store(1)
            assert desk.tokens[2:] == ["second", "ours", "first once more"]
            desk.store(1)
            assert desk.tokens[5:] == ["third"]
            assert [one.position for one in desk.settled] == [1, 1, 2, 0, 1, 3]
            assert desk.settled[1].decision.reasons == (Reason.DUPLICATE,)
            assert desk.released_positions == [1, 2, 3]

    told(story())


def test_a_duplicate_of_what_is_durable_is_answered_at_once() -> None:
    """With nothing in flight before it, a duplicate's answer does not wait for the next record."""

    async def story() -> None:
        async with at_work() as desk:
            desk.room.tell(check_in(1), "first")
            await desk.turns()
            desk.store()
            desk.room.tell(check_in(1), "again")
            await desk.turns()
            assert (desk.tokens, desk.shelf.pending) == (["first", "again"], 0)

    told(story())


def test_who_gave_no_token_is_not_answered() -> None:
    """An event that nobody waits for is decided and released, and settles nothing."""

    async def story() -> None:
        async with at_work() as desk:
            desk.room.tell(check_in(1))
            await desk.turns()
            desk.store()
            assert (desk.released_positions, desk.settled) == ([1], [])

    told(story())


def test_a_deadline_is_an_event_at_its_moment() -> None:
    """An order that nobody accepts is missed when its time is up, not before."""

    async def story() -> None:
        async with at_work(handbook(accept_within_s=60)) as desk:
            desk.room.tell(panic(1))
            await passes(10)
            desk.room.tell(panic(2))
            await passes(49.9)
            assert [type(record.event) for record in desk.shelf.waiting] == [SignalReceived] * 2
            await passes(20)
            ticks = desk.shelf.waiting[2:]
            assert [record.event for record in ticks] == [Tick(), Tick()]
            late_s = [
                (tick.now - after(due)).total_seconds() for tick, due in zip(ticks, (60, 70), strict=True)
            ]
            assert all(0 <= late < 0.01 for late in late_s)
            assert {one.escalations for one in desk.room.state.incidents.values()} == {1}

    told(story())


def test_a_watch_that_was_answered_does_not_tick() -> None:
    """A unit that accepts in time leaves no deadline behind: the minute passes and nothing is decided."""

    async def story() -> None:
        async with at_work(handbook(accept_within_s=60)) as desk:
            desk.room.tell(panic(1))
            await passes(30)
            desk.room.tell(CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.ACCEPTED))
            await passes(120)
            assert [type(record.event) for record in desk.shelf.waiting] == [SignalReceived, CrewReported]

    told(story())


def test_deciding_stops_at_the_writers_bound_and_goes_on_from_there() -> None:
    """With no room for a batch nothing is decided; what was told waits, and is decided in its order."""

    async def story() -> None:
        async with at_work(bound=300) as desk:
            for number in range(500):
                desk.room.tell(check_in(number), number)
            await desk.turns()
            assert (desk.shelf.pending, desk.room.waiting) == (2 * BATCH_MAX, 500 - 2 * BATCH_MAX)
            desk.store(BATCH_MAX // 2)
            await desk.turns()
            assert desk.shelf.pending > BATCH_MAX
            while desk.shelf.pending:
                desk.store()
                await desk.turns()
            assert desk.tokens == list(range(500))

    told(story())


def test_a_writer_that_is_smaller_than_a_batch_slows_the_room_and_does_not_stop_it() -> None:
    """With a bound below a batch everything told is decided all the same, in its order."""

    async def story() -> None:
        async with at_work(bound=10) as desk:
            for number in range(25):
                desk.room.tell(check_in(number), number)
            await desk.turns()
            assert desk.shelf.pending == 10
            while desk.shelf.pending:
                desk.store()
                await desk.turns()
            assert desk.tokens == list(range(25))

    told(story())


def test_deadlines_and_news_together_stay_within_the_bound() -> None:
    """Watches that fell due while the store was full come first, and with the news never overfill it."""

    async def story() -> None:
        async with at_work(handbook(accept_within_s=60), bound=400) as desk:
            for number in range(280):
                desk.room.tell(panic(number))
            await desk.turns()
            assert desk.shelf.room_left < BATCH_MAX
            await passes(100)
            for number in range(200):
                desk.room.tell(check_in(number), number)
            await desk.turns()
            assert desk.room.waiting == 200
            desk.store(20)
            await desk.turns()
            while desk.shelf.pending:
                desk.store()
                await desk.turns()
            events = [type(record.event) for record in desk.shelf.stored]
            assert events == [SignalReceived] * 280 + [Tick] * 280 + [SignalReceived] * 200

    told(story())


def test_what_was_told_in_time_is_decided_before_the_deadline_that_passed_meanwhile() -> None:
    """A crew that accepted in time is never called silent because the store had no room for its word."""

    async def story() -> None:
        async with at_work(handbook(accept_within_s=60), bound=BATCH_MAX) as desk:
            desk.room.tell(panic(1))
            await passes(30)
            desk.room.tell(CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.ACCEPTED))
            await passes(60)
            desk.room.tell(check_in(1))
            desk.store()
            await desk.turns()
            events = [type(record.event) for record in desk.shelf.waiting]
            assert events == [CrewReported, SignalReceived]
            assert desk.room.state.incidents["INC-1"].status is Status.DISPATCHED

    told(story())


def test_the_moments_of_records_never_go_back() -> None:
    """A deadline that is decided late stands at a moment between what was told before and after it."""

    async def story() -> None:
        async with at_work(handbook(accept_within_s=60), bound=BATCH_MAX) as desk:
            desk.room.tell(panic(1))
            for second in (20, 40, 60, 80):
                await passes(20)
                desk.room.tell(check_in(second))
            await passes(20)
            desk.store()
            await desk.turns()
            desk.store()
            moments = [record.now for record in desk.shelf.stored]
            events = [type(record.event) for record in desk.shelf.stored]
            assert moments == sorted(moments)
            assert events == [SignalReceived] * 3 + [Tick] + [SignalReceived] * 2

    told(story())


def test_a_deadline_that_cannot_be_decided_yet_costs_nothing() -> None:
    """While the store has no room, a watch that is due waits for it: time passes and the room sleeps."""

    async def story() -> None:
        async with at_work(handbook(accept_within_s=60), bound=BATCH_MAX) as desk:
            desk.room.tell(panic(1))
            await passes(3600)
            assert desk.shelf.pending == 1
            desk.store()
            await desk.turns()
            assert [record.event for record in desk.shelf.waiting] == [Tick()]

    told(story())


def test_while_degraded_what_is_decided_is_shown_and_nothing_is_answered() -> None:
    """An outage shows what was in flight at once and what follows as it is decided; the answers wait."""

    async def story() -> None:
        async with at_work() as desk:
            desk.room.tell(check_in(1), 1)
            await desk.turns()
            desk.store()
            desk.room.tell(check_in(2), 2)
            desk.room.tell(check_in(3), 3)
            await desk.turns()
            assert desk.shown == []
            desk.room.degraded("the store does not answer")
            assert (desk.room.degraded_because, desk.shown) == ("the store does not answer", [2, 3])
            desk.room.tell(check_in(4), 4)
            await desk.turns()
            assert (desk.shown, desk.released_positions, desk.tokens) == ([2, 3, 4], [1], [1])
            desk.room.recovered()
            desk.store()
            desk.room.tell(check_in(5), 5)
            await desk.turns()
            assert (desk.room.degraded_because, desk.shown) == (None, [2, 3, 4])
            assert (desk.released_positions, desk.tokens) == ([1, 2, 3, 4], [1, 2, 3, 4])

    told(story())


def test_it_rests_when_a_snapshot_is_due_and_goes_on_when_everything_is_durable() -> None:
    """While rest is due and records are in flight nothing is decided; the state is then a frame's end."""

    async def story() -> None:
        due = False
        async with at_work() as desk:
            desk.room.rest_when_due(lambda: due)
            desk.room.tell(check_in(1))
            await desk.turns()
            due = True
            desk.room.tell(check_in(2))
            await desk.turns()
            assert (desk.room.state.position, desk.room.waiting) == (1, 1)
            desk.store()
            assert desk.room.state.position == desk.shelf.stored[-1].position == 1
            await desk.turns()
            assert (desk.room.state.position, desk.room.waiting) == (2, 0)

    told(story())


def test_a_snapshot_that_is_due_does_not_silence_a_room_whose_store_is_away() -> None:
    """In an outage nothing comes to rest: the room goes on deciding and showing, and rests afterwards."""

    async def story() -> None:
        async with at_work() as desk:
            desk.room.rest_when_due(lambda: True)
            desk.room.tell(check_in(1))
            await desk.turns()
            desk.room.tell(check_in(2))
            desk.room.tell(check_in(3))
            desk.room.degraded("the store does not answer")
            await desk.turns()
            assert (desk.shown, desk.room.waiting) == ([1, 2, 3], 0)
            desk.room.recovered()
            desk.room.tell(check_in(4))
            await desk.turns()
            assert desk.room.waiting == 1

    told(story())


class FaultyJudge(OneWordJudge):
    """Fails on one word, as no judge of ours does."""

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Fail on a fire."""
        if getattr(circumstances.signal.data, "event", None) == "fire":
            raise KeyError("fire")
        return super().judge(circumstances)


def test_a_message_on_which_deciding_fails_stops_nothing() -> None:
    """It is put aside where people see it, and acknowledged: the panic behind it is heard."""

    async def story() -> None:
        async with at_work(replace(handbook(), rules=FaultyJudge())) as desk:
            desk.room.tell(signal(Kind.ARC_ALARM, "f1", event="fire"), "fire")
            desk.room.tell(panic(1), "panic")
            await desk.turns()
            desk.store()
            assert desk.tokens == ["fire", "panic"]
            first, second = desk.shelf.stored
            assert isinstance(first.event, MessageQuarantined)
            assert (desk.room.state.quarantined, first.decision.reasons) == (1, (Reason.QUARANTINED,))
            assert second.decision.orders

    told(story())


def test_caught_up_means_that_everything_told_is_decided() -> None:
    """After it nothing waits to be decided, however many batches that took."""

    async def story() -> None:
        async with at_work() as desk:
            for number in range(5 * BATCH_MAX):
                desk.room.tell(check_in(number))
            await desk.room.caught_up()
            assert (desk.room.waiting, desk.shelf.pending) == (0, 5 * BATCH_MAX)
            assert max(desk.shelf.batches) == BATCH_MAX

    told(story())
