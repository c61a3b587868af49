"""The answer about one incident: what a list shows of it, and with it notes, signals, keyholders, plan."""

from msgspec.structs import replace

from controlroom.console.deltas import CallView, IncidentView, MarkView, MemberView, NoteView
from controlroom.console.plan_view import plan_view
from controlroom.console.raw import short, visible
from controlroom.console.views import Lens
from controlroom.incidents.incident import Incident


def told_in_full(view: IncidentView, incident: Incident, lens: Lens) -> IncidentView:
    """Return the view of one incident with notes, signals, the holders of the site's keys, and the plan."""
    notes = tuple(NoteView(short(note.author), visible(note.text), note.at) for note in incident.notes)
    members = tuple(
        MemberView(member.position, short(member.source), member.event, member.priority)
        for member in incident.members
    )
    steps = tuple(MarkView(one.step, short(one.author), one.at, short(one.skipped)) for one in incident.steps)
    holders = lens.estate().keyholders.get(incident.site, ())
    plan = plan_view(lens.plan(incident.kind, incident.rule))
    calls = tuple(CallView(short(one.keyholder), one.result, short(one.by), one.at) for one in incident.calls)
    view = replace(view, calls=calls)
    return replace(view, notes=notes, members=members, keyholders=holders, plan=plan, steps=steps)
