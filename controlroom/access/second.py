"""The second person of what two persons do together: parking a matter of life, silencing what calls for help.

A name that nobody checks is one tired person with two spellings. So the second person is an account of this
room that may be used now, that may do the thing itself, and that is somebody else than the author; a token
speaks for whoever made it, and a machine is never a second person. The room keeps the account's name.

Who is offered a choice of people is told how each is shown, and a `handle` to name them by: the name, of a
mail address only what stands before the `@`. Pure. The limit: the second person is named, not asked for a
password; that two people spoke is theirs to say, and the journal has both names.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec

from controlroom.access.accounts import AccessRefused, Account, can_sign_in, person_of, plain
from controlroom.access.keys import Token
from controlroom.access.permissions import Permission, may

MARK = 4
"""Letters of a digest behind a handle that two people would share; no name holds the `#` before them."""


class SecondPerson(msgspec.Struct, frozen=True):
    """Somebody who may be the second person: what to name them by, and how they are shown."""

    handle: str
    shown: str


class Asking(msgspec.Struct, frozen=True):
    """Who wants a second person, for what, and when."""

    author: str
    permission: Permission
    now: datetime


def second_people(
    accounts: Mapping[str, Account], tokens: Mapping[str, Token], asking: Asking
) -> tuple[SecondPerson, ...]:
    """Return who may be the second person, by how they are shown."""
    able = [one for one in accounts.values() if _against(one, tokens, asking) is None]
    told = (SecondPerson(handle_of(one, accounts), _plain(one.shown or one.name)) for one in able)
    return tuple(sorted(told, key=lambda one: (one.shown.casefold(), one.handle)))


def second_of(
    accounts: Mapping[str, Account], tokens: Mapping[str, Token], typed: str, asking: Asking
) -> str:
    """Return the name of the account that was typed as a name or a handle; raises AccessRefused."""
    found = account_named(accounts, typed)
    if found is None:
        raise AccessRefused(f"nobody here is named {typed.strip()}; choose one of the people who may")
    against = _against(found, tokens, asking)
    if against is not None:
        raise AccessRefused(against)
    return found.name


def account_named(accounts: Mapping[str, Account], typed: str) -> Account | None:
    """Return the account that was typed as a name or a handle; None where there is none."""
    wanted = plain(typed)
    by_handle = (one for one in accounts.values() if handle_of(one, accounts) == wanted)
    return accounts.get(wanted) or next(by_handle, None)


def handle_of(account: Account, accounts: Mapping[str, Account]) -> str:
    """Return what to name this account by without telling a mail address; no two accounts share one."""
    if "@" not in account.name:
        return account.name
    bare = _plain(account.name)
    alike = sum(_plain(name) == bare for name in accounts)
    return bare if alike == 1 and bare else f"{bare}#{_digest(account.name)}"


def _against(account: Account, tokens: Mapping[str, Token], asking: Asking) -> str | None:
    """Return why this account cannot be the second person; None where it can."""
    if account.name == _speaks_for(asking.author, tokens):
        return "the second person is somebody else than you; two people do this together"
    if not can_sign_in(account, asking.now):
        return f"{_plain(account.shown or account.name)} cannot sign in now; choose somebody else"
    if account.must_change:
        who = _plain(account.shown or account.name)
        return f"{who} has not chosen a password yet; they sign in once first, or choose somebody else"
    if not may(person_of(account), asking.permission):
        needs = asking.permission.value.replace("_", " ")
        return f"{_plain(account.shown or account.name)} may not do this alone either (needs: {needs})"
    return None


def _speaks_for(author: str, tokens: Mapping[str, Token]) -> str:
    """Return the person behind this author: whoever made a token, else the author."""
    return next((token.by for token in tokens.values() if token.name == author), author)


def _plain(name: str) -> str:
    return name.partition("@")[0]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:MARK]
