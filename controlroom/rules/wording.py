"""Rules in words: conditions, values and verdicts as a person says them, for every printed page."""

from datetime import datetime
from typing import assert_never

from controlroom.rules.calendars import LONDON
from controlroom.rules.conditions import word
from controlroom.rules.model import Between, Condition, During, NoneOf, OneOf, Outcome, Tagged
from controlroom.rules.verdict import Verdict

HOUR_S = 3600
MINUTE_S = 60


def condition_text(condition: Condition) -> str:
    """Return a condition in words."""
    match condition:
        case OneOf(field=field, values=values):
            return f"{field} is {_either(sorted(word(value) for value in values))}"
        case NoneOf(field=field, values=values):
            return f"{field} is known" + (f" and not {_either(sorted(values))}" if values else "")
        case Between(field=field, low=low, high=high):
            if high is None:
                return f"{field} is {low} or more"
            return f"{field} is {low}" if low == high else f"{field} is {low} to {high}"
        case Tagged():
            return _tags(condition)
        case During(calendars=names, inside=inside):
            return f"{'during' if inside else 'outside'} {_either(sorted(names))}"
        case _:
            assert_never(condition)


def value_text(value: object) -> str:
    """Return a fact's value as a table writes it; a set of tags as a list."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "no tags"
    if isinstance(value, datetime):
        return f"{value.astimezone(LONDON):%a %d %b %Y %H:%M}"
    return word(value) if value is None or isinstance(value, str | bool) else str(value)


def duration_text(seconds: int | None) -> str:
    """Return a duration in the largest unit that keeps it whole."""
    if seconds is None:
        return "none"
    if seconds % HOUR_S == 0:
        return f"{seconds // HOUR_S}h"
    return f"{seconds // MINUTE_S}min" if seconds % MINUTE_S == 0 else f"{seconds}s"


def says(verdict: Verdict | Outcome) -> dict[str, str]:
    """Return what a verdict says, key by key as a table writes it; the words for nothing are `none`."""
    return {
        "route": str(verdict.route),
        "priority": str(verdict.priority),
        "dispatch": str(verdict.dispatch) if verdict.route == "mobile_response" else "none",
        "answer_within": duration_text(verdict.answer_within_s),
        "respond_within": duration_text(verdict.respond_within_s),
        "hold": duration_text(verdict.hold_s),
        "merge": str(verdict.merge or "none"),
        "action_plan": verdict.action_plan or "none",
        "inform": ", ".join(str(partner) for partner in verdict.inform) or "none",
    }


def verdict_text(verdict: Verdict | Outcome) -> str:
    """Return a verdict in one line, without what it does not say."""
    told = says(verdict)
    rest = [f"{key} {value}" for key, value in told.items() if key != "route" and value != "none"]
    return f"{told['route']}: {', '.join(rest)}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _tags(condition: Tagged) -> str:
    parts = [
        f"{how} {', '.join(sorted(tags))}"
        for how, tags in (
            ("all of", condition.all),
            ("any of", condition.any),
            ("none of", condition.none),
        )
        if tags
    ]
    return f"tags have {' and '.join(parts)}" if parts else "the place is known"
