"""A moment that people send: with a zone, and one that the room can hold.

Every moment of a body or a query is one, so that no handler has to ask.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from controlroom.commands.moments import EARLIEST, LATEST, is_thinkable


def _thinkable(moment: datetime) -> datetime:
    if not is_thinkable(moment):
        raise ValueError(f"no moment of this room; allowed are {EARLIEST:%Y} to {LATEST:%Y}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_thinkable)]
"""A moment with a zone between `EARLIEST` and `LATEST`, so that UTC and Leeds can say it too."""
