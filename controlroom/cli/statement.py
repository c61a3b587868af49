"""`controlroom statement`: what was done for a customer in a month, read from the stored journal.

It reads beside a running room, archived frames included, and writes nothing. Who pays is what `contracts.csv`
says today of that day, so a contract that ended stays in the file.
"""

from typing import Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit

MonthOption = Annotated[str, typer.Option("--month", help="The month, such as 2026-11.")]
CustomerOption = Annotated[str, typer.Option("--customer", help="One customer's key; empty is everybody.")]
FormatOption = Annotated[str, typer.Option("--format", help="csv or text.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom statement` in its place."""
    app.command(name="statement", help="Print what was done for a customer in a month, with its minutes.")(
        statement
    )


def statement(
    month: MonthOption,
    customer: CustomerOption = "",
    form: FormatOption = "csv",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Print the lines of the month, and in text their totals."""
    from controlroom.cli.audit_store import run_on_store  # noqa: PLC0415 - quick --help
    from controlroom.cli.statement_read import asked_or_exit, printing  # noqa: PLC0415 - quick --help

    settings = settings_or_exit(config)
    asked = asked_or_exit(settings, month, customer, form)
    run_on_store(settings, printing(settings, asked))
