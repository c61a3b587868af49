"""The report as a table for machines and for a spreadsheet: CSV, and OpenDocument with numbers as numbers.

A text that a spreadsheet would take for a formula is given an apostrophe in CSV, where a cell has no type; in
OpenDocument a text is a text.
"""

import csv
import io

from odfdo import Cell, Document, Row, Table

from controlroom.measures.report.content import COLUMNS, FURTHER, Heading, further, row
from controlroom.measures.scorecard import Figure, Scorecard

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a formula begins, by the OWASP advice on CSV injection."""


def as_csv(card: Scorecard, head: Heading) -> bytes:
    """Return the report as CSV (RFC 4180, UTF-8): one line a measure, period and place on each."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Period", "Area", "Priority", "Id", *COLUMNS, *FURTHER))
    for group in card.groups:
        for line in group.lines:
            first = (card.quarter.name, head.place, group.priority, line.measure.id)
            writer.writerow([_harmless(text) for text in (*first, *row(line), *further(line))])
    return out.getvalue().encode("utf-8")


def as_ods(card: Scorecard, head: Heading) -> bytes:
    """Return the report as an OpenDocument spreadsheet."""
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Plan on a Page")
    for text in (f"{head.title}: {head.period}", head.place, *head.facts):
        table.append_row(_row((text,)))
    if head.demonstration:
        table.append_row(_row(("Demonstration: all of this is simulated.",)))
    table.append_row(_row(()))
    table.append_row(_row(("Priority", *COLUMNS, *FURTHER)))
    for group in card.groups:
        for line in group.lines:
            texts = row(line)
            figures = [
                _value(one, text)
                for one, text in zip((line.actual, line.to_date, line.year_before), texts[1:4], strict=True)
            ]
            table.append_row(_row((group.priority, texts[0], *figures, *texts[4:], *further(line))))
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _row(values: tuple[str | int, ...]) -> Row:
    made = Row()
    for value in values:
        made.append_cell(Cell(value))
    return made


def _value(figure: Figure, text: str) -> str | int:
    """Return the number where the text says no more than that, so that a spreadsheet can add it up."""
    plain = figure.value is not None and text.replace(",", "") == f"{figure.value:g}"
    return int(figure.value) if plain and figure.value is not None else text


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) and not text[1:].replace(".", "").isdigit() else text
