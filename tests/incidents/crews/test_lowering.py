"""What a crew goes for is less than it was told, or again what it was: it is told, and nobody else goes."""

from msgspec.structs import replace

from controlroom.commands.work import Merged, SplitOff, Undone
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.orders import UpdateOrder
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal
from tests.incidents.crews.test_raising import OnTheWay


def merged() -> OnTheWay:
    """Return a room whose crew, on its way to an intruder, was told of a call for help that was merged in."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.tell(signal(Kind.HELP_POINT, "h"), 50)
    call = room.state.incidents["INC-3"]
    room.tell(Merged("INC-1", room.version, "op-1", call.id, call.version), 60)
    room.report(Step.ACKNOWLEDGED, order="ORD-1-update-1", at_s=65)
    return room


def with_a_panic() -> OnTheWay:
    """Return a room whose crew, on its way to an intruder, was told of a panic, and knows."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears()
    room.report(Step.ACKNOWLEDGED, order="ORD-1-update-1", at_s=105)
    return room


def test_an_undone_merge_gives_the_crew_its_job_back() -> None:
    """Words, priority and time are those of before; the crew hears so, and has to say that it knows."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    before = room.state.orders["ORD-1"]
    room = merged()

    decision = room.tell(Undone("INC-1", room.version, "op-1"), 70)

    (word,) = decision.orders
    again = "again priority 3: intruder at Library of S1"
    said = UpdateOrder("ORD-1-update-2", "ORD-1", "INC-1", "MR-01", 3, again, simulated=False)
    assert word == replace(said, respond_within_s=1_730)
    standing = room.state.orders["ORD-1"]
    assert standing.order == replace(before.order, instruction=again)
    assert (standing.told, standing.unheard) == ((), "ORD-1-update-2")
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") == after(130)
    assert room.state.incidents["INC-1"].due == room.due(WatchKind.ARRIVAL) == after(1_800)
    room.report(Step.ACKNOWLEDGED, order="ORD-1-update-2", at_s=80)
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") is None
    assert to_bytes(from_bytes(to_bytes(room.state))) == to_bytes(room.state)


def test_a_crew_hears_what_was_split_off() -> None:
    """The panic is another matter that waits for a person; whoever goes for the door drives as for a door."""
    room = with_a_panic()

    decision = room.tell(SplitOff("INC-1", room.version, "op-1", (3,)), 110)

    assert decision.reasons == (Reason.COMMAND,)
    (word,) = decision.orders
    assert isinstance(word, UpdateOrder)
    assert (word.id, word.priority, word.respond_within_s) == ("ORD-1-update-2", 3, None)
    assert word.instruction == "now priority 3: intruder at S1; no longer panic"
    standing = room.state.orders["ORD-1"]
    assert (standing.order.priority, standing.told, standing.unheard) == (3, (), "ORD-1-update-2")
    assert room.state.incidents["INC-1"].status is Status.DISPATCHED
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") == after(170)


def test_what_was_split_off_is_news_when_it_comes_again() -> None:
    """It was told that the panic is no part of it, so a panic that joins is told, under a name of its own."""
    room = with_a_panic()
    room.tell(SplitOff("INC-1", room.version, "op-1", (3,)), 110)
    (word,) = room.hears("panic", 120).orders
    assert isinstance(word, UpdateOrder)
    assert (word.id, word.priority) == ("ORD-1-update-3", 1)
    assert word.instruction == "now priority 1: panic at Library of S1; before it intruder"


def test_an_undone_split_is_told_as_well() -> None:
    """What belongs together after all is what the crew goes for again."""
    room = with_a_panic()
    known = room.state.orders["ORD-1"]
    room.tell(SplitOff("INC-1", room.version, "op-1", (3,)), 110)
    (word,) = room.tell(Undone("INC-1", room.version, "op-1"), 115).orders
    assert isinstance(word, UpdateOrder)
    assert word.instruction == "again priority 1: panic at Library of S1; before it intruder"
    standing = room.state.orders["ORD-1"]
    assert (standing.order.priority, standing.told) == (1, known.told)
    assert not room.hears("panic", 120).orders


def test_where_the_worse_stays_nobody_is_told() -> None:
    """A second door that is split off changes nothing for whoever goes to the panic, nor does its undo."""
    room = with_a_panic()
    room.hears("intruder", 106)
    told = room.state.orders["ORD-1"]
    position = room.state.incidents["INC-1"].members[-1].position
    assert not room.tell(SplitOff("INC-1", room.version, "op-1", (position,)), 110).orders
    assert not room.tell(Undone("INC-1", room.version, "op-1"), 111).orders
    assert room.state.orders["ORD-1"] == told


def test_where_nobody_goes_any_more_nobody_is_told() -> None:
    """An order that is over stays as it was."""
    room = merged()
    room.report(Step.REFUSED, at_s=66)
    room.report(Step.REFUSED, order="ORD-6", unit="MR-02", at_s=67)
    over = room.state.orders["ORD-1"]
    assert not room.tell(Undone("INC-1", room.version, "op-1"), 70).orders
    assert room.state.orders.get("ORD-1", over) == over
