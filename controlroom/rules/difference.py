"""What changes when one rule set takes the place of another: not the text, but the verdicts.

Both sets are laid over one space. For each rule of the old set and each of the new one, the region where
the first decided and the second will decide is searched; where what they say differs, that is a change,
told in largest regions with circumstances for each. Where only a rule's id or its `why` differs, it is
wording. What lies in no region changed nothing, however differently it is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from controlroom.rules.calendars import Calendar
from controlroom.rules.decided import Decided
from controlroom.rules.examples import document
from controlroom.rules.model import Condition, During, Rule, RuleSet
from controlroom.rules.safety import Property
from controlroom.rules.space import Space
from controlroom.rules.verdict import NO_RULE, Verdict
from controlroom.rules.wording import says
from controlroom.signals.vocabulary import Kind

REGIONS_AT_MOST = 5
"""Regions shown for one pair of rules; a pair that changes in more places says so."""


class Region(msgspec.Struct, frozen=True):
    """One largest region in words, and a document of circumstances in it."""

    where: tuple[str, ...]
    example: dict[str, Any]


class Change(msgspec.Struct, frozen=True):
    """One pair of rules between which signals move; `no-rule` stands for what no rule takes.

    `what` maps each key of `then` that changes to its old and new words (`id` and `why` for wording).
    `life` says that the signals are those of a safety property marked so; `more` that there are further
    regions.
    """

    table: Kind
    old: str
    new: str
    what: dict[str, tuple[str, str]]
    life: bool
    regions: tuple[Region, ...]
    more: bool


class Difference(msgspec.Struct, frozen=True):
    """The whole difference, what threatens a life first; nothing changed where both parts are empty."""

    old: str
    new: str
    changes: tuple[Change, ...]
    wording: tuple[Change, ...]


def difference(old: RuleSet, new: RuleSet, safety: Sequence[Property] = ()) -> Difference:
    """Return what changes from one set to the other."""
    found: list[Change] = []
    renamed, calendars = _aligned(old.calendars, new.calendars)
    for kind in Kind:
        before = old.rules(kind)
        after = tuple(_renamed(rule, renamed) for rule in new.rules(kind))
        if before == after:
            continue
        whens = [one.when[kind] for one in safety if one.life and kind in one.when]
        asked: list[Condition] = [c for rule in (*before, *after) for c in rule.when]
        space = Space(kind, [*asked, *(c for when in whens for c in when)], calendars)
        life = [box for when in whens for box in space.boxes(when)]
        found.extend(_Pairs(Decided(space, before), Decided(space, after), life).changes())
    changes = [one for one in found if set(one.what) - {"id", "why"}]
    changes.sort(key=lambda one: not one.life)
    wording = [one for one in found if not set(one.what) - {"id", "why"}]
    return Difference(old.version, new.version, tuple(changes), tuple(wording))


class _Pairs:
    """The two readings of one kind."""

    def __init__(self, old: Decided, new: Decided, life: list[int]) -> None:
        self._old, self._new, self._life = old, new, life
        self._in_new = _places(new)
        self._in_old = _places(old)

    def changes(self) -> Iterator[Change]:
        """Yield every pair between which something changes."""
        for first, boxes in enumerate(self._old.boxes):
            here = self._in_new.get(tuple(boxes))
            for second, others in enumerate(self._new.boxes):
                if here is not None and here < second:
                    break  # what the old rule took, its twin takes before this one can
                there = self._in_old.get(tuple(others))
                if there is not None and there < first:
                    continue
                what = _what(self._old.verdict(first), self._new.verdict(second))
                if what and self._old.space.meets(boxes, others):
                    yield from self._change(first, second, what)

    def _change(self, first: int, second: int, what: dict[str, tuple[str, str]]) -> Iterator[Change]:
        """Yield the change of one pair, what threatens a life apart from the rest."""
        within = [
            one & other
            for one in self._old.boxes[first]
            for other in self._new.boxes[second]
            if self._old.space.layout.meets(one & other)
        ]
        life = [one & box for one in within for box in self._life if self._old.space.layout.meets(one & box)]
        for is_life, limits, outside in ((True, life, ()), (False, within, self._life)):
            regions, more = self._regions(first, second, limits, outside)
            if regions:
                kind = self._old.space.kind
                yield Change(
                    kind,
                    _id(self._old, first),
                    _id(self._new, second),
                    what,
                    is_life,
                    regions,
                    more,
                )

    def _regions(
        self, first: int, second: int, limits: Sequence[int], outside: Sequence[int]
    ) -> tuple[tuple[Region, ...], bool]:
        """Return largest regions of the pair inside the limits, and whether there are more."""
        space = self._old.space
        cover = [*self._old.before(first), *self._new.before(second), *outside]
        found: list[Region] = []
        for limit in limits:
            while (piece := space.layout.escape(limit, cover)) is not None:
                if len(found) == REGIONS_AT_MOST:
                    return tuple(found), True
                largest = space.layout.grown(piece, limit, cover)
                cover.append(largest)
                found.append(Region(space.says(largest), document(space.circumstances(largest))))
        return tuple(found), False


def _places(decided: Decided) -> dict[tuple[int, ...], int]:
    """Return the first entry of each region: an entry with the same boxes decides what another one did."""
    places: dict[tuple[int, ...], int] = {}
    for number, boxes in enumerate(decided.boxes):
        places.setdefault(tuple(boxes), number)
    return places


def _id(decided: Decided, number: int) -> str:
    return NO_RULE if number == len(decided.rules) else decided.rules[number].id


def _what(old: Verdict, new: Verdict) -> dict[str, tuple[str, str]]:
    """Return what two verdicts say differently, by key."""
    before = {**says(old), "id": old.rule, "why": old.why}
    after = {**says(new), "id": new.rule, "why": new.why}
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def _aligned(
    old: Mapping[str, Calendar], new: Mapping[str, Calendar]
) -> tuple[dict[str, str], dict[str, Calendar]]:
    """Return new names for calendars that changed their meaning, and all calendars of both sets."""
    renamed = {name: f"{name} (new)" for name, calendar in new.items() if old.get(name, calendar) != calendar}
    calendars = {**new, **old}
    for name, fresh in renamed.items():
        calendars[fresh] = msgspec.structs.replace(new[name], name=fresh)
    return renamed, calendars


def _renamed(rule: Rule, names: Mapping[str, str]) -> Rule:
    """Return the rule with its calendars under their new names."""
    when = tuple(
        msgspec.structs.replace(one, calendars=frozenset(names.get(name, name) for name in one.calendars))
        if isinstance(one, During)
        else one
        for one in rule.when
    )
    return msgspec.structs.replace(rule, when=when)
