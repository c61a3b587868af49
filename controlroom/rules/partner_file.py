"""Reading `partners.yaml`: from what a council wrote to the partners, or to every problem of the file.

An address is only ever taken from here, never from a signal, an operator or a receiver's answer. It is
`https`, or `http` on this machine alone; it names no user and no password, and no fragment.
"""

from typing import Annotated
from urllib.parse import urlsplit

import pydantic
from pydantic import BaseModel, ConfigDict, Field

from controlroom.estate.partners import PARTNERS_MAX, Category, Partner, Reached
from controlroom.rules.problems import Findings
from controlroom.rules.source import parse
from controlroom.rules.tree import at, key_mark, plain

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts to which a referral may go without TLS: it does not leave the machine."""

_SHAPE = ConfigDict(frozen=True, extra="forbid", strict=True)
_Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
_Category = Annotated[Category, Field(strict=False)]


class _Webhook(BaseModel):
    model_config = _SHAPE

    url: Annotated[str, Field(max_length=2_048)]

    @pydantic.field_validator("url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("is no https address (http is for this machine alone)")
        if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
            raise ValueError(
                "is no plain address; write https://host/path without user, password and fragment"
            )
        return url


class _Entry(BaseModel):
    model_config = _SHAPE

    name: Annotated[str, Field(min_length=1, max_length=80)]
    reached: Annotated[Reached, Field(strict=False)]
    takes: Annotated[list[_Category], Field(min_length=1)]
    webhook: _Webhook | None = None
    police: bool = False

    @pydantic.model_validator(mode="after")
    def _reached_as_it_says(self) -> "_Entry":
        if (self.reached is Reached.WEBHOOK) is (self.webhook is None):
            raise ValueError(
                "a partner reached by webhook has a 'webhook' with its url, another one has none"
            )
        return self


class _File(BaseModel):
    model_config = _SHAPE

    partners: Annotated[dict[_Key, _Entry], Field(min_length=1, max_length=PARTNERS_MAX)]


def read_partners(file: str, text: str, findings: Findings) -> dict[str, Partner]:
    """Return the partners by key, in the order of the file; none, with every problem, where it has any."""
    tree = parse(file, text, findings)
    if tree is None:
        return {}
    try:
        entries = _File.model_validate(plain(tree)).partners
    except pydantic.ValidationError as fault:
        for problem in fault.errors(include_url=False, include_context=False):
            steps = [step for step in problem["loc"] if step != "[key]"]
            owner, last = steps[:-1], str(steps[-1]) if steps else ""
            where = ".".join(map(str, steps)) or "the file"
            of_key = problem["type"] == "extra_forbidden" or "[key]" in problem["loc"]
            mark = key_mark(at(tree, owner), last) if of_key else at(tree, steps).mark
            findings.add(mark, f"{where}: {problem['msg'].removeprefix('Value error, ')}")
        return {}
    return {
        key: Partner(
            key=key,
            name=entry.name,
            reached=entry.reached,
            takes=frozenset(entry.takes),
            url=entry.webhook.url if entry.webhook is not None else None,
            police=entry.police,
        )
        for key, entry in entries.items()
    }
