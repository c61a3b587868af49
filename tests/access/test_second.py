"""Tests of the second person of what two persons do together."""

from datetime import timedelta

import pytest

from controlroom.access.accounts import AccessRefused, Account
from controlroom.access.keys import Token
from controlroom.access.permissions import Permission, Role
from controlroom.access.second import Asking, handle_of, second_of, second_people
from tests.build import NOON

ACCOUNTS = {
    one.name: one
    for one in (
        Account("ana", "Ana", (Role.OPERATOR,)),
        Account("bo", "", (Role.SUPERVISOR,)),
        Account("cy@leeds.example", "cy@leeds.example", (Role.OPERATOR,)),
        Account("cy@metro.example", "Cy of Metro", (Role.OPERATOR,)),
        Account("dee@leeds.example", "Dee", (Role.OPERATOR,)),
        Account("gone", "Gone", (Role.OPERATOR,), disabled=True),
        Account("locked", "Locked", (Role.OPERATOR,), locked_until=NOON + timedelta(hours=1)),
        Account("max", "Max", (Role.MANAGER,)),
        Account("new", "New", (Role.OPERATOR,), must_change=True),
    )
}
TOKENS = {
    "digest": Token("1", "token:panel", (Role.OPERATOR,), NOON, NOON + timedelta(days=1), "bo"),
}
ANA = Asking("ana", Permission.WORK, NOON)


def test_the_choice_holds_those_who_may_and_tells_no_mail_address() -> None:
    """Disabled, locked and unfit accounts and the author are left out; a mail address is never told whole."""
    told = second_people(ACCOUNTS, TOKENS, ANA)
    assert [one.shown for one in told] == ["bo", "cy", "Cy of Metro", "Dee"]
    assert not any("example" in one.shown + one.handle for one in told)
    assert [second_of(ACCOUNTS, TOKENS, one.handle, ANA) for one in told] == [
        *("bo", "cy@leeds.example", "cy@metro.example", "dee@leeds.example"),
    ]
    assert handle_of(ACCOUNTS["dee@leeds.example"], ACCOUNTS) == "dee"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("operator-2", "nobody here is named operator-2"),
        ("", "nobody here is named"),
        (" ANA ", "somebody else than you"),
        ("gone", "cannot sign in now"),
        ("locked", "cannot sign in now"),
        ("max", "needs: work"),
        ("new", "has not chosen a password yet"),
        ("token:panel", "nobody here is named"),
        ("cy", "nobody here is named cy"),
    ],
)
def test_a_name_that_nobody_stands_behind_is_refused_with_why(typed: str, why: str) -> None:
    """An unknown name, the author's own, a machine's, and one that may not do it are each told apart."""
    with pytest.raises(AccessRefused, match=why):
        second_of(ACCOUNTS, TOKENS, typed, ANA)


def test_a_token_speaks_for_whoever_made_it() -> None:
    """The maker of a token cannot be the second person beside it; anybody else who may can."""
    machine = Asking("token:panel", Permission.TEST, NOON)
    with pytest.raises(AccessRefused, match="somebody else"):
        second_of(ACCOUNTS, TOKENS, "bo", machine)
    assert second_of(ACCOUNTS, TOKENS, " Ana", machine) == "ana"
