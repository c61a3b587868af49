"""A crew as a pure state machine: what it says, in which order, and that nothing is worked twice."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from simulators.crew import (
    IN_HAND,
    MEMORY,
    TOO_MANY,
    Crew,
    Saying,
    hear,
    muster,
    next_s,
    recover,
    stand_down,
    told_more,
    wake,
)
from simulators.crew_plans import Temper

WILLING = Temper(refuses=0.0)
ROUND = [Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE, Step.CLEARED]
LONG_S = 1e7


def crew(temper: Temper = WILLING) -> Crew:
    """Return a crew that has heard nothing yet."""
    return Crew("MR-01", 1, temper)


def test_an_order_is_accepted_worked_and_cleared_with_an_outcome() -> None:
    """A willing crew goes through all four steps, and only the last has an outcome."""
    heard, at_once = hear(crew(), "ORD-1", 0.0)
    _, said = wake(heard, LONG_S)
    assert at_once == ()
    assert [each.step for each in said] == ROUND
    assert [each.outcome is None for each in said] == [True, True, True, False]


def test_a_crew_says_that_it_knows_more() -> None:
    """Under the update's own name, at once and each time; in a dark place when it is out again."""
    here, _ = wake(hear(crew(), "ORD-1", 0.0)[0], LONG_S)
    said = Saying("ORD-1-update-1", Step.ACKNOWLEDGED)
    assert told_more(here, "ORD-1", "ORD-1-update-1") == (here, (said,))
    dark = msgspec.structs.replace(here, light_s=LONG_S + 9)
    later, at_once = told_more(dark, "ORD-1", "ORD-1-update-1")
    assert at_once == ()
    assert wake(later, LONG_S + 9)[1] == (said,)


def test_who_does_not_notice_an_order_says_nothing_of_it() -> None:
    """A crew that never answers, or that went home, does not know."""
    silent = crew(Temper(answers=False))
    home = msgspec.structs.replace(crew(), back_s=9.0)
    for one in (silent, home):
        assert told_more(one, "ORD-1", "ORD-1-update-1") == (one, ())


def test_nothing_is_said_before_its_time() -> None:
    """Between two steps a crew is silent, and `next_s` tells exactly when it will speak."""
    now, _ = hear(crew(), "ORD-1", 100.0)
    steps = []
    while (due := next_s([now])) is not None:
        assert wake(now, due - 0.001) == (now, ())
        now, said = wake(now, due)
        steps += [each.step for each in said]
    assert steps == ROUND


def test_a_repeated_order_gets_the_last_word_again() -> None:
    """An order that comes again is not worked again; what was last said of it is said again."""
    cleared, said = wake(hear(crew(), "ORD-1", 0.0)[0], LONG_S)
    assert hear(cleared, "ORD-1", LONG_S) == (cleared, (said[-1],))


def test_a_repeat_before_the_first_word_gets_no_word() -> None:
    """A crew that has not answered yet is not hurried by a repeat."""
    heard, _ = hear(crew(), "ORD-1", 0.0)
    assert hear(heard, "ORD-1", 1.0) == (heard, ())


def test_a_refusal_has_a_reason_and_ends_the_order() -> None:
    """A crew that refuses says why, and nothing after it."""
    _, said = wake(hear(crew(Temper(refuses=1.0)), "ORD-1", 0.0)[0], LONG_S)
    assert [(each.step, each.reason is None) for each in said] == [(Step.REFUSED, False)]


def test_a_silent_crew_never_answers() -> None:
    """A crew that does not answer says nothing, ever, to any number of orders."""
    now = crew(Temper(answers=False))
    for number in range(MEMORY + 50):
        now, said = hear(now, f"ORD-{number}", 0.0)
        assert said == ()
    assert wake(now, LONG_S)[1] == ()
    assert len(now.jobs) == MEMORY


def test_a_slow_crew_takes_longer_for_the_same_order() -> None:
    """Slowness stretches every step by its factor and changes nothing else."""
    quick, slow = (hear(crew(Temper(slowness, 0.0)), "ORD-1", 0.0)[0] for slowness in (1.0, 3.0))
    at = next_s([quick])
    assert at is not None
    assert next_s([slow]) == pytest.approx(3 * at)


def test_too_many_orders_are_refused() -> None:
    """A crew takes on so many orders and refuses the one after."""
    now = crew()
    for number in range(IN_HAND + 1):
        now, _ = hear(now, f"ORD-{number}", 0.0)
    _, said = wake(now, LONG_S)
    assert [each.order for each in said if each.reason == TOO_MANY] == [f"ORD-{IN_HAND}"]


def test_the_muster_has_slow_and_silent_crews() -> None:
    """Of sixteen crews one never answers and three are slow, the same ones for the same seed."""
    units = [f"MR-{number:02}" for number in range(1, 17)]
    crews = muster(units, 5)
    assert list(crews) == units
    assert crews == muster(reversed(units), 5)
    assert sorted((each.temper.answers, each.temper.slowness) for each in crews.values()) == [
        (False, 1.0),
        *[(True, 1.0)] * 12,
        *[(True, 2.0)] * 3,
    ]


