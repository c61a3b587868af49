"""Telecare: homes in sheltered courts and tower blocks, whose units test themselves and call for people.

Most of it is housekeeping (periodic tests, reassurance calls, mains and batteries); of the personal alarms
most are a voice and a comfort, as in the council's own figures: 537,451 alerts in a year led to 2,378
blue-light calls. Rates are per virtual hour for a busy demonstration and are ours; no home has a name in it.
"""

import random
from collections.abc import Iterable, Iterator

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import TelecareReport
from controlroom.signals.vocabulary import TelecareEvent
from simulators.timetable import CALLS_BY_HOUR, HOUR_S, Act, Episode, arrivals, dice, unfold

HOMES = {"sheltered-housing": 20, "tower-block": 1}
"""Homes with a unit at each site of a kind; our assumption."""

TESTS_PER_H = 40.0
REASSURANCE_PER_H = 15.0
CALLS_PER_H = 0.6
FAULTS_PER_H = 1.5
"""Episodes a virtual hour. Care Ring heard about 61 alerts an hour from 6,227 users in 2022-23;
here a call waits for a person, so it is rare enough that the list can still be read."""

CALL_MIX = {
    TelecareEvent.PENDANT: 20,
    TelecareEvent.PULL_CORD: 10,
    TelecareEvent.FALL: 35,
    TelecareEvent.INACTIVITY: 5,
    TelecareEvent.SMOKE: 10,
    TelecareEvent.WANDERING: 9,
    TelecareEvent.OTHER: 3,
    TelecareEvent.PANIC: 2,
    TelecareEvent.FLOOD: 2,
    TelecareEvent.BOGUS_CALLER: 1,
    TelecareEvent.SEIZURE: 1,
    TelecareEvent.CARBON_MONOXIDE: 1,
    TelecareEvent.GAS: 1,
}
"""Shares of what calls for somebody, in percent; ours. A real pendant is pressed far more often than anybody
falls; here what a crew goes to is shown more often than what waits for a voice that nobody has."""

FAULT_MIX = {
    TelecareEvent.MAINS_LOST: 60,
    TelecareEvent.LOW_BATTERY: 32,
    TelecareEvent.LOW_TEMPERATURE: 4,
    TelecareEvent.MEDICATION_MISSED: 4,
}
"""Shares of everything small, in percent; our guess."""

UNANSWERED = 0.01
"""Share of reassurance calls that nobody answers; our guess."""

RESETS = frozenset({TelecareEvent.PENDANT, TelecareEvent.PULL_CORD, TelecareEvent.FALL, TelecareEvent.PANIC})
"""What a carer or the resident resets afterwards (SCAIP `stc` 0093)."""

CODES = {
    TelecareEvent.PENDANT: "0003 ME 0010",
    TelecareEvent.PULL_CORD: "0004 ME 0010",
    TelecareEvent.FALL: "0005 ME 0010",
    TelecareEvent.PANIC: "0007 ME 0010",
    TelecareEvent.INACTIVITY: "0010 ME 0010",
    TelecareEvent.TEST: "0045 PI 0070",
    TelecareEvent.RESET: "0003 RE 0093",
}
"""What SCAIP numbers: device type, message type, status; the gateway sends no code for the rest."""

SILENT = frozenset({TelecareEvent.BOGUS_CALLER, TelecareEvent.SMOKE, TelecareEvent.GAS})
"""What opens no voice path: a button that is pressed in secret, and detectors without a microphone."""

TAGS = ("key-safe", "lives-alone", "oxygen")
"""What is known of a home, as a tag; rules may ask for it."""

HAS_IT = {"key-safe": 0.7, "lives-alone": 0.6, "oxygen": 0.05}
"""Chance of each; our guess. Oxygen feeds a fire, so the fire service is told of it."""


def records(rng: random.Random, sites: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield the rows of `telecare.csv`: some homes at each court and tower block of these sites."""
    number = 0
    for site in sites:
        for flat in range(1, HOMES.get(site["site_kind"], 0) + 1):
            number += 1
            tags = [name for name in TAGS if rng.random() < HAS_IT[name]]
            yield {
                "home": f"TC-{number:04}",
                "name": f"{site['name']} flat {flat}",
                "site": site["site"],
                "tags": ";".join(tags),
                "risk": "3" if "oxygen" in tags else "2",
            }


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all units report, for ever; `pace` multiplies every rate. No homes: nothing."""
    homes = [place for place in estate.places.values() if place.kind == "telecare"]
    if not homes:
        return iter(())
    return unfold(
        _tests(dice(seed, "telecare tests"), homes, pace),
        _reassurance(dice(seed, "telecare reassurance"), homes, pace),
        _calls(dice(seed, "telecare calls"), homes, pace),
        _faults(dice(seed, "telecare faults"), homes, pace),
    )


def report(at: float, home: Place, event: TelecareEvent, device: str | None = None) -> Act:
    """Return one report with its code and voice path; the home's key is the last segment of its topic."""
    key = home.topic.rpartition("/")[2]
    voice = event not in SILENT if device is not None else None
    said = TelecareReport(home=key, event=event, device=device, speech=voice, code=CODES.get(event))
    return Act(at, home.topic, said)


def _tests(rng: random.Random, homes: list[Place], pace: float) -> Iterator[Episode]:
    """Yield periodic test calls, at any hour."""
    for at in arrivals(rng, TESTS_PER_H * pace, first_s=6):
        yield (report(at, rng.choice(homes), TelecareEvent.TEST),)


def _reassurance(rng: random.Random, homes: list[Place], pace: float) -> Iterator[Episode]:
    """Yield how the daily reassurance calls ended; the first is answered."""
    for number, at in enumerate(arrivals(rng, REASSURANCE_PER_H * pace, first_s=30, by_hour=CALLS_BY_HOUR)):
        missed = number > 0 and rng.random() < UNANSWERED
        event = TelecareEvent.REASSURANCE_MISSED if missed else TelecareEvent.REASSURANCE_ANSWERED
        yield (report(at, rng.choice(homes), event),)


def _calls(rng: random.Random, homes: list[Place], pace: float) -> Iterator[Episode]:
    """Yield personal alarms, most of them reset minutes later; the first is a pendant in the first minute."""
    for number, at in enumerate(arrivals(rng, CALLS_PER_H * pace, first_s=20, by_hour=CALLS_BY_HOUR)):
        drawn = rng.choices([*CALL_MIX], [*CALL_MIX.values()])[0]
        event = TelecareEvent.PENDANT if number == 0 else drawn
        home = rng.choice(homes)
        device = f"D-{rng.randint(1, 6)}"
        call = report(at, home, event, device)
        if event in RESETS:
            yield call, report(at + rng.uniform(120, 1800), home, TelecareEvent.RESET, device)
        else:
            yield (call,)


def _faults(rng: random.Random, homes: list[Place], pace: float) -> Iterator[Episode]:
    """Yield what units report of the home and themselves; the mains come back within two hours."""
    for at in arrivals(rng, FAULTS_PER_H * pace, first_s=45):
        event = rng.choices([*FAULT_MIX], [*FAULT_MIX.values()])[0]
        home = rng.choice(homes)
        if event is TelecareEvent.MAINS_LOST:
            back = at + rng.uniform(0.02, 2) * HOUR_S
            yield report(at, home, event), report(back, home, TelecareEvent.MAINS_RESTORED)
        else:
            yield (report(at, home, event),)
