"""What the room decides about rule sets that are offered or were refused."""

import pytest

from controlroom.events import Event, RoomOpened, RulesRefused, RulesSwapped
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.rule_changes.state import AtRules, InForce
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


def test_the_room_remembers_by_which_books_it_decides() -> None:
    """From a start that says its estate, and from each swap after it; the same once more is no change."""
    state, book = State(), handbook()

    def told(event: Event) -> Decision:
        decision = decide(book, state, event, NOON)
        apply(state, state.position + 1, NOON, decision)
        return decision

    def by() -> InForce | None:
        return state.rule_changes.in_force

    told(RoomOpened("w", 1, "test-rules", demonstration=True))
    assert by() is None
    told(RoomOpened("w", 2, "test-rules", demonstration=True, estate="of spring"))
    assert by() == InForce("test-rules", "of spring")
    again = told(RoomOpened("w", 3, "test-rules", demonstration=True, estate="of spring"))
    assert not [one for one in again.changes if isinstance(one, AtRules)]
    told(OFFERED)
    assert by() == InForce("set-2", "of spring")
