"""The calls of one incident, as they follow one another, and how long each may lead to nothing.

Everything that is awaited follows from the calls and their moments alone, so a merge, an undo and a restart
expect the same things again.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from controlroom.commands.keyholders import CallResult

CALLS_KEPT = 60
"""Calls that an incident lists, the latest: nine keyholders several times round. The journal has all."""

FAILED = frozenset({CallResult.NO_ANSWER, CallResult.REFUSED, CallResult.NO_WORD, CallResult.NOT_THERE})
"""Results after which somebody else has to be called."""

Wait = Annotated[int, Meta(ge=1)]


class KeyholderRules(Struct, frozen=True):
    """How long is long, in seconds; defaults of ours but for the last, confirm with the centre's procedure.

    `call_s`: a call rings, until it counts as unanswered. `decide_s`: a keyholder who was reached may think.
    `next_s`: after a call that led to nothing, until the next one. `attend_s`: from the word that they come
    to their being there: twenty minutes, as police forces ask of keyholders (NPCC requirements).
    """

    call_s: Wait = 60
    decide_s: Wait = 300
    next_s: Wait = 180
    attend_s: Wait = 1_200


class Call(Struct, frozen=True, gc=False, array_like=True):
    """One call: to whom (a reference into the key register), what came of it, who said so, and when."""

    keyholder: str
    result: CallResult
    by: str
    at: datetime


class KeyholderNoted(Struct, frozen=True, gc=False, tag="keyholder_noted"):
    """A call to a keyholder is on record with its incident."""

    incident: str
    call: Call


def on_the_way(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return the last calls of those who said that they come, and nothing since; oldest first."""
    last = {call.keyholder: call for call in calls}
    way = [call for call in last.values() if call.result is CallResult.ON_THE_WAY]
    return tuple(sorted(way, key=lambda call: call.at))


def is_there(calls: Iterable[Call]) -> bool:
    """Say whether a keyholder has come."""
    return any(call.result is CallResult.ARRIVED for call in calls)
