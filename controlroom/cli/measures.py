"""`controlroom measures`: check the plan file, and prove the figures against the journal.

Ends with 0 when all is good, 1 with a finding, 3 when the plan cannot be read or used, 4 when the store
cannot be reached.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

DEFAULT_PLAN = Path("config/plan-on-a-page.yaml")
"""Where the plan stands in an installation, seen from its folder."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
PlanArgument = Annotated[Path, typer.Argument(metavar="[FILE]", help="The plan's file.")]


def register(app: typer.Typer) -> None:
    """`controlroom measures …` is there."""
    app.add_typer(_group, name="measures", help="Check the Plan on a Page; prove its figures.")


@_group.command()
def check(file: PlanArgument = DEFAULT_PLAN) -> None:
    """Read the plan and say every problem of it, or what it measures."""
    from controlroom.wiring.books import read_plan_file  # noqa: PLC0415 - quick --help
    from controlroom.wiring.folders import BooksRefused  # noqa: PLC0415 - quick --help

    try:
        plan = read_plan_file(file)
    except BooksRefused as fault:
        print("\n".join(fault.problems), file=sys.stderr)
        raise typer.Exit(ExitCode.CONFIG) from None
    wanted = sum(measure.target is not None for measure in plan.measures)
    print(f"{file}: {plan.plan}, {len(plan.measures)} measures, {wanted} with a target")
    for measure in plan.measures:
        print(f"  {measure.priority}  {measure.id:<26} {measure.kind:<20} {measure.owner}")


@_group.command()
def verify(
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Count the raw journal anew by code that shares nothing with the ledger; name the first difference."""
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help
    from controlroom.cli.measures_proof import proving  # noqa: PLC0415 - quick --help

    settings = settings_or_exit(config)
    proof = run_on_store(settings, proving(settings))
    print(proof.json() if as_json else proof)
    if proof.difference is not None:
        raise typer.Exit(ExitCode.FINDING)
