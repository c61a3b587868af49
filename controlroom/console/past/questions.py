"""What may be asked about the past, and the header in which a question names its place."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from controlroom.console.past.step import Direction
from controlroom.signals.vocabulary import Kind

Position = Annotated[int, Field(ge=1, le=2**62)]

POSITION = "Past-Position"
"""The header in which the reader is told at which position a live question is to be answered."""

PERSON = "Past-Person"
"""The header in which the reader is told who asks: JSON of a `Person` in base64. No browser ever sends it."""


HIDDEN = "Past-Hidden"
"""The header in which the reader is told what is not for who asks: ids of incidents and entries."""

STANDS = "Past-Stands"
"""The header in which the reader tells what an answer is about: JSON of `desk.Stands` in base64."""

LIVES = "/lives"
"""Where the reader says that it is there, to the room's process alone."""

HEADER_BYTES = 256 * 1024
"""A header of the line may be as long: tens of thousands of hidden incidents."""


class PastQuestion(BaseModel):
    """Which moment or position, or which step from a position; `kind`, `incident` and `shown` say to what.

    `at` is a moment; without a zone it is the clock in Leeds. `shown` passes over what no screen shows.
    """

    model_config = ConfigDict(extra="forbid")

    at: Annotated[str, Field(min_length=10, max_length=40)] | None = None
    position: Position | None = None
    step: Direction | None = None
    shown: bool = False
    kind: Kind | None = None
    incident: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "PastQuestion":
        if (self.at is None) == (self.position is None):
            raise ValueError("name either a moment (at) or a position")
        if self.step is not None and self.position is None:
            raise ValueError("a step begins at a position")
        if self.step is None and (self.shown or self.kind is not None or self.incident is not None):
            raise ValueError("shown, kind and incident say where a step leads to; name step as well")
        return self
