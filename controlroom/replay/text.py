"""The report of a replay as lines for a terminal, what touches a life first."""

from collections.abc import Iterator

from controlroom.replay.difference import Difference
from controlroom.replay.grouping import Group
from controlroom.replay.load import Load
from controlroom.replay.report import Report, Side

VERSION_SHOWN = 12
"""Digits of a rule set's hash: enough to tell a council's sets apart."""

DIFFERENCES_SHOWN = 40
"""Differences that a terminal gets one by one; JSON and the page have all that are listed."""


def lines_of(report: Report) -> Iterator[str]:
    """Yield the report, line by line."""
    source = report.source
    begins, ends = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (source.begins, source.ends))
    yield f"{source.name}: {source.events:,} events from {begins} to {ends} UTC"
    for note in source.notes:
        yield f"  note: {note}"
    for word, one in (("old" if report.new else "rules", report.old), ("new", report.new)):
        if one is not None:
            yield from _side(word, one)
    if report.new is not None:
        yield ""
        yield from _differences(report)
    yield ""
    yield from _load(report)


def _side(word: str, one: Side) -> Iterator[str]:
    where = ", ".join(f"{count:,} {name}" for name, count in one.routes.items()) or "nothing"
    yield f"{word}: {one.name} ({one.version[:VERSION_SHOWN]}), {one.signals:,} signals: {where}"


def _differences(report: Report) -> Iterator[str]:
    totals = report.totals
    if not report.different:
        yield "no decision differs"
        return
    yield (
        f"{totals.direct:,} decisions differ by the rules, {totals.life:,} of them about a life;"
        f" {totals.consequences:,} more are consequences, {totals.consequences_life:,} about a life"
    )
    for number, group in enumerate(report.groups, 1):
        yield ""
        yield from _group(number, group)
    if report.unnamed:
        yield ""
        yield f"consequences of no single difference: {_counts(report.unnamed)}"
    yield ""
    shown = report.differences[:DIFFERENCES_SHOWN]
    for one in shown:
        yield _difference(one)
    left = totals.direct + totals.consequences - len(shown)
    if left:
        yield f"… and {left:,} more; --format json or html has them"


def _group(number: int, group: Group) -> Iterator[str]:
    life = "LIFE-SAFETY  " if group.life else ""
    yield f"{number:>3}. {life}{group.count:,} times {group.kind}: {_rules(group)}"
    for name, (old, new) in group.changed.items():
        if name != "rule":
            yield f"       {name}: {old} -> {new}"
    first = ", ".join(str(one) for one in group.numbers)
    yield f"       first at {first}" + (
        f"; led to {_counts(group.consequences)}" if group.consequences else ""
    )


def _rules(group: Group) -> str:
    old, new = group.old or "no rule", group.new or "no rule"
    return f"{old} decides differently" if old == new else f"{old} decided, {new} will"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


def _difference(one: Difference) -> str:
    why = "by the rules" if one.direct else f"follows {one.follows}" if one.follows else "follows"
    what = "; ".join(
        f"{name}: {one.old.get(name, 'none')} -> {one.new.get(name, 'none')}" for name in one.changed
    )
    life = " LIFE-SAFETY" if one.life else ""
    about = f"{one.kind} {one.word} {one.source}"
    return f"{one.number:>9}  {one.at:%Y-%m-%dT%H:%M:%SZ}{life}  {about}  ({why})  {what}"


def _load(report: Report) -> Iterator[str]:
    assumed = report.assumed
    handling = ", ".join(f"P{n} {seconds} s" for n, seconds in enumerate(assumed.handling_s, 1))
    yield f"predicted load, assuming that handling takes {handling}, and a crew's trip {assumed.trip_s} s"
    sides = [("old", report.old), ("new", report.new)] if report.new else [("", report.old)]
    for word, one in sides:
        if one is not None:
            yield from _of_side(word, one.load)


def _of_side(word: str, load: Load) -> Iterator[str]:
    name = f"{word}: " if word else ""
    counts = ", ".join(f"{count:,} P{priority}" for priority, count in load.incidents.items())
    yield (
        f"  {name}{sum(load.incidents.values()):,} incidents ({counts}), {load.handling_h} operator hours;"
        f" {load.orders:,} orders, {load.crew_h} crew hours, at most {load.most_crews_out} out at once"
    )
    yield "    operators  median s   90 % s   99 % s  longest s  in time  queue  at the end   busy"
    for desk in load.desks:
        waits = f"{desk.median_s:>8}  {desk.p90_s:>7}  {desk.p99_s:>7}  {desk.longest_s:>9}"
        queue = f"{desk.in_time:>7.1%}  {desk.longest_queue:>5}  {desk.at_the_end:>10}  {desk.busy:>5.0%}"
        yield f"    {desk.operators:>9}  {waits}  {queue}"
