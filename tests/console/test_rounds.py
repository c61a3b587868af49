"""Whose turn it is to be told: the bound, and who comes before whom."""

from hypothesis import given
from hypothesis import strategies as st

from controlroom.console.rounds import A_PULSE, QUICK, Rounds


def crowd(workers: int, others: int) -> Rounds[str]:
    """Return rounds in which so many pages of each sort follow; the others came first."""
    rounds: Rounds[str] = Rounds()
    for n in range(others):
        rounds.join(f"o{n}", works=False)
    for n in range(workers):
        rounds.join(f"w{n}", works=True)
    return rounds


def test_a_control_rooms_own_consoles_are_told_in_every_pulse() -> None:
    """However many others look on, the first pages of who works on incidents are told of all news at once."""
    rounds = crowd(workers=QUICK, others=200)
    for _ in range(30):
        rounds.news()
        assert rounds.pulse()[:QUICK] == [f"w{n}" for n in range(QUICK)]


@given(workers=st.integers(0, 120), others=st.integers(0, 136), pulses=st.integers(1, 30))
def test_no_pulse_has_more_pages_than_its_bound_and_nobody_waits_for_ever(
    workers: int, others: int, pulses: int
) -> None:
    """While news never ends, each page is told within as many pulses as the others' share asks for."""
    rounds = crowd(workers, others)
    waited = dict.fromkeys(rounds.pages, 0)
    rest = workers + others - min(workers, QUICK)
    longest = max(1, -(-rest // (A_PULSE - min(workers, QUICK))))
    for _ in range(pulses):
        rounds.news()
        told = rounds.pulse()
        assert len(told) == len(set(told)) <= A_PULSE
        for page in waited:
            waited[page] = 0 if page in told else waited[page] + 1
        assert max(waited.values(), default=0) < longest


def test_who_has_been_told_has_no_turn_until_there_is_news() -> None:
    """Pulses go round until everybody has heard, and then there is nobody left."""
    rounds = crowd(workers=1, others=A_PULSE)
    assert len(rounds.pulse()) == A_PULSE
    assert rounds.owed()
    assert rounds.pulse() == [f"o{A_PULSE - 1}"]
    assert not rounds.owed()
    assert rounds.pulse() == []
    rounds.news()
    assert rounds.owed()


def test_a_page_with_more_to_hear_is_told_again() -> None:
    """Who is far behind has its next turn with the next pulse; who has left has none."""
    rounds = crowd(workers=1, others=1)
    rounds.pulse()
    rounds.again("w0")
    assert rounds.pulse() == ["w0"]
    rounds.again("w0")
    rounds.leave("w0")
    assert not rounds.owed()


def test_a_place_among_the_quick_falls_to_who_waited_for_one() -> None:
    """When a quick page leaves, the next page of who works on incidents is told in every pulse."""
    rounds = crowd(workers=QUICK + 1, others=200)
    rounds.leave("w0")
    rounds.news()
    assert f"w{QUICK}" in rounds.pulse()[:QUICK]
