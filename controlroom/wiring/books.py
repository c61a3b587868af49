"""The files that a council edits, read from disk: the estate and the rule tables, as one handbook."""

from collections.abc import Collection
from math import ceil
from pathlib import Path

import msgspec
from msgspec.structs import replace

from controlroom.console.map_tiles import MapTiles, UnfitTiles, read_tiles
from controlroom.estate.load import load as load_estate
from controlroom.estate.model import Estate
from controlroom.estate.partners import NOBODY, Partner
from controlroom.estate.table import EstateError
from controlroom.incidents.cameras.limits import CameraRules
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.help_points.limits import HelpPointRules
from controlroom.incidents.keyholders.calls import KeyholderRules
from controlroom.incidents.people.terms import PeopleRules
from controlroom.incidents.sites.house import Patience
from controlroom.incidents.work.limits import WorkRules
from controlroom.measures.book import Book
from controlroom.measures.plan.model import PlanText
from controlroom.measures.plan.read import InvalidPlanError, read_plan
from controlroom.rules.names import names_of
from controlroom.rules.partner_file import read_partners
from controlroom.rules.problems import Findings
from controlroom.rules.template_file import Template, read_templates
from controlroom.settings import Settings
from controlroom.settings.devices import CameraSettings, HelpPointSettings
from controlroom.wiring.estates import version_of
from controlroom.wiring.folders import BooksRefused, files_in, text_of
from controlroom.wiring.rule_book import RuleBook, read_rule_book


def read_estate(folder: Path, calendars: Collection[str] | None = None) -> Estate:
    """Return the estate of this folder; raises `EstateError` with every problem of every file.

    Raises BooksRefused where there is no such folder, or no file in it that could be read.
    """
    texts = {file.name: text_of(file) for file in files_in(folder, "*.csv", "estate.directory")}
    try:
        return load_estate(texts, calendars)
    except EstateError as fault:
        whole = tuple(replace(problem, file=str(folder / problem.file)) for problem in fault.problems)
        raise EstateError(whole) from None


def camera_rules(settings: CameraSettings) -> CameraRules:
    """Return the house's rules about cameras as these settings say them."""
    return CameraRules(**settings.model_dump())


def help_point_rules(settings: HelpPointSettings) -> HelpPointRules:
    """Return the house's rules about help points as these settings say them."""
    return HelpPointRules(**settings.model_dump())


class Books(msgspec.Struct, frozen=True):
    """What a council edits, ready for use: handbook, rule set with its words, plan, map file, templates.

    `estate` is the version of the estate.
    """

    handbook: Handbook
    rules: RuleBook
    plan: Book
    tiles: MapTiles | None = None
    templates: tuple[Template, ...] = ()
    estate: str = ""


def read_books(settings: Settings) -> Books:
    """Return everything that a decision may consult; raises BooksRefused and `EstateError`."""
    # The rules name words of the estate, and the estate names calendars of the rules: so it is read twice.
    names = names_of(read_estate(settings.estate.directory))
    rules = read_rule_book(settings.rules.directory, names=names)
    estate = read_estate(settings.estate.directory, rules.judge.calendars)
    handbook = Handbook(rules.judge, estate, house_rules(settings), partners_of(settings))
    plan, tiles, templates = read_book(settings), read_map(settings), templates_of(settings)
    return Books(handbook, rules, plan, tiles, templates, version_of(settings.estate.directory))


def house_rules(settings: Settings) -> HouseRules:
    """Return what holds for every signal as these settings say it."""
    return HouseRules(
        demonstration=settings.room.demonstration,
        accept_within_s=round(settings.room.accept_within_s),
        confirm_within_min=settings.room.confirm_within_min,
        test_max_s=round(settings.room.test_max_s),
        after_outage_s=round(settings.room.after_outage_s),
        work=_work(settings),
        sites=Patience(**settings.sites.model_dump()),
        people=_people(settings),
        cameras=camera_rules(settings.cameras),
        help_points=help_point_rules(settings.help_points),
        keyholders=KeyholderRules(**{key: ceil(s) for key, s in settings.keyholders.model_dump().items()}),
    )


def read_book(settings: Settings) -> Book:
    """Return what the figures of this room are counted by; raises BooksRefused with every problem."""
    return Book(read_plan_file(settings.measures.plan), count_simulated=settings.room.demonstration)


def read_plan_file(file: Path) -> PlanText:
    """Return the plan of this file; raises BooksRefused with every problem."""
    try:
        return read_plan(str(file), text_of(file))
    except InvalidPlanError as fault:
        raise BooksRefused([*map(str, fault.problems)]) from fault


def read_map(settings: Settings) -> MapTiles | None:
    """Return the council's own map file, None where the settings name none; raises BooksRefused."""
    if settings.console.map_tiles is None:
        return None
    try:
        return read_tiles(settings.console.map_tiles)
    except UnfitTiles as fault:
        raise BooksRefused([f"console.map_tiles: {fault}"]) from fault


def partners_of(settings: Settings) -> dict[str, Partner]:
    """Return who can be referred to; raises BooksRefused with every problem of their file."""
    file = settings.partners.file
    if file is None:
        return NOBODY
    findings = Findings()
    partners = read_partners(str(file), text_of(file), findings)
    problems = [str(problem) for problem in findings.problems]
    problems += [
        f"{file}: partner '{one.key}' is reached by webhook and has no key; "
        f"make {one.key}.key of 32 random bytes in webhooks.keys_dir"
        for one in partners.values()
        if one.url is not None and one.key not in settings.secrets.webhook_keys
    ]
    if problems:
        raise BooksRefused(problems)
    return partners


def templates_of(settings: Settings) -> tuple[Template, ...]:
    """Return the templates of log entries; raises BooksRefused with every problem of their file."""
    file = settings.log_book.templates
    if file is None:
        return ()
    findings = Findings()
    templates = read_templates(str(file), text_of(file), findings)
    if findings.problems:
        raise BooksRefused([str(problem) for problem in findings.problems])
    return templates


def _people(settings: Settings) -> PeopleRules:
    """Return how people are watched over, in whole seconds, at least one."""
    people = settings.people
    seconds = {name: ceil(getattr(people, name)) for name in PeopleRules.__struct_fields__ if name != "pace"}
    return PeopleRules(**seconds, pace=people.pace)


def _work(settings: Settings) -> WorkRules:
    """Return how patient the room is, in whole seconds, at least one: nothing falls due for ever."""
    work = settings.work
    return WorkRules(
        escalate_every_s=ceil(work.escalate_every_s),
        escalate_urgent_every_s=ceil(work.escalate_urgent_every_s),
        owner_moves_within_s=ceil(work.owner_moves_within_s),
        owner_moves_urgent_s=ceil(work.owner_moves_urgent_s),
        arrive_within_s=ceil(work.arrive_within_s),
        clear_within_s=ceil(work.clear_within_s),
        park_max_s=ceil(work.park_max_s),
        park_life_max_s=ceil(work.park_life_max_s),
        reopen_within_s=ceil(work.reopen_within_s),
        restore_within_s=ceil(work.restore_within_s),
        swinger_after=work.swinger_after,
        shelved_max_s=ceil(work.shelved_max_s),
        flood_from=work.flood_from,
    )
