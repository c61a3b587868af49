"""Patrols whose moment nobody can know beforehand, and visits that somebody else than a guard proves.

From the call on (see `surprise`) a visit is expected within `sites.called_visit_min`; one that came before
the call does not count.

A visit is proved by the guard's report, by a crew that says that it is on scene at the site, or by an
operator who took the word down.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from controlroom.commands.patrols import PatrolEvent, PatrolSeedDrawn
from controlroom.estate.model import Place, Round
from controlroom.incidents.changes import Change, OrderMoved, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.inferred import on_inferred
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import (
    ExpectationMissed,
    Expected,
    PatrolSeeded,
    Sign,
    SignNoted,
    VisitCalled,
    VisitSettled,
)
from controlroom.incidents.sites.surprise import next_call
from controlroom.incidents.sites.words import of_patrol
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Step

BY_CREW = "crew"
"""What a visit's sign says of itself where a crew proved it: its response is charged, no visit besides."""


def called_within(handbook: Handbook) -> timedelta:
    """Return how long after its call a visit is expected."""
    return timedelta(minutes=handbook.house.sites.called_visit_min)


def on_patrol(handbook: Handbook, state: State, event: PatrolEvent, now: datetime) -> Decision:
    """Return what follows from the seed, which is taken once, and from a visit that an operator took down."""
    if isinstance(event, PatrolSeedDrawn):
        if state.sites.patrol_seed or not event.seed:
            return Decision(reasons=(Reason.COMMAND_REFUSED,))
        armed = tuple(
            WatchArmed(Watch(due, WatchKind.VISIT, one.name))
            for one in handbook.estate.rounds.values()
            if one.random
            and (calendar := handbook.rules.calendars.get(one.window)) is not None
            and (due := next_call(event.seed, one.name, calendar, now, called_within(handbook))) is not None
        )
        return Decision((PatrolSeeded(event.seed), *armed), reasons=(Reason.ROLL_CALLED,))
    of = handbook.estate.rounds.get(event.round)
    if of is None:
        return Decision(reasons=(Reason.ROUND_UNKNOWN,))
    return Decision((SignNoted(of.topic, Sign.VISITED),), reasons=(Reason.COMMAND,))


def on_random_visit(
    handbook: Handbook, state: State, of: Round, post: Place, watch: Watch, now: datetime
) -> Decision:
    """Call the round at its moment; after the call, look whether somebody came."""
    calendar, within = handbook.rules.calendars.get(of.window), called_within(handbook)
    if calendar is None:
        return Decision((WatchExpired(watch),), reasons=(Reason.NOT_EXPECTED,))
    following = next_call(state.sites.patrol_seed, of.name, calendar, now, within)
    after: tuple[Change, ...] = (WatchExpired(watch),)
    if following is not None:
        after = (*after, WatchArmed(Watch(following, WatchKind.VISIT, of.name)))
    called = state.sites.called.get(of.name)
    if called is None:
        if not calendar.holds(now):  # the room was away at the moment: nobody was called, so nobody is late
            return Decision(after, reasons=(Reason.NOT_EXPECTED,))
        looked = WatchArmed(replace(watch, due=now + within))
        return Decision((WatchExpired(watch), VisitCalled(of.name), looked), reasons=(Reason.VISIT_CALLED,))
    settled = (*after, VisitSettled(of.name))
    visited = state.sites.visited.get(of.topic)
    if visited is not None and visited >= called:
        return Decision(settled, reasons=(Reason.AS_EXPECTED,))
    before = (*settled, ExpectationMissed(post.topic, Expected.VISIT_MISSED, of.name))
    return on_inferred(handbook, state, of_patrol(handbook, state, post, now), before, now)


def proved_by_crews(handbook: Handbook, state: State, decision: Decision) -> Decision:
    """Return the decision with the visits that it proves: a unit that is on scene at a patrolled site."""
    sites = {
        state.orders[change.order].order.site
        for change in decision.changes
        if type(change) is OrderMoved and change.step is Step.ON_SCENE and change.order in state.orders
    }
    if not sites:
        return decision
    topics = {one.topic: None for one in handbook.estate.rounds.values() if one.site in sites}
    proved = tuple(SignNoted(topic, Sign.VISITED, BY_CREW) for topic in topics)
    return replace(decision, changes=(*decision.changes, *proved)) if proved else decision
