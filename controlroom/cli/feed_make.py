"""`controlroom feed generate`: from what was typed to a believable day in a file."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from controlroom.cli.exits import ExitCode
from controlroom.cli.feed_check import key_of, stop
from controlroom.cli.feed_options import FaultsAsked, GenerateAsked
from controlroom.cli.feed_progress import Progress
from controlroom.clock import monotonic_s
from controlroom.estate.areas import Area
from controlroom.estate.load import FILES, load
from controlroom.estate.model import Estate
from controlroom.estate.table import EstateError
from controlroom.feeds.model import SECOND_US
from controlroom.rules.almanac import read_calendars
from controlroom.rules.calendars import LONDON, Calendar
from controlroom.rules.problems import Findings, InvalidRulesError
from controlroom.signals.vocabulary import Kind
from simulators.day.occasions import SORTS
from simulators.day.town import Town
from simulators.faults import Faults
from simulators.generating import Only, Wanted, entries, generate, header_of
from simulators.keepers import Wall

HOUR_S = 3600.0


def make(asked: GenerateAsked) -> None:
    """Write the feed and say what is in it."""
    estate, files = estate_of(asked.estate)
    wall = Wall(_begins(asked.date, asked.at), 1.0, calendars_of(asked.estate))
    town = Town(estate, asked.seed, wall, asked.calls, _occasions(asked.occasion))
    wanted = Wanted(asked.hours * HOUR_S, only_of(asked.only), faults_of(asked), key_of(asked.key_file))
    progress = Progress("generate", round(wanted.lasts_s))
    started = monotonic_s()
    try:
        made = generate(
            asked.feed,
            header_of(town, files, wanted),
            entries(town, wanted),
            wanted.key,
            lambda messages, at_us: progress.show(messages, at_us / SECOND_US),
        )
    except OSError as fault:
        raise stop(f"cannot write {asked.feed}: {fault.strerror}", ExitCode.CONFIG) from fault
    except KeyboardInterrupt:
        progress.end()
        raise stop("interrupted; nothing was written but the .part file", ExitCode.INTERRUPTED) from None
    progress.end()
    took_s = monotonic_s() - started
    if asked.json:
        told = {"feed": str(asked.feed), "messages": made.messages, "cuts": made.cuts}
        print(json.dumps(told | {"sha256": made.sha256, "seconds": round(took_s, 3)}))
    else:
        print(
            f"{asked.feed}: {made.messages:,} messages, {made.cuts} cuts, seed {asked.seed}, {took_s:.1f} s"
        )


def estate_of(folder: Path) -> tuple[Estate, dict[str, str]]:
    """Return the estate and its files; ends the command with everything that is wrong with it."""
    try:
        texts = {
            name: (folder / name).read_text(encoding="utf-8") for name in FILES if (folder / name).is_file()
        }
        return load(texts), texts
    except EstateError as fault:
        lines = "\n".join(f"{folder}/{problem}" for problem in fault.problems)
        raise stop(lines, ExitCode.CONFIG) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise stop(f"cannot read the estate in {folder}: {fault}", ExitCode.CONFIG) from fault


def calendars_of(folder: Path) -> dict[str, Calendar]:
    """Return the calendars beside the estate's folder; none where there is no such file."""
    file, findings = folder.parent / "calendars.yaml", Findings()
    if not file.is_file():
        return {}
    try:
        found = read_calendars(str(file), file.read_text(encoding="utf-8"), findings)
        findings.stop_if_any()
    except (OSError, UnicodeDecodeError, InvalidRulesError) as fault:
        raise stop(f"cannot use the calendars: {fault}", ExitCode.CONFIG) from fault
    return dict(found)


def only_of(asked: list[str]) -> Only:
    """Return the kinds and areas that were asked for; ends the command where there is no such."""
    found = set()
    for word in asked:
        kind, _, area = word.partition("/")
        if kind and kind not in [*Kind]:
            raise stop(f"--only {word}: no kind {kind!r}; there are {', '.join(Kind)}", ExitCode.USAGE)
        if area and area not in [*Area]:
            raise stop(f"--only {word}: no area {area!r}; there are {', '.join(Area)}", ExitCode.USAGE)
        found.add((kind, area))
    return frozenset(found)


def faults_of(asked: FaultsAsked) -> Faults:
    """Return what was asked to go wrong."""
    return Faults(
        drop=asked.drop,
        duplicate=asked.duplicate,
        delay=asked.delay,
        delay_max_s=asked.delay_max,
        reorder=asked.reorder,
        corrupt=asked.corrupt,
        skew=asked.skew,
        disconnect=asked.disconnect,
        flood=asked.flood,
        flood_from_s=asked.flood_from,
        flood_for_s=asked.flood_for,
    )


def _begins(date: str, at: str) -> datetime:
    try:
        return datetime.fromisoformat(f"{date}T{at}").replace(tzinfo=LONDON) + timedelta(0)
    except ValueError as fault:
        raise stop(f"--date {date} --at {at}: wanted as 2026-03-02 and 07:30", ExitCode.USAGE) from fault


def _occasions(asked: list[str]) -> frozenset[str]:
    if "all" in asked:
        return frozenset(SORTS)
    for name in asked:
        if name not in SORTS:
            raise stop(f"--occasion {name}: there are all, {', '.join(SORTS)}", ExitCode.USAGE)
    return frozenset(asked)
