"""What a word about the plan leads to: a narrative is kept, a quarter that is over is frozen, once."""

import re
from datetime import datetime
from typing import assert_never

from controlroom.commands.plan import NarrativeWritten, PlanCommand, QuarterSigned
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.rules.calendars import LONDON

_QUARTER = re.compile(r"(20\d{2})Q([1-4])")


def on_plan(state: State, command: PlanCommand, now: datetime) -> Decision:
    """Return what follows from this command; one that is not possible changes nothing."""
    over_at = _ends(command.quarter)
    if over_at is None:
        return Decision(reasons=(Reason.QUARTER_UNKNOWN,))
    match command:
        case NarrativeWritten():
            said = NarrativeKept(
                command.quarter, command.measure, command.author, now, command.text, command.corrective_action
            )
            return Decision((said,), reasons=(Reason.COMMAND,))
        case QuarterSigned() if command.quarter in state.quarters_signed:
            return Decision(reasons=(Reason.QUARTER_IS_SIGNED,))
        case QuarterSigned() if now < over_at:
            return Decision(reasons=(Reason.QUARTER_GOES_ON,))
        case QuarterSigned():
            frozen = QuarterFrozen(
                command.quarter, command.author, now, command.figures, command.goals, command.position
            )
            return Decision((frozen,), reasons=(Reason.COMMAND,))
        case _:
            assert_never(command)


def _ends(quarter: str) -> datetime | None:
    """Return when this quarter is over: midnight on the wall in Leeds; None where it is no quarter."""
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    month = 4 + 3 * number
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=LONDON)
