"""Who alone may see something restricted, as the front desk knows people: what accounts there are, who is in.

A matter that nobody sees is a matter that nobody works on. So readers are accounts that can be used and may
look; whoever is the last that could work on an open operation is neither disabled nor given lesser roles
(`accounts.insist_reader`); and where nobody who has signed in could work on one, because people go home, it
is `unattended`: supervisors are told so, without being told what it is, and one of them may be let in. Who is
about to leave one alone by signing out is asked first (`leaves_alone`).

Limit: who has left a desk without signing out counts as there until the session ends.
"""

from collections.abc import Iterable, Mapping

from controlroom.access.accounts import AccessRefused, Account, Restricted, can_work
from controlroom.access.front_desk import FrontDesk
from controlroom.access.keys import Session
from controlroom.access.permissions import Permission, opened_by
from controlroom.access.second import account_named


def reader_named(accounts: Mapping[str, Account], typed: str, permission: Permission) -> str:
    """Return the account that was typed as a name or a handle; raises AccessRefused where it could not look.

    `permission` is what somebody needs who is to see it at all.
    """
    found = account_named(accounts, typed)
    if found is None or found.disabled:
        raise AccessRefused(f"{typed.strip()}: no account that can be used has this name")
    if not opened_by(found.roles, permission):
        needs = permission.replace("_", " ")
        raise AccessRefused(f"{typed.strip()}: the roles of this account do not open it (needs: {needs})")
    return found.name


def somebody_there(desk: FrontDesk, names: Iterable[str]) -> bool:
    """Return whether one of these has signed in, can still, and may work on incidents."""
    return not able(desk).isdisjoint(names)


def able(desk: FrontDesk, but: Session | None = None) -> frozenset[str]:
    """Return who has signed in, can still, and may work on incidents; as if this one session were over."""
    accounts, now = desk.book.accounts, desk.now()
    form = but.form if but is not None else ""
    there = {one.account for one in desk.standing_sessions() if one.form != form} & accounts.keys()
    return frozenset(name for name in there if can_work(accounts[name], now))


def unattended(desk: FrontDesk) -> tuple[Restricted, ...]:
    """Return the open restricted operations that nobody who has signed in can see and work on."""
    restricted = tuple(desk.book.restricted())
    here = able(desk) if restricted else frozenset()
    return tuple(one for one in restricted if here.isdisjoint(one.readers))


def leaves_alone(desk: FrontDesk, session: Session) -> bool:
    """Say whether the end of this session would leave a restricted operation without anybody there."""
    restricted = tuple(desk.book.restricted())
    if not restricted:
        return False
    here, then = able(desk), able(desk, session)
    return any(not here.isdisjoint(one.readers) and then.isdisjoint(one.readers) for one in restricted)
