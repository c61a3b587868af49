"""What is told of a rule set that runs beside the one in force, before it may decide anything.

A *candidate* is named by its version, the hash of the whole set; whoever keeps its files is somebody else.
"""

import msgspec


class ShadowStarted(msgspec.Struct, frozen=True, gc=False, tag="shadow_started"):
    """`author` lets a candidate (`rule_set`) be asked beside the set in force, from here on."""

    author: str
    reason: str
    rule_set: str


class ShadowStopped(msgspec.Struct, frozen=True, gc=False, tag="shadow_stopped"):
    """The candidate is asked no longer, and what was found of it is forgotten."""

    author: str
    reason: str


class ShadowDiffered(msgspec.Struct, frozen=True, gc=False, tag="shadow_differed"):
    """The room found that the candidate decides otherwise than was decided at these positions.

    `group` names the cause (it is the same for the same pair of rules and change), `title` says it in words;
    `life`: a life may depend on it. Of a life every position is told, of all else the first of its group.
    """

    rule_set: str
    group: str
    title: str
    life: bool
    positions: tuple[int, ...]


class DifferencesAccepted(msgspec.Struct, frozen=True, gc=False, tag="differences_accepted"):
    """`author` looked at a difference and wants it so: the one at `position`, or None for the whole group.

    A group that is accepted is so for what comes as well: it is one change of one rule.
    """

    author: str
    reason: str
    rule_set: str
    group: str
    position: int | None = None


RuleChangeCommand = ShadowStarted | ShadowStopped | ShadowDiffered | DifferencesAccepted
"""Everything that is told of a candidate."""
