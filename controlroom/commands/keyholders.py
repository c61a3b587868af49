"""What people tell the room of keyholders: each call that was made, and what came of it."""

from enum import StrEnum

import msgspec


class CallResult(StrEnum):
    """What came of a call to a keyholder.

    `calling`: it rings now. `reached`: they have heard it, and not said yet whether they come. `no_word` and
    `not_there` are the room's own: nobody said what came of a call, and who wanted to come did not.
    """

    CALLING = "calling"
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    NO_WORD = "no_word"
    NOT_THERE = "not_there"


class KeyholderCalled(msgspec.Struct, frozen=True, gc=False, tag="keyholder_called"):
    """An operator called a keyholder of the incident's site, or heard of one; `version` is the one seen."""

    incident: str
    version: int
    author: str
    keyholder: str
    result: CallResult


KeyholderCommand = KeyholderCalled
"""What can be told of an incident about keyholders."""
