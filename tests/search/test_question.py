"""Tests of what people type: none of it is ever the index's own syntax."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.search.question import NothingAsked, by_person, expression

BASE = sqlite3.connect(":memory:")
BASE.execute("CREATE VIRTUAL TABLE words USING fts5 (names, people, said)")
BASE.execute("INSERT INTO words VALUES ('INC-7', 'ana', 'paint at the viaduct''s \"north\" end')")
ASK = "SELECT count(*) FROM words WHERE words MATCH ?"


def found(words: str) -> bool:
    """Say whether the one document is found."""
    return bool(BASE.execute(ASK, (expression(words),)).fetchone()[0])


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("viaduct paint", True),
        ("VIADUCT", True),
        ("viaduct elephants", False),
        ('"paint at the"', True),
        ('"at paint the"', False),
        ('"paint at the', True),
        ("viad*", True),
        ('"paint at th"*', True),
        ("viad", False),
        ("inc-7", True),
        ("paint -- OR NEAR(", False),
        ("paint AND viaduct", False),
        ("names:inc", False),
        ("paint * viaduct", True),
        ('viaduct"s', True),
    ],
)
def test_words_phrases_and_beginnings_are_found_as_they_are_meant(words: str, is_found: bool) -> None:  # noqa: FBT001 - a column of the table
    """All words have to be there, a phrase in its order, a star after a beginning; nothing is an operator."""
    assert found(words) is is_found


@given(st.text(max_size=60))
def test_nothing_that_is_typed_is_a_fault_of_the_index(words: str) -> None:
    """Any text is looked for or refused in words; the index never says that it does not understand."""
    try:
        asked = expression(words)
    except NothingAsked:
        return
    BASE.execute(ASK, (asked,)).fetchone()


@given(st.text(max_size=40))
def test_a_name_is_only_a_name(name: str) -> None:
    """Whatever stands in the filter for a person, it is looked for among people."""
    try:
        asked = by_person(name)
    except NothingAsked:
        return
    BASE.execute(ASK, (f"({expression('paint')}) AND {asked}",)).fetchone()


@pytest.mark.parametrize("words", ["", "  ", "- *", '""', "word " * 25])
def test_a_question_without_a_word_says_what_to_do(words: str) -> None:
    """Signs alone, and more words than one looks for, are refused with what to give instead."""
    with pytest.raises(NothingAsked, match="give"):
        expression(words)
