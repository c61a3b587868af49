import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.console.raw import SHORT_CHARS, SHOWN_BYTES, short, shown, visible

MARKS = 3


@given(st.text())
def test_every_character_of_a_visible_text_prints(text: str) -> None:
    """Whatever comes in, nothing that comes out can hide, reorder or control anything."""
    assert visible(text).isprintable()


@given(st.text(), st.text())
def test_two_texts_never_look_the_same_unless_they_are(one: str, other: str) -> None:
    """An escape cannot be imitated by writing it out, because a real backslash is doubled."""
    assert (visible(one) == visible(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Otley Civic Centre", "Otley Civic Centre"),
        ("naïve “quoted” 漢字", "naïve “quoted” 漢字"),
        ('it\'s "both"', 'it\'s "both"'),
        ("a\u202eb", r"a\u202eb"),
        ("a\x00\n\tb", r"a\x00\n\tb"),
        (r"a\u202eb", r"a\\u202eb"),
        ("e\u0301", "e\u0301"),
        ("Z" + "\u0301" * MARKS, "Z" + r"\u0301" * MARKS),
        ("\U000e0041", r"\U000e0041"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_only_what_does_not_print_is_escaped(text: str, seen: str) -> None:
    """Controls, bidirectional overrides, invisible characters and piles of marks are spelled out."""
    assert visible(text) == seen


def test_bytes_that_are_no_text_stand_as_their_numbers() -> None:
    """A byte that is not UTF-8 is shown in hexadecimal where it stood."""
    raw = shown(b"ok\xff\x00", 4)
    assert (raw.text, raw.hex, raw.size, raw.cut) == (r"ok\xff\x00", "6f 6b ff 00", 4, False)


def test_a_letter_that_the_bound_cuts_in_two_is_left_off() -> None:
    """Where the cut falls inside a letter the rest is still read as text."""
    raw = shown(("x" * (SHOWN_BYTES - 1) + "é").encode(), SHOWN_BYTES + 1)
    assert raw.text == "x" * (SHOWN_BYTES - 1)


def test_a_long_payload_is_cut_and_says_so() -> None:
    """No more than the bound is shown, and the true size is told."""
    raw = shown(b"x" * (SHOWN_BYTES + 1), 9_999)
    assert (len(raw.text), raw.size, raw.cut) == (SHOWN_BYTES, 9_999, True)


@given(st.text(max_size=3 * SHORT_CHARS))
def test_a_short_name_is_bounded(text: str) -> None:
    """A name never takes more room than its bound, escapes included."""
    assert len(short(text)) <= SHORT_CHARS
