"""How an incident can end, as one closed set of words for journal, console and metrics.

A crew or an operator says what is an `Outcome`; the others are what the room itself knows.
"""

from enum import StrEnum

from controlroom.signals.dispatch_messages import Outcome


class Ending(StrEnum):
    """What came of an incident."""

    GENUINE = Outcome.GENUINE.value
    FALSE_ALARM = Outcome.FALSE_ALARM.value
    NO_TRACE = Outcome.NO_TRACE.value
    HANDED_TO_POLICE = Outcome.HANDED_TO_POLICE.value
    HANDED_TO_FIRE = Outcome.HANDED_TO_FIRE.value
    HANDED_TO_AMBULANCE = Outcome.HANDED_TO_AMBULANCE.value
    HANDED_TO_KEYHOLDER = Outcome.HANDED_TO_KEYHOLDER.value
    MADE_SAFE = Outcome.MADE_SAFE.value
    ANSWERED_BY_VOICE = "answered_by_voice"
    MERGED = "merged"
    RESTORED = "restored"
    CAME_BACK = "came_back"
    NOT_SAID = "no_outcome_given"
