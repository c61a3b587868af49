"""What the check of a police reference (URN) can find; kept with the referral that was made all the same."""

from enum import StrEnum

from msgspec import Struct


class Found(StrEnum):
    """What the check can find."""

    NO_REFERENCE = "no_reference"
    UNKNOWN = "unknown"
    WRONG_KIND = "wrong_kind"
    DATA_MISMATCH = "data_mismatch"
    WITHDRAWN = "withdrawn"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    FALSE_CALLS = "false_calls"
    NOT_CONFIRMED = "not_confirmed"


class Finding(Struct, frozen=True, gc=False):
    """One finding, in a word and in a sentence; `rejects`: the police would refuse the call for it."""

    what: Found
    says: str
    rejects: bool = True
