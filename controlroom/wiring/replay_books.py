"""What a replay decides by, read from folders: rules, estate, house rules, and the safety properties.

A rule set that the gate of a live room would refuse may be replayed all the same: a replay is where one finds
out what it would do. Files that cannot be read are refused with every problem, as everywhere.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from controlroom.estate.partners import NOBODY, Partner
from controlroom.feeds.model import estate_digest
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.replay.difference import IsLife
from controlroom.replay.load import Assumptions
from controlroom.rules.calendars import Calendar
from controlroom.rules.evaluate import holds
from controlroom.rules.model import RuleSet
from controlroom.rules.names import names_of
from controlroom.rules.problems import InvalidRulesError
from controlroom.rules.safety import Property
from controlroom.rules.verdict import Circumstances
from controlroom.settings.replay import Replay as ReplaySettings
from controlroom.wiring.books import read_estate
from controlroom.wiring.folders import BooksRefused, files_in, text_of
from controlroom.wiring.rule_book import Gated, RuleBook, read_rule_book
from controlroom.wiring.rule_files import RuleFiles


class ReplayBook(msgspec.Struct, frozen=True):
    """One rule set over one estate: `name` is what a report calls it, `digest` the estate's."""

    name: str
    handbook: Handbook
    rules: RuleBook
    properties: tuple[Property, ...]
    digest: str

    @property
    def version(self) -> str:
        """The hash of the rule set."""
        return self.rules.version


def read_replay_book(
    rules: Path, estate: Path, house: HouseRules, partners: dict[str, Partner] = NOBODY
) -> ReplayBook:
    """Return what these folders say; raises BooksRefused and `EstateError`."""
    properties: list[Property] = []

    def look(files: RuleFiles, _: RuleSet) -> Gated:
        properties.extend(files.properties())
        return Gated()

    try:
        book = read_rule_book(rules, gate=look, names=names_of(read_estate(estate)))
    except InvalidRulesError as fault:
        raise BooksRefused([*map(str, fault.problems)]) from fault
    loaded = read_estate(estate, book.judge.calendars)
    texts = {file.name: text_of(file) for file in files_in(estate, "*.csv", "estate.directory")}
    handbook = Handbook(book.judge, loaded, house, partners)
    return ReplayBook(_short(rules), handbook, book, tuple(properties), estate_digest(texts))


def with_house(book: ReplayBook, house: HouseRules) -> ReplayBook:
    """Return the book under other house rules."""
    return replace(book, handbook=replace(book.handbook, house=house))


def life_by(*books: ReplayBook) -> IsLife:
    """Return what says whether a property of these books that is marked `life` is about circumstances."""
    return life_of(*((book.rules, book.properties) for book in books))


def life_of(*sets: tuple[RuleBook, tuple[Property, ...]]) -> IsLife:
    """Return the same for rule sets and their safety properties."""
    known = [
        (dict(rules.judge.calendars), one) for rules, properties in sets for one in properties if one.life
    ]

    def is_life(asked: Circumstances) -> bool:
        return any(_about(one, asked, calendars) for calendars, one in known)

    return is_life


def _about(one: Property, asked: Circumstances, calendars: dict[str, Calendar]) -> bool:
    when = one.when.get(asked.kind)
    return when is not None and all(holds(condition, asked, calendars) for condition in when)


def assumptions(settings: ReplaySettings) -> Assumptions:
    """Return what a prediction of load assumes, in whole seconds."""
    handling = (
        settings.handling_p1_s,
        settings.handling_p2_s,
        settings.handling_p3_s,
        settings.handling_p4_s,
    )
    first, second, third, fourth = (max(1, round(seconds)) for seconds in handling)
    return Assumptions((first, second, third, fourth), max(1, round(settings.trip_s)), settings.operators)


def _short(folder: Path) -> str:
    """Return the last two names of a folder: enough to tell two apart, and no path of a machine."""
    parts: Sequence[str] = folder.parts[-2:]
    return "/".join(parts)
