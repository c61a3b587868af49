"""Income as a page shows it: by what earned it and by month, in pounds."""

from collections.abc import Sequence

import msgspec

from controlroom.commands.entry_words import IncomeFrom
from controlroom.measures.earnings import Earnings, income_of


class Row(msgspec.Struct, frozen=True):
    """One source of income: pounds by month, and together."""

    source: str
    by_month: tuple[float, ...]
    total: float


class Page(msgspec.Struct, frozen=True):
    """The months and their income; the last row is the sum of the others."""

    months: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row


def page_of(book: Earnings, months: Sequence[str]) -> Page:
    """Return the income of these months."""
    found = [income_of(book, frozenset({month})) for month in months]
    rows = tuple(_row(source.replace("_", " "), [month[source] for month in found]) for source in IncomeFrom)
    return Page(tuple(months), rows, _row("Together", [sum(month.values()) for month in found]))


def _row(name: str, pence: Sequence[int]) -> Row:
    return Row(name, tuple(one / 100 for one in pence), sum(pence) / 100)
