"""Who is held, what ends a hold, and that nobody's life ever is.

A rule's `hold` leaves time for an abort: somebody has come in and has not found the key. A held signal opens
nothing, sends nobody and sounds nowhere until its moment; then it goes on exactly as its rule says. An
unset or a cancel of the site within the hold ends it as *aborted*. A signal of the same cause that the rules
do not hold (a second detector confirms) ends it at once. A mains or path fault is not aborted by a person;
it is over when the mains or the path is back (*restored*).

Limits: what is about a life, of an unknown place, or confirmed is never held, whatever a table says.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.draft import Draft
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.holds.changes import HoldEased, HoldEnd, HoldEnded, SignalHeld
from controlroom.incidents.holds.state import Held, eased, name_of_hold, together
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.moments import after
from controlroom.incidents.opening import open_draft
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.restores.tracking import WAIT_FOR_RESTORE
from controlroom.incidents.state import State
from controlroom.incidents.work.conditions import names_ended
from controlroom.incidents.work.limits import URGENT, is_about_life
from controlroom.rules.verdict import RoomFacts, Verdict
from controlroom.signals.envelope import Signal
from controlroom.signals.vocabulary import AlarmEvent, Kind

_ABORTS = frozenset({AlarmEvent.OPENED, AlarmEvent.CANCEL})
"""What somebody does who had not found the key: unset the system, or cancel at the keypad."""


def may_be_held(verdict: Verdict, facts: RoomFacts, meaning: Meaning) -> bool:
    """Say whether the rule's hold is obeyed: never for a life, nor for what is confirmed."""
    if verdict.hold_s is None or facts.confirmed or verdict.priority == URGENT:
        return False
    return not is_about_life(meaning.kind, meaning.event)


def hold(state: State, draft: Draft, hold_s: int, now: datetime, told: Sequence[Change] = ()) -> list[Change]:
    """Return the changes that hold this draft; where its cause is held already it waits with that.

    `told` is what the same signal has changed so far: a hold that it ended is held no longer.
    """
    until = after(now, hold_s)
    changes: list[Change] = [SignalHeld(draft, until)]
    name = name_of_hold(draft)
    if _still_held(state, name, told) is None:
        changes.append(WatchArmed(Watch(until, WatchKind.END_OF_HOLD, name)))
    return changes


def with_held(
    state: State, draft: Draft, now: datetime, told: Sequence[Change] = ()
) -> tuple[Draft, tuple[Change, ...]]:
    """Return the draft with what was held of the same cause, and the change that ends that hold.

    `told` is what the same signal has changed so far: what it aborted is not taken over, so that an unset
    for which the rules open an incident ends the hold once.
    """
    name = name_of_hold(draft)
    held = _still_held(state, name, told)
    if held is None:
        return draft, ()
    whole = _released(replace(held, draft=together(held.draft, draft)), now)
    return replace(whole, nth=draft.nth), (HoldEnded(name, HoldEnd.CONFIRMED),)


def hold_over(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Open what was held and not aborted, as its rule says."""
    held = state.holds.by_name[watch.subject]
    opened, orders, alone = open_draft(handbook, state, _released(held, now), now)
    reasons = (Reason.HOLD_OVER,) if alone is None else (Reason.HOLD_OVER, alone)
    changes = (WatchExpired(watch), HoldEnded(watch.subject, HoldEnd.EXPIRED), *opened)
    return Decision(changes, orders, reasons)


def holds_ended(
    state: State, signal: Signal, meaning: Meaning, site: str
) -> tuple[list[Change], Reason | None]:
    """Return what this signal ends of the holds of its site, and with what reason."""
    names = state.holds.at_site.get(site)
    if names is None or meaning.kind is not Kind.ARC_ALARM:
        return [], None
    if meaning.event in _ABORTS and meaning.fresh:
        ended = [_ended(state, name, HoldEnd.ABORTED) for name in names if not _is_fault(state, name)]
        return [*ended], Reason.ABORTED if ended else None
    changes = [change for name in names for change in _eased(state, name, names_ended(state, signal, site))]
    return changes, Reason.RESTORED if any(type(one) is HoldEnded for one in changes) else None


def _eased(state: State, name: str, over: tuple[str, ...]) -> list[Change]:
    """Return what these ended conditions change of one hold."""
    standing = state.holds.by_name[name].draft.incident.standing
    ended = [condition for condition in over if condition in standing]
    if ended and len(ended) == len(standing) and _is_fault(state, name):
        return [_ended(state, name, HoldEnd.RESTORED)]
    return [HoldEased(name, condition) for condition in ended]


def _still_held(state: State, name: str, told: Sequence[Change]) -> Held | None:
    """Return what is held under this name once these changes have happened; None where nothing is."""
    held = state.holds.by_name.get(name)
    if held is None:
        return None
    for change in told:
        if type(change) is HoldEnded and change.name == name:
            return None
        if type(change) is HoldEased and change.name == name:
            held = eased(held, change.standing)
    return held


def _released(held: Held, now: datetime) -> Draft:
    """Return the draft, saying how long it was held; what was counted is not counted again."""
    held_s = round((now - held.since).total_seconds())
    return replace(held.draft, incident=replace(held.draft.incident, held_s=held_s), nth=0)


def _is_fault(state: State, name: str) -> bool:
    return all(
        member.event in WAIT_FOR_RESTORE for member in state.holds.by_name[name].draft.incident.members
    )


def _ended(state: State, name: str, how: HoldEnd) -> HoldEnded:
    incident = state.holds.by_name[name].draft.incident
    handled = tuple(member.position for member in incident.members if member.activation)
    return HoldEnded(name, how, len(handled), incident.simulated, handled, incident.area)
