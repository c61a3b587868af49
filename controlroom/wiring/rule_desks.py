"""Everything about rule sets in a running room, put together: read again, put beside, promoted."""

from contextlib import suppress
from functools import partial

import msgspec

from controlroom.clock import wall_clock
from controlroom.incidents.record import Record
from controlroom.room import Room
from controlroom.rules.names import Names, names_of
from controlroom.settings import Settings
from controlroom.wiring.books import Books
from controlroom.wiring.lab import TrialLab
from controlroom.wiring.reloading import Bell, Reloader
from controlroom.wiring.rule_book import RuleBook, read_rule_book
from controlroom.wiring.rule_sets import RuleSets
from controlroom.wiring.shadow_desk import CandidateDesk
from controlroom.wiring.shadowing import Shadowing


class Desks(msgspec.Struct, frozen=True):
    """Where rule sets are asked for: read again, put beside those in force; `beside` is the follower."""

    rules: Reloader
    shadow: CandidateDesk
    beside: Shadowing
    lab: TrialLab


def make_desks(room: Room, settings: Settings, books: Books, opening: Record, bell: Bell) -> Desks:
    """Return the desks of this room, whose rules came into force with its opening."""
    opened_at = opening.now
    folder, names = settings.rules.directory, names_of(books.handbook.estate)
    sets = RuleSets(settings.service.data_dir, folder)
    reloader = Reloader(room, books.rules, opened_at, bell, partial(_read_and_keep, sets, names))
    beside = Shadowing(room, lambda: reloader.in_force)
    lab = TrialLab(settings, sets, wall_clock())
    return Desks(reloader, CandidateDesk(room, sets, names, beside, reloader, bell), beside, lab)


def _read_and_keep(sets: RuleSets, names: Names) -> RuleBook:
    """Read the set in the folder of the tables, and keep a copy for whoever looks back at what it decided."""
    book = read_rule_book(sets.in_force, names=names)
    with suppress(OSError):  # it decides all the same
        sets.keep_in_force(book.version)
    return book
