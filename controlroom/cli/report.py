"""`controlroom report`: the plan's figures as a document, read from the journal beside a running room."""

from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

QuarterOption = Annotated[
    str,
    typer.Option(help="A quarter of a plan year, which begins in April: 2026Q3 is October to December 2026."),
]
AreaOption = Annotated[str, typer.Option(help="A Community Committee's area; without it the whole city.")]
FormOption = Annotated[str, typer.Option("--format", help="html, csv, ods or pdf.")]
OutOption = Annotated[
    Path | None,
    typer.Option(help="The file to write; without it plan-on-a-page-<quarter>[-<area>].<format>."),
]
TeamOption = Annotated[bool, typer.Option("--team", help="For the team itself: small numbers are shown.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom report …` in its place."""
    app.add_typer(_group, name="report", help="Write the plan's figures as a page, table or PDF.")


@_group.callback()
def _reports() -> None:
    """Write a report."""


@_group.command("plan-on-a-page")
def plan_on_a_page(
    quarter: QuarterOption,
    area: AreaOption = "",
    form: FormOption = "html",
    out: OutOption = None,
    team: TeamOption = False,  # noqa: FBT002 - the shape of a Typer flag
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write the scorecard of a quarter: figures, changes, status, narratives, sign-off."""
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help
    from controlroom.cli.report_made import Wanted, made_from, wanted_or_exit  # noqa: PLC0415 - quick --help

    wanted: Wanted = wanted_or_exit(quarter, area, form, out, team=team)
    settings = settings_or_exit(config)
    print(run_on_store(settings, made_from(settings, wanted)))
