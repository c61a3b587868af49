"""`controlroom audit`: prove the stored journal, show what is in it, hand it out.

It reads beside a running room and writes nothing. `verify` walks the whole chain from its first frame,
archive files included; `show` and `export` trust what they read, so verify first.
"""

from typing import Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

FromOption = Annotated[str, typer.Option("--from", help="First position, or moment (2026-01-31T22:00:00Z).")]
ToOption = Annotated[str, typer.Option("--to", help="Last position or moment; empty is the end.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom audit …` in its place."""
    app.add_typer(_group, name="audit", help="Verify the stored journal; show or export its records.")


@_group.command()
def verify(
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Walk the whole chain: 0 and a summary when it is sound, 1 and the first bad position when not."""
    from controlroom.cli.audit_proof import prove  # noqa: PLC0415 - quick --help
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help

    settings = settings_or_exit(config)
    proof = run_on_store(settings, prove)
    print(proof.json() if as_json else f"journal of room {settings.room.name}: {proof}")
    if not proof.sound:
        raise typer.Exit(ExitCode.FINDING)


@_group.command()
def show(config: ConfigOption = DEFAULT_CONFIG, start: FromOption = "1", end: ToOption = "") -> None:
    """Print the records, one a line: position, moment, what came, what was decided and why."""
    from controlroom.cli.audit_lines import plain_line, printing, span_or_exit  # noqa: PLC0415 - quick --help
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help

    run_on_store(settings_or_exit(config), printing(span_or_exit(start, end), plain_line))


@_group.command()
def export(config: ConfigOption = DEFAULT_CONFIG, start: FromOption = "1", end: ToOption = "") -> None:
    """Print the records as JSON, one a line, with the raw message of each."""
    from controlroom.cli.audit_lines import json_line, printing, span_or_exit  # noqa: PLC0415 - quick --help
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help

    run_on_store(settings_or_exit(config), printing(span_or_exit(start, end), json_line))
