"""What a crew will do with an order: when, and how it ends; and how crews differ.

Drawn from (seed, unit, order id), so it is the same whenever it is asked.
"""

import random

import msgspec

from controlroom.signals.dispatch_messages import Cause, Outcome, Step
from simulators.timetable import dice

REASONS = ("vehicle off the road", "already committed to another incident", "crew on its break")
"""Why a crew refuses."""

OUTCOMES = {
    Outcome.FALSE_ALARM: 60,
    Outcome.NO_TRACE: 22,
    Outcome.GENUINE: 13,
    Outcome.HANDED_TO_POLICE: 5,
}
"""What crews find, in percent: mostly nothing, as everywhere (94 to 98 % of burglar alarms are false)."""

DARK_S = (60.0, 600.0)
"""How long a crew may be without signal: from a cellar to the moor."""


class Temper(msgspec.Struct, frozen=True):
    """How a crew is: its slowness as a factor, whether it ever answers, and chances an order.

    The chances are those to refuse, not to notice it, to lose the signal, and to go home in the middle of it.
    """

    slowness: float = 1.0
    refuses: float = 0.04
    answers: bool = True
    ignores: float = 0.0
    goes_dark: float = 0.0
    goes_home: float = 0.0


IGNORES, GOES_DARK, GOES_HOME = 0.03, 0.05, 0.02
"""What every crew of a muster does now and then: often enough to be seen, seldom enough to work."""


class Plan(msgspec.Struct, frozen=True):
    """What a crew will do with one order: virtual seconds before each step, and how it ends."""

    accept_s: float
    leave_s: float
    travel_s: float
    stay_s: float
    outcome: Outcome
    refusal: str | None = None
    cause: Cause | None = None
    ignored: bool = False
    dark_s: float = 0.0
    home_after: Step | None = None


def plan_of(unit: str, seed: int, temper: Temper, order: str) -> Plan:
    """Return what this crew does with this order: always the same."""
    rng = dice(seed, f"{unit}/{order}")
    slow = temper.slowness
    refusal = rng.choice(REASONS) if rng.random() < temper.refuses else None
    plan = Plan(
        accept_s=rng.uniform(15, 60) * slow,
        leave_s=rng.uniform(20, 60) * slow,
        travel_s=rng.uniform(180, 720) * slow,
        stay_s=rng.uniform(240, 900) * slow,
        outcome=rng.choices([*OUTCOMES], [*OUTCOMES.values()])[0],
        refusal=refusal,
    )
    return _with_trouble(plan, temper, rng)


def _with_trouble(plan: Plan, temper: Temper, rng: random.Random) -> Plan:
    """Return the plan with what goes wrong; drawn last, so that nothing else depends on it."""
    ignored, dark = rng.random() < temper.ignores, rng.random() < temper.goes_dark
    home = rng.random() < temper.goes_home
    false_alarm = plan.outcome is Outcome.FALSE_ALARM
    return msgspec.structs.replace(
        plan,
        cause=rng.choice([*Cause]) if false_alarm else None,
        ignored=ignored,
        dark_s=rng.uniform(*DARK_S) if dark else 0.0,
        home_after=rng.choice((Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE)) if home else None,
    )
