"""What a supervisor, or the command line, does with accounts and tokens. Each is one change and its note."""

import secrets
from datetime import datetime, timedelta

from msgspec.structs import replace

from controlroom.access.accounts import AccessRefused, Account, changed, insist_reader, name_of
from controlroom.access.book import Book
from controlroom.access.keys import TOKEN_MARK, Once, Token, digest_of, new_key
from controlroom.access.passwords import Passwords, generated
from controlroom.access.permissions import Role
from controlroom.access.vault import Shelf
from controlroom.commands.access import AccessNoted, AccessStep

TOKEN_MOST = timedelta(days=400)
"""No token lasts longer: a year, and some weeks in which to remember it."""

LINK_FOR = timedelta(hours=12)
"""How long a link that signs in once may lie about."""

_Step = AccessStep


async def add(book: Book, passwords: Passwords, account: Account, author: str, now: datetime) -> str:
    """Add an account and return its initial password, to be changed at the first sign-in.

    Raises AccessRefused, StoreAway, StoreRefused, as everything here.
    """
    account = replace(account, name=name_of(account.name))
    _insist_new(book, account.name)
    checked = changed(book.accounts, account, now)
    password = generated()
    digest = await passwords.digest(password)
    note = AccessNoted(author, _Step.ADDED, account.name, _roles(account.roles))
    async with book.changing():
        _insist_new(book, account.name)
        await book.keep({account.name: replace(checked, password=digest, must_change=True)}, note)
    return password


async def set_roles(book: Book, name: str, roles: tuple[Role, ...], author: str, now: datetime) -> None:
    """Give an account these roles and no others; its sessions have them at once."""
    async with book.changing():
        before = of(book, name)
        account = changed(book.accounts, replace(before, roles=roles), now)
        insist_reader(book.accounts, account, book.restricted(), now)
        detail = f"{_roles(before.roles)} -> {_roles(roles)}"
        await book.keep({name: account}, AccessNoted(author, _Step.CHANGED, name, detail))


async def reset(book: Book, passwords: Passwords, name: str, author: str) -> str:
    """Return a new initial password for an account, unlock it, and end its sessions."""
    of(book, name)  # an unknown name is said at once
    password = generated()
    digest = await passwords.digest(password)
    async with book.changing():
        fresh = replace(of(book, name), password=digest, must_change=True, locked_until=None)
        await book.keep({name: fresh}, AccessNoted(author, _Step.PASSWORD_RESET, name))
    await end_sessions(book, name)
    return password


async def disable(book: Book, name: str, author: str, now: datetime) -> None:
    """Let an account open nothing any more; its name stays taken, because the journal holds it."""
    async with book.changing():
        account = changed(book.accounts, replace(of(book, name), disabled=True), now)
        insist_reader(book.accounts, account, book.restricted(), now)
        await book.keep({name: account}, AccessNoted(author, _Step.DISABLED, name))
    await end_sessions(book, name)


async def enable(book: Book, name: str, author: str, now: datetime) -> None:
    """Let an account be used again, also before its lock has run out."""
    async with book.changing():
        account = changed(book.accounts, replace(of(book, name), disabled=False, locked_until=None), now)
        await book.keep({name: account}, AccessNoted(author, _Step.CHANGED, name, "may be used again"))


async def end_sessions(book: Book, name: str) -> None:
    """End every session of an account."""
    ended = tuple(key for key, session in book.sessions.items() if session.account == name)
    if ended:
        await book.drop(Shelf.SESSIONS, ended)


async def revoke(book: Book, session_id: str, author: str) -> None:
    """End one session by its public id."""
    found = [(key, one) for key, one in book.sessions.items() if one.id == session_id]
    if not found:
        raise AccessRefused("no session has this id; it may have ended by itself")
    [(key, session)] = found
    await book.drop(Shelf.SESSIONS, (key,), AccessNoted(author, _Step.SESSION_REVOKED, session.account))


async def make_token(
    book: Book, name: str, roles: tuple[Role, ...], lasts: timedelta, made: tuple[str, datetime]
) -> str:
    """Return a new token for a machine; it is shown this once and kept as a digest. `made`: by whom, when."""
    author, now = made
    if not roles or Role.CREW in roles:
        raise AccessRefused("give a token one role or more, and not crew: a crew is a person on the road")
    if not timedelta(0) < lasts <= TOKEN_MOST:
        raise AccessRefused(f"a token lasts up to {TOKEN_MOST.days} days")
    bare, key = name_of(name), TOKEN_MARK + new_key()
    token = Token(secrets.token_hex(8), f"token:{bare}", roles, now, now + lasts, author)
    note = AccessNoted(author, _Step.TOKEN_MADE, token.name, f"{_roles(roles)} until {token.until:%F}")
    async with book.changing():
        if any(one.name == token.name for one in book.tokens.values()):
            raise AccessRefused(f"a token named {bare} is there already; revoke it, or choose another name")
        await book.keep({digest_of(key): token}, note)
    return key


async def revoke_token(book: Book, name: str, author: str) -> None:
    """Let a token open nothing any more; `name` with or without its `token:`."""
    wanted = f"token:{name.removeprefix('token:')}"
    found = tuple(key for key, token in book.tokens.items() if token.name == wanted)
    if not found:
        raise AccessRefused(f"no token is named {name}; see the list")
    await book.drop(Shelf.TOKENS, found, AccessNoted(author, _Step.TOKEN_REVOKED, wanted))


async def make_link(book: Book, name: str, author: str, now: datetime) -> str:
    """Return the key of a link that signs this account in one single time."""
    account, key = of(book, name), new_key()
    link = Once(secrets.token_hex(8), account.name, now + LINK_FOR)
    await book.keep({digest_of(key): link}, AccessNoted(author, _Step.LINK_MADE, name))
    return key


def of(book: Book, name: str) -> Account:
    """Return the account of this name; raises AccessRefused."""
    account = book.accounts.get(name)
    if account is None:
        raise AccessRefused(f"no account is named {name}; see the list")
    return account


def _insist_new(book: Book, name: str) -> None:
    if name in book.accounts:
        raise AccessRefused(f"{name} is there already; give it a role with `role`, or another name")


def _roles(roles: tuple[Role, ...]) -> str:
    return ", ".join(roles)
