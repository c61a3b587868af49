"""Two incidents that are one, one that is two, and the way back: exactly, while nothing else has happened.

A merge takes the other incident in: its signals, notes, conditions, and the keys by which further signals
join. A crew that goes to the first is told where the other was more urgent. It stands among the closed ones
with the word *merged* until it is undone. A split makes a new incident
of some signals. An undo gives back what stood before, but for two things: the version goes on counting,
so that nobody acts on what was seen in between, and what ended in between stays ended. A crew that goes for
what was split off, or that was told what is undone, is told again.

Limits: nobody is sent twice, so an incident whose crew goes is not merged into another; what is parked or
resolved is taken up first. The last `UNDO_KEPT` merges and splits can be undone, each until one of its
incidents changes.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.work import Merged, SplitOff, Undone
from controlroom.incidents.changes import (
    Change,
    IncidentAbsorbed,
    IncidentDivided,
    IncidentRestated,
    IncidentReturned,
    ReadersSet,
)
from controlroom.incidents.crews.lowering import told_as_before, told_of_less
from controlroom.incidents.crews.orders import going_for, most_urgent, somebody_goes
from controlroom.incidents.crews.raising import News, crew_told
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Act, Incident, Member, Status, Undo
from controlroom.incidents.keyholders.calling import awaited
from controlroom.incidents.log_book.entry import may_see
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import answered_by, as_it_stands
from controlroom.incidents.work.kept import MEMBERS_KEPT, NOTES_KEPT, STANDING_KEPT, without_condition
from controlroom.incidents.work.plan_steps import marks_of_both
from controlroom.signals.vocabulary import Kind


def merge(handbook: Handbook, state: State, incident: Incident, command: Merged, now: datetime) -> Decision:
    """Take the other incident into this one, or say what stands against it."""
    other = state.incidents.get(command.other)
    if other is None or not may_see(other.readers, command.author):
        return _refused(Reason.COMMAND_REFUSED)
    if other.id == incident.id or other.simulated != incident.simulated:
        return _refused(Reason.COMMAND_REFUSED)
    if other.version != command.other_version:
        return _refused(Reason.COMMAND_STALE)
    for one in (incident, other):
        if one.status is Status.RESOLVED:
            return _refused(Reason.IS_RESOLVED)
        if one.status is Status.PARKED:
            return _refused(Reason.IS_PARKED)
    if somebody_goes(state, other):
        return _refused(Reason.CREW_HAS_IT)
    going = going_for(state, incident)
    undo = Undo(incident.version + 1, incident, other, merged=True, order=going)
    whole = _together(incident, other, Act(command.author, "merged", now))
    _, armed = as_it_stands(state, whole, now)
    absorbed = IncidentAbsorbed(other.id, whole.id, now)
    kept = () if whole.readers == other.readers else (ReadersSet(replace(other, readers=whole.readers)),)
    called = awaited(handbook, whole, now)
    told = crew_told(handbook, state, incident, _news_of(other), now)
    regrouped: tuple[Change, ...] = (*kept, absorbed, IncidentRestated(whole, undo), armed)
    changes = (*regrouped, *called, *told.changes)
    return Decision(changes, told.orders, (Reason.COMMAND,))


def split(handbook: Handbook, state: State, incident: Incident, command: SplitOff, now: datetime) -> Decision:
    """Make a new incident of these signals, which waits for a person; the rest stays as it is."""
    wanted = set(command.positions)
    apart = tuple(member for member in incident.members if member.position in wanted)
    if not apart or len(apart) != len(wanted) or len(apart) == incident.signals:
        return _refused(Reason.SPLIT_NOT_POSSIBLE)
    if incident.status is Status.RESOLVED:
        return _refused(Reason.IS_RESOLVED)
    act = Act(command.author, "split", now)
    rest, new = _rest(incident, apart, act), _apart(handbook, state, incident, apart, act)
    moved, armed = answered_by(new, now)
    new = replace(new, due=moved.due)
    undo = Undo(rest.version, incident, new, merged=False, order=going_for(state, incident))
    activations = sum(member.activation for member in apart)
    changes: tuple[Change, ...] = (
        IncidentRestated(rest, undo),
        as_it_stands(state, rest, now)[1],
        *awaited(handbook, rest, now),
        IncidentDivided(new, rest.id, activations),
        armed,
    )
    told = told_of_less(handbook, state, rest, now)
    return Decision((*changes, *told.changes), told.orders, (Reason.COMMAND,))


def undo(handbook: Handbook, state: State, incident: Incident, command: Undone, now: datetime) -> Decision:
    """Take the last merge or split of this incident back, where nothing else happened to it since."""
    kept = state.undo.get(incident.id)
    if kept is None or kept.version != incident.version:
        return _refused(Reason.UNDO_TOO_LATE)
    act, other = Act(command.author, "undone", now), state.incidents.get(kept.other.id)
    if not kept.merged and (other is None or other.version != kept.other.version):
        return _refused(Reason.UNDO_TOO_LATE)
    standing = incident.standing if other is None else (*incident.standing, *other.standing)
    back = _back(kept.before, standing, incident.version + 1, act, now)
    called = awaited(handbook, back, now)
    restated: tuple[Change, ...] = (IncidentRestated(back), as_it_stands(state, back, now)[1], *called)
    told = told_as_before(handbook, state, back, kept, now)
    if other is not None:
        changes = (IncidentAbsorbed(other.id, back.id, now), *restated, *told.changes)
        return Decision(changes, told.orders, (Reason.COMMAND,))
    # What was taken in stands among the closed ones with a version of its own, one more.
    again = _back(kept.other, standing, kept.other.version + 2, act, now)
    called = awaited(handbook, again, now)
    expected = as_it_stands(state, again, now)[1]
    returned: tuple[Change, ...] = (IncidentReturned(again, back.id), expected, *called)
    return Decision((*restated, *returned, *told.changes), told.orders, (Reason.COMMAND,))


def _news_of(other: Incident) -> News:
    """Return what the incident that is taken in says to a crew that goes to the whole."""
    word = most_urgent(other)
    return News(
        word=word,
        priority=other.priority,
        instruction=f"{word.replace('_', ' ')} at {other.site}",
        respond_within_s=other.respond_within_s,
    )


def _together(incident: Incident, other: Incident, act: Act) -> Incident:
    """Return the incident with everything of the other; the earlier deadline and the higher level count."""
    members = sorted((*incident.members, *other.members), key=lambda member: member.position)
    notes = sorted((*incident.notes, *other.notes), key=lambda note: note.at)
    standing = (*incident.standing, *(name for name in other.standing if name not in incident.standing))
    dues = [due for due in (incident.due, other.due) if due is not None]
    return replace(
        incident,
        priority=min(incident.priority, other.priority),
        signals=incident.signals + other.signals,
        due=min(dues, default=None),
        escalations=max(incident.escalations, other.escalations),
        members=tuple(members[:MEMBERS_KEPT]),
        notes=tuple(notes[-NOTES_KEPT:]),
        standing=standing[:STANDING_KEPT],
        ended=incident.ended + other.ended,
        leads=tuple(dict.fromkeys((*incident.leads, *other.keys))),
        referrals=(*incident.referrals, *other.referrals),
        calls=tuple(sorted((*incident.calls, *other.calls), key=lambda call: call.at)),
        steps=marks_of_both(incident.steps, other.steps),
        refused_by=tuple(dict.fromkeys((*incident.refused_by, *other.refused_by))),
        confirmed_by=tuple(sorted({*incident.confirmed_by, *other.confirmed_by})),
        readers=_of_both(incident.readers, other.readers),
        version=incident.version + 1,
        last=act,
    )


def _of_both(readers: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Return who may see both; the author of the merge is among them."""
    if not readers or not others:
        return readers or others
    return tuple(name for name in readers if name in others)


