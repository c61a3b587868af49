"""What is told of rule sets, decided: a candidate begins or ends, a difference is seen, accepted; promotion.

A promotion is refused while a difference about a life waits for a review. That is decided here and not by
whoever asks, so no door leads past it.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.commands.rule_changes import (
    DifferencesAccepted,
    RuleChangeCommand,
    ShadowDiffered,
    ShadowStarted,
    ShadowStopped,
)
from controlroom.events import How, RoomOpened, RulesRefused, RulesSwapped
from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.rule_changes.state import (
    GROUPS_KEPT,
    OPEN_KEPT,
    AtRules,
    CameIntoForce,
    DifferenceNoted,
    InForce,
    Promotion,
    Seen,
    SetPromoted,
    Shadow,
    ShadowBegan,
    ShadowEnded,
)
from controlroom.incidents.state import State


def on_rules(
    handbook: Handbook,
    state: State,
    event: RulesSwapped | RulesRefused | RuleChangeCommand,
    now: datetime,
) -> Decision:
    """Return what follows from what is told of rule sets."""
    match event:
        case RulesSwapped():
            return on_swap(handbook, state, event, now)
        case RulesRefused():
            return _refused(Reason.RULES_REFUSED)
        case _:
            return on_rule_change(handbook, state, event, now)


def on_rule_change(handbook: Handbook, state: State, command: RuleChangeCommand, now: datetime) -> Decision:
    """Return what follows from what is told of a candidate; what does not fit changes nothing."""
    shadow = state.rule_changes.shadow
    match command:
        case ShadowStarted():
            return _started(handbook, state, command, now)
        case ShadowStopped():
            if shadow is None:
                return _refused(Reason.SHADOW_NOT_THERE)
            return _noted(ShadowEnded(), Reason.SHADOW_ENDED)
        case ShadowDiffered():
            if shadow is None or shadow.rule_set != command.rule_set:
                return _refused(Reason.SHADOW_NOT_THERE)
            return _differed(shadow, command)
        case DifferencesAccepted():
            if shadow is None or shadow.rule_set != command.rule_set:
                return _refused(Reason.SHADOW_NOT_THERE)
            return _accepted(shadow, command)
        case _:
            assert_never(command)


def in_force(state: State, event: RoomOpened) -> tuple[Change, ...]:
    """Return that the room decides by other books from this start on; nothing where they are the same."""
    by = InForce(event.rule_set, event.estate)
    if not event.estate or by == state.rule_changes.in_force:
        return ()
    return (AtRules(CameIntoForce(by)),)


def on_swap(handbook: Handbook, state: State, event: RulesSwapped, now: datetime) -> Decision:
    """Return what becomes of an offered set; who keeps the handbook swaps it on `RULES_SWAPPED` alone.

    The set may bring other calendars, so the first tick that it decides calls the roll.
    """
    in_force = handbook.rules.version
    if event.previous != in_force:
        return _refused(Reason.RULES_STALE)
    if event.rule_set == in_force:
        return _refused(Reason.RULES_UNCHANGED)
    against = _against_promotion(state, event)
    if against is not None:
        return _refused(against)
    changes: list[Change] = []
    if handbook.estate.expecting:
        changes.append(WatchArmed(Watch(now, WatchKind.ROLL_CALL, "0")))
    if event.how is not How.RELOAD:
        promotion = Promotion(
            state.position + 1, now, event.author, event.reason, event.how, event.rule_set, event.previous
        )
        changes.append(AtRules(SetPromoted(promotion)))
    by = state.rule_changes.in_force
    if by is not None:
        changes.append(AtRules(CameIntoForce(replace(by, rule_set=event.rule_set))))
    shadow = state.rule_changes.shadow
    if shadow is not None:
        ended = shadow.rule_set == event.rule_set
        anew = replace(shadow, against=event.rule_set, seen={})  # compared with another set from here on
        changes.append(AtRules(ShadowEnded() if ended else ShadowBegan(anew)))
    return Decision(tuple(changes), reasons=(Reason.RULES_SWAPPED,))


def _against_promotion(state: State, event: RulesSwapped) -> Reason | None:
    """Return why a promotion or the way back is refused; None where it may be."""
    known = state.rule_changes
    if event.how is How.RELOAD:
        return None
    if not event.reason.strip():
        return Reason.RULES_REASON_NOT_SAID
    if event.how is How.ROLLBACK:
        there = known.promotions and known.promotions[-1].previous == event.rule_set
        return None if there else Reason.RULES_NO_WAY_BACK
    if known.shadow is None or known.shadow.rule_set != event.rule_set:
        return Reason.SHADOW_NOT_THERE
    return Reason.RULES_UNREVIEWED if known.shadow.unreviewed_life else None


def _started(handbook: Handbook, state: State, command: ShadowStarted, now: datetime) -> Decision:
    in_force = handbook.rules.version
    if state.rule_changes.shadow is not None:
        return _refused(Reason.SHADOW_STANDS)
    if command.rule_set == in_force:
        return _refused(Reason.RULES_UNCHANGED)
    shadow = Shadow(command.rule_set, in_force, state.position + 1, now, command.author, command.reason)
    return _noted(ShadowBegan(shadow), Reason.SHADOW_BEGUN)


def _differed(shadow: Shadow, command: ShadowDiffered) -> Decision:
    seen = shadow.seen.get(command.group)
    if seen is None:
        if len(shadow.seen) >= GROUPS_KEPT and not command.life:
            return _refused(Reason.DIFFERENCES_FULL)
        seen = Seen(command.group, command.title, command.life, min(command.positions, default=0))
    fresh = tuple(one for one in command.positions if one not in seen.open)
    room = max(0, OPEN_KEPT - len(seen.open))
    more = seen.more or len(fresh) > room
    noted = replace(seen, open=(*seen.open, *fresh[:room]), more=more)
    return _noted(DifferenceNoted(noted), Reason.DIFFERENCE_SEEN)


def _accepted(shadow: Shadow, command: DifferencesAccepted) -> Decision:
    seen = shadow.seen.get(command.group)
    if seen is None or (command.position is not None and command.position not in seen.open):
        return _refused(Reason.DIFFERENCE_UNKNOWN)
    if command.position is None:
        done = replace(seen, open=(), more=False, accepted_by=command.author)
    else:
        done = replace(seen, open=tuple(one for one in seen.open if one != command.position))
    return _noted(DifferenceNoted(done), Reason.DIFFERENCE_ACCEPTED)


def _noted(step: ShadowBegan | ShadowEnded | DifferenceNoted, reason: Reason) -> Decision:
    return Decision((AtRules(step),), reasons=(reason,))


def _refused(reason: Reason) -> Decision:
    return Decision(reasons=(reason,))
