"""What holds for the room whatever it is told and however the store answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.journal.virtual_time import run
from tests.room.desk import at_work

SIGNALS = [signal(Kind.LONE_WORKER, f"w{number}") for number in range(6)]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(0, len(SIGNALS) - 1)),
        st.tuples(st.just("answer"), st.just(0)),
        st.tuples(st.just("store"), st.integers(1, 3)),
        st.tuples(st.just("turn"), st.just(0)),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_nothing_is_answered_before_it_is_durable_and_nothing_out_of_turn(
    steps: list[tuple[str, int]],
) -> None:
    """Every teller is answered once, in order of arrival, after the record of its signal is released."""

    async def story() -> None:
        async with at_work() as desk:
            told = 0
            for step, number in [*steps, ("turn", 0)]:
                match step:
                    case "tell":
                        desk.room.tell(SIGNALS[number], told)
                        told += 1
                    case "answer":
                        desk.room.answer_in_turn(told)
                        told += 1
                    case "store":
                        desk.store(number)
                    case _:
                        await desk.turns()
                durable = len(desk.released_positions)
                assert all(one.position <= durable for one in desk.settled)
                assert desk.tokens == list(range(len(desk.tokens)))
                assert desk.released_positions == list(range(1, durable + 1))
            desk.store()
            assert desk.tokens == list(range(told))

    run(story())
