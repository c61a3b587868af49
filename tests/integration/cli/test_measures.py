"""`controlroom measures` and `controlroom report` on a journal in a real Valkey."""

import json
import shutil
from pathlib import Path

import pytest

from controlroom.journal.records import decode_frame
from controlroom.journal.valkey import Address, Link
from tests.integration.cli.installation import Installation
from tests.integration.cli.test_audit import Desk
from tests.integration.journal.stage import ValkeyServer
from tests.recount.year import Year, shipped

CONFIG = Path(__file__).parents[3] / "config"
PLAN = "plan-on-a-page.yaml"


@pytest.fixture
async def recorded(installation: Installation, valkey: ValkeyServer) -> Installation:
    """Return an installation whose journal holds a small plan year."""
    shutil.copy(CONFIG / PLAN, installation.home / "config")
    link = Link(Address(port=valkey.port))
    try:
        frames = [decode_frame(body) for body in Year(shipped(), 2_000, seed=3).frames()]
        await Desk(link, installation).write(frames)
    finally:
        await link.close()
    return installation


async def test_the_figures_are_proved_and_reported(recorded: Installation) -> None:
    """Each figure equals the recount; the report says the same quarter in whatever form."""
    checked = await recorded.run("measures", "check")
    assert (checked.code, checked.err) == (0, "")
    assert "19 measures, 0 with a target" in checked.out.splitlines()[0]
    proved = await recorded.run("measures", "verify", "--json")
    assert (proved.code, proved.err) == (0, "")
    proof = json.loads(proved.out)
    assert (proof["difference"], proof["records"] > 1_900, proof["events"] > 500) == (None, True, True)

    for form in ("html", "csv", "ods", "pdf"):
        made = await recorded.run(
            "report", "plan-on-a-page", "--quarter", "2026Q3", "--area", "inner-south", "--format", form
        )
        assert (made.code, made.err) == (0, "")
        file = recorded.home / f"plan-on-a-page-2026Q3-inner-south.{form}"
        assert f"Quarter 3 of 2026/27 (October to December 2026), {file.stat().st_size:,} bytes" in made.out


async def test_a_plan_that_cannot_be_read_stops_the_proof(recorded: Installation) -> None:
    """The proof reads the plan of the moment, and does not start with one that makes no sense."""
    file = recorded.home / "config" / PLAN
    text = file.read_text("utf-8")
    file.write_text(text.replace("resolved_by_cctv: true", "resolved_by_cctv: maybe"), "utf-8")
    wrong = await recorded.run("measures", "verify")
    assert (wrong.code, "allowed: true, false" in wrong.err) == (3, True)


async def test_what_is_no_quarter_area_or_form_is_told(installation: Installation) -> None:
    """Each misused option is answered with what is allowed, before anything is read."""
    for words, said in (
        (("--quarter", "2026Q7"), "2026Q3: October to December 2026"),
        (("--quarter", "0001Q1"), "of the years 1999 to 2100"),
        (("--quarter", "2026"), "allowed is a quarter"),
        (("--quarter", "2026Q3", "--area", "inner-suoth"), "did you mean 'inner-south'?"),
        (("--quarter", "2026Q3", "--format", "xls"), "allowed: html, csv, ods, pdf"),
    ):
        told = await installation.run("report", "plan-on-a-page", *words)
        assert (told.code, said in told.err) == (2, True), told
