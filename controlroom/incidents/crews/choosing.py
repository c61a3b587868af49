"""Which crew goes: every crew weighed in seconds, the least first, and the reason in words.

Who has the fewest orders in hand goes first, so a free crew before any that is not; a job is some half an
hour of waiting, more than any way through the city. Among those the sum of expected travel and of what the
crew lacks decides: a key, a skill, a second person at a place of high risk, each as long as it would cost to
make up for. Among equals the lower call sign. The room sends the first that is on duty; a person may send
any.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from controlroom.estate.model import CREW_TAG, Crew, Place
from controlroom.estate.nearby import Point
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.crews.status import CrewStatus, Wall, may_be_sent, status_of, wall_at
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import (
    AlarmEvent,
    Kind,
    ParkEvent,
    TelecareEvent,
    WorkerEvent,
)

KEY_S = 600
"""What a missing key costs where the council holds one: fetching it, or waiting for a keyholder. Ours."""

SKILL_S = 300
"""What each missing skill costs: another crew has to come after all, one time in two or three. Ours."""

ALONE_S = 300
"""What it costs to send one person alone where the risk is high: it waits for a second one outside. Ours."""

HIGH_RISK, TOGETHER = 3, 2
"""The risk of a place from which, and the number of people with whom, nobody goes in alone."""

OWN_AREA_S, OTHER_AREA_S = 600, 1_200
"""How long the way is taken to be where one of its ends is not known: across an area, and across two."""

_FIRST_AID = frozenset({"first-aid"})
_LIFTING = frozenset({"first-aid", "manual-handling"})
_BY_KIND: dict[Kind, frozenset[str]] = {Kind.TELECARE: _FIRST_AID}
_BY_WORD: dict[tuple[Kind, str], frozenset[str]] = {
    (Kind.ARC_ALARM, AlarmEvent.MEDICAL): _FIRST_AID,
    (Kind.TELECARE, TelecareEvent.FALL): _LIFTING,
    (Kind.PARK, ParkEvent.PERSON_IN_WATER): frozenset({"first-aid", "water-safety"}),
    (Kind.PARK, ParkEvent.INJURY): _FIRST_AID,
    (Kind.LONE_WORKER, WorkerEvent.SOS): _FIRST_AID,
    (Kind.LONE_WORKER, WorkerEvent.MAN_DOWN): _FIRST_AID,
}
_NOTHING: frozenset[str] = frozenset()


class Choice(Struct, frozen=True, gc=False):
    """The crew that goes, and why it."""

    unit: str
    because: str


class Candidate(Struct, frozen=True):
    """A crew as an operator sees it: how it is, how long it needs, whether the room would send it, and why.

    `travel_s` and `weight_s` are seconds; `in_hand` counts its orders.
    """

    unit: str
    call_sign: str
    status: CrewStatus
    may_be_sent: bool
    travel_s: float
    weight_s: float
    in_hand: int
    because: tuple[str, ...]


class _Ask(Struct, frozen=True, gc=False):
    """What the job asks of a crew. `point` is None where nobody knows where it is."""

    wall: Wall
    area: str
    site: str
    point: Point | None
    key: bool
    alone_is_risky: bool
    skills: frozenset[str]
    not_unit: str | None

    @property
    def is_demanding(self) -> bool:
        """Whether a crew can lack anything for it."""
        return self.key or self.alone_is_risky or bool(self.skills)


class _Weighed(Struct, frozen=True, gc=False):
    travel_s: float
    known: bool
    no_key: bool
    lacks: frozenset[str]
    alone: bool


def choose(
    handbook: Handbook,
    state: State,
    incident: Incident,
    now: datetime,
    without: Collection[str] = (),
    load: Mapping[str, int] | None = None,
) -> Choice | None:
    """Return the crew that the room sends; None when nobody is left but those `without`.

    `load` is what units have in hand where that is more than the state knows yet.
    """
    ask, notes = _ask_of(handbook, state, incident, now), state.crews
    crews, carried = handbook.estate.crews, state.load if load is None else load
    demanding = ask.is_demanding
    held = [carried.get(unit, 0) for unit in crews]
    for least in sorted(set(held)):  # who has more in hand is weighed only where nobody with less can go
        best: Crew | None = None
        best_s = 0.0
        for crew, in_hand in zip(crews.values(), held, strict=True):
            unit = crew.unit
            if in_hand != least or unit in without or unit == ask.not_unit:
                continue
            note = notes.get(unit)
            if not may_be_sent(handbook, crew, note, ask.wall):
                continue
            weight_s = _travel_s(handbook, ask, crew, note)
            if best is not None and weight_s > best_s:
                continue  # what it lacks only adds to that
            if demanding:
                weight_s += _lacking_s(ask, crew)
            if best is None or weight_s < best_s or (weight_s == best_s and unit < best.unit):
                best, best_s = crew, weight_s
        if best is not None:
            weighed = _weigh(handbook, ask, best, notes.get(best.unit))
            return Choice(best.unit, ", ".join(_words(ask, best, weighed, least)))
    return None


def recommended(handbook: Handbook, state: State, incident: Incident, now: datetime) -> list[Candidate]:
    """Return every crew for this incident, in the order in which the room would send them."""
    ask = _ask_of(handbook, state, incident, now)
    crews = handbook.estate.crews.values()
    found = [_candidate(handbook, state, ask, crew, incident) for crew in crews if crew.unit != ask.not_unit]
    return sorted(found, key=lambda one: (not one.may_be_sent, one.in_hand, one.weight_s, one.unit))


def where_is(state: State, place: Place | None) -> Point | None:
    """Return where this place is; a crew is where it was last."""
    if place is None:
        return None
    if CREW_TAG in place.tags:
        note = state.crews.get(place.key)
        if note is not None and note.latitude is not None and note.longitude is not None:
            return (note.latitude, note.longitude)
    return (place.latitude, place.longitude)


def _ask_of(handbook: Handbook, state: State, incident: Incident, now: datetime) -> _Ask:
    place = handbook.estate.place(incident.source)
    kind, crew = incident.kind, place is not None and CREW_TAG in place.tags
    return _Ask(
        wall=wall_at(now),
        area=incident.area,
        site=incident.site,
        point=where_is(state, place),
        key=place is not None and place.keys_held,
        alone_is_risky=place is not None and place.risk >= HIGH_RISK,
        skills=_BY_WORD.get((kind, incident.event)) or _BY_KIND.get(kind, _NOTHING),
        not_unit=incident.site if crew else None,
    )


def _weigh(handbook: Handbook, ask: _Ask, crew: Crew, note: CrewNote | None) -> _Weighed:
    return _Weighed(
        travel_s=_travel_s(handbook, ask, crew, note),
        known=ask.point is not None and _stands(crew, note) is not None,
        no_key=ask.key and not crew.has_key(ask.site, ask.area),
        lacks=ask.skills - crew.skills if ask.skills else _NOTHING,
        alone=ask.alone_is_risky and crew.capacity < TOGETHER,
    )


def _travel_s(handbook: Handbook, ask: _Ask, crew: Crew, note: CrewNote | None) -> float:
    """Return how long the crew's way is, in seconds."""
    start = _stands(crew, note)
    if start is not None and ask.point is not None:
        return handbook.travel.seconds(start, ask.point, ask.wall.hour)
    return OWN_AREA_S if crew.area == ask.area else OTHER_AREA_S


