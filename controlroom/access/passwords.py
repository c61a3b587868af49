"""Passwords: what makes one good enough, and its Argon2id digest, made and checked on a worker thread.

The parameters are those that RFC 9106 (4, second choice) recommends where memory is scarce: 64 MiB, three
passes, four lanes. A check takes some tens of milliseconds of a core, which is why it never runs on the
event loop and why no more than two run at once: a flood of wrong passwords costs the room's own work nothing
but those two threads.
"""

import asyncio
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from controlroom.access.accounts import AccessRefused

AT_ONCE = 2
"""Checks at once: the machines that the room is made for have two cores, and the room needs one of them."""

LENGTH_MIN = 12
"""Length counts and composition does not (NIST SP 800-63B, 5.1.1.2, asks for 8; a shared desk for more)."""

LENGTH_MAX = 256
"""No person types more, and a megabyte of password is an attack on the digest."""

DISTINCT_MIN = 5
"""Different characters: keeps out "aaaaaaaaaaaa" and its like."""

_WORDS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for another on a printed slip."""

_GROUPS, _GROUP_LENGTH = 4, 5


class Passwords:
    """Makes and checks digests. `hasher` is weaker in tests alone, where a thousand people sign in."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def digest(self, password: str) -> str:
        """Return the digest to keep."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password.encode(errors="replace"))

    async def fits(self, digest: str, password: str) -> bool:
        """Return whether this password made this digest.

        An empty digest takes as long as any other, so that nobody can tell by the clock which names exist.
        """
        async with self._turns:
            return await asyncio.to_thread(self._fits, digest, password[:LENGTH_MAX])

    def _fits(self, digest: str, password: str) -> bool:
        try:
            self._hasher.verify(digest or self._nobodys, password.encode(errors="replace"))
        except (VerificationError, InvalidHashError):
            return False
        return bool(digest)

    @cached_property
    def _nobodys(self) -> str:
        """A digest that no password fits, to be checked where there is no account."""
        return self._hasher.hash(secrets.token_hex())


def insist_good(password: str, name: str) -> str:
    """Return the password; raises AccessRefused with what to do where it is not good enough."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise AccessRefused(
            f"a password has {LENGTH_MIN} to {LENGTH_MAX} characters; three or four words do well"
        )
    if len(set(password)) < DISTINCT_MIN:
        raise AccessRefused(f"a password has at least {DISTINCT_MIN} different characters")
    if name in password.lower():
        raise AccessRefused("a password does not hold the name that goes with it")
    return password


def generated() -> str:
    """Return a new password that can be read out and typed: 20 characters in groups, some 116 bits."""
    groups = ("".join(secrets.choice(_WORDS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)
