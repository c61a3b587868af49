"""The people of a demonstration: one a role, a crew for each unit, a token, and a link that signs in.

They are made up when the demonstration first starts, with passwords that nobody chose, and stay for the next
one. The passwords are kept in a file that only its owner can read, because a demonstration has nobody to
hand them out.
"""

import os
from datetime import timedelta
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from msgspec.structs import replace

from controlroom.access import registry
from controlroom.access.accounts import Account
from controlroom.access.passwords import Passwords
from controlroom.access.permissions import Role
from controlroom.settings import Settings
from controlroom.wiring.access import Offstage, offstage

AUTHOR = "demonstration"
PEOPLE_FILE = "demo-users.txt"
TOKEN_FILE = "demo-token"  # noqa: S105 - the name of a file
TOKEN_NAME = "demo"  # noqa: S105 - the name of a token
TOKEN_ROLES = (Role.OPERATOR, Role.ENGINEER)
TOKEN_FOR = timedelta(days=365)


QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1))
"""What the digest of a guessable password must cost, that of 116 random bits need not."""


class Welcome(msgspec.Struct, frozen=True):
    """How to come in: the key of a link that works once, the files of passwords and of the token."""

    once: str
    people: Path
    token: Path


async def welcome(settings: Settings, units: tuple[str, ...]) -> Welcome:
    """Make whoever is missing, and a new link for the supervisor; the store is up, the room need not be."""
    folder = settings.service.data_dir
    people, token = folder / PEOPLE_FILE, folder / TOKEN_FILE
    wanted = [Account(role.value, role.value.capitalize(), (role,)) for role in Role if role is not Role.CREW]
    wanted += [Account(unit.lower(), f"Crew {unit}", (Role.CREW,), unit=unit) for unit in units]
    async with offstage(settings) as at:
        known = people.exists()
        lines = [
            await _made(at, account)
            for account in wanted
            if not known or account.name not in at.book.accounts
        ]
        if lines:
            old = people.read_text(encoding="utf-8") if known else ""
            _write(people, old + "".join(lines))
        if not token.exists():
            await _new_token(at, token)
        once = await registry.make_link(at.book, Role.SUPERVISOR.value, AUTHOR, at.now())
    return Welcome(once, people, token)


async def _made(at: Offstage, account: Account) -> str:
    """Return the line of somebody who is there from now on, with a password that need not be changed."""
    if account.name in at.book.accounts:
        password = await registry.reset(at.book, QUICK, account.name, AUTHOR)
    else:
        password = await registry.add(at.book, QUICK, account, AUTHOR, at.now())
    kept = replace(registry.of(at.book, account.name), must_change=False)
    await at.book.keep({account.name: kept})
    return f"{account.name:<12} {password}\n"


async def _new_token(at: Offstage, file: Path) -> None:
    if any(token.name == f"token:{TOKEN_NAME}" for token in at.book.tokens.values()):
        await registry.revoke_token(at.book, TOKEN_NAME, AUTHOR)
    made = (AUTHOR, at.now())
    _write(file, await registry.make_token(at.book, TOKEN_NAME, TOKEN_ROLES, TOKEN_FOR, made) + "\n")


def _write(file: Path, text: str) -> None:
    """Write a file that nobody else reads, whole or not at all."""
    made = file.with_name(f".{file.name}-new")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    made.replace(file)
