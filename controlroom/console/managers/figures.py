"""What the manager's pages read: the plan, its ledger, and the figures of the desk."""

from collections.abc import Callable

import msgspec

from controlroom.measures.desk import DeskFigures
from controlroom.measures.ledger import Ledger
from controlroom.measures.plan.model import PlanText


class Figures(msgspec.Struct, frozen=True):
    """The plan as it is written, and what is counted now; each is read within one step of the event loop.

    `operators` are those that a load is reckoned for, `camera_pounds` is what a camera costs in a year, None
    where nobody has said; a page can be asked for others.
    """

    plan: PlanText
    ledger: Callable[[], Ledger]
    desk: Callable[[], DeskFigures]
    operators: int = 2
    camera_pounds: float | None = None
