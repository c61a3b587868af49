"""`controlroom watches`: what is expected, from whom, by when, and what happens else, read from the journal.

It reads beside a running room and writes nothing: the latest snapshot and the frames after it, folded as a
restart would. So it also tells what a room that is down will ask for when it is back.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit

if TYPE_CHECKING:
    from controlroom.incidents.watch_list import Question

KindOption = Annotated[str, typer.Option("--kind", help="One kind of watch only, such as check.")]
BeforeOption = Annotated[
    str, typer.Option("--before", help="Only what is due before this moment (ISO 8601).")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="So many at most, the first due first.")]
UnknownOption = Annotated[bool, typer.Option("--unknown", help="Only what an outage leaves unknown.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one watch a line.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom watches` in its place."""
    app.command(name="watches", help="List what is expected, from whom, by when, and what happens else.")(
        watches
    )


def watches(
    config: ConfigOption = DEFAULT_CONFIG,
    kind: KindOption = "",
    before: BeforeOption = "",
    limit: LimitOption = 100,
    unknown: UnknownOption = False,  # noqa: FBT002 - the shape of a Typer flag
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Print the armed watches, the first due first; the last line says how many there are."""
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help
    from controlroom.cli.watches_read import printing  # noqa: PLC0415 - quick --help

    settings = settings_or_exit(config)
    asked = _question(kind, before, limit, unknown=unknown)
    run_on_store(settings, printing(settings, asked, as_json=as_json))


def _question(kind: str, before: str, limit: int, *, unknown: bool) -> "Question":
    """Return what is asked; ends the command, as misused, where a word is no kind or no moment."""
    from controlroom.cli.watches_read import question_or_exit  # noqa: PLC0415 - quick --help

    return question_or_exit(kind, before, limit, unknown=unknown)
