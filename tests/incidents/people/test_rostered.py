"""Booking on by the roster: expected from the opening of the room on, shift after shift."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from controlroom.estate.model import Estate
from controlroom.estate.shifts import Assignment, read_shifts
from controlroom.events import LinkRestored, RoomOpened, Tick
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.people.terms import PeopleRules
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import next_deadline
from controlroom.incidents.watch_list import unwatched
from controlroom.incidents.watches import due_of
from controlroom.signals.vocabulary import Kind
from tests.build import OneWordJudge, after, estate, signal, topic_of
from tests.incidents.test_decide import Told

GUARD = topic_of(Kind.GUARD)
NOON_TO_TWO_S = 7_200
OPENED = RoomOpened("w", 1, "r", demonstration=False)


def rostered(people: PeopleRules | None = None) -> Told:
    """Return a room, opened and hearing, whose guard is to be on duty from two to ten every day."""
    usual = estate()
    duty = Assignment(shifts=read_shifts("daily 14:00-22:00"))
    places = usual.places | {GUARD: replace(usual.places[GUARD], duty=duty)}
    house = HouseRules(people=people or PeopleRules())
    room = Told(Handbook(OneWordJudge(), Estate(places, usual.crews), house))
    room.tell(OPENED)
    room.tell(LinkRestored(), 1)
    return room


def quiet_until(room: Told, at_s: float) -> list[Decision]:
    """Return what fell due until then, each at its moment."""
    fell = []
    while (due := next_deadline(room.state)) is not None and due <= after(at_s):
        fell.append(room.tell(Tick(), (due - after(0)).total_seconds()))
    return fell


def test_a_shift_that_nobody_begins_is_noticed_once() -> None:
    """A quarter of an hour after two the room says so, and then expects tomorrow's shift."""
    room = rostered()
    (missed,) = quiet_until(room, NOON_TO_TWO_S + 900)

    assert missed.reasons[0] is Reason.NOT_HEARD
    assert missed.ruling is not None
    assert missed.ruling.rule == "about-book_on_missed"
    tomorrow = after(NOON_TO_TWO_S + 900) + timedelta(days=1)
    assert due_of(room.state.watches, WatchKind.BOOK_ON, GUARD) == tomorrow


def test_who_booked_on_is_not_missed() -> None:
    """A guard who came in time raises nothing, and the shift's end is expected half an hour after ten."""
    room = rostered()
    room.tell(signal(Kind.GUARD, event="on_duty"), NOON_TO_TWO_S - 60)

    assert due_of(room.state.watches, WatchKind.SHIFT_END, GUARD) == datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    fell = quiet_until(room, NOON_TO_TWO_S + 900)
    assert fell[-1].reasons == (Reason.ON_DUTY,)


def test_a_second_opening_expects_no_shift_twice() -> None:
    """What is expected already stays as it is; the restart itself raises nothing."""
    room = rostered()
    before = due_of(room.state.watches, WatchKind.BOOK_ON, GUARD)
    room.tell(OPENED, 60)

    assert due_of(room.state.watches, WatchKind.BOOK_ON, GUARD) == before
    assert next_deadline(room.state) is None, "nothing is heard yet"


def test_a_city_that_runs_faster_has_no_roster() -> None:
    """At another pace than the clock's nobody is expected at two, and intervals are shorter."""
    room = rostered(PeopleRules(pace=10))
    assert next_deadline(room.state) is None
    room.tell(signal(Kind.GUARD, event="on_duty"), 10)
    assert due_of(room.state.watches, WatchKind.CHECK, GUARD) == after(10 + 180)


def test_a_place_without_a_watch_is_counted() -> None:
    """The guard of the roster is watched; the others are numbers by kind until something is expected."""
    room = rostered()
    count = unwatched(room.state, room.book.estate)
    assert (count["guard"], count["lone-worker"], count["camera-fault"]) == (0, 1, 1)
    room.tell(signal(Kind.LONE_WORKER), 10)
    assert unwatched(room.state, room.book.estate)["lone-worker"] == 0
