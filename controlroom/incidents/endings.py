"""How an incident can end, as one closed set of words for journal, console and metrics.

A crew or an operator says one of the first four; the others are what the room itself knows.
"""

from enum import StrEnum

from controlroom.signals.dispatch_messages import Outcome


class Ending(StrEnum):
    """What came of an incident."""

    GENUINE = Outcome.GENUINE.value
    FALSE_ALARM = Outcome.FALSE_ALARM.value
    NO_TRACE = Outcome.NO_TRACE.value
    HANDED_TO_POLICE = Outcome.HANDED_TO_POLICE.value
    ANSWERED_BY_VOICE = "answered_by_voice"
    MERGED = "merged"
    RESTORED = "restored"
    NOT_SAID = "no_outcome_given"
