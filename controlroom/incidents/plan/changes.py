"""What changes about the plan: facts in the past tense, enough for the figures to be rebuilt from."""

from datetime import datetime

from msgspec import Struct


class NarrativeKept(Struct, frozen=True, gc=False, tag="narrative_kept"):
    """This is what is said about a measure in a quarter from now on."""

    quarter: str
    measure: str
    author: str
    at: datetime
    text: str
    corrective_action: str


class QuarterFrozen(Struct, frozen=True, gc=False, tag="quarter_frozen"):
    """A quarter is signed with these figures, which stay."""

    quarter: str
    author: str
    at: datetime
    figures: dict[str, dict[str, int]]
    goals: dict[str, str]
    position: int


PlanChange = NarrativeKept | QuarterFrozen
"""The closed union of these changes."""
