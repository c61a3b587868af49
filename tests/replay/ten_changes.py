"""Ten changes of the shipped rules whose effect is known, each an edit of the text as a person makes it."""

from collections.abc import Callable
from pathlib import Path

Edit = Callable[[Path], None]


def _replaced(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text()
        assert text.count(old) == 1, (file, old, text.count(old))
        path.write_text(text.replace(old, new))

    return edit


def _of_rule(file: str, rule: str, old: str, new: str) -> Edit:
    """Change a piece of one rule."""

    def edit(folder: Path) -> None:
        path = folder / file
        before, head, rest = path.read_text().partition(f"  - id: {rule}\n")
        own, blank, after = rest.partition("\n\n")
        assert own.count(old) == 1, (rule, old)
        path.write_text(before + head + own.replace(old, new) + blank + after)

    return edit


def _taken_out(file: str, rule: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / file
        before, _, rest = path.read_text().partition(f"  - id: {rule}\n")
        path.write_text(before + rest.partition("\n\n")[2])

    return edit


def _swapped(file: str, first: str, second: str) -> Edit:
    """Let two rules that follow each other change places; a rule is four lines."""

    def edit(folder: Path) -> None:
        path = folder / file
        lines = path.read_text().splitlines(keepends=True)
        one, other = (lines.index(f"  - id: {rule}\n") for rule in (first, second))
        assert 0 < other - one <= 5, (first, second)
        lines[one : one + 4], lines[other : other + 4] = lines[other : other + 4], lines[one : one + 4]
        path.write_text("".join(lines))

    return edit


BATTERY = """  - id: low-battery-out-of-hours
    when: {event: low_battery, outside: opening_hours}
    then: {route: mobile_response, priority: 3, dispatch: operator, answer_within: 3min, \
respond_within: 60min, action_plan: ring-worker, merge: place}
    why: Out of hours a worker is likelier to be alone.

  - id: low-battery
"""

CHANGES: dict[str, Edit] = {
    "a threshold moves": _of_rule(
        "rules/camera-fault.yaml", "blind-at-high-risk", "risk: {from: 3}", "risk: {from: 2}"
    ),
    "a count moves": _of_rule(
        "rules/camera-fault.yaml", "fault-repeated", "repeats: {from: 3}", "repeats: {from: 1}"
    ),
    "a priority changes": _of_rule("rules/park.yaml", "opened", "priority: 4", "priority: 3"),
    "a life-safety alarm loses its urgency": _of_rule(
        "rules/lone-worker.yaml", "sos", "priority: 1, dispatch: automatic", "priority: 2, dispatch: operator"
    ),
    "two rules are swapped": _swapped("rules/arc-alarm.yaml", "mains-fault-out-of-hours", "mains-fault"),
    "a rule is taken out": _taken_out("rules/camera-fault.yaml", "blind-bus-station"),
    "a rule is added": _replaced("rules/lone-worker.yaml", "  - id: low-battery\n", BATTERY),
    "a calendar moves": _replaced(
        "calendars.yaml",
        'from: "08:00", to: "18:00"}\n    closed_on',
        'from: "09:00", to: "18:00"}\n    closed_on',
    ),
    "a hold is longer": _of_rule(
        "rules/arc-alarm.yaml", "mains-fault-out-of-hours", "hold: 30min", "hold: 20min"
    ),
    "a route turns round": _of_rule(
        "rules/camera-fault.yaml",
        "image-quality",
        "route: log, priority: 4",
        "route: mobile_response, priority: 3, dispatch: operator, answer_within: 10min, respond_within: 4h",
    ),
}
