"""What an incident keeps of its signals, its conditions and its notes. Bounded: the journal has all of it."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import SignalJoined
from controlroom.incidents.incident import Act, Incident, Member, Note

MEMBERS_KEPT = 100
"""Signals that an incident lists by position, the first ones: what made it. The count goes on."""

NOTES_KEPT = 20
"""Notes that an incident shows, the latest: what somebody reads who takes over."""

STANDING_KEPT = 32
"""Conditions of one incident that are followed: the zones of a large panel. Further ones are not."""


def with_signal(incident: Incident, joined: SignalJoined, position: int, now: datetime) -> Incident:
    """Return the incident with one more signal."""
    members, standing, name = incident.members, incident.standing, joined.standing
    if len(members) < MEMBERS_KEPT:
        member = Member(position, joined.source, joined.event, joined.priority, joined.activation, name)
        members = (*members, member)
    if name and name not in standing and len(standing) < STANDING_KEPT:
        standing = (*standing, name)
    version = incident.version + 1
    raised = joined.priority < incident.priority
    goes_on = incident.joined_to == incident.version
    since = version if raised else incident.joined_from if goes_on else incident.version
    return replace(
        incident,
        signals=incident.signals + 1,
        version=version,
        joined_from=since,
        joined_to=version,
        priority=min(incident.priority, joined.priority),
        last=Act(joined.source, "signal joined", now),
        members=members,
        standing=standing,
        confirmed_by=joined.confirmed_by or incident.confirmed_by,
        answer_within_s=tighter(incident.answer_within_s, joined.answer_within_s),
        respond_within_s=tighter(incident.respond_within_s, joined.respond_within_s),
    )


def tighter(one: int | None, other: int | None) -> int | None:
    """Return the shorter of two times; None where neither is set."""
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def without_condition(incident: Incident, name: str) -> Incident:
    """Return the incident with one condition gone; nothing else changes, not even its version."""
    standing = tuple(other for other in incident.standing if other != name)
    return replace(incident, standing=standing, ended=incident.ended + 1)


def with_note(incident: Incident, author: str, text: str, now: datetime) -> Incident:
    """Return the incident with one more note, its latest."""
    notes = (*incident.notes[1 - NOTES_KEPT :], Note(author, text, now))
    return replace(incident, notes=notes, version=incident.version + 1, last=Act(author, "noted", now))
