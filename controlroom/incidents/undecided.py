"""What stands in the place of a decision that failed: a fault of ours must not stop the room again and again.

`decide` is total, and is tested to be. Were it not, for one message, the room would end on it; the broker
would bring it again at the next start, before everything else, and nothing would be heard any more. So a
message is kept in quarantine then, where people see it, and what somebody asked is refused.

Limit: a deadline on which deciding fails ends the room. To pass it over would be to forget what is expected.
"""

from controlroom.commands.crews import CrewSpoke
from controlroom.events import Ask, CrewReported, Event, MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.incidents.changes import Quarantined
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision


def undecided(event: Event, fault: Exception) -> tuple[Event, Decision] | None:
    """Return what the room is told instead, and what follows; None where nothing can stand in for it."""
    if isinstance(event, SignalReceived | CrewReported | CrewSpoke):
        detail = f"deciding it failed ({type(fault).__name__}); please report these bytes"
        kept = MessageQuarantined(event.wire, QuarantineReason.WRONG_TYPE, detail)
        change = Quarantined(event.wire.topic, kept.reason, detail)
        return kept, Decision((change,), reasons=(Reason.QUARANTINED,))
    if isinstance(event, Ask):
        return event, Decision(reasons=(Reason.COMMAND_REFUSED,))
    return None
