"""`controlroom replay`: a recorded day decided again by other rules, and every decision that would differ.

Ends with 0 when nothing differs, 1 when anything does, 2 for a command line that makes no sense, 3 when
rules, estate, settings or the feed cannot be read, 4 when the store with the journal does not answer.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.exits import ExitCode

WhatArgument = Annotated[
    str,
    typer.Argument(
        metavar="FEED|JOURNAL",
        help="A feed file (.jsonl.zst), or journal, or journal:FROM..TO (positions or moments).",
    ),
]
RulesOption = Annotated[Path, typer.Option("--rules", help="The folder of the tables to look at.")]
AgainstOption = Annotated[
    Path | None,
    typer.Option("--against", help="The tables to compare with; of a journal, else what was decided."),
]
EstateOption = Annotated[Path | None, typer.Option("--estate", help="The estate; else that of the settings.")]
OtherEstateOption = Annotated[
    Path | None, typer.Option("--against-estate", help="The estate to compare with; else the same one.")
]
FormatOption = Annotated[str, typer.Option("--format", help="text, json or html.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of the terminal.")]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", envvar="CONTROLROOM_CONFIG", help="The settings; a feed needs none."),
]


def register(app: typer.Typer) -> None:
    """Put `controlroom replay` in its place."""

    @app.command("replay", help="Decide a recorded day again by other rules, and show what differs.")
    def replay(  # noqa: PLR0913, PLR0917 - a command takes its options one by one
        what: WhatArgument,
        rules: RulesOption = Path("config/rules"),
        against: AgainstOption = None,
        estate: EstateOption = None,
        against_estate: OtherEstateOption = None,
        shape: FormatOption = "text",
        out: OutOption = None,
        config: ConfigOption = None,
    ) -> None:
        """Replay it; nothing live is touched."""
        from controlroom.cli.replay_run import Asked, printed, report_or_exit  # noqa: PLC0415 - quick --help

        if shape not in {"text", "json", "html"}:
            raise typer.BadParameter("allowed: text, json, html", param_hint="--format")
        report = report_or_exit(Asked(what, rules, against, estate, against_estate, config))
        body = printed(report, shape)
        if out is None:
            sys.stdout.buffer.write(body)
        else:
            out.write_bytes(body)
        if report.different:
            raise typer.Exit(ExitCode.FINDING)
