"""One CSV file of the estate: rows in, checked cells out, every problem kept instead of the first raised.

A file is what a spreadsheet saves: UTF-8 with or without the byte order mark, comma separated, one
header row, empty rows at the end. Cells are trimmed. Columns may stand in any order; a column that
is not known is a problem, because a misspelt optional column would otherwise be ignored in silence.

Limits: a quoted cell may hold line breaks; the line of a row is the line it starts on.
"""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from controlroom.estate.shifts import read_shifts

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A key that fits a topic segment: the same shape as `signals.payloads.Identifier`."""

WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""A tag: small letters, digits, dashes and underscores, so that a rule can name it without quoting."""


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong, said so that it can be put right; `nearest` is a guess at what was meant."""

    file: str
    line: int
    column: str
    found: str
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        """Return `file:line:column: found …; allowed: …; did you mean …?`."""
        hint = "" if self.nearest is None else f"; did you mean {self.nearest!r}?"
        return f"{self.file}:{self.line}:{self.column}: found {self.found}; allowed: {self.allowed}{hint}"


class EstateError(ValueError):
    """The estate cannot be used; `problems` holds every fault of every file, in file and line order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Column(msgspec.Struct, frozen=True):
    """One column: how a cell is read (`read` raises ValueError), and what to say when it cannot be.

    `names` is the closed list the cell comes from, for the nearest name. `default` is the text that an
    empty cell, or a file without the column, stands for; None means that the cell must be filled. What stands
    in a `personal` column is quoted in no problem: problems are written to logs.
    """

    name: str
    allowed: str
    read: Callable[[str], Any]
    names: tuple[str, ...] = ()
    default: str | None = None
    personal: bool = False


class Row(msgspec.Struct, frozen=True):
    """One row whose cells could be read: the line it starts on and its values by column name."""

    line: int
    cells: dict[str, Any]


class Table(msgspec.Struct, frozen=True):
    """What one file says: `keys` includes the keys of rows that had problems, so references to them hold."""

    file: str
    rows: tuple[Row, ...]
    keys: frozenset[str]
    problems: tuple[Problem, ...]


def nearest(found: str, names: tuple[str, ...]) -> str | None:
    """Return the name most like `found`, or None if none is near."""
    close = difflib.get_close_matches(found, names, n=1)
    return close[0] if close else None


def read_table(file: str, text: str, columns: tuple[Column, ...]) -> Table:
    """Return the rows and every problem of one file; the first column is the key, unique in the file."""
    problems: list[Problem] = []
    lines = _lines(file, text.removeprefix("\ufeff"), problems)
    header = next(lines, None)
    if header is None:
        problems.append(Problem(file, 1, columns[0].name, "an empty file", _header(columns)))
        return Table(file, (), frozenset(), tuple(problems))
    places = _columns_of(file, header[1], columns, problems)
    key = columns[0].name
    rows: list[Row] = []
    first_line: dict[str, int] = {}
    for line, cells in lines:
        if not any(cells):
            continue
        if len(cells) > len(header[1]):
            extra = cells[len(header[1])]
            problems.append(
                Problem(
                    file, line, key, f"{len(cells)} cells, the extra one {extra!r}", f"{len(header[1])} cells"
                )
            )
        values = _values(file, line, cells, places, problems)
        name = cells[places[0][1]] if 0 <= places[0][1] < len(cells) else ""
        if name in first_line:
            problems.append(
                Problem(file, line, key, f"{name!r} again", f"once only (line {first_line[name]})")
            )
        elif name:
            first_line[name] = line
            if values is not None:
                rows.append(Row(line, values))
    return Table(file, tuple(rows), frozenset(first_line), tuple(problems))


def _header(columns: tuple[Column, ...]) -> str:
    """Return the header line as it has to be, for an error."""
    return "the header " + ",".join(column.name for column in columns)


