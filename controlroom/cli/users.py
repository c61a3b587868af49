"""`controlroom users`, `sessions`, `tokens`: who may come in, from the machine that the room runs on.

They write to the store beside a running room, which takes the change in within seconds and journals it with
its author; where no room runs, the next one does. The first supervisor of a live room comes in by this way.
"""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from controlroom.cli.configured import DEFAULT_CONFIG, ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode, say

if TYPE_CHECKING:
    from controlroom.access.accounts import Account
    from controlroom.access.permissions import Role
    from controlroom.wiring.access import Offstage

_users = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_sessions = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_tokens = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

NameArgument = Annotated[str, typer.Argument(help="The name to sign in with.")]
RoleOption = Annotated[list[str], typer.Option("--role", help="A role; give it again for another one.")]

Made = TypeVar("Made")


def register(app: typer.Typer) -> None:
    """`controlroom users …`, `controlroom sessions …` and `controlroom tokens …` are there."""
    app.add_typer(_users, name="users", help="Say who may sign in, and as what.")
    app.add_typer(_sessions, name="sessions", help="See who is signed in, and end that.")
    app.add_typer(_tokens, name="tokens", help="Make keys for machines, and revoke them.")


@_users.command("add")
def add_user(
    name: NameArgument,
    role: RoleOption,
    shown: Annotated[str, typer.Option("--shown", help="The name as others see it.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="A crew's unit, such as MR-01.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add somebody, and print the initial password, which they change when they first sign in."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help
    from controlroom.access.accounts import Account  # noqa: PLC0415 - quick --help

    account = Account(name, shown or name, _roles(role), unit=unit or None)
    password = _on_store(config, lambda at: registry.add(at.book, at.passwords, account, _author(), at.now()))
    print(f"{name}  initial password: {password}")


@_users.command("list")
def list_users(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List everybody who may sign in, and who may not any more."""
    for account in sorted(_on_store(config, _accounts), key=lambda one: one.name):
        marks = [
            word
            for word, true in (("disabled", account.disabled), ("initial password", account.must_change))
            if true
        ]
        if account.locked_until is not None:
            marks.append(f"locked until {account.locked_until:%F %H:%M}Z")
        unit = f" {account.unit}" if account.unit is not None else ""
        print(f"{account.name:<20}  {', '.join(account.roles)}{unit}  {', '.join(marks)}".rstrip())


@_users.command("role")
def set_role(name: NameArgument, role: RoleOption, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Give somebody these roles and no others."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    roles = _roles(role)
    _on_store(config, lambda at: registry.set_roles(at.book, name, roles, _author(), at.now()))
    print(f"{name}  {', '.join(roles)}")


@_users.command("reset")
def reset_user(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Give somebody a new initial password, unlock them, and end their sessions."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    password = _on_store(config, lambda at: registry.reset(at.book, at.passwords, name, _author()))
    print(f"{name}  initial password: {password}")


@_users.command("disable")
def disable_user(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Let somebody in no more, and end their sessions."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    _on_store(config, lambda at: registry.disable(at.book, name, _author(), at.now()))
    print(f"{name}  disabled")


@_users.command("enable")
def enable_user(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Let somebody in again."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    _on_store(config, lambda at: registry.enable(at.book, name, _author(), at.now()))
    print(f"{name}  enabled")


@_sessions.command("list")
def list_sessions(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List who is signed in: the session's id, the name, since when, from where, and how."""

    async def sessions(at: "Offstage") -> list[str]:
        standing = sorted(at.standing(), key=lambda session: session.created)
        return [
            f"{one.id}  {one.account:<20}  since {one.created:%F %H:%M}Z  from {one.address}  by {one.by}"
            for one in standing
        ]

    for line in _on_store(config, sessions):
        print(line)


@_sessions.command("revoke")
def revoke_session(
    session: Annotated[str, typer.Argument(help="The id, as the list has it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """End a session at once, and whatever it has open."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    _on_store(config, lambda at: registry.revoke(at.book, session, _author()))
    print(f"{session}  revoked")


@_tokens.command("add")
def add_token(
    name: Annotated[str, typer.Argument(help="What the machine is called.")],
    role: RoleOption,
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="For how many days.")] = 90,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Make a token and print it, this once."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    roles, lasts = _roles(role), timedelta(days=days)
    print(
        _on_store(config, lambda at: registry.make_token(at.book, name, roles, lasts, (_author(), at.now())))
    )


@_tokens.command("list")
def list_tokens(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the tokens: name, roles, until when, and who made them."""

    async def tokens(at: "Offstage") -> list[str]:
        return [
            f"{one.name:<24}  {', '.join(one.roles)}  until {one.until:%F}  by {one.by}"
            for one in sorted(at.book.tokens.values(), key=lambda token: token.name)
        ]

    for line in _on_store(config, tokens):
        print(line)


@_tokens.command("revoke")
def revoke_token(
    name: Annotated[str, typer.Argument(help="What the machine is called.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Let a token open nothing any more."""
    from controlroom.access import registry  # noqa: PLC0415 - quick --help

    _on_store(config, lambda at: registry.revoke_token(at.book, name, _author()))
    print(f"{name}  revoked")


async def _accounts(at: "Offstage") -> "list[Account]":
    return list(at.book.accounts.values())


def _roles(words: list[str]) -> "tuple[Role, ...]":
    """Return the roles that these words name; ends the command, as misused, where one is none."""
    from controlroom.access.permissions import Role  # noqa: PLC0415 - quick --help

    try:
        return tuple(dict.fromkeys(Role(word) for word in words))
    except ValueError:
        raise typer.BadParameter(f"allowed: {', '.join(Role)}", param_hint="--role") from None


def _author() -> str:
    """Return who types this, as the journal shall name them."""
    return f"{getpass.getuser()} (command line)"


def _on_store(config: Path, work: "Callable[[Offstage], Awaitable[Made]]") -> Made:
    """Return what the work gives; says what is in the way and ends the command where it cannot be done."""
    from controlroom.access.accounts import AccessRefused  # noqa: PLC0415 - quick --help
    from controlroom.journal.store import StoreAway, StoreRefused  # noqa: PLC0415 - quick --help
    from controlroom.wiring.access import offstage  # noqa: PLC0415 - quick --help

    settings = settings_or_exit(config)

    async def run() -> Made:
        async with offstage(settings) as at:
            return await work(at)

    try:
        return asyncio.run(run())
    except AccessRefused as refused:
        say(refused)
        raise typer.Exit(ExitCode.FINDING) from None
    except (StoreAway, StoreRefused) as away:
        say(f"{away}; is store.url right and the store running?")
        raise typer.Exit(ExitCode.UNREACHABLE) from None
