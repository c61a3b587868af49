"""What an operator of a story asks of the room, as the event that the room is told."""

from datetime import datetime, timedelta

from controlroom.commands.work import EscalatedByHand, Noted, Resolved
from controlroom.estate.model import Estate
from controlroom.events import Closed, CrewSent, Event, Owned, PersonChecked, PutOnTest
from controlroom.incidents.state import State
from controlroom.stories.judge import incidents, is_about
from controlroom.stories.model import Operator


class NothingToActOn(Exception):
    """No incident fits what the operator acts on."""


def asked(operator: Operator, state: State, estate: Estate, now: datetime) -> Event:
    """Return the command, with the version of the incident that stands now; raises `NothingToActOn`."""
    if operator.does == "checked":
        return PersonChecked(_topic(operator, estate), operator.by)
    if operator.does == "test":
        until = now + timedelta(seconds=operator.lasts)
        return PutOnTest(
            operator.target, operator.text, operator.by, until, operator.by, second_author=operator.second
        )
    found = [one for one in incidents(state) if is_about(operator.about, one)]
    if not found:
        raise NothingToActOn(
            f"{operator.does}: no incident fits {operator.about.model_dump(exclude_none=True)}"
        )
    name, version, by = found[-1].id, found[-1].version, operator.by
    match operator.does:
        case "own":
            return Owned(name, version, by)
        case "close":
            return Closed(name, version, by, operator.outcome)
        case "resolve":
            return Resolved(name, version, by, operator.outcome)
        case "send":
            return CrewSent(name, version, by, operator.unit)
        case "escalate":
            return EscalatedByHand(name, version, by, operator.text)
        case "note":
            return Noted(name, version, by, operator.text)


def _topic(operator: Operator, estate: Estate) -> str:
    for topic, place in estate.places.items():
        if place.key == operator.target:
            return topic
    raise NothingToActOn(f"checked: nobody is called {operator.target!r} in this estate")
