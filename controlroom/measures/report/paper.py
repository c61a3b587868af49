"""The report as a PDF of A4 pages, landscape: for a committee pack that is printed and stapled.

The letters are those of the PDF's own fonts (Windows-1252); a character that they do not have is written as
a question mark rather than left out.
"""

from datetime import datetime

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from controlroom.measures.report.content import COLUMNS, Heading, definitions, notes, row
from controlroom.measures.scorecard import Group, Scorecard
from controlroom.measures.standing import Status

WIDTHS_MM = (84, 26, 26, 28, 48, 22, 39)
"""Of the columns, together the 273 mm between the margins of a landscape A4 page."""

MARGIN_MM = 12
SLACK_MM = 4
"""Beside the text of a cell: the fonts are the reader's own, and a substitute may run wider."""

BAND = (238, 242, 245)
INK, DIM = (16, 21, 26), (74, 85, 96)
COLOURS = {Status.GREEN: (11, 107, 58), Status.AMBER: (138, 83, 0), Status.RED: (166, 25, 46)}


class _Paper(FPDF):
    """A page with a foot: what it is of, and its number."""

    def __init__(self, foot: str) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._foot = foot
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=16)

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-11)
        self.set_font("helvetica", size=8)
        self.set_text_color(*DIM)
        self.cell(0, 5, f"{self._foot}    page {self.page_no()} of {{nb}}")


def as_pdf(card: Scorecard, head: Heading, made_at: datetime) -> bytes:
    """Return the report as a PDF."""
    paper = _Paper(_plain(f"{head.title}, {head.period}, {head.place}"))
    paper.set_title(_plain(f"{head.title}: {head.period}"))
    paper.set_lang("en-GB")
    paper.set_creation_date(made_at)
    paper.add_page()
    _head(paper, head)
    for group in card.groups:
        _group(paper, group)
    _notes(paper, card)
    if card.signed is None:
        _sign(paper)
    _definitions(paper, card)
    return bytes(paper.output())


def _head(paper: FPDF, head: Heading) -> None:
    _text(paper, head.title, 20, bold=True)
    _text(paper, f"{head.period}. {head.place}.", 12)
    if head.demonstration:
        _text(paper, "Demonstration: everything in this report is simulated.", 11, bold=True)
    for fact in head.facts:
        _text(paper, fact, 9, colour=DIM)


def _group(paper: FPDF, group: Group) -> None:
    if paper.will_page_break(40):
        paper.add_page()
    paper.ln(3)
    _text(paper, f"{group.priority}. {group.words}", 12, bold=True)
    paper.set_font("helvetica", size=7.5)
    paper.set_draw_color(195, 203, 211)
    with paper.table(
        col_widths=WIDTHS_MM,
        width=sum(WIDTHS_MM),
        line_height=4,
        padding=(1, SLACK_MM, 1, 1),
        text_align="LEFT",
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=BAND, color=INK),
    ) as table:
        heads = table.row()
        for column in COLUMNS:
            heads.cell(column)
        for line in group.lines:
            made = table.row()
            for column, text in zip(COLUMNS, row(line), strict=True):
                colour = COLOURS.get(line.status, DIM) if column == "Status" else INK
                strong = "BOLD" if column in {"This quarter", "Status"} else None
                slack = 3 * SLACK_MM if column == COLUMNS[0] else SLACK_MM
                style = FontFace(emphasis=strong, color=colour)
                made.cell(_plain(text), style=style, padding=(1, slack, 1, 1))


def _notes(paper: FPDF, card: Scorecard) -> None:
    said = list(notes(card))
    if not said:
        return
    paper.ln(4)
    _text(paper, "What stands behind the figures", 12, bold=True)
    for wording, narrative, action in said:
        _text(paper, wording, 9, bold=True)
        if narrative:
            _text(paper, narrative, 9)
        if action:
            _text(paper, f"Corrective action: {action}", 9)
        paper.ln(1)


def _definitions(paper: FPDF, card: Scorecard) -> None:
    paper.add_page()
    _text(paper, "How each figure is counted", 12, bold=True)
    for wording, definition, owner in definitions(card):
        _text(paper, wording, 9, bold=True)
        _text(paper, f"{definition} Answers for it: {owner}.", 9, colour=DIM)


def _sign(paper: FPDF) -> None:
    if paper.will_page_break(25):
        paper.add_page()
    paper.ln(14)
    paper.set_draw_color(*INK)
    y = paper.get_y()
    for left, what in ((MARGIN_MM, "Signed off by"), (MARGIN_MM + 140, "Date")):
        paper.line(left, y, left + 120, y)
        paper.set_xy(left, y + 1)
        paper.set_font("helvetica", size=9)
        paper.cell(60, 5, what)


def _text(
    paper: FPDF, text: str, size: int, *, bold: bool = False, colour: tuple[int, int, int] = INK
) -> None:
    paper.set_font("helvetica", style="B" if bold else "", size=size)
    paper.set_text_color(*colour)
    paper.multi_cell(0, size * 0.5, _plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _plain(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")
