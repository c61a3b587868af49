"""The kinds of value that settings are made of: ports, durations, counts, names and places.

Paths are made absolute against the folder that `load` passes as context, so that a started program
never depends on where it was started.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

FOLDER = "folder"
"""The key of the validation context under which the folder of relative paths travels."""


class Section(BaseModel):
    """What every section has in common: frozen, strict, and closed to unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_default=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


def _absolute(path: Path, info: ValidationInfo) -> Path:
    """Return the path below the folder of the context; unchanged where there is no context."""
    folder = (info.context or {}).get(FOLDER)
    return path if folder is None else Path(folder) / path


Place = Annotated[Path, Field(strict=False), AfterValidator(_absolute)]
"""A file or folder."""

Port = Annotated[int, Field(ge=1, le=65_535)]
"""A TCP port that somebody listens on."""

OwnPort = Annotated[int, Field(ge=0, le=65_535)]
"""A TCP port to listen on; 0 lets the system choose a free one."""

Seconds = Annotated[float, Field(gt=0, le=86_400)]
"""A duration of more than nothing and at most a day."""

Count = Annotated[int, Field(ge=1)]
"""How many; at least one."""

Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[^\s/@]+$")]
"""A host name or address, without scheme, port or user."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""A short name of lower-case letters, digits and dashes: it becomes part of topics and store keys."""
