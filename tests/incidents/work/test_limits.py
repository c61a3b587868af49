"""What the core itself calls a matter of life, whatever a table says."""

from controlroom.incidents.work.limits import is_about_life
from controlroom.signals import vocabulary
from controlroom.signals.vocabulary import AlarmEvent, CallStep, GuardEvent, Kind, TelecareEvent


def test_every_word_that_the_vocabulary_calls_one_of_life_is_one() -> None:
    """A set of life-safety words that is added to the vocabulary is one that the core defends."""
    named = {name: words for name, words in vars(vocabulary).items() if name.startswith("LIFE_SAFETY_")}
    assert len(named) >= 5
    for words in named.values():
        for word in words:
            assert any(is_about_life(kind, word) for kind in Kind), word


def test_a_word_is_about_a_life_only_in_its_own_feed() -> None:
    """What a resident's unknown sensor says may be a call; the same word of a panel is a line in the log."""
    assert is_about_life(Kind.TELECARE, TelecareEvent.OTHER)
    assert not is_about_life(Kind.ARC_ALARM, AlarmEvent.OTHER)
    assert is_about_life(Kind.GUARD, GuardEvent.CHECK_MISSED)
    assert is_about_life(Kind.HELP_POINT, CallStep.ABANDONED)
    assert not is_about_life(Kind.HELP_POINT, CallStep.STUCK)
