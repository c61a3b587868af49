"""A command's options as one frozen struct, so that a command is a function of one argument.

Typer reads options from a function's signature; `command` gives it one that is made from the struct's
fields, annotations and defaults as they stand there. A field without a default is a required option.
"""

import functools
import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

Asked = TypeVar("Asked")


@dataclass(frozen=True, kw_only=True)
class CrewsAsked:
    """What `crews` may be told, and `city` as well."""

    broker: Annotated[str, typer.Option(help="HOST:PORT of the MQTT broker.")]
    speed: Annotated[float, typer.Option(min=0.01, max=1000, help="Virtual seconds a real second.")] = 10.0
    seed: Annotated[int, typer.Option(help="The same seed tells the same day.")] = 1
    estate: Annotated[Path, typer.Option(help="Folder of the estate's CSV files.")] = Path("config/estate")
    user: Annotated[str | None, typer.Option(help="MQTT user.")] = None
    password_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the MQTT password.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class CityAsked(CrewsAsked):
    """What only `city` may be told."""

    rate_scale: Annotated[float, typer.Option(min=0.01, max=1000, help="Multiplies every rate.")] = 1.0
    garbage: Annotated[float, typer.Option(min=0, max=1, help="Share of messages that are no signals.")] = (
        0.01
    )
    duplicates: Annotated[float, typer.Option(min=0, max=1, help="Share of messages sent twice.")] = 0.01
    count: Annotated[int | None, typer.Option(min=1, help="Stop after so many messages.")] = None
    believable: Annotated[
        bool, typer.Option("--believable", help="Play believable days with every occasion, docs/city.md.")
    ] = False
    with_crews: Annotated[bool, typer.Option("--with-crews", help="Run the crews as well.")] = False


@dataclass(frozen=True, kw_only=True)
class DeskAsked:
    """What `desk` may be told."""

    api: Annotated[str, typer.Option(help="Address of the console, such as http://127.0.0.1:8080.")]
    token_file: Annotated[Path, typer.Option(help="File with a token that may write the log.")]
    speed: Annotated[float, typer.Option(min=0.01, max=1000, help="Virtual seconds a real second.")] = 10.0
    seed: Annotated[int, typer.Option(help="The same seed writes the same.")] = 1


def command(asked: type[Asked]) -> Callable[[Callable[[Asked], None]], Callable[..., None]]:
    """Return what turns a function of this struct into a function with an option for each of its fields."""

    def turn(do: Callable[[Asked], None]) -> Callable[..., None]:
        @functools.wraps(do)
        def told(**options: Any) -> None:
            do(asked(**options))

        signature = inspect.signature(asked)
        told.__annotations__ = typing.get_type_hints(asked, include_extras=True)
        told.__signature__ = signature.replace(return_annotation=None)  # type: ignore[attr-defined]  # typer reads it
        return told

    return turn
