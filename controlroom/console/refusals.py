"""How often a request was refused, by a closed set of reasons: how it is seen that somebody is at the door.

A problem's type is finer than anybody counts, and grows with the API; the reasons here do not.
"""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus


class Refusal(StrEnum):
    """Why a request was not answered as asked."""

    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    FOREIGN_PAGE = "foreign_page"
    """A command from another site's page, or a form without the token that only our own page has."""
    UNKNOWN_HOST = "unknown_host"
    NOT_FOUND = "not_found"
    NOT_VALID = "not_valid"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    NOT_NOW = "not_now"
    FAILED = "failed"
    """A fault of the console's own."""


_BY_TYPE: Mapping[str, Refusal] = {
    "foreign-page": Refusal.FOREIGN_PAGE,
    "form-too-old": Refusal.FOREIGN_PAGE,
}
_BY_STATUS: Mapping[int, Refusal] = {
    HTTPStatus.UNAUTHORIZED: Refusal.NOT_SIGNED_IN,
    HTTPStatus.FORBIDDEN: Refusal.NOT_ALLOWED,
    HTTPStatus.NOT_FOUND: Refusal.NOT_FOUND,
    HTTPStatus.CONFLICT: Refusal.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED: Refusal.CONFLICT,
    HTTPStatus.MISDIRECTED_REQUEST: Refusal.UNKNOWN_HOST,
    HTTPStatus.TOO_MANY_REQUESTS: Refusal.TOO_MANY,
    HTTPStatus.SERVICE_UNAVAILABLE: Refusal.NOT_NOW,
}


class Refusals:
    """The counts; every reason is there from the start."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(map(str, Refusal), 0)

    def count(self, status: int, kind: str) -> None:
        """Count one, by the status and the type of its problem."""
        self._counts[refusal_of(status, kind)] += 1

    def counts(self) -> Mapping[str, int]:
        """Return how many there were, by reason."""
        return self._counts


def refusal_of(status: int, kind: str) -> Refusal:
    """Return the reason that this problem counts under; what no other one names was not valid."""
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if status in _BY_STATUS:
        return _BY_STATUS[HTTPStatus(status)]
    return Refusal.FAILED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Refusal.NOT_VALID
