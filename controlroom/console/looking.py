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

LOOKERS_MAX = 4
"""People for whom the room is kept as they may see it, until it moves on: who asks in one breath. Each costs
a list of all that is expected, some 20 MB in a house of a hundred thousand sites."""

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
    whole, read, state = parts.state, parts.records, _SeenState(parts.state, hidden_in)

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


class _SeenState:
    """The room as whoever looks may see it: made once until the room moves on, for boards ask for each place.

    What somebody may see is a copy of all the room knows, less what is hidden: a board of a thousand cameras
    would else stand in the way of a signal for a second. Where nothing is hidden nothing is made.
    """

    def __init__(self, whole: Callable[[], State], hidden_in: HiddenIn) -> None:
        self._whole = whole
        self._hidden_in = hidden_in
        self._of: State | None = None
        self._position = -1
        self._known: dict[tuple[Looker, Hidden], State] = {}

    def __call__(self) -> State:
        """Return it as of this step of the event loop."""
        now, who = self._whole(), looker()
        hidden = self._hidden_in(now)
        if not hidden:
            return now
        if now is not self._of or now.position != self._position or len(self._known) >= LOOKERS_MAX:
            self._of, self._position = now, now.position
            self._known.clear()
        known = self._known.get((who, hidden))
        if known is None:
            known = self._known[who, hidden] = seen(now, who, hidden)
        return known


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
