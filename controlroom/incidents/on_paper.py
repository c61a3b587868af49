"""What people put on paper, so to speak: the log book, and what is said of the plan's figures."""

from datetime import datetime

from controlroom.commands.handovers import HandoverCommand, HandoverTaken, HandoverWritten
from controlroom.commands.log_book import LogBookCommand
from controlroom.commands.plan import NarrativeWritten, PlanCommand, QuarterSigned
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.handovers.on_handover import on_handover
from controlroom.incidents.log_book.on_log_book import on_log_book
from controlroom.incidents.plan.on_plan import on_plan
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State


def on_paper(
    handbook: Handbook, state: State, command: LogBookCommand | PlanCommand | HandoverCommand, now: datetime
) -> Decision:
    """Return what follows from this command; each of the three closes its own union."""
    match command:
        case NarrativeWritten() | QuarterSigned():
            return on_plan(state, command, now)
        case HandoverWritten() | HandoverTaken():
            return on_handover(handbook, state, command, now)
        case _:
            return on_log_book(handbook, state, command, now)
