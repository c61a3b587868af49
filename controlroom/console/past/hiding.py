"""What of the past is not for who asks: what is restricted today was never for them.

The room's process says with each question which incidents are hidden; here it becomes what of a past state,
with its orders and signals as they were, is hidden.
"""

import base64
from contextvars import ContextVar

import msgspec
from aiohttp import web
from msgspec.structs import replace

from controlroom.console.admission import person_of
from controlroom.console.looking import looker
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


def past_sight(request: web.Request) -> Sight:
    """Return what who asks may see, as far as that is known without a state."""
    return replace(sight_of(person_of(request)), hidden=Hidden(_GONE.get()))
