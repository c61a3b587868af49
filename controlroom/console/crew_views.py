"""What an operator sees of a crew, and a crew of its work, with the moments by which something is due."""

from datetime import datetime

import msgspec

from controlroom.console.parts import Parts
from controlroom.estate.areas import Area
from controlroom.estate.model import Crew
from controlroom.incidents.crews.cards import JobCard, Spot, card_of
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.crews.status import CrewStatus, jobs_of, status_of, wall_at
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.people.duty import Stage
from controlroom.incidents.watches import due_of
from controlroom.signals.dispatch_messages import Step


class OrderView(msgspec.Struct, frozen=True):
    """One order of a crew; `due` is the moment by which its next step is expected, None where none is."""

    order: str
    incident: str
    site: str
    priority: int
    step: Step | None
    version: int
    issued_at: datetime
    due: datetime | None
    because: str


class CrewView(msgspec.Struct, frozen=True):
    """One crew. `said_at` is its last word about its duty, `site` where it arrived last.

    `check_due` is when its next sign of life is due, None while it is at no place; `stage` how far its
    silence has come.
    """

    unit: str
    call_sign: str
    area: Area
    base: str | None
    skills: tuple[str, ...]
    keys: tuple[str, ...]
    capacity: int
    status: CrewStatus
    said_at: datetime | None
    position: Spot | None
    site: str | None
    orders: tuple[OrderView, ...]
    check_due: datetime | None
    stage: Stage | None


class InHand(msgspec.Struct, frozen=True):
    """What a crew has to do: the job that it is on, those that wait, when the next step and check are due."""

    unit: str
    call_sign: str
    status: CrewStatus
    current: JobCard | None
    due: datetime | None
    waiting: tuple[JobCard, ...]
    check_due: datetime | None


def crew_view(parts: Parts, crew: Crew) -> CrewView:
    """Return the crew as it is now."""
    state, handbook = parts.state(), parts.handbook()
    note = state.crews.get(crew.unit)
    duty = state.duties.get(crew.topic)
    position = None
    if note is not None and note.latitude is not None and note.longitude is not None:
        position = Spot(note.latitude, note.longitude)
    elif crew.latitude is not None and crew.longitude is not None:
        position = Spot(crew.latitude, crew.longitude)
    return CrewView(
        unit=crew.unit,
        call_sign=crew.call_sign or crew.unit,
        area=crew.area,
        base=crew.base,
        skills=tuple(sorted(crew.skills)),
        keys=tuple(sorted(crew.keys)),
        capacity=crew.capacity,
        status=status_of(handbook, state, crew, wall_at(parts.now())),
        said_at=note.said_at if note is not None else None,
        position=position,
        site=note.site if note is not None else None,
        orders=tuple(_order_view(parts, job) for job in jobs_of(state, crew.unit)),
        check_due=_check_due(parts, crew),
        stage=duty.stage if duty is not None else None,
    )


def in_hand(parts: Parts, crew: Crew) -> InHand:
    """Return what the crew has to do now."""
    state, handbook = parts.state(), parts.handbook()
    jobs = jobs_of(state, crew.unit)
    cards = [card_of(handbook.estate, job) for job in jobs]
    return InHand(
        unit=crew.unit,
        call_sign=crew.call_sign or crew.unit,
        status=status_of(handbook, state, crew, wall_at(parts.now())),
        current=cards[0] if cards else None,
        due=_due(parts, jobs[0]) if jobs else None,
        waiting=tuple(cards[1:]),
        check_due=_check_due(parts, crew),
    )


def _order_view(parts: Parts, job: StandingOrder) -> OrderView:
    order = job.order
    return OrderView(
        order=order.id,
        incident=order.incident,
        site=order.site,
        priority=order.priority,
        step=job.step,
        version=job.version,
        issued_at=job.issued_at,
        due=_due(parts, job),
        because=order.because,
    )


def _due(parts: Parts, job: StandingOrder) -> datetime | None:
    """Return the moment by which the crew, or somebody about its incident, has to have moved."""
    incident = parts.state().incidents.get(job.order.incident)
    return incident.due if incident is not None and incident.order == job.order.id else None


def _check_due(parts: Parts, crew: Crew) -> datetime | None:
    return due_of(parts.state().watches, WatchKind.CHECK, crew.topic)
