"""Whole estates, kept by version below the data folder, so that a past moment has the places of its time.

An estate is copied when a room starts with it. Nothing is ever taken away: an estate changes with the city,
some times a year, and is some hundred kilobytes.

Every function reads or writes the disk: call them on a thread.
"""

import shutil
from pathlib import Path

from controlroom.feeds.model import estate_digest
from controlroom.wiring.folders import files_in, text_of

FOLDER = "estates"
"""The folder of the estates, in the data folder."""

SETTING = "estate.directory"


def version_of(folder: Path) -> str:
    """Return the version of the estate in this folder; raises BooksRefused where it cannot be read."""
    return estate_digest({file.name: text_of(file) for file in files_in(folder, "*.csv", SETTING)})


def keep(data_dir: Path, folder: Path, version: str) -> None:
    """Keep a copy of the estate in this folder, where there is none yet; raises OSError."""
    place = data_dir / FOLDER / version
    if place.exists():
        return
    making = place.with_name(f".{version}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for file in sorted(folder.glob("*.csv")):
        shutil.copyfile(file, making / file.name)
    making.replace(place)


def kept(data_dir: Path, version: str) -> Path | None:
    """Return the folder of a kept estate; None where it is not there."""
    place = data_dir / FOLDER / version
    return place if place.is_dir() else None
