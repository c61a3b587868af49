"""One mobile response crew as a pure state machine, and the temperaments that make crews differ.

A crew works one order at a time and keeps the others in the order they came. Every order is known by
its id: an order that comes again is not worked again, its last report is said again, same id. What a
crew will do with an order is drawn from (seed, unit, order id), so it is the same whenever it is asked.

Time is an argument, in virtual seconds. `hear` and `wake` return the crew as it now is and what it says.
"""

import random
from collections.abc import Iterable

import msgspec

from controlroom.signals.dispatch_messages import Outcome, Step
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

TOO_MANY = "too many orders in hand"
IN_HAND = 6
"""Orders a crew takes on at once; it refuses the next, as a real one would."""

MEMORY = 200
"""Orders a crew remembers, so that its memory has a bound; a repeat of an older one would be worked again."""


class Temper(msgspec.Struct, frozen=True):
    """How a crew is: its slowness as a factor, its chance to refuse, and whether it ever answers."""

    slowness: float = 1.0
    refuses: float = 0.04
    answers: bool = True


class Plan(msgspec.Struct, frozen=True):
    """What a crew will do with one order: virtual seconds before each step, and how it ends."""

    accept_s: float
    leave_s: float
    travel_s: float
    stay_s: float
    outcome: Outcome
    refusal: str | None = None


class Saying(msgspec.Struct, frozen=True):
    """One report: the order, the step, and what belongs to it."""

    order: str
    step: Step
    outcome: Outcome | None = None
    reason: str | None = None


class Job(msgspec.Struct, frozen=True):
    """One order at a crew: its plan, its last word, and when the next is due (None: nothing more)."""

    order: str
    plan: Plan
    said: Saying | None = None
    next_s: float | None = None


class Crew(msgspec.Struct, frozen=True):
    """One crew: who, how, and every order it has heard, in the order they came."""

    unit: str
    seed: int
    temper: Temper = Temper()
    jobs: dict[str, Job] = msgspec.field(default_factory=dict)


Answer = tuple[Crew, tuple[Saying, ...]]
"""The crew as it now is, and what it says, in order."""


def plan_of(crew: Crew, order: str) -> Plan:
    """Return what this crew does with this order: always the same."""
    rng = dice(crew.seed, f"{crew.unit}/{order}")
    slow = crew.temper.slowness
    refusal = rng.choice(REASONS) if rng.random() < crew.temper.refuses else None
    return Plan(
        accept_s=rng.uniform(15, 60) * slow,
        leave_s=rng.uniform(20, 60) * slow,
        travel_s=rng.uniform(180, 720) * slow,
        stay_s=rng.uniform(240, 900) * slow,
        outcome=rng.choices([*OUTCOMES], [*OUTCOMES.values()])[0],
        refusal=refusal,
    )


def hear(crew: Crew, order: str, now_s: float) -> Answer:
    """Return the crew with this order taken down; of an order known already it says its last word again."""
    known = crew.jobs.get(order)
    if known is not None:
        return crew, () if known.said is None else (known.said,)
    plan = plan_of(crew, order)
    if len([job for job in crew.jobs.values() if job.next_s is not None]) >= IN_HAND:
        plan = msgspec.structs.replace(plan, refusal=TOO_MANY)
    job = Job(order, plan, next_s=now_s + plan.accept_s if crew.temper.answers else None)
    return _with(crew, job), ()


def wake(crew: Crew, now_s: float) -> Answer:
    """Return the crew with everything done that was due by now, said in the order it was due."""
    said: list[Saying] = []
    while (due := _due(crew)) is not None and due.next_s is not None and due.next_s <= now_s:
        job = _step(crew, due, due.next_s)
        crew = _with(crew, job)
        if job.said is not None and job.said != due.said:
            said.append(job.said)
    return crew, tuple(said)


def next_s(crews: Iterable[Crew]) -> float | None:
    """Return when the first of these crews has something to do; None if none has."""
    due = (job.next_s for crew in crews if (job := _due(crew)) is not None)
    return min((at for at in due if at is not None), default=None)


def _with(crew: Crew, job: Job) -> Crew:
    """Return the crew with this job in the place of what it was, an old one forgotten."""
    jobs = crew.jobs | {job.order: job}
    if len(jobs) > MEMORY:
        oldest = next(order for order, each in jobs.items() if each.next_s is None)
        del jobs[oldest]
    return msgspec.structs.replace(crew, jobs=jobs)


def _due(crew: Crew) -> Job | None:
    """Return the job with the nearest next step."""
    waiting = [job for job in crew.jobs.values() if job.next_s is not None]
    return min(waiting, key=lambda job: job.next_s or 0.0, default=None)


def _busy_until(crew: Crew, job: Job) -> float | None:
    """Return when the order that this crew is out on has its next step; None if it is free for this job."""
    for other in crew.jobs.values():
        out = other.said is not None and other.said.step in (Step.EN_ROUTE, Step.ON_SCENE)
        if other.order != job.order and out:
            return other.next_s
    return None


def _step(crew: Crew, job: Job, at_s: float) -> Job:
    """Return the job one step on; an accepted job waits while the crew is out on another."""
    plan = job.plan
    match None if job.said is None else job.said.step:
        case None if plan.refusal is not None:
            return _said(job, Saying(job.order, Step.REFUSED, reason=plan.refusal), None)
        case None:
            return _said(job, Saying(job.order, Step.ACCEPTED), at_s + plan.leave_s)
        case Step.ACCEPTED:
            until = _busy_until(crew, job)
            if until is not None:
                return msgspec.structs.replace(job, next_s=until + plan.leave_s)
            return _said(job, Saying(job.order, Step.EN_ROUTE), at_s + plan.travel_s)
        case Step.EN_ROUTE:
            return _said(job, Saying(job.order, Step.ON_SCENE), at_s + plan.stay_s)
        case _:
            return _said(job, Saying(job.order, Step.CLEARED, outcome=plan.outcome), None)


def _said(job: Job, saying: Saying, next_at: float | None) -> Job:
    """Return the job after it was spoken of."""
    return msgspec.structs.replace(job, said=saying, next_s=next_at)


def muster(units: Iterable[str], seed: int) -> dict[str, Crew]:
    """Return a crew for each unit: about a fifth slow (three times), one in sixteen never answering."""
    names = sorted(units)
    rng: random.Random = dice(seed, "muster")
    rng.shuffle(names)
    silent, slow = len(names) // 16, len(names) // 5
    tempers = [Temper(answers=False)] * silent + [Temper(slowness=2.0)] * slow
    tempers += [Temper()] * (len(names) - len(tempers))
    return {unit: Crew(unit, seed, temper) for unit, temper in sorted(zip(names, tempers, strict=True))}