def _lacking_s(ask: _Ask, crew: Crew) -> int:
    """Return what the crew lacks for the job, in seconds."""
    lacking_s = 0
    if ask.key and not crew.has_key(ask.site, ask.area):
        lacking_s += KEY_S
    if ask.skills:
        lacking_s += SKILL_S * len(ask.skills - crew.skills)
    if ask.alone_is_risky and crew.capacity < TOGETHER:
        lacking_s += ALONE_S
    return lacking_s


def _stands(crew: Crew, note: CrewNote | None) -> Point | None:
    """Return the last known place of the crew, else its base."""
    if note is not None and note.latitude is not None and note.longitude is not None:
        return (note.latitude, note.longitude)
    if crew.latitude is not None and crew.longitude is not None:
        return (crew.latitude, crew.longitude)
    return None


def _candidate(handbook: Handbook, state: State, ask: _Ask, crew: Crew, incident: Incident) -> Candidate:
    note, in_hand = state.crews.get(crew.unit), state.load.get(crew.unit, 0)
    weighed = _weigh(handbook, ask, crew, note)
    status = status_of(handbook, state, crew, ask.wall)
    refused = crew.unit in incident.refused_by
    may = not refused and may_be_sent(handbook, crew, note, ask.wall)
    words = [*_words(ask, crew, weighed, in_hand)]
    if refused:
        words.append("refused this, or did not answer")
    if not may and not refused:
        words.append("off duty" if status is CrewStatus.OFF_DUTY else "takes nothing now, by its own word")
    return Candidate(
        crew.unit,
        crew.call_sign or crew.unit,
        status,
        may,
        round(weighed.travel_s),
        round(weighed.travel_s) + _lacking_s(ask, crew),
        in_hand,
        tuple(words),
    )


def _words(ask: _Ask, crew: Crew, weighed: _Weighed, in_hand: int) -> Iterator[str]:
    """Yield why the crew stands where it stands."""
    minutes = max(1, round(weighed.travel_s / 60))
    if weighed.known:
        yield f"{minutes} min away"
    else:
        yield f"{'in' if crew.area == ask.area else 'not in'} the area, about {minutes} min"
    yield "nothing in hand" if not in_hand else f"{in_hand} in hand"
    if ask.key:
        yield f"no key (+{KEY_S // 60} min)" if weighed.no_key else "has the key"
    if ask.skills:
        lacks = " and ".join(sorted(weighed.lacks)).replace("-", " ")
        minutes = SKILL_S * len(weighed.lacks) // 60
        yield (
            f"no {lacks} (+{minutes} min)"
            if lacks
            else f"{' and '.join(sorted(ask.skills))}".replace("-", " ")
        )
    if ask.alone_is_risky:
        yield f"alone at high risk (+{ALONE_S // 60} min)" if weighed.alone else f"{crew.capacity} people"
