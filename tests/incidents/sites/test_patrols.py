"""Random rounds: called at a moment that follows from a secret alone, visited or missed, and proved."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.patrols import PatrolSeedDrawn, VisitReported
from controlroom.estate.model import Estate, Round
from controlroom.events import Event
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import Sign, SignNoted
from controlroom.incidents.sites.patrols import BY_CREW, proved_by_crews
from controlroom.incidents.sites.surprise import moment_of
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.incidents.watches import due_of
from controlroom.signals.dispatch_messages import Step
from tests.fundamentals.sites_room import YARD, SitesRoom, leeds, town
from tests.measures.test_statement import order

SEED = bytes(range(32))
OPENS, CLOSES = leeds(2026, 3, 2, 20), leeds(2026, 3, 2, 22)
HALF_AN_HOUR = timedelta(minutes=30)
moments = st.binary(min_size=1, max_size=40)


def random_town() -> Estate:
    """Return the town with its patrol, which the room calls when it likes."""
    known = town(patrol=True)
    rounds = {name: replace(one, random=True) for name, one in known.rounds.items()}
    return Estate(
        {topic: place for topic, place in known.places.items() if place.kind != "lone-worker"},
        known.crews,
        keyholders=known.keyholders,
        rounds=rounds,
    )


ROUND: Round = next(iter(random_town().rounds.values()))


def told(room: SitesRoom, event: Event, at: datetime) -> Decision:
    """Tell the room something at this moment."""
    room.until(at)
    return room._decide(event, at)


def patrolled(seed: bytes = SEED) -> SitesRoom:
    """Return a room at noon that has its seed."""
    room = SitesRoom(leeds(2026, 3, 2, 12), estate=random_town())
    told(room, PatrolSeedDrawn(seed), leeds(2026, 3, 2, 12, 1))
    return room


@given(moments, st.integers(0, 400))
def test_a_moment_is_in_its_window_and_leaves_time_for_the_visit(seed: bytes, day: int) -> None:
    """From the opening on, and early enough that a visit half an hour later is in the window."""
    opens, closes = OPENS + timedelta(days=day), CLOSES + timedelta(days=day)
    moment = moment_of(seed, "R", opens, closes, HALF_AN_HOUR)

    assert opens <= moment <= closes - HALF_AN_HOUR
    assert moment == moment_of(seed, "R", opens, closes, HALF_AN_HOUR)


def test_moments_are_spread_and_each_depends_on_everything() -> None:
    """Over a year of nights every quarter of the window has its share; another seed is another year."""
    nights = [(OPENS + timedelta(days=day), CLOSES + timedelta(days=day)) for day in range(365)]

    def year(seed: bytes, name: str) -> list[float]:
        return [
            (moment_of(seed, name, opens, closes, HALF_AN_HOUR) - opens) / (closes - opens - HALF_AN_HOUR)
            for opens, closes in nights
        ]

    shares = year(SEED, "R")
    for quarter in range(4):
        assert 60 < sum(quarter / 4 <= share < (quarter + 1) / 4 for share in shares) < 125
    assert not set(shares) & set(year(SEED, "S"))
    assert not set(shares) & set(year(SEED[::-1], "R"))


def test_a_round_is_called_and_missed_half_an_hour_later() -> None:
    """Nothing is known of the moment before; from the call on a visit is expected, or it is raised."""
    room = patrolled()
    called = due_of(room.state.watches, WatchKind.VISIT, ROUND.name)
    assert called is not None
    assert OPENS <= called <= CLOSES - HALF_AN_HOUR

    assert "visit-missed" not in room.until(called)
    assert room.state.sites.called == {ROUND.name: called}
    assert due_of(room.state.watches, WatchKind.VISIT, ROUND.name) == called + HALF_AN_HOUR
    assert "visit-missed" in room.until(called + HALF_AN_HOUR)
    assert not room.state.sites.called
    following = due_of(room.state.watches, WatchKind.VISIT, ROUND.name)
    assert following is not None
    assert OPENS + timedelta(days=1) <= following <= CLOSES + timedelta(days=1) - HALF_AN_HOUR


def test_only_a_visit_after_the_call_counts() -> None:
    """Who came before the call was not called; who comes after it has done what was asked."""
    for minutes, missed in ((-1, True), (10, False)):
        room = patrolled()
        called = due_of(room.state.watches, WatchKind.VISIT, ROUND.name)
        assert called is not None
        if minutes > 0:
            room.until(called)
        room.hears(YARD, called + timedelta(minutes=minutes), event="visit")
        assert ("visit-missed" in room.until(called + HALF_AN_HOUR)) is missed


def test_an_operator_takes_a_visit_down() -> None:
    """Said by radio it counts like the guard's own report; of a round that is none it is refused."""
    room = patrolled()
    called = due_of(room.state.watches, WatchKind.VISIT, ROUND.name)
    assert called is not None
    room.until(called)
    said = told(room, VisitReported(ROUND.name, "op-1"), called + timedelta(minutes=5))
    assert said.reasons == (Reason.COMMAND,)
    assert "visit-missed" not in room.until(called + HALF_AN_HOUR)
    assert told(room, VisitReported("R-9", "op-1"), called + HALF_AN_HOUR).reasons == (Reason.ROUND_UNKNOWN,)


def test_a_crew_on_scene_has_visited_the_site() -> None:
    """Its word is proof; it says of itself who it was, so that nobody is charged for it twice."""
    room = patrolled()
    sent = order("ORD-1", ROUND.site)
    room.state.orders[sent.id] = StandingOrder(sent, OPENS)
    there = Decision((OrderMoved("ORD-1", Step.ON_SCENE),))
    assert proved_by_crews(room._book, room.state, there).changes[1:] == (
        SignNoted(ROUND.topic, Sign.VISITED, BY_CREW),
    )
    for step in (Step.ACCEPTED, Step.CLEARED):
        moved = Decision((OrderMoved("ORD-1", step),))
        assert proved_by_crews(room._book, room.state, moved) is moved


def test_the_seed_is_taken_once_and_a_restart_calls_at_the_same_moment() -> None:
    """A second seed changes nothing; the snapshot has the first, and what is expected by it."""
    room = patrolled()
    due = due_of(room.state.watches, WatchKind.VISIT, ROUND.name)
    told(room, PatrolSeedDrawn(b"x" * 32), leeds(2026, 3, 2, 12, 2))
    again = from_bytes(to_bytes(room.state))

    assert again.sites.patrol_seed == SEED
    assert due_of(again.watches, WatchKind.VISIT, ROUND.name) == due
    assert due_of(patrolled(SEED[::-1]).state.watches, WatchKind.VISIT, ROUND.name) != due


def test_without_a_seed_nothing_is_expected_of_a_random_round() -> None:
    """Until whoever starts the room has drawn one, no moment can be said."""
    room = SitesRoom(leeds(2026, 3, 2, 12), estate=random_town())
    assert due_of(room.state.watches, WatchKind.VISIT, ROUND.name) is None
