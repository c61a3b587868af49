"""What somebody looks for, and what they find. The words that people type are never the index's own syntax.

A question is words that must all be there, in any order; "words in quotes" stand together; a star at the end
of a word finds whatever begins so. Everything else that is typed is looked for as it stands.
"""

import re
from datetime import datetime

import msgspec

from controlroom.search.pieces import What

TERMS_MAX = 24
"""Words and phrases of one question; a sentence that somebody remembers has fewer."""

_TERM = re.compile(r'"([^"]*)"?(\*)?|(\S+)')


class Question(msgspec.Struct, frozen=True):
    """Words, and what narrows them down; None narrows nothing.

    `reader` is who asks, `sorts` what they may see at all, `hidden` the incidents that are not for them.
    `after` is the place behind which to go on: the rank and the number of the last one found.
    """

    words: str
    reader: str | None
    sorts: tuple[What, ...]
    hidden: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    kind: str | None = None
    site: str | None = None
    area: str | None = None
    person: str | None = None
    after: tuple[int, int] | None = None
    limit: int = 50


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A piece of text, and whether it is what was looked for."""

    text: str
    hit: bool


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was found: its sort, its key, when it was, what it is called, and a piece of its text.

    `rank` is 0 where its names hold all the words, else 1; `number` its place in that rank.
    """

    what: What
    id: str
    at: datetime
    title: str
    parts: tuple[Part, ...]
    rank: int
    number: int
    kind: str = ""
    site: str = ""
    area: str = ""
    incident: str = ""


class Page(msgspec.Struct, frozen=True):
    """What was found, best first; `more` may be found behind it. `cut`: the time was over before the end."""

    found: tuple[Found, ...]
    more: bool
    cut: bool


class Reach(msgspec.Struct, frozen=True):
    """How far the index has come: the last position in it, its moment, and since when it has signals."""

    through: int
    at: datetime | None = None
    signals_since: datetime | None = None


class NothingAsked(ValueError):
    """A question has no word that could be looked for; the text says what to do."""


def expression(words: str) -> str:
    """Return the index's expression for what was typed; raises NothingAsked.

    Each term is a string of its own, in quotes that are doubled inside it, so nothing in it is an operator.
    """
    terms: list[str] = []
    for quoted, star, word in _TERM.findall(words):
        text = quoted or word.strip('"')
        prefix = bool(star) or (not quoted and text.endswith("*"))
        text = text.rstrip("*") if not quoted else text
        if not any(letter.isalnum() for letter in text):
            continue  # a sign alone is no word, and would be looked for in vain
        terms.append(_string(text) + (" *" if prefix else ""))
    if not terms:
        raise NothingAsked("give a word with a letter or a digit in it")
    if len(terms) > TERMS_MAX:
        raise NothingAsked(f"give at most {TERMS_MAX} words; found {len(terms)}")
    return " AND ".join(terms)


def by_person(name: str) -> str:
    """Return the expression for somebody who has to do with it; raises NothingAsked."""
    if not any(letter.isalnum() for letter in name):
        raise NothingAsked("person: give a name with a letter or a digit in it")
    return f"{{people}} : {_string(name)}"


def _string(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\0", " ") + '"'
