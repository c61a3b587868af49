"""Where each key of a TOML text was written: the standard parser tells values but not lines.

The text must already have been accepted by `tomllib`; this walk then only has to skip values correctly
(strings of four kinds, arrays and tables over several lines) and never judges them. The limit: within an
array of tables all items share one path, and the line is that of the first.
"""

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str, ...]
"""A dotted key, from the top: ("broker", "port")."""

_TOKEN = re.compile(
    r"""(?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<space>[ \t\r]+)"""
    r"""|(?P<mark>[\[\]{},=.])|(?P<bare>[^\s\[\]{},=.\#"']+)""",
    re.DOTALL,
)

_SILENT = ("comment", "space")


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, where each key and each table's header stands first."""
    return _Walk(text).lines


class _Token:
    """One word of the text; `line` is where it begins."""

    __slots__ = ("kind", "line", "text")

    def __init__(self, kind: str, text: str, line: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line


class _Walk:
    """Reads the statements from top to bottom; `lines` fills on the way."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._tokens = _tokens(text)
        self._next = next(self._tokens, None)
        table: Path = ()
        while self._next is not None:
            if self._next.kind == "newline":
                self._take()
            elif self._next.text == "[":
                table = self._header()
            else:
                self._entry(table)

    def _take(self) -> _Token:
        token = self._next
        if token is None:
            raise ValueError("the text ends inside a statement: it is no TOML")
        self._next = next(self._tokens, None)
        return token

    def _at(self, *texts: str) -> bool:
        return self._next is not None and self._next.kind == "mark" and self._next.text in texts

    def _skip_newlines(self) -> None:
        while self._next is not None and self._next.kind == "newline":
            self._take()

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`; return its path."""
        while self._at("["):
            self._take()
        path, line = self._key()
        while self._at("]"):
            self._take()
        self._remember(path, line)
        return path

    def _entry(self, table: Path) -> None:
        """Read `a.b = value`."""
        key, line = self._key()
        path = (*table, *key)
        self._remember(path, line)
        self._take()
        self._value(path)

    def _key(self) -> tuple[Path, int]:
        """Read a dotted key up to the mark that ends it; return it with its line."""
        line = self._next.line if self._next is not None else 0
        written = ""
        while self._next is not None and not self._at("=", "]"):
            written += self._take().text
        return _path(written), line

    def _value(self, path: Path) -> None:
        """Read a value, remembering the keys of inline tables."""
        if self._at("["):
            self._take()
            self._skip_newlines()
            while not self._at("]"):
                self._value(path)
                self._between()
            self._take()
        elif self._at("{"):
            self._take()
            self._skip_newlines()
            while not self._at("}"):
                self._entry(path)
                self._between()
            self._take()
        else:
            self._take()
            while self._next is not None and self._next.kind != "newline" and not self._at(",", "]", "}"):
                self._take()

    def _between(self) -> None:
        """Read what parts two items of an array or of an inline table."""
        self._skip_newlines()
        if self._at(","):
            self._take()
        self._skip_newlines()

    def _remember(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup or "", match.group()
        if kind not in _SILENT:
            yield _Token(kind, word, line)
        line += word.count("\n")


def _path(written: str) -> Path:
    """Return the words of a dotted key; TOML's own parser undoes its quotes and escapes."""
    found: Path = ()
    inside: object = tomllib.loads(f"{written} = 0")
    while isinstance(inside, dict):
        ((word, inside),) = inside.items()
        found = (*found, word)
    return found
