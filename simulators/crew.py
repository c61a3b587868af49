"""One mobile response crew as a pure state machine, and the temperaments that make crews differ.

A crew works one order at a time and keeps the others in the order they came. Every order is known by
its id: an order that comes again is not worked again, its last report is said again, same id. What a
crew will do with an order is drawn from (seed, unit, order id), so it is the same whenever it is asked.

Now and then a crew does not notice an order, goes home in the middle of one, or drives through a place
without signal and says everything at once when it is out again. A terminal that starts again knows nothing
but what the broker kept for it: `recover` goes on from there.

Time is an argument, in virtual seconds. `hear`, `told_more`, `stand_down`, `recover` and `wake` return the
crew as it now is and what it says.
"""

import random
from collections.abc import Iterable

import msgspec

from controlroom.signals.dispatch_messages import Cause, CrewWord, Outcome, Step
from simulators.crew_plans import GOES_DARK, GOES_HOME, IGNORES, Plan, Temper
from simulators.crew_plans import plan_of as plan_for
from simulators.timetable import dice

TOO_MANY = "too many orders in hand"
IN_HAND = 6
"""Orders a crew takes on at once; it refuses the next, as a real one would."""

AWAY_S = 7_200.0
"""How long a crew that went home in the middle of a job stays away: until the next one takes its van."""

MEMORY = 200
"""Orders a crew remembers, so that its memory has a bound; a repeat of an older one would be worked again."""


class Saying(msgspec.Struct, frozen=True):
    """One report: the order, the step, and what belongs to it; or the crew's nth word about itself."""

    order: str
    step: Step | None
    outcome: Outcome | None = None
    reason: str | None = None
    cause: Cause | None = None
    word: CrewWord | None = None
    nth: int = 0


class Job(msgspec.Struct, frozen=True):
    """One order at a crew: its plan, its last word, and when the next is due (None: nothing more)."""

    order: str
    plan: Plan
    said: Saying | None = None
    next_s: float | None = None


class Crew(msgspec.Struct, frozen=True):
    """One crew: who, how, and every order it has heard, in the order they came.

    `back_s` is when it comes back on duty, `light_s` when it has signal again, None where it never left;
    `held` is what it said meanwhile. `words` counts its words about itself, `as_of` is what the broker kept
    last.
    """

    unit: str
    seed: int
    temper: Temper = Temper()
    jobs: dict[str, Job] = msgspec.field(default_factory=dict)
    back_s: float | None = None
    light_s: float | None = None
    held: tuple[Saying, ...] = ()
    words: int = 0
    as_of: int = 0


Answer = tuple[Crew, tuple[Saying, ...]]
"""The crew as it now is, and what it says, in order."""


def plan_of(crew: Crew, order: str) -> Plan:
    """Return what this crew does with this order: always the same."""
    return plan_for(crew.unit, crew.seed, crew.temper, order)


def hear(crew: Crew, order: str, now_s: float) -> Answer:
    """Return the crew with this order taken down; of an order known already it says its last word again."""
    known = crew.jobs.get(order)
    if known is not None:
        return crew, () if known.said is None else (known.said,)
    plan = plan_of(crew, order)
    if len([job for job in crew.jobs.values() if job.next_s is not None]) >= IN_HAND:
        plan = msgspec.structs.replace(plan, refusal=TOO_MANY)
    notices = crew.temper.answers and crew.back_s is None and not plan.ignored
    job = Job(order, plan, next_s=now_s + plan.accept_s if notices else None)
    return _with(crew, job), ()


def stand_down(crew: Crew, order: str) -> Answer:
    """Return the crew without this order, whatever it was doing for it; it says that it heard so."""
    known = crew.jobs.get(order) or Job(order, plan_of(crew, order))
    said = Saying(order, Step.STOOD_DOWN)
    crew = _with(crew, msgspec.structs.replace(known, said=said, next_s=None))
    return (crew, (said,)) if crew.temper.answers else (crew, ())


def told_more(crew: Crew, order: str, update: str) -> Answer:
    """Return the crew, which says that it knows what its order is for now, where it noticed.

    Without signal it says so when it is out again; what it hears twice it says twice, under the same name.
    """
    job = crew.jobs.get(order)
    if not crew.temper.answers or crew.back_s is not None or (job is not None and job.plan.ignored):
        return crew, ()
    said = Saying(update, Step.ACKNOWLEDGED)
    if crew.light_s is None:
        return crew, (said,)
    return msgspec.structs.replace(crew, held=(*crew.held, said)), ()


