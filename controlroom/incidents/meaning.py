"""What a signal means to the room, whatever its kind: its subject, its word, what it says of its source."""

from typing import assert_never

import msgspec

from controlroom.signals.envelope import (
    ArcAlarmSignal,
    CameraFaultSignal,
    GuardSignal,
    HelpPointSignal,
    LoneWorkerSignal,
    ParkSignal,
    Signal,
    TelecareSignal,
)
from controlroom.signals.vocabulary import (
    ALARM_ACTIVATIONS,
    AlarmEvent,
    Condition,
    FaultState,
    GuardEvent,
    Kind,
    ParkEvent,
    SetState,
    TelecareEvent,
)

_SET_STATE_OF = {AlarmEvent.OPENED: SetState.UNSET, AlarmEvent.CLOSED: SetState.SET}
"""An opening or closing says what the panel is now, even where it sends no state of its own."""

_SHIFT = frozenset({GuardEvent.ON_DUTY, GuardEvent.OFF_DUTY})
"""What lasts of a guard's post: a check call or a patrol's visit says nothing of the shift."""

_PARK_STATES = frozenset({ParkEvent.OPENED, ParkEvent.CLOSED})
"""What lasts of a park: whether it was opened or closed last."""

_QUIET_AGAIN = frozenset({TelecareEvent.RESET, TelecareEvent.MAINS_RESTORED})
"""Telecare reports of something that is over: they count for no run of repeats."""


class Meaning(msgspec.Struct, frozen=True, gc=False):
    """The signal in the room's words.

    `subject` names what it is about where the estate does not know the source. `event` is the word
    of the vocabulary. `condition` is what the source now says of itself, None when nothing lasting.
    `activation` marks an alarm activation for the plan's measures 18 and 19. `fresh` says that what is
    reported is there now: no restore, nothing cleared, nothing that the panel itself calls a test.
    """

    kind: Kind
    subject: str
    event: str
    condition: str | None = None
    activation: bool = False
    fresh: bool = True


def meaning_of(signal: Signal) -> Meaning:
    """Return what this signal means to the room."""
    # `type(...) is` and not `match`: a pydantic class is slow to say that something is none of it.
    if type(signal) is ArcAlarmSignal:
        alarm = signal.data
        stands = alarm.condition is Condition.ACTIVE and not alarm.test
        return Meaning(
            Kind.ARC_ALARM,
            alarm.site,
            alarm.event,
            condition=_SET_STATE_OF.get(alarm.event, alarm.set_state),
            activation=stands and alarm.event in ALARM_ACTIVATIONS,
            fresh=stands,
        )
    if type(signal) is CameraFaultSignal:
        report = signal.data
        raised = report.state is FaultState.RAISED
        now = report.fault if raised else "ok"
        return Meaning(Kind.CAMERA_FAULT, report.camera, report.fault, condition=now, fresh=raised)
    if type(signal) is HelpPointSignal:
        call = signal.data
        return Meaning(Kind.HELP_POINT, call.point, call.step, condition=call.step)
    if type(signal) is LoneWorkerSignal:
        check = signal.data
        return Meaning(Kind.LONE_WORKER, check.worker, check.event)
    if type(signal) is GuardSignal:
        booking = signal.data
        shift = booking.event if booking.event in _SHIFT else None
        return Meaning(Kind.GUARD, booking.post, booking.event, condition=shift)
    if type(signal) is ParkSignal:
        found = signal.data
        lasting = found.event if found.event in _PARK_STATES and found.gate is None else None
        fresh = found.event is not ParkEvent.GATE_MENDED
        return Meaning(Kind.PARK, found.park, found.event, condition=lasting, fresh=fresh)
    if type(signal) is TelecareSignal:
        heard = signal.data
        return Meaning(Kind.TELECARE, heard.home, heard.event, fresh=heard.event not in _QUIET_AGAIN)
    assert_never(signal)
