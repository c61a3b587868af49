"""The books of another time: kept at a start, read for whoever looks back, and missed where they are gone."""

from pathlib import Path

from controlroom.console.past.books import AsOf
from controlroom.incidents.record import Ruling
from controlroom.incidents.rule_changes.state import InForce
from controlroom.settings import Settings, load
from controlroom.wiring import estates
from controlroom.wiring.past_books import books_of
from controlroom.wiring.rule_book import Gated, read_rule_book
from controlroom.wiring.rule_sets import RuleSets
from tests.console.night_room import CONFIG, books

ESTATE, RULES = Path("config/estate"), Path("config/rules")
SITE, OF_OLD = "Morley Linnet Approach School", "Morley Old Approach School"


def settings(tmp_path: Path) -> Settings:
    """Return those of the demonstration, with a data folder of the test."""
    return load(CONFIG, {"CONTROLROOM_SERVICE__DATA_DIR": str(tmp_path)})


def an_old_estate(tmp_path: Path) -> Path:
    """Return a folder of an estate in which a school had another name."""
    folder = tmp_path / "before"
    folder.mkdir()
    for file in ESTATE.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(text.replace(SITE, OF_OLD), encoding="utf-8")
    return folder


def test_the_places_of_then_have_the_names_of_then(tmp_path: Path) -> None:
    """What the room started with is kept, and read where the estate has changed since; else it is today's."""
    before = an_old_estate(tmp_path)
    version, rules = estates.version_of(before), books().rules.version
    read = books_of(settings(tmp_path), books())
    lost = read(InForce(rules, version))
    assert (lost.rules, lost.places, lost.estate) == (AsOf.SAME, AsOf.LOST, version)
    assert SITE in {one.name for one in lost.lens.estate().places.values()}
    for _ in range(2):  # a second start finds it there
        estates.keep(tmp_path, before, version)
    kept = books_of(settings(tmp_path), books())(InForce(rules, version))
    assert kept.places is AsOf.KEPT
    assert OF_OLD in {one.name for one in kept.lens.estate().places.values()}
    assert kept.handbook.estate is kept.lens.estate()
    assert read(InForce(rules, books().estate)).places is AsOf.SAME


def test_the_rules_of_then_have_the_words_of_then(tmp_path: Path) -> None:
    """A set that was kept is read with its reasons; one that was touched since, or is gone, is missed."""
    kept = RuleSets(tmp_path, RULES).keep(RULES, "now")
    guard = kept / "guard.yaml"
    guard.write_text(
        guard.read_text(encoding="utf-8").replace("why: The", "why: Of old, the", 1), encoding="utf-8"
    )
    version = read_rule_book(kept, gate=lambda _files, _rules: Gated()).version
    RuleSets(tmp_path, RULES).keep(kept, version)
    read = books_of(settings(tmp_path), books())
    then = read(InForce(version, books().estate))
    assert (then.rules, then.places, then.rule_set) == (AsOf.KEPT, AsOf.SAME, version)
    assert then.handbook.rules.version == version
    assert (then.lens.why(Ruling("guard", "unaccounted", version)) or "").startswith("Of old, the guard")
    for touched_or_gone in ("now", "0" * 64):
        assert read(InForce(touched_or_gone, books().estate)).rules is AsOf.LOST
