"""`controlroom stories`: list, check and perform the scripted scenarios of `simulators/stories`.

`run` performs them in the pure core on virtual time, an hour in milliseconds, by the rules, the estate and
the house rules of a settings file; nothing live is touched.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controlroom.cli.configured import ConfigOption, settings_or_exit
from controlroom.cli.exits import ExitCode, say

if TYPE_CHECKING:
    from controlroom.incidents.handbook import Handbook
    from controlroom.stories.load import Told

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

DEMO_CONFIG = Path("config/demo.toml")
FOLDER = Path("simulators/stories")

NamesArgument = Annotated[list[str] | None, typer.Argument(metavar="[STORY]...", help="Names; none is all.")]
FolderOption = Annotated[Path, typer.Option("--folder", help="Folder of the stories' YAML files.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one story a line.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom stories …` in its place."""
    app.add_typer(_group, name="stories", help="List, check and perform scripted scenarios.")


@_group.command(name="list")
def list_(
    folder: FolderOption = FOLDER,
    config: ConfigOption = DEMO_CONFIG,
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Say what stories there are, and what each shows."""
    import json  # noqa: PLC0415 - quick --help
    from datetime import timedelta  # noqa: PLC0415 - quick --help

    for told in _read(folder, config, None)[0]:
        story = told.story
        if as_json:
            lasts, about = story.lasts_s, {"story": story.story, "shows": story.shows}
            print(json.dumps({"name": told.name, **about, "seconds": lasts, "expects": len(story.expect)}))
        else:
            print(f"{told.name:<34} {story.story} ({timedelta(seconds=story.lasts_s)})")


@_group.command()
def check(folder: FolderOption = FOLDER, config: ConfigOption = DEMO_CONFIG) -> None:
    """Read all stories; 1 and every problem with file and line when one cannot be told."""
    print(f"{len(_read(folder, config, None)[0])} stories can be told")


@_group.command()
def run(
    names: NamesArgument = None,
    folder: FolderOption = FOLDER,
    config: ConfigOption = DEMO_CONFIG,
    as_json: JsonOption = False,  # noqa: FBT002 - the shape of a Typer flag
) -> None:
    """Perform stories on virtual time; 1 when something that is expected does not come true."""
    import json  # noqa: PLC0415 - quick --help

    from controlroom.stories.stage import perform  # noqa: PLC0415 - quick --help

    stories, handbook = _read(folder, config, names)
    failed = 0
    for told in stories:
        found = perform(told, handbook)
        failed += bool(found.failures)
        if as_json:
            failures = [str(failure) for failure in found.failures]
            print(json.dumps({"name": told.name, "held": found.held, "failures": failures}))
            continue
        print(f"{'failed' if found.failures else 'passed'}  {told.name}: {found.held} expectations held")
        for failure in found.failures:
            print(f"        {failure}")
    if failed:
        raise typer.Exit(ExitCode.FINDING)


def _read(folder: Path, config: Path, names: list[str] | None) -> "tuple[list[Told], Handbook]":
    """Return the stories of these names and what decides; ends the command with every problem."""
    from controlroom.estate.table import EstateError  # noqa: PLC0415 - quick --help
    from controlroom.rules.problems import InvalidRulesError  # noqa: PLC0415 - quick --help
    from controlroom.stories.load import load_stories  # noqa: PLC0415 - quick --help
    from controlroom.wiring.books import read_books  # noqa: PLC0415 - quick --help
    from controlroom.wiring.folders import BooksRefused  # noqa: PLC0415 - quick --help

    try:
        handbook = read_books(settings_or_exit(config)).handbook
        files = {str(file): file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}
        told = load_stories(files, handbook.estate)
    except (BooksRefused, EstateError, OSError, UnicodeDecodeError) as fault:
        say(fault)
        raise typer.Exit(ExitCode.CONFIG) from None
    except InvalidRulesError as fault:
        say(fault)
        raise typer.Exit(ExitCode.FINDING) from None
    known = [one.name for one in told]
    for name in names or ():
        if name not in known:
            say(f"no story {name!r} in {folder}; there are {', '.join(known) or 'none'}")
            raise typer.Exit(ExitCode.USAGE)
    return [one for one in told if not names or one.name in names], handbook
