"""What the room decides about rule sets that are offered or were refused."""

import pytest

from controlroom.events import Event, RulesRefused, RulesSwapped
from controlroom.incidents.decide import decide
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.state import State, to_bytes
from controlroom.journal.records import decode_frame, encode_frame
from tests.build import NOON, handbook

OFFERED: Event = RulesSwapped("desk one", "set-2", "test-rules")
REFUSED: Event = RulesRefused("desk one", ("guard.yaml:3:5: no", "guard.yaml:9:1: no"), 2)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (OFFERED, Reason.RULES_SWAPPED),
        (RulesSwapped("desk one", "test-rules", "test-rules"), Reason.RULES_UNCHANGED),
        (RulesSwapped("desk one", "set-3", "set-2"), Reason.RULES_STALE),
        (RulesSwapped("desk one", "test-rules", "set-2"), Reason.RULES_STALE),
        (REFUSED, Reason.RULES_REFUSED),
    ],
)
def test_an_offered_set_is_taken_only_over_the_one_it_was_offered_against(
    event: Event, reason: Reason
) -> None:
    """A set is swapped in, found to be in force already, or put off; a refused one changes nothing."""
    state = State()
    before = to_bytes(state)
    assert decide(handbook(), state, event, NOON) == Decision(reasons=(reason,))
    assert to_bytes(state) == before


def test_swaps_and_refusals_come_back_from_the_journal_as_they_went_in() -> None:
    """A frame keeps author, versions and problems of every attempt."""
    events: tuple[Event, ...] = (OFFERED, REFUSED)
    records = [
        Record(position, NOON, event, decide(handbook(), State(), event, NOON))
        for position, event in enumerate(events, 1)
    ]
    assert decode_frame(encode_frame("writer", records)) == records
