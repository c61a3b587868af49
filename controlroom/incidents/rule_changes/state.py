"""What the room remembers of rule sets: what is in force, the candidate beside it, promotions.

Bounds: one candidate at a time, `GROUPS_KEPT` groups of differences, `OPEN_KEPT` positions of a group that
wait for a review one by one (past that, the group as a whole has to be reviewed), the last
`PROMOTIONS_KEPT` promotions. The journal keeps the rest.
"""

from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

GROUPS_KEPT = 500
"""Groups of differences: a set that differs in more ways than that is another rule book, not a change."""

OPEN_KEPT = 100
"""Positions of one group that somebody may look at one by one."""

PROMOTIONS_KEPT = 20
"""Promotions that can be listed without asking the journal, and gone back from one by one."""


class Seen(Struct, frozen=True, gc=False):
    """A group of differences.

    `open` are positions that nobody accepted yet; `more`: there are too many to list, so only the group can
    be accepted. `accepted_by` is who accepted the group, empty for nobody.
    """

    group: str
    title: str
    life: bool
    first: int
    open: tuple[int, ...] = ()
    more: bool = False
    accepted_by: str = ""

    @property
    def reviewed(self) -> bool:
        """Whether nothing of it waits for anybody."""
        return bool(self.accepted_by) or not (self.open or self.more)


class Shadow(Struct, frozen=True, gc=False):
    """The candidate beside the set in force (`against`), since when and by whom; what was found of it."""

    rule_set: str
    against: str
    position: int
    at: datetime
    by: str
    reason: str
    seen: dict[str, Seen] = {}

    @property
    def unreviewed_life(self) -> int:
        """How many groups about a life wait for a review."""
        return sum(one.life and not one.reviewed for one in self.seen.values())


class Promotion(Struct, frozen=True, gc=False):
    """A set that was promoted into force, or gone back to (`how`), with who and why."""

    position: int
    at: datetime
    by: str
    reason: str
    how: str
    rule_set: str
    previous: str


class InForce(Struct, frozen=True, gc=False):
    """What the room decides by: the versions of its rule set and of its estate."""

    rule_set: str
    estate: str


class RuleChanges(Struct):
    """The candidate, None where none runs, and the promotions, the oldest first.

    `in_force` is None as long as nobody has said which estate there is.
    """

    shadow: Shadow | None = None
    promotions: list[Promotion] = field(default_factory=list)
    in_force: InForce | None = None


class ShadowBegan(Struct, frozen=True, gc=False, tag="shadow_began"):
    """A candidate runs beside the set in force, as it stands here."""

    shadow: Shadow


class ShadowEnded(Struct, frozen=True, gc=False, tag="shadow_ended"):
    """No candidate runs any more."""


class DifferenceNoted(Struct, frozen=True, gc=False, tag="difference_noted"):
    """A group of differences, as it stands now."""

    seen: Seen


class SetPromoted(Struct, frozen=True, gc=False, tag="set_promoted"):
    """A set came into force by promotion or by the way back."""

    promotion: Promotion


class CameIntoForce(Struct, frozen=True, gc=False, tag="came_into_force"):
    """From here on the room decides by these."""

    by: InForce


RuleStep = ShadowBegan | ShadowEnded | DifferenceNoted | SetPromoted | CameIntoForce
"""The closed union of what is noted about rule sets."""


class AtRules(Struct, frozen=True, gc=False, tag="rules"):
    """Something is noted about a rule set on its way."""

    step: RuleStep


def note(rules: RuleChanges, step: RuleStep) -> None:
    """Remember it."""
    match step:
        case ShadowBegan():
            rules.shadow = step.shadow
        case ShadowEnded():
            rules.shadow = None
        case DifferenceNoted():
            if rules.shadow is not None:
                seen = {**rules.shadow.seen, step.seen.group: step.seen}
                rules.shadow = replace(rules.shadow, seen=seen)
        case SetPromoted():
            rules.promotions.append(step.promotion)
            del rules.promotions[:-PROMOTIONS_KEPT]
        case CameIntoForce():
            rules.in_force = step.by
