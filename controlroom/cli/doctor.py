"""`controlroom doctor`: what must be right around the room before it goes live, and what to change.

It ends with 0 when nothing is wrong (advice and what cannot be seen from here are printed all the same),
1 when something is, 3 when the settings cannot be used, 4 when the broker or the store does not answer.
"""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode

if TYPE_CHECKING:
    from controlroom.cli.checks.finding import Finding

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON array.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom doctor` in its place."""
    app.command()(doctor)


def doctor(
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Check settings, broker, store, clock, disk, key and ports; say what to change.

    It sends 1,200 messages to a topic of its own, leedswatch/status/doctor-…, to see whether the broker keeps
    what it acknowledges. They expire by themselves.
    """
    settings = settings_or_exit(config)
    import msgspec  # noqa: PLC0415 - quick --help

    from controlroom.cli.checks.broker import broker_findings  # noqa: PLC0415 - quick --help
    from controlroom.cli.checks.finding import Finding, Severity  # noqa: PLC0415 - quick --help
    from controlroom.cli.checks.machine import machine_findings  # noqa: PLC0415 - quick --help
    from controlroom.cli.checks.store import store_findings  # noqa: PLC0415 - quick --help

    async def ask() -> list[Finding]:
        return [*await broker_findings(settings), *await store_findings(settings)]

    found = [Finding("settings", f"{config} is good"), *machine_findings(settings), *asyncio.run(ask())]
    print(msgspec.json.format(msgspec.json.encode(found)).decode() if as_json else _table(found))
    severities = {finding.severity for finding in found}
    if Severity.AWAY in severities:
        raise typer.Exit(ExitCode.UNREACHABLE)
    if Severity.WRONG in severities:
        raise typer.Exit(ExitCode.FINDING)


def _table(found: "list[Finding]") -> str:
    """Return a line a finding, and below it what to change where there is something."""
    width = max(len(finding.check) for finding in found)
    lines: list[str] = []
    for finding in found:
        wanted = f" (wanted: {finding.wanted})" if finding.wanted and finding.advice else ""
        lines.append(f"{finding.severity:<7} {finding.check:<{width}}  {finding.found}{wanted}")
        if finding.advice:
            lines.append(f"{'':<7} {'':<{width}}  -> {finding.advice}")
    return "\n".join(lines)
