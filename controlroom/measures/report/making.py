"""A report in the form that is asked for."""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from controlroom.measures.report.content import heading
from controlroom.measures.report.page import as_html
from controlroom.measures.report.paper import as_pdf
from controlroom.measures.report.tables import as_csv, as_ods
from controlroom.measures.scorecard import Scorecard


class Form(StrEnum):
    """The forms of a report, which are the endings of its file."""

    HTML = "html"
    CSV = "csv"
    ODS = "ods"
    PDF = "pdf"


def report(card: Scorecard, form: Form, made_at: datetime, *, demonstration: bool) -> bytes:
    """Return the bytes of the document."""
    head = heading(card, made_at, demonstration=demonstration)
    match form:
        case Form.HTML:
            return as_html(card, head, made_at)
        case Form.CSV:
            return as_csv(card, head)
        case Form.ODS:
            return as_ods(card, head)
        case Form.PDF:
            return as_pdf(card, head, made_at)
        case _:
            assert_never(form)
