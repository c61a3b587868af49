"""Who looks, while a request is answered: set at the door, asked wherever the room is read.

A context variable and no argument, so that no handler can forget to hand it on. Outside a request nobody
looks, and sees what all may see.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from msgspec.structs import replace

from controlroom.access.permissions import Person
from controlroom.console.lab import Explainer
from controlroom.console.parts import Parts, RecordsAt, TrailReader
from controlroom.console.seen import NOBODY, Hidden, Looker, hidden_from, says, seen, told
from controlroom.console.shadow_desk import ShadowDesk, ShadowStanding
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.acts import ActPage, Wanted

_LOOKER: ContextVar[Looker] = ContextVar("looker", default=NOBODY)

UNSAID = "about a restricted operation"
"""What an act reads like for whom it is not."""

HiddenIn = Callable[[State], Hidden]
"""Says what of a state is hidden from whoever looks."""


def looks(person: Person | None) -> None:
    """Let this person be the one who looks, until the request of this context is answered."""
    _LOOKER.set(looker_of(person))


def looker() -> Looker:
    """Return who looks."""
    return _LOOKER.get()


def looker_of(person: Person | None) -> Looker:
    """Return a person as one who looks."""
    return Looker(person.name, person.unit) if person is not None else NOBODY


def hidden_now(state: State) -> Hidden:
    """Return what is hidden from whoever looks."""
    return hidden_from(state, looker())


def guarded(parts: Parts, hidden_in: HiddenIn = hidden_now) -> Parts:
    """Return these parts as whoever looks may see them."""
    whole, read = parts.state, parts.records

    def state() -> State:
        now = whole()
        return seen(now, looker(), hidden_in(now))

    async def records(positions: Collection[int]) -> Sequence[Record]:
        found = await read(positions)
        hidden = hidden_in(whole())
        kept = (told(record, hidden) for record in found)
        return [record for record in kept if record is not None]

    def hidden() -> Hidden:
        return hidden_in(whole())

    guarding: dict[str, Any] = {"state": state, "records": records, "hidden": hidden}
    if parts.shadow is not None:
        guarding["shadow"] = _SeenShadow(parts.shadow, hidden)
    if parts.trail is not None:
        guarding["trail"] = _SeenTrail(parts.trail, hidden)
    if parts.engineering is not None:
        explainer = _SeenExplainer(parts.engineering.explainer, hidden, records)
        guarding["engineering"] = replace(parts.engineering, explainer=explainer)
    return replace(parts, **guarding)


class _SeenShadow:
    """A candidate's desk that lists no difference about what is hidden."""

    def __init__(self, desk: ShadowDesk, hidden: Callable[[], Hidden]) -> None:
        self._desk = desk
        self._hidden = hidden
        self.start = desk.start
        self.move = desk.move

    def standing(self) -> ShadowStanding:
        """As `ShadowDesk.standing` says."""
        standing, hidden = self._desk.standing(), self._hidden()
        if not hidden:
            return standing
        kept = tuple(one for one in standing.recent if one.position not in hidden.positions)
        return replace(standing, recent=kept)


class _SeenTrail:
    """An audit that says who did something about what is hidden, and when, and not what."""

    def __init__(self, trail: TrailReader, hidden: Callable[[], Hidden]) -> None:
        self._trail = trail
        self._hidden = hidden

    async def page(self, wanted: Wanted, before: int | None, limit: int) -> ActPage:
        """As `TrailReader.page` says; who looks for words does not find those that are not shown."""
        page, hidden = await self._trail.page(wanted, before, limit), self._hidden()
        if not hidden:
            return page
        acts = tuple(
            replace(act, said=UNSAID) if says(act.said, hidden) else act
            for act in page.acts
            if wanted.about is None or not says(act.said, hidden)
        )
        return replace(page, acts=acts)


class _SeenExplainer:
    """An explainer that has nothing to say about what is hidden."""

    def __init__(self, explainer: Explainer, hidden: Callable[[], Hidden], records: RecordsAt) -> None:
        self._explainer = explainer
        self._hidden = hidden
        self._records = records

    async def explain(self, position: int) -> Mapping[str, tuple[str, ...]]:
        """As `Explainer.explain` says."""
        if self._hidden() and not await self._records((position,)):
            return {}
        return await self._explainer.explain(position)