def _lines(file: str, text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it starts on, cells trimmed; no CSV is a problem and the end."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as fault:
        problems.append(
            Problem(file, line, "row", f"no CSV ({fault})", "comma separated cells, quotes closed")
        )


def _columns_of(
    file: str, header: list[str], columns: tuple[Column, ...], problems: list[Problem]
) -> list[tuple[Column, int]]:
    """Return each known column with its place (-1: absent); unknown, double and missing are problems."""
    names = tuple(column.name for column in columns)
    for place, name in enumerate(header):
        if name not in names:
            found = f"the unknown column {name!r}"
            problems.append(
                Problem(file, 1, name or str(place + 1), found, ", ".join(names), nearest(name, names))
            )
        elif name in header[:place]:
            problems.append(Problem(file, 1, name, "the column twice", "once"))
    problems.extend(
        Problem(file, 1, column.name, "no such column", _header(columns))
        for column in columns
        if column.name not in header and column.default is None
    )
    return [(column, header.index(column.name) if column.name in header else -1) for column in columns]


def _values(
    file: str, line: int, cells: list[str], places: list[tuple[Column, int]], problems: list[Problem]
) -> dict[str, Any] | None:
    """Return the row's values by column name, or None when one of them could not be read."""
    values: dict[str, Any] = {}
    width = len(cells)
    for column, place in places:
        text = cells[place] if 0 <= place < width else ""
        if not text:
            if column.default is None:
                if place >= 0:
                    problems.append(Problem(file, line, column.name, "an empty cell", column.allowed))
                continue
            text = column.default
        try:
            values[column.name] = column.read(text)
        except ValueError:
            guess = nearest(text, column.names) if column.names else None
            found = "something else (personal, not shown here)" if column.personal else repr(text)
            problems.append(Problem(file, line, column.name, found, column.allowed, guess))
    return values if len(values) == len(places) else None


def text_column(name: str) -> Column:
    """Return a column of free text that must be filled."""
    return Column(name, "some text", str)


def key_column(name: str, default: str | None = None) -> Column:
    """Return a column that holds the key of this row, or with a default the key of a row elsewhere."""

    def read(text: str) -> str:
        if text and IDENTIFIER.fullmatch(text) is None:
            raise ValueError(text)
        return text

    return Column(name, "letters, digits, dot, dash, underscore; 1 to 64, no space", read, default=default)


def word_column(name: str, names: tuple[str, ...]) -> Column:
    """Return a column that holds one word of a closed list."""
    values = {word: word for word in names}

    def read(text: str) -> str:
        try:
            return values[text]
        except KeyError:
            raise ValueError(text) from None

    return Column(name, "one of " + ", ".join(names), read, names)


def words_column(name: str, names: tuple[str, ...] = ()) -> Column:
    """Return a column that holds words with `;` between them, of a closed list if one is given, or none."""
    known = frozenset(names)

    def read(text: str) -> frozenset[str]:
        words = frozenset(filter(None, (word.strip() for word in text.split(";"))))
        if (known and not words <= known) or any(WORD.fullmatch(word) is None for word in words):
            raise ValueError(text)
        return words

    what = ", ".join(names) if names else "small letters, digits, dash, underscore"
    return Column(name, f"words with ';' between them ({what}), or nothing", read, names, default="")


def number_column(name: str, low: float, high: float) -> Column:
    """Return a column that holds a decimal number from `low` to `high`."""

    def read(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return Column(name, f"a number from {low} to {high}", read)


def whole_column(name: str, unit: str, low: int, high: int) -> Column:
    """Return a column that holds a whole number of a unit from `low` to `high`; empty means None."""

    def read(text: str) -> int | None:
        number = int(text) if text else None
        if number is not None and not low <= number <= high:
            raise ValueError(text)
        return number

    return Column(name, f"whole {unit} from {low} to {high}, or nothing", read, default="")


def or_nothing(column: Column) -> Column:
    """Return the column with an empty cell allowed, which means None."""
    return msgspec.structs.replace(
        column,
        allowed=f"{column.allowed}, or nothing",
        read=lambda text: column.read(text) if text else None,
        default="",
    )


def shifts_column(name: str) -> Column:
    """Return a column that holds a roster (see `estate.shifts`); empty means none."""
    allowed = "days and times with ';' between them (mon-fri 08:00-16:30; daily 22:00-06:00), or nothing"
    return Column(name, allowed, read_shifts, default="")


def risk_column() -> Column:
    """Return the column of the risk: 1 (low), 2 or 3 (high); empty means 1."""
    values = {"1": 1, "2": 2, "3": 3}

    def read(text: str) -> int:
        try:
            return values[text]
        except KeyError:
            raise ValueError(text) from None

    return Column("risk", "1 (low), 2 or 3 (high)", read, default="1")


def yes_column(name: str) -> Column:
    """Return a column that holds yes or no; empty means no."""
    values = {"yes": True, "no": False}

    def read(text: str) -> bool:
        try:
            return values[text.lower()]
        except KeyError:
            raise ValueError(text) from None

    return Column(name, "yes or no", read, ("yes", "no"), default="no")
