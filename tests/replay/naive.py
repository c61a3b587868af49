"""A second opinion on the tables: the YAML read by itself, row after row asked of plain dictionaries.

It shares no code with the rules: not the loader, not the index, not the calendars. It knows what the shipped
tables use and stops at anything else.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

LONDON = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Facts = dict[str, Any]


class NaiveRules:
    """The tables and calendars of one folder."""

    def __init__(self, folder: Path) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        tables = [yaml.safe_load(file.read_text()) for file in sorted(folder.glob("*.yaml"))]
        for table in sorted((one for one in tables if "table" in one), key=lambda one: "continues" in one):
            self._rows.setdefault(table["table"], []).extend(table["rules"])
        self._calendars = yaml.safe_load((folder.parent / "calendars.yaml").read_text())["calendars"]

    def verdict(self, table: str, facts: Facts, now: datetime) -> tuple[str, Any]:
        """Return the id and the outcome of the first row that fits."""
        for row in self._rows[table]:
            if all(self._fits(name, wanted, facts, now) for name, wanted in (row["when"] or {}).items()):
                return row["id"], row["then"]
        return "no-rule", None

    def _fits(self, name: str, wanted: Any, facts: Facts, now: datetime) -> bool:
        if name in {"during", "outside"}:
            names = wanted if isinstance(wanted, list) else [wanted]
            inside = any(self._inside(self._calendars[one], now.astimezone(LONDON)) for one in names)
            return inside is (name == "during")
        value = facts[name]
        if name == "tags":
            return _tagged(wanted, value)
        if isinstance(wanted, dict) and "not" in wanted:
            refused = wanted["not"] if isinstance(wanted["not"], list) else [wanted["not"]]
            return value is not None and value not in refused
        if isinstance(wanted, dict):
            low, high = wanted.get("from", 0), wanted.get("to", float("inf"))
            assert set(wanted) <= {"from", "to"}
            return value is not None and low <= value <= high
        words = wanted if isinstance(wanted, list) else [wanted]
        return any(value is None if word == "unknown" else value == word for word in words)

    def _inside(self, calendar: dict[str, Any], at: datetime) -> bool:
        if "dates" in calendar:
            return at.date() in calendar["dates"]
        return any(self._open(span, calendar, at, back) for span in calendar["weekly"] for back in (0, 1))

    def _open(self, span: dict[str, Any], calendar: dict[str, Any], at: datetime, back: int) -> bool:
        """Say whether a span that began today, or yesterday and runs past midnight, holds at that minute."""
        begun = at.date() - timedelta(days=back)
        first, _, last = span["days"].partition("-")
        if not DAYS.index(first) <= begun.weekday() <= DAYS.index(last or first):
            return False
        shut = calendar.get("closed_on")
        if shut is not None and begun in self._calendars[shut]["dates"]:
            return False
        begins, ends = (int(text[:2]) * 60 + int(text[3:]) for text in (span["from"], span["to"]))
        ends += 24 * 60 if ends <= begins else 0
        minute = at.hour * 60 + at.minute + back * 24 * 60
        return begins <= minute < ends


def facts_of(signal: Facts, place: Facts | None, room: Facts) -> Facts:
    """Return the facts of a signal by the names that the tables use; those of an unknown place are None."""
    facts: Facts = {"known": place is not None, "area": signal["source"].split("/")[1]}
    facts |= dict.fromkeys(("site", "site_kind", "risk", "tags", "keys_held", "name"))
    facts |= place or {}
    facts |= room
    data = {name: value for name, value in signal["data"].items() if name not in facts}
    taken = {f"signal.{name}": value for name, value in signal["data"].items() if name in facts}
    return facts | data | taken | {"simulated": signal["simulated"]}


def _tagged(wanted: Any, tags: Any) -> bool:
    if tags is None:
        return False
    if not isinstance(wanted, dict):
        raise TypeError(f"tags: {wanted!r} is more than this evaluator knows")
    has = {how: set(words if isinstance(words, list) else [words]) for how, words in wanted.items()}
    assert set(has) <= {"all", "any", "none"}
    return (
        has.get("all", set()) <= set(tags)
        and not has.get("none", set()) & set(tags)
        and ("any" not in has or bool(has["any"] & set(tags)))
    )
