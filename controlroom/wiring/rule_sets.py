"""Whole rule sets, kept by version below the data folder: the candidate, and what there is to go back to.

A candidate is copied when it is put into the shadow, so an edit of its folder changes nothing any more; the
set in force is copied before it is replaced. A set is a folder like an installation's: `rules`, `plans`,
`calendars.yaml`. Installing one replaces the files of the installation, each in one step, and takes away
tables that the set does not have. Cases and what else lies there stay.
"""

import shutil
from pathlib import Path

from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.rule_files import CALENDARS_FILE, PLANS_FOLDER

FOLDER = "rule-sets"
"""The folder of the sets, in the data folder."""

RULES = "rules"


class RuleSets:
    """The kept sets; `in_force` is the folder of the tables that decide.

    Every method reads or writes the disk: call them on a thread.
    """

    def __init__(self, data_dir: Path, in_force: Path) -> None:
        self._kept = data_dir / FOLDER
        self.in_force = in_force

    def inside(self, folder: str) -> Path:
        """Return this folder of the installation; raises BooksRefused for one that lies outside it.

        The installation is the folder that holds the one of the tables' configuration.
        """
        installation = self.in_force.parent.parent.resolve()
        place = (installation / folder).resolve()
        if not place.is_relative_to(installation):
            raise BooksRefused([f"{folder}: lies outside the installation; name one in it, as new/rules"])
        return place

    def keep(self, rules: Path, version: str) -> Path:
        """Keep a copy of the set in this folder of tables; return the copy's folder of tables."""
        place = self._kept / version
        if place.exists():
            return place / RULES
        making = self._kept / f".{version}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        _copy(rules, making)
        making.replace(place)
        return place / RULES

    def keep_in_force(self, version: str) -> None:
        """Keep a copy of what stands in the folder of the tables in force."""
        self.keep(self.in_force, version)

    def find(self, version: str) -> Path:
        """Return the folder of tables of a kept set; raises BooksRefused where it is not there."""
        place = self._kept / version / RULES
        if not place.is_dir():
            raise BooksRefused([f"{place}: the files of this set are not there; put it in place by a reload"])
        return place

    def install(self, version: str) -> None:
        """Put a kept set in the place of the files in force; raises OSError where they cannot be written."""
        rules = self.find(version)
        target = self.in_force
        for file in sorted(rules.glob("*.yaml")):
            _put(file, target / file.name)
        for file in sorted(target.glob("*.yaml")):
            if not (rules / file.name).exists():
                file.unlink()
        for file in (rules.parent / CALENDARS_FILE, rules / CALENDARS_FILE):
            if file.is_file():
                inside = (target / CALENDARS_FILE).is_file()
                _put(file, (target if inside else target.parent) / CALENDARS_FILE)
        plans = target / PLANS_FOLDER
        plans = plans if plans.is_dir() else target.parent / PLANS_FOLDER
        for file in sorted((rules.parent / PLANS_FOLDER).glob("*.yaml")):
            plans.mkdir(exist_ok=True)
            _put(file, plans / file.name)


def _copy(rules: Path, place: Path) -> None:
    """Copy a set as an installation has it; calendars and plans may stand beside the tables or in them."""
    (place / RULES).mkdir()
    for file in sorted(rules.glob("*.yaml")):
        if file.name != CALENDARS_FILE:
            shutil.copyfile(file, place / RULES / file.name)
    for beside in (rules / CALENDARS_FILE, rules.parent / CALENDARS_FILE):
        if beside.is_file():
            shutil.copyfile(beside, place / CALENDARS_FILE)
            break
    for plans in (rules / PLANS_FOLDER, rules.parent / PLANS_FOLDER):
        if plans.is_dir():
            shutil.copytree(plans, place / PLANS_FOLDER)
            break


def _put(file: Path, target: Path) -> None:
    """Replace the target in one step, so that nobody reads half of it."""
    beside = target.with_name(f".{target.name}.new")
    shutil.copyfile(file, beside)
    beside.replace(target)
