"""Parks and cemeteries: opened in the morning, closed at dusk, and what wardens find in between.

A warden's terminal or a gate controller reports; wardens are numbers, never names. At the start of a run
the parks are opened one after another; later each is closed and opened again, a few hours apart, so that
both are seen. Rates are per virtual hour for a busy demonstration and are ours.
"""

import random
from collections.abc import Iterable, Iterator

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import ParkReport
from controlroom.signals.vocabulary import ParkEvent
from simulators.timetable import CALLS_BY_HOUR, HOUR_S, Act, Episode, arrivals, dice, unfold

OPENING_GAP_S = 90.0
"""Virtual seconds between two parks being opened at the start of a run: a patrol goes round."""

OPEN_H = (6.0, 12.0)
CLOSED_H = (4.0, 8.0)
"""Virtual hours that a park stays open and closed, at least and at most; our guess, short to be seen."""

INCIDENTS_PER_H = 0.4
GATES_PER_H = 0.06
DANGERS_PER_H = 0.09
"""Episodes a virtual hour."""

INCIDENT_MIX = {
    ParkEvent.ANTISOCIAL_BEHAVIOUR: 36,
    ParkEvent.NUISANCE_VEHICLE: 10,
    ParkEvent.VANDALISM: 8,
    ParkEvent.FLY_TIPPING: 28,
    ParkEvent.DANGEROUS_DOG: 6,
    ParkEvent.LOCKED_IN: 4,
    ParkEvent.LICENCE_BREACH: 3,
    ParkEvent.FOUND_OPEN: 3,
    ParkEvent.FOUND_INSECURE: 2,
}
"""Shares of what wardens find, in percent; our guess."""

DANGER_MIX = {
    ParkEvent.INJURY: 50,
    ParkEvent.FIRE: 25,
    ParkEvent.PERSON_MISSING: 15,
    ParkEvent.PERSON_IN_WATER: 10,
}
"""Shares of what threatens a life, in percent; our guess."""

FEATURES = {"lake": 0.15, "playground": 0.6, "licensed": 0.2, "electric-gates": 0.4}
"""What a park may have, as a tag that rules may ask for, and the chance of it; our guess."""

HOURS = {"park": "park_hours", "cemetery": "cemetery_hours"}
"""The calendars of grounds with gates that are watched: the cemeteries, and parks with electric gates. They
close at dusk, and open and close by the real clock (`keepers`); the others by the city's day."""

WARDENS = 9
GATES = ("G-1", "G-2", "G-3")


def records(rng: random.Random, sites: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield the rows of `parks.csv`: the grounds around each pavilion and lodge of these sites."""
    grounds = [site for site in sites if site["site_kind"] in ("park", "cemetery")]
    for number, site in enumerate(grounds, 1):
        features = [name for name, share in FEATURES.items() if rng.random() < share]
        if site["site_kind"] == "cemetery":
            features = [name for name in features if name == "electric-gates"]
        name = site["name"].removesuffix(" Pavilion").removesuffix(" Lodge")
        keeps = site["site_kind"] == "cemetery" or "electric-gates" in features
        yield {
            "park": f"PK-{number:03}",
            "name": name,
            "site": site["site"],
            "tags": ";".join((*features, "dusk") if keeps else features),
            "hours": HOURS[site["site_kind"]] if keeps else "",
            "risk": "2" if "lake" in features else site["risk"],
        }


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what is reported of all parks, for ever; `pace` multiplies every rate. No parks: nothing."""
    parks = [place for place in estate.places.values() if place.kind == "park"]
    if not parks:
        return iter(())
    order = dice(seed, "park order").sample(parks, len(parks))
    return unfold(
        *(
            _days(dice(seed, park.topic), park, 4 + number * OPENING_GAP_S, pace)
            for number, park in enumerate(park for park in order if park.hours is None)
        ),
        _found(dice(seed, "park incidents"), parks, pace),
        _dangers(dice(seed, "park dangers"), parks, pace),
        _gates(dice(seed, "park gates"), parks, pace),
    )


def report(
    at: float, park: Place, event: ParkEvent, *, gate: str | None = None, warden: str | None = None
) -> Act:
    """Return one report; the park's key is the last segment of its topic."""
    key = park.topic.rpartition("/")[2]
    return Act(at, park.topic, ParkReport(park=key, event=event, gate=gate, warden=warden))


def a_warden(rng: random.Random) -> str:
    """Return a warden's number."""
    return f"PW-{rng.randint(1, WARDENS):02}"


def _days(rng: random.Random, park: Place, first_s: float, pace: float) -> Iterator[Episode]:
    """Yield the openings and closings of one park, day after day."""
    at = first_s / pace
    while True:
        warden = None if "electric-gates" in park.tags else a_warden(rng)
        yield (report(at, park, ParkEvent.OPENED, warden=warden),)
        at += rng.uniform(*OPEN_H) * HOUR_S / pace
        yield (report(at, park, ParkEvent.CLOSED, warden=warden),)
        at += rng.uniform(*CLOSED_H) * HOUR_S / pace


def _found(rng: random.Random, parks: list[Place], pace: float) -> Iterator[Episode]:
    """Yield what wardens find; licensed premises and gates only where there are some."""
    licensed = [park for park in parks if "licensed" in park.tags] or parks
    for at in arrivals(rng, INCIDENTS_PER_H * pace, first_s=130, by_hour=CALLS_BY_HOUR):
        event = rng.choices([*INCIDENT_MIX], [*INCIDENT_MIX.values()])[0]
        park = rng.choice(licensed if event is ParkEvent.LICENCE_BREACH else parks)
        gate = rng.choice(GATES) if event in (ParkEvent.FOUND_OPEN, ParkEvent.LOCKED_IN) else None
        yield (report(at, park, event, gate=gate, warden=a_warden(rng)),)


def _dangers(rng: random.Random, parks: list[Place], pace: float) -> Iterator[Episode]:
    """Yield what threatens a life; somebody is in the water only where there is a lake."""
    lakes = [park for park in parks if "lake" in park.tags] or parks
    for at in arrivals(rng, DANGERS_PER_H * pace, first_s=400, by_hour=CALLS_BY_HOUR):
        event = rng.choices([*DANGER_MIX], [*DANGER_MIX.values()])[0]
        park = rng.choice(lakes if event is ParkEvent.PERSON_IN_WATER else parks)
        yield (report(at, park, event, warden=a_warden(rng)),)


def _gates(rng: random.Random, parks: list[Place], pace: float) -> Iterator[Episode]:
    """Yield gates that stick and are mended minutes to an hour later."""
    driven = [park for park in parks if "electric-gates" in park.tags] or parks
    for at in arrivals(rng, GATES_PER_H * pace, first_s=5000):
        park, gate = rng.choice(driven), rng.choice(GATES)
        mended = at + rng.uniform(0.1, 1) * HOUR_S
        yield (
            report(at, park, ParkEvent.GATE_FAULT, gate=gate),
            report(mended, park, ParkEvent.GATE_MENDED, gate=gate),
        )
