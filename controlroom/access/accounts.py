"""An account: who somebody is, what they may, and the digest of their password. Pure data and its rules.

Whatever changes a set of accounts goes through `changed`, which refuses what would leave the room without a
supervisor who can sign in: a room that nobody can let people into is worse than one that lets a guesser wait.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from controlroom.access.permissions import Permission, Person, Role, may

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
"""A name as it stands in the journal: 64 characters hold any staff number and most mail addresses."""

NAME_RULE = (
    "a name has 1 to 64 lower-case letters, digits, dots, dashes, underlines or @, a letter or digit first"
)


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person. `password` is an Argon2 digest; empty for who signs in elsewhere."""

    name: str
    shown: str
    roles: tuple[Role, ...]
    password: str = ""
    unit: str | None = None
    must_change: bool = False
    disabled: bool = False
    locked_until: datetime | None = None
    subject: str | None = None
    """Whom the council's sign-in service means by this person; None for a local account."""


class Restricted(msgspec.Struct, frozen=True):
    """An open restricted operation: its id and version, and who alone may see it."""

    incident: str
    version: int
    readers: tuple[str, ...]


class AccessRefused(ValueError):
    """Something that cannot be done with accounts; the text says why and what to do."""


def plain(typed: str) -> str:
    """Return what somebody typed in the form in which names are kept."""
    return typed.strip().lower()


def name_of(typed: str) -> str:
    """Return the name that somebody typed, as accounts are kept; raises AccessRefused where it is none."""
    name = plain(typed)
    if not NAME.fullmatch(name):
        raise AccessRefused(NAME_RULE)
    return name


def person_of(account: Account) -> Person:
    """Return this account as the handlers know a person."""
    return Person(
        name=account.name,
        shown=account.shown or account.name,
        roles=frozenset(account.roles),
        unit=account.unit,
        must_change=account.must_change,
    )


def can_sign_in(account: Account, now: datetime) -> bool:
    """Return whether this account may be used now, given the right password."""
    locked = account.locked_until is not None and now < account.locked_until
    return not account.disabled and not locked


def can_work(account: Account, now: datetime) -> bool:
    """Return whether this account may sign in now and work on incidents."""
    return can_sign_in(account, now) and may(person_of(account), Permission.WORK)


def insist_reader(
    accounts: Mapping[str, Account], account: Account, restricted: Iterable[Restricted], now: datetime
) -> None:
    """Raise AccessRefused where this change would leave a restricted operation without anybody to work on it.

    `restricted` is each that is open. Of one that nobody could work on before, nothing is
    asked: it is not this change that left it alone.
    """
    after = {**accounts, account.name: account}
    for one in restricted:
        before = any(can_work(accounts[name], now) for name in one.readers if name in accounts)
        if before and not any(can_work(after[name], now) for name in one.readers if name in after):
            why = (
                "is the last who may see and work on something restricted; it has to name somebody else first"
            )
            raise AccessRefused(f"{account.name} {why}")


def is_last_supervisor(accounts: Mapping[str, Account], name: str, now: datetime) -> bool:
    """Return whether nobody but this one could let people in."""
    able = {one.name for one in _supervisors(accounts.values()) if can_sign_in(one, now)}
    return able == {name}


def changed(accounts: Mapping[str, Account], account: Account, now: datetime) -> Account:
    """Return the account as it may be kept; raises AccessRefused."""
    name_of(account.name)
    if not account.roles:
        raise AccessRefused(f"give at least one role; allowed are {', '.join(Role)}")
    if (Role.CREW in account.roles) != (account.unit is not None):
        raise AccessRefused("a crew has a unit, as MR-01, and nobody else has one")
    keeps = Role.SUPERVISOR in account.roles and can_sign_in(account, now)
    if not keeps and is_last_supervisor(accounts, account.name, now):
        raise AccessRefused(f"{account.name} is the last supervisor who can sign in; add another one first")
    return account


def _supervisors(accounts: Iterable[Account]) -> Iterable[Account]:
    return (one for one in accounts if Role.SUPERVISOR in one.roles)
