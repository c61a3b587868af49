"""The answer about one incident: what a list shows of it, and with it its notes, its signals and its plan."""

from msgspec.structs import replace

from controlroom.console.deltas import IncidentView, MemberView, NoteView
from controlroom.console.plan_view import plan_view
from controlroom.console.raw import short, visible
from controlroom.console.views import Lens
from controlroom.incidents.incident import Incident


def told_in_full(view: IncidentView, incident: Incident, lens: Lens) -> IncidentView:
    """Return the view of one incident with its notes, its signals and its plan."""
    notes = tuple(NoteView(short(note.author), visible(note.text), note.at) for note in incident.notes)
    members = tuple(
        MemberView(member.position, short(member.source), member.event, member.priority)
        for member in incident.members
    )
    plan = plan_view(lens.plan(incident.kind, incident.rule))
    return replace(view, notes=notes, members=members, plan=plan)
