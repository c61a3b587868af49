"""Reading `calendars.yaml`: named calendars, each with its spans of the week and its dates.

A calendar says `weekly` (spans with `days`, `from`, `to`), `dates` (whole days), or both, and may be
`closed_on` other calendars: on their dates none of its weekly spans starts. `to` at or before `from`
runs past midnight; `to: 24:00` is midnight at the end of the day.
"""

import re
from datetime import date

from controlroom.rules.calendars import DAY_MINUTES, DAYS, Calendar, Span
from controlroom.rules.conditions import read_names
from controlroom.rules.problems import Findings, not_allowed
from controlroom.rules.source import Entries, Items, Node, Scalar, describe, items, keyed, mapping, parse

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_calendars(file: str, text: str, findings: Findings) -> dict[str, Calendar]:
    """Return the calendars of one file by name; what is wrong with them is among the findings."""
    tree = parse(file, text, findings)
    if tree is None:
        return {}
    top = keyed(tree, "the calendar file", findings, required=("calendars",))
    body = mapping(top["calendars"], "`calendars`", findings) if "calendars" in top else None
    entries = () if body is None else body.entries
    plain: dict[str, tuple[Calendar, Node]] = {}
    for key, node in entries:
        if _NAME.fullmatch(key.text) is None:
            findings.add(
                key.mark, f"calendar '{key.text}' is no name; allowed: small letters, digits, underscores"
            )
        else:
            plain[key.text] = (_calendar(key.text, node, findings), node)
    return {name: _closed(calendar, node, plain, findings) for name, (calendar, node) in plain.items()}


def _calendar(name: str, node: Node, findings: Findings) -> Calendar:
    """Return the calendar before other calendars' dates are taken out of it."""
    what = f"calendar '{name}'"
    body = keyed(node, what, findings, required=("why",), optional=("weekly", "dates", "closed_on"))
    if isinstance(node, Entries) and not {"weekly", "dates"} & set(body):
        findings.add(node.mark, f"{what} has neither `weekly` nor `dates`, so it would never hold; write one")
    weekly: list[Span] = []
    for one in items(body["weekly"], f"`weekly` of {what}", findings) if "weekly" in body else ():
        weekly.extend(_spans(one, findings))
    dates = _dates(body["dates"], what, findings) if "dates" in body else frozenset()
    return Calendar(name, tuple(sorted(weekly)), dates)


def _closed(
    calendar: Calendar, node: Node, plain: dict[str, tuple[Calendar, Node]], findings: Findings
) -> Calendar:
    """Return the calendar with the dates of those it is closed on."""
    on = (
        next((v for k, v in node.entries if k.text == "closed_on"), None)
        if isinstance(node, Entries)
        else None
    )
    if on is None:
        return calendar
    others = [name for name in plain if name != calendar.name]
    names = read_names(on, "calendar", others, findings)
    for name in names:
        if not plain[name][0].dates:
            findings.add(on.mark, f"calendar '{name}' has no `dates`, so nothing can be closed on it")
    never = frozenset(day for name in names for day in plain[name][0].dates)
    return Calendar(calendar.name, calendar.weekly, calendar.dates, never)


def _spans(node: Node, findings: Findings) -> list[Span]:
    """Return one span a day named."""
    body = keyed(node, "a span", findings, required=("days", "from", "to"))
    days = [day for one in _nodes(body.get("days")) for day in _days(one, findings)]
    start = _minute(body.get("from"), "from", findings)
    end = _minute(body.get("to"), "to", findings)
    if start is None or end is None:
        return []
    if start == DAY_MINUTES:
        findings.add(body["from"].mark, "from '24:00' is the next day's 00:00; write that")
        return []
    if start == end:
        findings.add(node.mark, "the span ends when it starts; a whole day is from 00:00 to 24:00")
        return []
    return [Span(day, start, end if end > start else end + DAY_MINUTES) for day in dict.fromkeys(days)]


def _nodes(node: Node | None) -> tuple[Node, ...]:
    """Return the nodes of a list, or the one node."""
    if node is None:
        return ()
    return node.nodes if isinstance(node, Items) else (node,)


def _days(node: Node, findings: Findings) -> range:
    """Return the numbers of a day (`mon`) or a run of days (`mon-fri`, `sat-mon`)."""
    if not isinstance(node, Scalar):
        findings.add(
            node.mark, f"a day is {describe(node)}; allowed: {', '.join(DAYS)}, or a run like mon-fri"
        )
        return range(0)
    first, _, last = node.text.partition("-")
    for name in (first, last or first):
        if name not in DAYS:
            findings.add(node.mark, not_allowed("day", name, DAYS))
            return range(0)
    start, end = DAYS.index(first), DAYS.index(last or first)
    if start > end:
        findings.add(node.mark, f"the run '{node.text}' goes past Sunday; write two entries")
        return range(0)
    return range(start, end + 1)


def _minute(node: Node | None, key: str, findings: Findings) -> int | None:
    """Return the minute of the day, 0 to 1,440; None when absent or wrong."""
    if node is None:
        return None
    if isinstance(node, Scalar) and _CLOCK.fullmatch(node.text):
        hour, _, minute = node.text.partition(":")
        return int(hour) * 60 + int(minute)
    findings.add(
        node.mark, f"{key} {describe(node)} is no time of day; allowed: 00:00 to 24:00 with two digits each"
    )
    return None


def _dates(node: Node, what: str, findings: Findings) -> frozenset[date]:
    """Return the dates of a list; an impossible or doubled one is a finding."""
    found: set[date] = set()
    for one in items(node, f"`dates` of {what}", findings):
        day = _date(one)
        if day is None:
            findings.add(one.mark, f"{describe(one)} is no date; allowed: a day that exists, like 2026-12-25")
        elif day in found:
            findings.add(one.mark, f"date {day} stands twice; keep one")
        else:
            found.add(day)
    return frozenset(found)


def _date(node: Node) -> date | None:
    """Return the date, or None."""
    if not isinstance(node, Scalar) or _DATE.fullmatch(node.text) is None:
        return None
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        return None
