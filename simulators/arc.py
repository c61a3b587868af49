"""The alarm receiving centre: panels of about four hundred buildings, reporting all day.

Most of it is housekeeping (tests, openings, closings, faults); activations are few and mostly false.
Rates are per virtual hour for a busy demonstration, far above what one city sends, and are ours.

Two kinds of building: *day* buildings open and close; *dark* ones stay set, and it is there that
intruder alarms happen, so that what a panel says of itself is never contradicted by the next report.
Buildings that keep hours are neither: they open and close by the real clock (`keepers`).
"""

import random
from collections.abc import Iterator

from controlroom.estate.areas import Area
from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import ArcAlarm
from controlroom.signals.vocabulary import AlarmEvent, Condition, SetState
from simulators.timetable import CALLS_BY_HOUR, OPENINGS_BY_HOUR, Act, Episode, arrivals, dice, unfold

TESTS_PER_H = 230.0
OPENINGS_PER_H = 110.0
INTRUSIONS_PER_H = 4.0
LIFE_PER_H = 8.0
MINOR_PER_H = 60.0
DISTRICT_FAULTS_PER_H = 0.05
"""Episodes a virtual hour: at ten times real time, some two alarm reports a second in all. What waits for
an operator is rare enough that the list can still be read when nobody has worked it for half an hour."""

IRREGULAR = 0.01
"""Share of openings at a place of some risk. The hour of the rules is the clock on the wall, not the city's
day: a demonstration in the evening would otherwise make an irregular opening of everybody's morning."""

SOME_RISK = 2
"""The risk at which the shipped rules ask who opened a place out of hours."""

DARK_EVERY = 3
"""Every third building stays dark."""

ZONES = 8
"""Zones of a panel, as our made-up buildings have them."""

LIFE_MIX = {
    AlarmEvent.PANIC: 45,
    AlarmEvent.FIRE: 25,
    AlarmEvent.HOLD_UP: 10,
    AlarmEvent.MEDICAL: 10,
    AlarmEvent.DURESS: 5,
    AlarmEvent.GAS: 5,
}
"""Shares of life-safety activations, in percent; our guess."""

MINOR_MIX = {
    AlarmEvent.PATH_FAULT: 14,
    AlarmEvent.ACCESS: 58,
    AlarmEvent.BATTERY_FAULT: 6,
    AlarmEvent.SYSTEM_FAULT: 11,
    AlarmEvent.BYPASS: 4,
    AlarmEvent.TAMPER: 2,
    AlarmEvent.ENVIRONMENT: 1,
    AlarmEvent.FIRE_SUPERVISORY: 1,
    AlarmEvent.LATE_TO_CLOSE: 1,
    AlarmEvent.OTHER: 1,
    AlarmEvent.INTRUDER_EXTERNAL: 1,
}
"""Shares of everything small, in percent; our guess."""

MOMENTS = frozenset({AlarmEvent.ACCESS, AlarmEvent.BYPASS, AlarmEvent.LATE_TO_CLOSE, AlarmEvent.OTHER})
"""Minor events that are over when they are said: they have no restore."""

CODES = {
    AlarmEvent.MEDICAL: "CID 1100",
    AlarmEvent.FIRE: "CID 1110",
    AlarmEvent.PANIC: "CID 1120",
    AlarmEvent.DURESS: "CID 1121",
    AlarmEvent.HOLD_UP: "CID 1122",
    AlarmEvent.INTRUDER: "CID 1130",
    AlarmEvent.INTRUDER_EXTERNAL: "CID 1136",
    AlarmEvent.TAMPER: "CID 1137",
    AlarmEvent.GAS: "CID 1151",
    AlarmEvent.ENVIRONMENT: "CID 1154",
    AlarmEvent.FIRE_SUPERVISORY: "CID 1200",
    AlarmEvent.SYSTEM_FAULT: "CID 1300",
    AlarmEvent.MAINS_FAULT: "CID 1301",
    AlarmEvent.BATTERY_FAULT: "CID 1302",
    AlarmEvent.PATH_FAULT: "CID 1350",
    AlarmEvent.OPENED: "CID 1401",
    AlarmEvent.CLOSED: "CID 3401",
    AlarmEvent.CANCEL: "CID 1406",
    AlarmEvent.ACCESS: "CID 1421",
    AlarmEvent.LATE_TO_CLOSE: "CID 1454",
    AlarmEvent.BYPASS: "CID 1570",
    AlarmEvent.TEST: "CID 1602",
    AlarmEvent.OTHER: "CID 1624",
}
"""The Contact ID (DC-05) code a panel sends for each event; 1 is new, 3 is a restore or a closing."""


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all panels report, for ever; `pace` multiplies every rate. No panels: nothing."""
    panels = tuple(place for place in estate.places.values() if place.kind == "arc-alarm")
    if not panels:
        return iter(())
    guarded = [place for place in panels if "system-intruder" in place.tags] or [*panels]
    dark = tuple(place for place in guarded[::DARK_EVERY] if place.hours is None) or tuple(guarded)
    day = tuple(place for n, place in enumerate(guarded) if n % DARK_EVERY and place.hours is None) or dark
    return unfold(
        _tests(dice(seed, "arc tests"), panels, pace),
        _openings(dice(seed, "arc openings"), day, pace),
        _intrusions(dice(seed, "arc intrusions"), dark, pace),
        _life(dice(seed, "arc life"), panels, pace),
        _minor(dice(seed, "arc minor"), panels, pace),
        _district_faults(dice(seed, "arc district"), panels, pace),
    )


def report(at: float, panel: Place, event: AlarmEvent, **more: object) -> Act:
    """Return one report of a panel with its usual code."""
    code = CODES[event]
    if more.get("condition") is Condition.RESTORED:
        code = code.replace(" 1", " 3", 1)
    said = ArcAlarm.model_validate({"site": panel.site, "event": event, "code": code, **more})
    return Act(at, panel.topic, said)


def _zone(rng: random.Random) -> str:
    """Return one of a panel's zones."""
    return f"Z{rng.randint(1, ZONES):02}"


