"""`controlroom rules shadow`, `promote` and `rollback`: a candidate beside the rules of a running room.

These ask the room over its API, as a machine with a token does (`controlroom tokens add`); the author of what
is done is the token's. Ends with 0 when it was done, 1 when the room refused it, 3 without a token that can
be read, 4 when no room answers.
"""

from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

TokenOption = Annotated[
    Path,
    typer.Option("--token-file", envvar="CONTROLROOM_TOKEN_FILE", help="The file with the room's token."),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the journal.")]
TOKEN = Path("var/engineer.token")
"""Where the token stands in an installation, seen from its folder."""


def add_to(rules: typer.Typer) -> None:
    """Put these commands into `controlroom rules`."""
    rules.add_typer(_group, name="shadow", help="Run a candidate beside the rules in force; review it.")

    @rules.command("promote")
    def promote(
        reason: ReasonOption, token_file: TokenOption = TOKEN, config: ConfigOption = DEFAULT_CONFIG
    ) -> None:
        """Bring the candidate into force; refused while a difference about a life is not reviewed."""
        _said(config, token_file, "promote", {"reason": reason})

    @rules.command("rollback")
    def rollback(
        reason: ReasonOption, token_file: TokenOption = TOKEN, config: ConfigOption = DEFAULT_CONFIG
    ) -> None:
        """Bring the rules before the last promotion back into force."""
        _said(config, token_file, "rollback", {"reason": reason})


@_group.command("start")
def start(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the candidate's tables.")],
    reason: ReasonOption,
    token_file: TokenOption = TOKEN,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Put a candidate beside the rules in force: it is asked about every decision and makes none."""
    _said(config, token_file, "shadow/start", {"directory": directory, "reason": reason})


@_group.command("stop")
def stop(
    reason: ReasonOption, token_file: TokenOption = TOKEN, config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """End the candidate, and forget what was found of it."""
    _said(config, token_file, "shadow/stop", {"reason": reason})


@_group.command("status")
def status(token_file: TokenOption = TOKEN, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Say what the candidate would have decided otherwise, what touches a life first."""
    _said(config, token_file, "shadow", None)


@_group.command("accept")
def accept(
    group: Annotated[str, typer.Argument(help="The group's name, as status shows it; all for every one.")],
    reason: ReasonOption,
    position: Annotated[int | None, typer.Option("--position", help="Only the difference there.")] = None,
    token_file: TokenOption = TOKEN,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Accept differences as meant: a group, also for what comes, or one of it."""
    from controlroom.cli.rules_shadow_asked import accepted  # noqa: PLC0415 - quick --help

    accepted(config, token_file, group, reason, position)


def _said(config: Path, token_file: Path, path: str, body: dict[str, object] | None) -> None:
    from controlroom.cli.rules_shadow_asked import said  # noqa: PLC0415 - quick --help

    said(config, token_file, path, body)
