"""`controlroom rules`: prove, explain, test, compare and print the rule tables before they go live.

Ends with 0 when all is good, 1 with a finding, 2 for a command line that makes no sense, 3 when the rules
or what they are asked about cannot be read.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.exits import ExitCode
from controlroom.cli.loaded_rules import (
    cases_or_exit,
    circumstances_or_exit,
    estate_or_exit,
    files_or_exit,
    moment_or_exit,
    rules_or_exit,
)
from controlroom.cli.rules_shadow import add_to

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

DEFAULT_RULES = Path("config/rules")
"""Where the tables stand in an installation, seen from its folder."""

FolderArgument = Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder of the tables.")]
RulesOption = Annotated[Path, typer.Option("--rules", help="The folder of the tables.")]
EstateOption = Annotated[
    Path | None,
    typer.Option("--estate", help="The estate's folder; else `estate` beside the rules, or config/estate."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON for machines.")]

BlessOption = Annotated[
    bool, typer.Option("--bless", help="Let failing cases expect what the rules say now.")
]


def register(app: typer.Typer) -> None:
    """`controlroom rules …` is there."""
    add_to(_group)
    app.add_typer(_group, name="rules", help="Prove, explain, test, compare and print the rule tables.")


@_group.command()
def check(
    folder: FolderArgument = DEFAULT_RULES,
    json: JsonOption = False,  # noqa: FBT002 - Typer reads the signature
    order: Annotated[bool, typer.Option(help="List where the order of rules matters.")] = True,  # noqa: FBT002 - for Typer
    estate: EstateOption = None,
) -> None:
    """Prove that every rule can fire, that nothing falls through, and that every safety property holds."""
    from controlroom.rules.report import as_json, check_lines  # noqa: PLC0415 - quick --help
    from controlroom.rules.verify import overlaps, verify  # noqa: PLC0415 - quick --help

    rules, safety = rules_or_exit(files_or_exit(folder, estate))
    proof = verify(rules, safety)
    pairs = overlaps(rules) if order else ()
    if json:
        print(as_json({"proof": proof, "holds": proof.holds, "order_matters": pairs}))
    else:
        _print(check_lines(proof, pairs))
    _end(good=proof.holds)


@_group.command()
def explain(
    signal: Annotated[Path, typer.Argument(metavar="SIGNAL.json", help="A signal; - reads standard input.")],
    folder: RulesOption = DEFAULT_RULES,
    at: Annotated[str, typer.Option(help="The time to ask at, on the wall in Leeds or with a zone.")] = "",
    state: Annotated[Path | None, typer.Option(help="A JSON file: at, place, room.")] = None,
    other: Annotated[str, typer.Option(help="What has to differ: route or priority.")] = "route",
    json: JsonOption = False,  # noqa: FBT002 - Typer reads the signature
) -> None:
    """Say what the rules decide about a signal, why, and the smallest change that would decide otherwise."""
    from controlroom.rules.explain import by_priority, by_route  # noqa: PLC0415 - quick --help
    from controlroom.rules.explain import explain as told  # noqa: PLC0415 - quick --help
    from controlroom.rules.report import explain_lines, explanation_json  # noqa: PLC0415 - quick --help

    if other not in {"route", "priority"}:
        raise typer.BadParameter("allowed: route, priority", param_hint="--other")
    rules, _ = rules_or_exit(files_or_exit(folder))
    given = circumstances_or_exit(signal, state, moment_or_exit(at) if at else None, estate_or_exit(folder))
    found = told(rules, given, by_route if other == "route" else by_priority)
    if json:
        print(explanation_json(found))
    else:
        _print(explain_lines(found))


@_group.command("test")
def put_cases(
    folder: FolderArgument = DEFAULT_RULES,
    bless: BlessOption = False,  # noqa: FBT002 - Typer reads the signature
    json: JsonOption = False,  # noqa: FBT002 - Typer reads the signature
    estate: EstateOption = None,
) -> None:
    """Put the cases to the tables; print what fails and what no case covers."""
    from controlroom.rules.compile import Compiled  # noqa: PLC0415 - quick --help
    from controlroom.rules.report import as_json, trial_lines  # noqa: PLC0415 - quick --help
    from controlroom.rules.trial import blessed, trial  # noqa: PLC0415 - quick --help

    files = files_or_exit(folder, estate)
    rules, _ = rules_or_exit(files)
    judge = Compiled(rules)
    cases = cases_or_exit(files, rules)
    if bless:
        for file, text in blessed(files.cases, cases, judge).items():
            Path(file).write_text(text, encoding="utf-8")
            print(
                f"{file}: expectations written anew; read the difference before you keep it", file=sys.stderr
            )
        cases = cases_or_exit(files_or_exit(folder, estate), rules)
    tried = trial(cases, rules, judge)
    if json:
        print(as_json({"good": tried.good, "trial": tried}))
    else:
        _print(trial_lines(tried))
    _end(good=tried.good)


@_group.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The folder of the tables as they are.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The folder of the tables as they will be.")],
    json: JsonOption = False,  # noqa: FBT002 - Typer reads the signature
    estate: EstateOption = None,
) -> None:
    """Say which signals get another verdict, what threatens a life first; 1 when any does."""
    from controlroom.rules.difference import difference  # noqa: PLC0415 - quick --help
    from controlroom.rules.report import as_json, difference_lines  # noqa: PLC0415 - quick --help

    before, safety_before = rules_or_exit(files_or_exit(old, estate))
    after, safety_after = rules_or_exit(files_or_exit(new, estate))
    found = difference(before, after, (*safety_before, *safety_after))
    if json:
        print(as_json(found))
    else:
        _print(difference_lines(found))
    _end(good=not found.changes)


@_group.command()
def show(
    folder: FolderArgument = DEFAULT_RULES,
    html: Annotated[Path | None, typer.Option("--html", help="Write one page of HTML to this file.")] = None,
    estate: EstateOption = None,
) -> None:
    """Print the tables as a person reads them."""
    from controlroom.rules.show import html_page, text_lines  # noqa: PLC0415 - quick --help

    rules, _ = rules_or_exit(files_or_exit(folder, estate))
    if html is None:
        _print(text_lines(rules))
    else:
        html.write_text(html_page(rules), encoding="utf-8")
        print(f"{html}: {sum(len(table.rules) for table in rules.tables.values())} rules")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _end(*, good: bool) -> None:
    """End the command with what was found."""
    if not good:
        raise typer.Exit(ExitCode.FINDING)
