"""Who decides where: the rules of one table as ordered boxes, each with what the rules before it leave.

The last entry, at the number of rules, is the verdict for what no rule takes; so a gap is a region like
any other rule's, and every point of the space is decided exactly once.
"""

from collections.abc import Iterable, Sequence

from controlroom.rules.evaluate import verdict_of
from controlroom.rules.model import Rule
from controlroom.rules.space import Space
from controlroom.rules.verdict import Verdict, no_rule


class Decided:
    """One ordered table in a space that was cut by its conditions (and perhaps by others)."""

    def __init__(self, space: Space, rules: Sequence[Rule]) -> None:
        self.space = space
        self.rules = tuple(rules)
        self.boxes = [*(space.boxes(rule.when) for rule in rules), space.possible]
        self._verdicts = [*(verdict_of(rule, space.kind, "") for rule in rules), no_rule(space.kind, "")]
        self._near: dict[int, list[int]] = {}

    def verdict(self, number: int) -> Verdict:
        """Return what the entry says, without a version."""
        return self._verdicts[number]

    def before(self, number: int) -> list[int]:
        """Return the boxes of earlier rules that meet this entry, the only ones that can take from it."""
        near = self._near.get(number)
        if near is None:
            own = self.boxes[number]
            near = [box for boxes in self.boxes[:number] for box in boxes if self.space.meets((box,), own)]
            self._near[number] = near
        return near

    def taken(
        self, number: int, within: Sequence[int] | None = None, cover: Iterable[int] = ()
    ) -> int | None:
        """Return a box that this entry decides, inside one of `within` and outside of `cover`; None: none."""
        layout = self.space.layout
        for own in self.boxes[number]:
            for limit in (own,) if within is None else within:
                if layout.meets(own & limit):
                    found = layout.escape(own & limit, (*self.before(number), *cover))
                    if found is not None:
                        return found
        return None

    def largest(self, number: int, found: int, within: Sequence[int], cover: Iterable[int] = ()) -> int:
        """Return a largest box around one that `taken` found under the same bounds."""
        layout = self.space.layout
        for own in self.boxes[number]:
            for limit in within:
                if layout.meets(own & limit) and found & ~(own & limit) == 0:
                    return layout.grown(found, own & limit, (*self.before(number), *cover))
        return found
