"""An incident that is to be opened, complete but for the moment: what a verdict makes of a signal."""

from msgspec import Struct

from controlroom.incidents.incident import Incident
from controlroom.rules.verdict import Dispatch


class Draft(Struct, frozen=True, gc=False):
    """An incident without id, order and deadline, and what its order would say.

    `signal` is the id of the signal that asks for it, `nth` which of its run that was (0: not counted).
    """

    incident: Incident
    dispatch: Dispatch
    instruction: str
    signal: str
    nth: int = 0
