"""What is noted of people and their accounts: who came in, who changed whose, when. Never a secret.

The room decides nothing about accounts; it keeps what happened in the journal, so that who could do what at
any moment can be read years later.
"""

from enum import StrEnum

import msgspec


class AccessStep(StrEnum):
    """What happened to an account, a session or a token."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SESSION_REVOKED = "session_revoked"
    LOCKED = "locked"
    REFUSED = "sign_in_refused"
    TURNED_AWAY = "turned_away"
    ADDED = "account_added"
    CHANGED = "account_changed"
    DISABLED = "account_disabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a step, no password
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the same
    TOKEN_MADE = "token_made"  # noqa: S105 - the same
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the same
    LINK_MADE = "link_made"
    EXPORTED = "exported"
    MUTED = "muted"
    LOOKED_BACK = "looked_back"


class AccessNoted(msgspec.Struct, frozen=True, gc=False, tag="access_noted"):
    """`author` did this to `account`; `detail` says how, in words without a secret."""

    author: str
    step: AccessStep
    account: str
    detail: str = ""
