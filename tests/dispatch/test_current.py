"""What the broker keeps for each crew: the whole of what it has in hand, from durable records alone."""

import asyncio
from collections.abc import Callable

from msgspec.structs import replace

from controlroom.commands.crews import CrewReassigned
from controlroom.dispatch.current import GATHER_S, LISTED, CurrentOrders
from controlroom.dispatch.outbox import RETRY_S, NotNow
from controlroom.events import CrewReported, Event, LinkRestored
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Outcome, Step, current_topic, read_current
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import NOON, after, handbook, signal
from tests.incidents.crews.test_raising import AnOpenDoor
from tests.journal.virtual_time import run


class Kept:
    """A broker that keeps the last message of each topic, and now and then does not take one."""

    def __init__(self) -> None:
        self.last: dict[str, bytes] = {}
        self.sent: list[str] = []
        self.away = False
        self.refuses = 0

    def publish(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        """Keep the message."""
        if self.away:
            raise NotNow("away")
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.refuses:
            self.refuses -= 1
            answer.set_exception(ConnectionError("quota"))
        else:
            self.last[topic] = payload
            answer.set_result(None)
        self.sent.append(topic)
        return answer

    def jobs(self, unit: str = "MR-01") -> list[tuple[str, str | None, int]]:
        """Return what a terminal that subscribes now sees: order, step and version."""
        payload = self.last.get(current_topic(unit), b"")
        if not payload:
            return []
        return [(job.order, job.step, job.version) for job in read_current(payload).data.orders]


class House:
    """A room that decides, and what it keeps at the broker."""

    def __init__(self, state: State | None = None, kept: Kept | None = None) -> None:
        self.book = handbook(demonstration=True)
        self.state, self.kept = state or State(), kept or Kept()
        self.current = CurrentOrders(lambda: self.book.estate, self.kept.publish)
        self.current.start(self.state, NOON)

    def tell(self, event: Event) -> None:
        """Decide, and release the record."""
        now = after(self.state.position)
        decision = decide(self.book, self.state, event, now)
        apply(self.state, self.state.position + 1, now, decision)
        self.current.released([Record(self.state.position, now, event, decision)])

    def jobs(self) -> list[tuple[int, str, str | None, int]]:
        """Return what the first crew's terminal says of its jobs: priority, words, update, version."""
        kept = read_current(self.kept.last[current_topic("MR-01")]).data.orders
        return [(job.priority, job.instruction, job.update, job.version) for job in kept]

    def report(self, step: Step) -> None:
        """Tell how far the first crew is."""
        outcome = Outcome.NO_TRACE if step is Step.CLEARED else None
        self.tell(CrewReported(Wire("t", b""), "ORD-1", "MR-01", step, outcome))


def lived(story: Callable[[], object]) -> None:
    """Live through a story in virtual time."""

    async def lives() -> None:
        story()
        await asyncio.sleep(RETRY_S * 3)

    run(lives())


PANIC = signal(Kind.ARC_ALARM, event="panic")


def test_what_became_more_urgent_is_kept_too() -> None:
    """A terminal that starts again sees the words of now, and that it has not said so yet."""
    house = House()
    house.book = replace(house.book, rules=AnOpenDoor())
    seen = []

    def story() -> None:
        house.tell(signal(Kind.ARC_ALARM, "a1"))
        house.report(Step.EN_ROUTE)
        house.tell(signal(Kind.ARC_ALARM, "a2", event="panic"))

    lived(story)
    seen.append(house.jobs())
    lived(lambda: house.tell(CrewReported(Wire("t", b""), "ORD-1-update-1", "MR-01", Step.ACKNOWLEDGED)))
    seen.append(house.jobs())

    words = "now priority 1: panic at Library of S1; before it intruder"
    assert seen == [[(1, words, "ORD-1-update-1", 4)], [(1, words, None, 5)]]


def test_a_terminal_that_subscribes_sees_its_job_until_it_is_over() -> None:
    """Offered, accepted, on scene, and nothing when it is cleared: an empty message takes it away."""
    house = House()
    seen = []

    async def story() -> None:
        house.tell(PANIC)
        for step in (None, Step.ACCEPTED, Step.ON_SCENE, Step.CLEARED):
            if step is not None:
                house.report(step)
            await asyncio.sleep(2 * GATHER_S)
            seen.append(house.kept.jobs())

    run(story())
    assert seen == [
        [("ORD-1", None, 1)],
        [("ORD-1", "accepted", 2)],
        [("ORD-1", "on_scene", 3)],
        [],
    ]


def test_an_order_that_is_given_to_another_crew_changes_hands() -> None:
    """The first terminal shows nothing any more, the second the new order."""
    house = House()

    def story() -> None:
        house.tell(PANIC)
        house.tell(CrewReassigned("INC-1", 1, "op-1", "nearer", "MR-02"))

    lived(story)
    assert (house.kept.jobs("MR-01"), house.kept.jobs("MR-02")) == ([], [("ORD-2", None, 1)])


def test_what_the_broker_did_not_take_is_sent_again_as_it_is_then() -> None:
    """Only the latest counts, whatever was lost in between."""
    house = House()

    def story() -> None:
        house.kept.refuses = 1
        house.tell(PANIC)
        house.kept.away = True
        house.report(Step.ACCEPTED)
        asyncio.get_running_loop().call_later(RETRY_S / 2, lambda: setattr(house.kept, "away", False))

    lived(story)
    assert house.kept.jobs() == [("ORD-1", "accepted", 2)]


def test_a_new_session_says_everything_again() -> None:
    """A broker that lost what it kept has it again; units with nothing in hand are cleared."""
    before = House()
    lived(lambda: before.tell(PANIC))
    house = House(before.state, Kept())

    lived(lambda: house.tell(LinkRestored()))

    assert house.kept.jobs() == [("ORD-1", None, 1)]
    assert house.kept.last[current_topic("MR-02")] == b""


def test_a_flood_costs_one_message_and_lists_what_came_first() -> None:
    """However many orders a unit is given at once, one message says so, and it has an end."""
    house = House()

    def story() -> None:
        for number in range(4 * LISTED):
            house.tell(signal(Kind.ARC_ALARM, f"p{number}", event="panic"))
        house.report(Step.ACCEPTED)

    lived(story)
    jobs = house.kept.jobs()
    assert house.kept.sent.count(current_topic("MR-01")) == 1
    assert (jobs[0], len(jobs)) == (("ORD-1", "accepted", 2), LISTED)


def test_what_is_not_listed_costs_no_message_but_a_new_session_does() -> None:
    """What a terminal would not show changes nothing for it; a broker may have lost what it kept."""
    house = House()

    def panics(first: int, count: int) -> None:
        for number in range(first, first + count):
            house.tell(signal(Kind.ARC_ALARM, f"p{number}", event="panic"))

    lived(lambda: panics(0, 2 * LISTED))
    listed = house.kept.last.pop(current_topic("MR-01"))
    lived(lambda: panics(2 * LISTED, 2 * LISTED))
    assert current_topic("MR-01") not in house.kept.last
    lived(lambda: house.tell(LinkRestored()))
    assert house.kept.jobs()[0] == ("ORD-1", None, 1)
    assert len(house.kept.last[current_topic("MR-01")]) == len(listed)


def test_a_signal_that_orders_nobody_costs_no_message() -> None:
    """Nothing is said where nothing changed."""
    house = House()
    lived(lambda: house.tell(signal(Kind.GUARD)))
    assert house.kept.sent == []