def _tests(rng: random.Random, panels: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield periodic tests, and now and then an engineer's walk test: real alarms under the test flag."""
    for at in arrivals(rng, TESTS_PER_H * pace, first_s=2):
        panel = rng.choice(panels)
        if rng.random() < 0.03:  # noqa: PLR2004 - about every thirtieth test is an engineer on site
            walk = ((at + step * rng.uniform(8, 20), f"Z{step + 1:02}") for step in range(4))
            yield tuple(report(when, panel, AlarmEvent.INTRUDER, zone=zone, test=True) for when, zone in walk)
        else:
            yield (report(at, panel, AlarmEvent.TEST, test=True),)


def _openings(rng: random.Random, panels: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield openings and closings in turn a building; some begin with a forgotten code: alarm, cancel."""
    is_open: set[str] = set()
    quiet = tuple(panel for panel in panels if panel.risk < SOME_RISK) or panels
    for at in arrivals(rng, OPENINGS_PER_H * pace, first_s=4, by_hour=OPENINGS_BY_HOUR):
        panel = rng.choice(panels if rng.random() < IRREGULAR else quiet)
        if panel.topic in is_open:
            is_open.remove(panel.topic)
            yield (report(at, panel, AlarmEvent.CLOSED, set_state=SetState.SET),)
            continue
        is_open.add(panel.topic)
        opened = report(at + 40, panel, AlarmEvent.OPENED, set_state=SetState.UNSET)
        if rng.random() < 0.005:  # noqa: PLR2004 - about every two-hundredth opening trips the entry detector
            yield (
                report(at, panel, AlarmEvent.INTRUDER, zone="Z01", set_state=SetState.SET),
                report(at + 25, panel, AlarmEvent.CANCEL),
                opened,
            )
        else:
            yield (report(at, panel, AlarmEvent.OPENED, set_state=SetState.UNSET),)


def _intrusions(rng: random.Random, panels: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield intruder alarms: single, cancelled, confirmed by a second zone, or by the panel itself."""
    for number, at in enumerate(arrivals(rng, INTRUSIONS_PER_H * pace, first_s=15, by_hour=CALLS_BY_HOUR)):
        panel = rng.choice(panels)
        how = (
            "panel"
            if number == 0
            else rng.choices(("single", "cancel", "second", "panel"), (15, 10, 15, 60))[0]
        )
        zone = _zone(rng)
        first = report(
            at, panel, AlarmEvent.INTRUDER, zone=zone, set_state=SetState.SET, panel_confirmed=how == "panel"
        )
        restored = at + rng.uniform(20, 90)
        restore = report(restored, panel, AlarmEvent.INTRUDER, zone=zone, condition=Condition.RESTORED)
        if how == "cancel":
            yield first, restore, report(restored + rng.uniform(5, 30), panel, AlarmEvent.CANCEL)
        elif how == "second":
            later = restored + rng.uniform(60, 800)
            yield (
                first,
                restore,
                report(later, panel, AlarmEvent.INTRUDER, zone="Z09", set_state=SetState.SET),
            )
        else:
            yield first, restore


def _life(rng: random.Random, panels: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield fire, panic, hold-up, duress, medical and gas; the first is a panic within the first minute."""
    for number, at in enumerate(arrivals(rng, LIFE_PER_H * pace, first_s=30, by_hour=CALLS_BY_HOUR)):
        event = AlarmEvent.PANIC if number == 0 else rng.choices([*LIFE_MIX], [*LIFE_MIX.values()])[0]
        system = "system-fire" if event in (AlarmEvent.FIRE, AlarmEvent.GAS) else "system-panic"
        panel = rng.choice([place for place in panels if system in place.tags] or panels)
        zone = _zone(rng)
        start = report(at, panel, event, zone=zone)
        later = at + rng.uniform(90, 900)
        yield start, report(later, panel, event, zone=zone, condition=Condition.RESTORED)


def _minor(rng: random.Random, panels: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield faults with their restores, and small notices without."""
    for at in arrivals(rng, MINOR_PER_H * pace, first_s=20):
        event = rng.choices([*MINOR_MIX], [*MINOR_MIX.values()])[0]
        panel = rng.choice(panels)
        if event in MOMENTS:
            yield (report(at, panel, event),)
        else:
            later = at + rng.uniform(60, 1800)
            yield report(at, panel, event), report(later, panel, event, condition=Condition.RESTORED)


def _district_faults(rng: random.Random, panels: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield power cuts: mains faults over a district within a minute, and their restores when it is back."""
    for at in arrivals(rng, DISTRICT_FAULTS_PER_H * pace, first_s=300):
        area = rng.choice([*Area])
        there = [place for place in panels if place.area is area] or [*panels]
        hit = rng.sample(there, min(len(there), rng.randint(8, 10)))
        back = at + rng.uniform(300, 1500)
        cut = [
            report(at + number * rng.uniform(1, 3), place, AlarmEvent.MAINS_FAULT)
            for number, place in enumerate(hit)
        ]
        restores = [
            report(back + rng.uniform(0, 60), place, AlarmEvent.MAINS_FAULT, condition=Condition.RESTORED)
            for place in hit
        ]
        yield (*cut, *restores)
