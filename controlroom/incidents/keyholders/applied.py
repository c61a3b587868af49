"""How a call to a keyholder changes the state: a part of `apply`, which decides nothing."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.incident import Act, WatchKind
from controlroom.incidents.keyholders.calls import CALLS_KEPT, KeyholderNoted
from controlroom.incidents.state import State
from controlroom.incidents.watches import disarm


def note_call(state: State, change: KeyholderNoted, now: datetime) -> None:
    """Put the call on the incident's list; the decision says anew what is awaited."""
    incident, call = state.incidents[change.incident], change.call
    forget_calls(state, incident.id)
    said = f"{call.keyholder} {call.result.replace('_', ' ')}"
    state.incidents[incident.id] = replace(
        incident,
        calls=(*incident.calls[1 - CALLS_KEPT :], call),
        version=incident.version + 1,
        last=Act(call.by, said, now),
    )


def forget_calls(state: State, incident: str) -> None:
    """Await nothing of an incident's keyholders any longer."""
    disarm(state.watches, WatchKind.KEYHOLDER_CALL, incident)
    disarm(state.watches, WatchKind.KEYHOLDER_ATTENDS, incident)