def recover(crew: Crew, kept: dict[str, Step | None], as_of: int, now_s: float) -> Answer:
    """Return the crew with what the broker kept for it, as of a position of the room's journal.

    An order that it does not know goes on from the step that the room knows of; one that it knows and that is
    not there any more is over. What is older than what was seen last says nothing.
    """
    if as_of < crew.as_of:
        return crew, ()
    crew = msgspec.structs.replace(crew, as_of=as_of)
    for order, step in kept.items():
        if order not in crew.jobs:
            new = hear(crew, order, now_s)[0]
            crew = new if step is None else _with(crew, _resumed(crew, order, step, now_s))
    over = [job for job in crew.jobs.values() if job.next_s is not None and job.order not in kept]
    for job in over:
        crew = _with(crew, msgspec.structs.replace(job, next_s=None))
    return crew, ()


def _resumed(crew: Crew, order: str, step: Step, now_s: float) -> Job:
    """Return the job at this step, as if it had just been said."""
    plan = plan_of(crew, order)
    rest_s = {Step.ACCEPTED: plan.leave_s, Step.EN_ROUTE: plan.travel_s, Step.ON_SCENE: plan.stay_s}
    return Job(order, plan, Saying(order, step), now_s + rest_s.get(step, 0.0))


def wake(crew: Crew, now_s: float) -> Answer:
    """Return the crew with everything done that was due by now, said in the order it was due."""
    said: list[Saying] = []
    while (at := _next_of(crew)) is not None and at <= now_s:
        if at == crew.light_s:
            said += crew.held
            crew = msgspec.structs.replace(crew, light_s=None, held=())
            continue
        crew, new = _comes_back(crew) if at == crew.back_s else _works(crew, at)
        if crew.light_s is None:
            said += new
        else:
            crew = msgspec.structs.replace(crew, held=(*crew.held, *new))
        crew = _loses_signal(crew, new, at)
    return crew, tuple(said)


def next_s(crews: Iterable[Crew]) -> float | None:
    """Return when the first of these crews has something to do; None if none has."""
    due = map(_next_of, crews)
    return min((at for at in due if at is not None), default=None)


def _next_of(crew: Crew) -> float | None:
    job = _due(crew)
    moments = (crew.light_s, crew.back_s, job.next_s if job is not None else None)
    return min((at for at in moments if at is not None), default=None)


def _works(crew: Crew, at_s: float) -> Answer:
    """Take the job that is due one step on; whoever goes home says so and drops everything."""
    due = _due(crew)
    if due is None:
        return crew, ()
    job = _step(crew, due, at_s)
    crew = _with(crew, job)
    if job.said is None or job.said == due.said:
        return crew, ()
    if job.said.step is None or job.said.step is not job.plan.home_after:
        return crew, (job.said,)
    dropped = {name: msgspec.structs.replace(one, next_s=None) for name, one in crew.jobs.items()}
    crew = msgspec.structs.replace(crew, jobs=dropped, back_s=at_s + AWAY_S)
    crew, home = _word(crew, CrewWord.BOOKED_OFF)
    return crew, (job.said, *home)


def _comes_back(crew: Crew) -> Answer:
    return _word(msgspec.structs.replace(crew, back_s=None), CrewWord.BOOKED_ON)


def _word(crew: Crew, word: CrewWord) -> Answer:
    """Return the crew after a word about itself."""
    nth = crew.words + 1
    return msgspec.structs.replace(crew, words=nth), (Saying("", None, word=word, nth=nth),)


def _loses_signal(crew: Crew, said: tuple[Saying, ...], at_s: float) -> Crew:
    """Return the crew without signal where it set out into a dark place."""
    for saying in said:
        job = crew.jobs.get(saying.order)
        if job is not None and saying.step is Step.EN_ROUTE and job.plan.dark_s and crew.light_s is None:
            return msgspec.structs.replace(crew, light_s=at_s + job.plan.dark_s)
    return crew


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
            return _said(job, Saying(job.order, Step.CLEARED, outcome=plan.outcome, cause=plan.cause), None)


def _said(job: Job, saying: Saying, next_at: float | None) -> Job:
    """Return the job after it was spoken of."""
    return msgspec.structs.replace(job, said=saying, next_s=next_at)


def muster(units: Iterable[str], seed: int) -> dict[str, Crew]:
    """Return a crew for each unit: about a fifth slow (three times), one in sixteen never answering."""
    names = sorted(units)
    rng: random.Random = dice(seed, "muster")
    rng.shuffle(names)
    silent, slow = len(names) // 16, len(names) // 5
    usual = Temper(ignores=IGNORES, goes_dark=GOES_DARK, goes_home=GOES_HOME)
    slower = msgspec.structs.replace(usual, slowness=2.0)
    tempers = [Temper(answers=False)] * silent + [slower] * slow
    tempers += [usual] * (len(names) - len(tempers))
    return {unit: Crew(unit, seed, temper) for unit, temper in sorted(zip(names, tempers, strict=True))}
