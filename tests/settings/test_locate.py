"""Each key of a TOML text is found on its line, whatever stands around it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.settings.locate import key_lines

EVERYTHING = '''# a comment with [brackets] and = signs
top = 1

[a]
plain = "x" # trailing = comment
"quoted \\"key\\"" = "it's"
dotted.inner = [
  1, # first ]
  2,
]

[a.b]
multi = QQQ
not_a_key = 1
QQQ
after = { x = 1, y.z = [{ deep = "}" }] }
text = """
[not a table]
ends with quotes \\\\""""
last = 1979-05-27T07:32:00Z
[[many]]
n = 1.5
[[many]]
n = 2
'''.replace("QQQ", "'''")


def test_every_form_of_key_is_found() -> None:
    """Comments, quoted and dotted keys, strings and arrays over lines, and inline tables do not mislead."""
    assert tomllib.loads(EVERYTHING)

    assert key_lines(EVERYTHING) == {
        ("top",): 2,
        ("a",): 4,
        ("a", "plain"): 5,
        ("a", 'quoted "key"'): 6,
        ("a", "dotted"): 7,
        ("a", "dotted", "inner"): 7,
        ("a", "b"): 12,
        ("a", "b", "multi"): 13,
        ("a", "b", "after"): 16,
        ("a", "b", "after", "x"): 16,
        ("a", "b", "after", "y"): 16,
        ("a", "b", "after", "y", "z"): 16,
        ("a", "b", "after", "y", "z", "deep"): 16,
        ("a", "b", "text"): 17,
        ("a", "b", "last"): 20,
        ("many",): 21,
        ("many", "n"): 22,
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "  \t"])
def test_a_text_without_keys_has_no_lines(text: str) -> None:
    """An empty text, blank lines and comments hold no key."""
    assert key_lines(text) == {}


@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text("ab\n\t'#[]{}=,", max_size=12)),
        unique_by=lambda pair: pair[0],
        max_size=8,
    )
)
def test_whatever_a_string_holds_the_next_key_is_found(entries: list[tuple[str, str]]) -> None:
    """A multi-line string moves the keys after it down by its lines and hides nothing."""
    text, line, expected = "", 1, {}
    for key, value in entries:
        expected[(key,)] = line
        entry = f'{key} = """{value}"""\n'
        text += entry
        line += entry.count("\n")
    tomllib.loads(text)

    assert key_lines(text) == expected
