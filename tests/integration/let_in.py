"""Keys to a room that runs, for tests that ask its API as a machine does."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from controlroom.access.accounts import Account
from controlroom.access.permissions import Role
from controlroom.access.registry import add, make_token
from controlroom.settings import load
from controlroom.wiring.access import offstage


async def bearer(config: Path, environment: Mapping[str, str], name: str, *roles: Role) -> dict[str, str]:
    """Return the headers of a new token in the room of these settings; its author is `token:<name>`."""
    ours = {key: value for key, value in environment.items() if key.startswith("CONTROLROOM_")}
    async with offstage(load(config, ours)) as at:
        lasts = timedelta(hours=1)
        token = await make_token(at.book, name, roles, lasts, ("a test", at.now()))
    return {"Authorization": f"Bearer {token}"}


async def account(config: Path, environment: Mapping[str, str], name: str, *roles: Role) -> None:
    """Let the room of these settings have an account of this name, of somebody who has chosen a password."""
    ours = {key: value for key, value in environment.items() if key.startswith("CONTROLROOM_")}
    async with offstage(load(config, ours)) as at:
        await add(at.book, at.passwords, Account(name, name, roles), "a test", at.now())
        await at.book.keep({name: replace(at.book.accounts[name], must_change=False)})
