"""The report in its four forms: one content, and nothing in any of them that a reader may not see."""

import csv
import io
import re

import pytest
from odfdo import Document

from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import year_before
from controlroom.measures.report.content import heading
from controlroom.measures.report.making import Form, report
from controlroom.measures.report.tables import as_csv
from controlroom.measures.scorecard import Asked, Scorecard, scorecard
from tests.build import NOON, PLAN
from tests.measures.test_scorecard import Q3, TODAY, ledger, more


def card(made: Ledger | None = None, area: str | None = None, *, in_team: bool = False) -> Scorecard:
    """Return a card with some figures."""
    if made is None:
        made = ledger(asb_cases_resolved=1_234, mispers_reported=3, mispers_contributed=2)
        more(made, "asb_cases_resolved", year_before(Q3), 1_000)
        text = "=cmd|' /C calc'!A0"
        made.narratives[Q3.name] = {
            "wyp_briefings": NarrativeKept(Q3.name, "wyp_briefings", "m", NOON, text, "<b>More</b> of them")
        }
    return scorecard(made, PLAN, Asked(Q3, TODAY, area, in_team))


def rows(content: bytes) -> list[dict[str, str]]:
    """Return the lines of the CSV."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def test_the_table_has_a_line_for_each_measure() -> None:
    """Period, place, priority and id make each line whole by itself."""
    found = rows(report(card(), Form.CSV, NOON, demonstration=False))
    assert [line["Id"] for line in found] == [measure.id for measure in PLAN.measures]
    first = found[0]
    assert (first["Period"], first["Area"], first["Priority"]) == ("2026Q3", "The whole city", "A")
    assert (first["This quarter"], first["Same quarter last year"]) == ("1,234", "1,000")
    assert first["Change"] == "234 more than a year before (+23 %), better"


def test_no_text_becomes_a_formula() -> None:
    """What somebody wrote is text in a spreadsheet, whatever it begins with."""
    found = {line["Id"]: line for line in rows(report(card(), Form.CSV, NOON, demonstration=False))}
    assert found["wyp_briefings"]["Narrative"].startswith("'=")


def test_numbers_are_numbers_in_the_spreadsheet() -> None:
    """A figure can be added up there; what is no number stays its words."""
    made = report(card(), Form.ODS, NOON, demonstration=True)
    table = Document(io.BytesIO(made)).body.get_table(0)
    assert table is not None
    values = [row for row in table.get_values() if row and row[0] in {"A", "B", "C"}]
    assert len(values) == 19
    by_wording = {row[1]: row for row in values}
    assert int(by_wording["No. of ASB cases resolved using CCTV evidence"][2]) == 1_234
    assert by_wording["No. of Mispers reported to Leedswatch service"][2] == "fewer than 5"


def test_the_page_is_whole_by_itself_and_escapes_what_people_wrote() -> None:
    """No script, nothing from elsewhere, every measure, the narrative as text, and that it is simulated."""
    page = report(card(), Form.HTML, NOON, demonstration=True).decode("utf-8")
    assert not re.search(r"<script|<link|src=|href=|@import", page)
    assert all(measure.wording.replace("&", "&amp;") in page for measure in PLAN.measures)
    assert "&lt;b&gt;More&lt;/b&gt; of them" in page
    assert "everything in this report is simulated" in page
    assert "Quarter 3 of 2026/27 (October to December 2026)" in page


def test_the_paper_is_a_pdf_of_a_few_pages() -> None:
    """Three pages of A4, landscape, in the language it is in."""
    made = report(card(), Form.PDF, NOON, demonstration=False)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") == 3
    assert b"841.89 595.28" in made
    assert b"en-GB" in made


@pytest.mark.parametrize("form", [Form.CSV, Form.HTML])
def test_outside_the_team_small_numbers_are_in_no_form(form: Form) -> None:
    """The team's report has the three mispers; everybody else's says that there were fewer than five."""
    inside = report(card(in_team=True), form, NOON, demonstration=False).decode()
    outside = report(card(), form, NOON, demonstration=False).decode()
    assert "67 % (2 of 3)" in inside
    assert "67 %" not in outside
    assert "fewer than 5" in outside
    assert "fewer than 5" not in inside


def test_a_signed_report_says_who_signed_and_what_moved_since() -> None:
    """The signature stands at the head, and the later correction beside its figure."""
    made = ledger(asb_cases_resolved=12)
    figures = {"asb_cases_resolved": {"inner-south": 10}}
    made.signed[Q3.name] = QuarterFrozen(Q3.name, "the manager", NOON, figures, {}, 7)
    signed = card(made)
    head = heading(signed, NOON, demonstration=False)
    assert any("Signed off by the manager on 2 March 2026, 12:00" in fact for fact in head.facts)
    assert rows(as_csv(signed, head))[0]["This quarter"] == "10 (+2 since signed)"


def test_an_areas_report_names_its_committee() -> None:
    """Figures of one area carry its name, and no target of the city's."""
    made = report(card(area="inner-south"), Form.CSV, NOON, demonstration=False)
    assert {line["Area"] for line in rows(made)} == {"Inner South Community Committee"}