def _rest(incident: Incident, apart: tuple[Member, ...], act: Act) -> Incident:
    """Return the incident without these signals; what it cannot list keeps it as urgent as it was."""
    members = tuple(member for member in incident.members if member not in apart)
    kept = {member.standing for member in members}
    gone = {member.standing for member in apart} - kept
    whole = incident.signals == len(incident.members)
    return replace(
        incident,
        priority=min(member.priority for member in members) if whole else incident.priority,
        signals=incident.signals - len(apart),
        members=members,
        standing=tuple(name for name in incident.standing if name not in gone),
        version=incident.version + 1,
        last=act,
    )


def _apart(
    handbook: Handbook, state: State, incident: Incident, apart: tuple[Member, ...], act: Act
) -> Incident:
    """Return the new incident of these signals, at the place of the first of them."""
    first = apart[0]
    place = handbook.estate.place(first.source)
    rest = {member.standing for member in incident.members if member not in apart}
    standing = dict.fromkeys(member.standing for member in apart)
    return Incident(
        id=f"INC-{state.position + 1}",
        kind=Kind(first.source.split("/")[2]),
        area=place.area if place is not None else incident.area,
        source=first.source,
        site=place.site if place is not None else incident.site,
        event=first.event,
        priority=min(member.priority for member in apart),
        status=Status.NEW,
        opened_at=act.at,
        rule=incident.rule,
        why=incident.why,
        simulated=incident.simulated,
        activation=first.activation,
        signals=len(apart),
        answer_within_s=incident.answer_within_s,
        respond_within_s=incident.respond_within_s,
        refused_by=incident.refused_by,
        members=apart,
        standing=tuple(name for name in standing if name in incident.standing and name not in rest),
        last=act,
        readers=incident.readers,
    )


def _back(before: Incident, standing: tuple[str, ...], version: int, act: Act, now: datetime) -> Incident:
    """Return what stood before, without what ended since, and due now where its moment has passed."""
    for name in before.standing:
        if name not in standing:
            before = without_condition(before, name)
    return replace(before, version=version, last=act, due=max(before.due or now, now))


def _refused(reason: Reason) -> Decision:
    return Decision(reasons=(reason,))
