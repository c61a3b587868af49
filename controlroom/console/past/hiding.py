"""What of the past is not for who asks: what is restricted today was never for them.

The room's process says with each question which incidents and log entries are hidden; here it becomes what of
a past state, with its orders and signals as they were, is hidden. And the other way round: which restricted
matters an answer tells to somebody who may read them, for that is written down.
"""

import base64
from contextvars import ContextVar

import msgspec
from aiohttp import web
from msgspec.structs import replace

from controlroom.console.admission import person_of
from controlroom.console.looking import looker
from controlroom.console.past.boards import ENTRIES, LIVE, PAST
from controlroom.console.past.questions import HIDDEN
from controlroom.console.seen import Hidden, hidden_in
from controlroom.console.sight import Sight, sight_of
from controlroom.incidents.state import State

_GONE: ContextVar[frozenset[str]] = ContextVar("gone", default=frozenset())
_NAMES = msgspec.json.Decoder(frozenset[str])
_NONE = base64.b64encode(b"[]").decode()


def hides_for(request: web.Request) -> None:
    """Hide what the room's process says, until the request of this context is answered."""
    _GONE.set(_NAMES.decode(base64.b64decode(request.headers.get(HIDDEN, _NONE))))


def hidden_then(state: State) -> Hidden:
    """Return what of a past state is hidden from who asks."""
    return hidden_in(state, _GONE.get(), looker())


def restricted_told(path: str, about: str | None, state: State) -> tuple[str, ...]:
    """Return the ids of restricted matters that an answer tells; `state` is as who asks may see it.

    `path` is the live address of the question, `about` the id in it.
    """
    if path.startswith(ENTRIES):
        entries = state.log_book.recent if about is None else {about: state.log_book.entry(about)}
        return tuple(name for name, entry in entries.items() if entry is not None and entry.readers)
    if about is not None:
        return (about,) if about in state.restricted else ()
    if path in {PAST, f"{LIVE}/incidents"}:
        return tuple(name for name in state.incidents if name in state.restricted)
    return ()


def past_sight(request: web.Request) -> Sight:
    """Return what who asks may see, as far as that is known without a state."""
    return replace(sight_of(person_of(request)), hidden=Hidden(_GONE.get()))
