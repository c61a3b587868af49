"""A candidate in the shadow, its review, promotion and the way back, as the core decides them."""

from typing import Any

from msgspec.structs import replace

from controlroom.commands.rule_changes import (
    DifferencesAccepted,
    ShadowDiffered,
    ShadowStarted,
    ShadowStopped,
)
from controlroom.events import Event, How, RulesSwapped
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.reasons import Reason
from controlroom.incidents.rule_changes.state import OPEN_KEPT
from controlroom.incidents.state import State, from_bytes, to_bytes
from tests.build import NOON, handbook

LIVE = handbook().rules.version
NEW = "candidate"


class Table:
    """A room to which rule sets are told."""

    def __init__(self) -> None:
        self.state = State()

    def told(self, event: Event) -> Reason:
        """Return the reason of what was decided, which is applied."""
        decision = decide(handbook(), self.state, event, NOON)
        apply(self.state, self.state.position + 1, NOON, decision)
        return decision.reasons[0]

    def begun(self) -> "Table":
        """Return the room with a candidate beside."""
        assert self.told(ShadowStarted("ada", "a lower threshold", NEW)) is Reason.SHADOW_BEGUN
        return self

    def differs(self, *positions: int, life: bool, group: str = "g") -> Reason:
        """Tell of differences."""
        return self.told(ShadowDiffered(NEW, group, "sos: priority 1 -> 2", life, positions))

    def promoted(self, **changed: Any) -> Reason:
        """Ask for the promotion."""
        asked = {"author": "eve", "rule_set": NEW, "previous": LIVE, "reason": "reviewed"}
        return self.told(RulesSwapped(**{**asked, "how": How.PROMOTION, **changed}))


def test_a_promotion_waits_for_every_difference_about_a_life() -> None:
    """One by one or by the group: while one about a life is open, it stays out; others do not count."""
    table = Table().begun()
    table.differs(7, 9, life=True)
    table.differs(8, life=False, group="of no life")

    assert table.promoted() is Reason.RULES_UNREVIEWED
    assert table.told(DifferencesAccepted("eve", "meant", NEW, "g", 7)) is Reason.DIFFERENCE_ACCEPTED
    assert table.promoted() is Reason.RULES_UNREVIEWED
    table.told(DifferencesAccepted("eve", "meant", NEW, "g", 9))
    assert table.promoted() is Reason.RULES_SWAPPED
    assert table.state.rule_changes.shadow is None
    (promotion,) = table.state.rule_changes.promotions
    assert (promotion.by, promotion.reason, promotion.previous) == ("eve", "reviewed", LIVE)


def test_a_group_that_is_accepted_is_so_for_what_comes() -> None:
    """A group is one change of one rule: its further differences need no second look."""
    table = Table().begun()
    table.differs(*range(1, OPEN_KEPT + 50), life=True)
    assert table.told(DifferencesAccepted("eve", "meant", NEW, "g", 1)) is Reason.DIFFERENCE_ACCEPTED
    assert table.promoted() is Reason.RULES_UNREVIEWED

    table.told(DifferencesAccepted("eve", "meant", NEW, "g"))
    table.differs(900, life=True)

    assert table.promoted() is Reason.RULES_SWAPPED


def test_promotion_asks_for_a_reason_and_for_the_candidate() -> None:
    """Without words, or for another set than the one that ran beside, nothing comes into force."""
    table = Table()
    assert table.promoted() is Reason.SHADOW_NOT_THERE
    table.begun()

    assert table.promoted(reason=" ") is Reason.RULES_REASON_NOT_SAID
    assert table.promoted(rule_set="another") is Reason.SHADOW_NOT_THERE
    assert table.promoted(previous="old") is Reason.RULES_STALE


def test_the_way_back_leads_to_the_set_before_the_last_promotion_alone() -> None:
    """What was never promoted cannot be gone back from."""
    table = Table()
    back = {"how": How.ROLLBACK, "rule_set": "before"}
    assert table.promoted(**back) is Reason.RULES_NO_WAY_BACK
    table.begun().promoted()

    assert table.promoted(**back) is Reason.RULES_NO_WAY_BACK
    # the tests' handbook is not swapped, so the set "before" is told as the one that was in force
    table.state.rule_changes.promotions[-1] = _before(table.state, "before")
    assert table.promoted(**back) is Reason.RULES_SWAPPED
    assert [one.how for one in table.state.rule_changes.promotions] == ["promotion", "rollback"]


def test_another_set_in_force_asks_for_another_review() -> None:
    """When the rules in force change beneath a candidate, what was seen and accepted of it begins anew."""
    table = Table().begun()
    table.differs(7, life=True)
    table.told(RulesSwapped("desk", "other", LIVE))

    shadow = table.state.rule_changes.shadow
    assert shadow is not None
    assert (shadow.against, shadow.seen) == ("other", {})


def test_one_candidate_at_a_time_and_none_that_is_in_force() -> None:
    """What does not fit is refused with its reason and changes nothing; a restart remembers the rest."""
    table = Table()
    assert table.told(ShadowStarted("ada", "", LIVE)) is Reason.RULES_UNCHANGED
    assert table.told(ShadowStopped("ada", "")) is Reason.SHADOW_NOT_THERE
    table.begun()
    assert table.told(ShadowStarted("ada", "", "third")) is Reason.SHADOW_STANDS
    assert table.told(DifferencesAccepted("ada", "", NEW, "unknown")) is Reason.DIFFERENCE_UNKNOWN
    table.differs(7, life=True)

    assert to_bytes(from_bytes(to_bytes(table.state))) == to_bytes(table.state)
    assert table.told(ShadowStopped("ada", "not wanted")) is Reason.SHADOW_ENDED
    assert table.state.rule_changes.shadow is None


def _before(state: State, previous: str) -> Any:

    return replace(state.rule_changes.promotions[-1], previous=previous)
