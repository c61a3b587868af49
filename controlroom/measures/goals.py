"""How far the plan's goals have come: what the newest entry about each says, at any day."""

from datetime import date

from controlroom.commands.entry_words import Goal
from controlroom.measures.ledger import GoalSaid, Ledger
from controlroom.measures.periods import day_of


def goal_at(ledger: Ledger, goal: Goal, day: date) -> GoalSaid | None:
    """Return what was said last of this goal by the end of this day; None where nothing was."""
    told = tuple(ledger.goals.get(goal, {}).values())  # the scrape asks on a thread of its own
    said = [one for one in told if day_of(one.happened_at) <= day]
    return max(said, key=lambda one: (one.happened_at, one.position), default=None)