MOVES = st.lists(
    st.tuples(st.sampled_from(["hear", "wake"]), st.integers(0, 9), st.floats(0, 900)),
    min_size=1,
    max_size=60,
)


@given(MOVES, st.sampled_from([WILLING, Temper(refuses=0.3), Temper(slowness=3.0)]))
def test_whatever_happens_every_order_is_worked_once_and_one_at_a_time(
    moves: list[tuple[str, int, float]], temper: Temper
) -> None:
    """Each order's own words are a prefix of a whole round or a refusal, no two orders are out at once."""
    now, now_s = crew(temper), 0.0
    fresh: list[Saying] = []
    for move, number, later_s in [*moves, ("wake", 0, LONG_S)]:
        now_s += later_s
        if move == "hear":
            before = now.jobs.get(f"ORD-{number}")
            now, again = hear(now, f"ORD-{number}", now_s)
            assert again == (() if before is None or before.said is None else (before.said,))
        else:
            now, said = wake(now, now_s)
            fresh += said
    orders = {f"ORD-{number}" for move, number, _ in moves if move == "hear"}
    for order in orders:
        steps = [each.step for each in fresh if each.order == order]
        assert steps in (ROUND, [Step.REFUSED])
    out: str | None = None
    for each in fresh:
        if each.step is Step.EN_ROUTE:
            assert out is None
            out = each.order
        elif each.step is Step.CLEARED:
            assert out == each.order
            assert each.outcome in set(Outcome)
            out = None
    assert next_s([now]) is None


def test_a_crew_is_frozen() -> None:
    """Hearing an order leaves the crew that heard it as it was."""
    before = crew()
    after, _ = hear(before, "ORD-1", 0.0)
    assert before == crew()
    assert msgspec.structs.replace(after, jobs={}) == before


def test_a_stood_down_crew_drops_its_job_and_says_so() -> None:
    """Whatever it was doing for the order is over; an order that it never heard is answered as well."""
    now, _ = hear(crew(), "ORD-1", 0.0)
    now, said = stand_down(now, "ORD-1")
    assert [(each.order, each.step) for each in said] == [("ORD-1", Step.STOOD_DOWN)]
    assert wake(now, LONG_S)[1] == ()
    assert stand_down(crew(), "ORD-9")[1][0].step is Step.STOOD_DOWN


def test_a_crew_goes_home_in_the_middle_of_a_job_and_comes_back() -> None:
    """It says that it is off duty, drops everything, and books on when the next one takes the van."""
    now, _ = hear(crew(Temper(refuses=0.0, goes_home=1.0)), "ORD-1", 0.0)
    _, said = wake(now, LONG_S)
    words = [each.word for each in said if each.word is not None]
    assert words == [CrewWord.BOOKED_OFF, CrewWord.BOOKED_ON]
    assert Step.CLEARED not in {each.step for each in said}


def test_a_crew_without_signal_says_everything_when_it_has_it_again() -> None:
    """Nothing is lost and nothing is said in between; the order of the steps stays."""
    now, _ = hear(crew(Temper(refuses=0.0, goes_dark=1.0)), "ORD-1", 0.0)
    heard: list[tuple[float, Step | None]] = []
    while (due := next_s([now])) is not None:
        now, said = wake(now, due)
        heard += [(due, each.step) for each in said]
    assert [step for _, step in heard] == ROUND
    assert heard[2][0] > heard[1][0]


def test_a_terminal_that_lost_its_memory_goes_on_from_what_the_broker_kept() -> None:
    """It arrives and clears without having heard the order; what is older than it saw last says nothing."""
    now, _ = recover(crew(), {"ORD-1": Step.EN_ROUTE, "ORD-2": None}, 7, 0.0)
    stale, _ = recover(now, {}, 6, 0.0)
    assert stale == now
    _, said = wake(now, LONG_S)
    assert [each.step for each in said if each.order == "ORD-1"] == [Step.ON_SCENE, Step.CLEARED]
    assert [each.step for each in said if each.order == "ORD-2"] == ROUND


def test_a_job_that_the_broker_does_not_keep_any_more_is_over() -> None:
    """A terminal that was away while its order ended works it no longer."""
    now, _ = hear(crew(), "ORD-1", 0.0)
    now, _ = recover(now, {}, 8, 1.0)
    assert wake(now, LONG_S)[1] == ()


def test_a_crew_that_does_not_notice_an_order_never_answers_it() -> None:
    """Not the crew is silent, but this order in its hands."""
    now, _ = hear(crew(Temper(refuses=0.0, ignores=1.0)), "ORD-1", 0.0)
    assert wake(now, LONG_S)[1] == ()
