"""What only the whole plan can know: whether what is written about a measure fits together.

A percentage is of another measure, a milestone has a goal, a selector asks only for fields and words that the
event it names can have. Every contradiction is found, each with its place in the file.
"""

from collections.abc import Iterator, Mapping

from controlroom.measures.plan.model import MeasureText, PlanText, Selector
from controlroom.measures.plan.words import (
    ENTRY_FIELDS,
    ENTRY_NUMBERS,
    EVENT_FIELDS,
    Countable,
    MeasureKind,
    Polarity,
)
from controlroom.rules.problems import not_allowed

Found = tuple[tuple[int | str, ...], str]
"""Where something is wrong, and what."""


def nonsense(plan: PlanText) -> Iterator[Found]:
    """Yield everything that does not fit together."""
    first: dict[str, int] = {}
    for number, measure in enumerate(plan.measures):
        here = ("measures", number)
        if measure.id in first:
            message = (
                f"measure '{measure.id}' stands twice, first as number {first[measure.id] + 1}; rename one"
            )
            yield (*here, "id"), message
        first.setdefault(measure.id, number)
        if measure.priority not in plan.priorities:
            yield (*here, "priority"), f"priority {measure.priority} has no words in `priorities`; write them"
    for number, measure in enumerate(plan.measures):
        for loc, message in _of_measure(measure, plan):
            yield ("measures", number, *loc), message


def _of_measure(measure: MeasureText, plan: PlanText) -> Iterator[Found]:
    yield from _of_kind(measure, plan)
    yield from _of_target(measure)
    for number, selector in enumerate(measure.counts):
        for loc, message in _of_selector(selector):
            yield ("counts", number, *loc), message


def _of_kind(measure: MeasureText, plan: PlanText) -> Iterator[Found]:
    kind, name = measure.kind, f"measure '{measure.id}'"
    if kind is MeasureKind.PERCENTAGE:
        others = [one.id for one in plan.measures if one.id != measure.id and one.kind is not kind]
        if measure.of is None:
            yield (), f"{name} is a percentage and has no 'of'; name the measure that is the whole"
        elif measure.of not in others:
            yield ("of",), not_allowed(f"of {name}: measure", measure.of, others)
    elif measure.of is not None:
        yield ("of",), f"{name} is no percentage; only a percentage is 'of' another measure"
    if (kind is MeasureKind.MILESTONE) is (measure.goal is None):
        said = "has no 'goal'; name it" if measure.goal is None else "is no milestone; take 'goal' away"
        yield (() if measure.goal is None else ("goal",)), f"{name} {said}"
    if (kind is MeasureKind.MILESTONE) is bool(measure.counts):
        said = (
            "counts nothing; say in 'counts' what counts"
            if not measure.counts
            else "is a milestone: no 'counts'"
        )
        yield (() if not measure.counts else ("counts",)), f"{name} {said}"
    if (kind is MeasureKind.ACTIVITY) and measure.polarity is not Polarity.NEITHER:
        yield ("polarity",), f"{name} is an activity; more of it is neither good nor bad: write neither"
    adding = any(selector.add_up for selector in measure.counts)
    if (kind is MeasureKind.PEOPLE) is not adding:
        said = (
            "counts people; say with 'add_up' which number" if not adding else "adds up; write kind: people"
        )
        yield ("counts",), f"{name} {said}"
    if measure.baseline is not None and kind is not MeasureKind.CHANGE_ON_BASELINE:
        yield ("baseline",), f"{name} is no change on a baseline; write baseline: none"


def _of_target(measure: MeasureText) -> Iterator[Found]:
    target, name = measure.target, f"measure '{measure.id}'"
    if target is None:
        return
    once = measure.kind is MeasureKind.MILESTONE
    if once is (target.due is None) or once is (target.value is not None):
        wanted = "a day ('due') and no 'value'" if once else "a 'value' and no day ('due')"
        yield ("target",), f"the target of {name} needs {wanted}"
    if measure.kind in {MeasureKind.ACTIVITY, MeasureKind.NARRATIVE}:
        yield ("target",), f"{name} is {measure.kind}, of which nothing is wanted; write target: none"
    elif not once and measure.polarity is Polarity.NEITHER:
        yield ("polarity",), f"{name} has a target; say which way is good: up or down"


def _of_selector(selector: Selector) -> Iterator[Found]:
    entry = selector.event is Countable.LOG_ENTRY
    if entry is (selector.kind is None):
        said = (
            "names no 'kind' of entry" if entry else f"is about {selector.event}; only log_entry has a 'kind'"
        )
        yield (() if entry else ("kind",)), f"the selector {said}"
        return
    what = f"log entry '{selector.kind}'" if entry else f"event '{selector.event}'"
    fields = ENTRY_FIELDS[selector.kind] if selector.kind is not None else EVENT_FIELDS[selector.event]
    yield from _of_where(selector, what, fields)
    numbers = ENTRY_NUMBERS[selector.kind] if selector.kind is not None else frozenset()
    if selector.add_up is not None and selector.add_up not in numbers:
        yield ("add_up",), not_allowed(f"number of {what}", selector.add_up, sorted(numbers))


def _of_where(selector: Selector, what: str, fields: Mapping[str, tuple[str, ...]]) -> Iterator[Found]:
    for name, words in selector.where.items():
        if name not in fields:
            yield ("where", name), not_allowed(f"field of {what}", name, fields)
            continue
        for word in words:
            if fields[name] and word not in fields[name]:
                yield ("where", name), not_allowed(f"{name} of {what}", word, fields[name])
