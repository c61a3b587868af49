"""What managers say about the plan's figures: a narrative beside a figure, and the sign-off of a quarter.

A signed quarter is frozen: the figures that were signed travel in the command, so that they stay what they
were whatever is corrected, or counted otherwise, afterwards. Quarters are named as `2026Q3`: October to
December 2026, the third quarter of the plan year that began in April 2026.
"""

from msgspec import Struct


class NarrativeWritten(Struct, frozen=True, gc=False, tag="narrative_written"):
    """What stands behind a figure of a quarter, and what is done about it where it is red.

    A new one takes the place of the one before; all of them stay in the journal.
    """

    author: str
    quarter: str
    measure: str
    text: str
    corrective_action: str = ""


class QuarterSigned(Struct, frozen=True, gc=False, tag="quarter_signed"):
    """Somebody answers for a quarter's figures, by measure and area ("" for what belongs to none).

    `goals` are the states of the milestones as signed; `position` is the last record that was counted.
    """

    author: str
    quarter: str
    figures: dict[str, dict[str, int]]
    goals: dict[str, str]
    position: int


PlanCommand = NarrativeWritten | QuarterSigned
"""The closed union of these commands."""
