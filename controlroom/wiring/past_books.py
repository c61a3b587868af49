"""The books by which the past is read: today's, and those of other times as far as copies were kept."""

from functools import lru_cache

from msgspec.structs import replace

from controlroom.clock import wall_clock
from controlroom.console.past.books import AsOf, BooksOf, Then
from controlroom.console.past.explained import RulesOf
from controlroom.console.past.reader import Known
from controlroom.console.views import Lens
from controlroom.estate.model import Estate
from controlroom.estate.table import EstateError
from controlroom.incidents.record import Ruling
from controlroom.incidents.rule_changes.state import InForce
from controlroom.rules.model import RuleSet
from controlroom.rules.names import names_of
from controlroom.rules.problems import InvalidRulesError
from controlroom.settings import Settings
from controlroom.wiring import estates
from controlroom.wiring.books import Books, read_estate
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.rule_book import Gated, RuleBook, read_rule_book
from controlroom.wiring.rule_files import read_rule_files
from controlroom.wiring.rule_sets import RuleSets

SETS_HELD = 4
"""Rule sets that are held to explain by: those of the last months."""

BOOKS_HELD = 4
"""Books of other times that are held: as many as pasts, and one more."""


def known_of(settings: Settings, books: Books) -> Known:
    """Return what is known of places and words, now and at other times."""
    return Known(
        lambda: books.handbook,
        lens_of(books),
        wall_clock(),
        settings.room.name,
        rules_of(settings, books),
        books_of(settings, books),
    )


def books_of(settings: Settings, books: Books) -> BooksOf:
    """Return what reads the books of a time. Where a copy is not there, today's stand in for them."""
    sets = RuleSets(settings.service.data_dir, settings.rules.directory)

    @lru_cache(maxsize=BOOKS_HELD)
    def read(by: InForce) -> Then:
        rules, as_of = books.rules, AsOf.SAME
        if by.rule_set != rules.version:
            found = _rules(sets, by.rule_set)
            rules, as_of = (found, AsOf.KEPT) if found is not None else (rules, AsOf.LOST)
        estate, places = books.handbook.estate, AsOf.SAME
        if by.estate != books.estate:
            there = _estate(settings, by.estate, rules)
            estate, places = (there, AsOf.KEPT) if there is not None else (estate, AsOf.LOST)
        handbook = replace(books.handbook, rules=rules.judge, estate=estate)
        lens = lens_of(replace(books, handbook=handbook, rules=rules))
        return Then(handbook, lens, by.rule_set, as_of, by.estate, places)

    return read


def _rules(sets: RuleSets, version: str) -> RuleBook | None:
    """Return a kept set without proving it anew: it has decided already."""
    try:
        found = read_rule_book(sets.find(version), gate=lambda _files, _rules: Gated())
    except (BooksRefused, OSError):
        return None
    return found if found.version == version else None


def _estate(settings: Settings, version: str, rules: RuleBook) -> Estate | None:
    folder = estates.kept(settings.service.data_dir, version)
    try:
        return read_estate(folder, rules.judge.calendars) if folder is not None else None
    except (BooksRefused, EstateError, OSError):
        return None


def rules_of(settings: Settings, books: Books) -> RulesOf:
    """Return where rule sets are read from: the folder in force, and the sets that were kept."""
    names = names_of(books.handbook.estate)
    sets = RuleSets(settings.service.data_dir, settings.rules.directory)

    @lru_cache(maxsize=SETS_HELD)
    def read(version: str) -> RuleSet | None:
        try:
            found = read_rule_files(sets.in_force, names).rules()
            if version in {"", found.version}:
                return found
            return read_rule_files(sets.find(version), names).rules()
        except (BooksRefused, InvalidRulesError, OSError):
            return None

    return read


def lens_of(books: Books) -> Lens:
    """Return where words are looked up: of the rules in force, and of no set before them."""
    rules: RuleBook = books.rules

    def why(ruling: Ruling) -> str | None:
        known = ruling.rule_set == rules.version
        return rules.reasons.get((ruling.table, ruling.rule)) if known else None

    def asks(ruling: Ruling) -> tuple[str, ...]:
        known = ruling.rule_set == rules.version
        return rules.asks.get((ruling.table, ruling.rule), ()) if known else ()

    return Lens(
        estate=lambda: books.handbook.estate,
        why=why,
        plan=lambda table, rule: rules.plans.get((table, rule)),
        asks=asks,
    )
