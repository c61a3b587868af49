"""One thing that the doctor looked at, in the words that it is printed in."""

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """What a finding means. Only `WRONG` and `AWAY` make the command end with something other than 0."""

    GOOD = "good"
    UNSEEN = "unseen"
    """It cannot be known from here; the advice says where to look."""
    ADVICE = "advice"
    WRONG = "WRONG"
    AWAY = "AWAY"
    """The other side does not answer, so nothing behind it could be looked at."""


class Finding(msgspec.Struct, frozen=True):
    """What was looked at, what was found, what is wanted, and what to do; `advice` is empty when good."""

    check: str
    found: str
    wanted: str = ""
    advice: str = ""
    severity: Severity = Severity.GOOD
