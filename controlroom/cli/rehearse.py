"""`controlroom rehearse`: a recorded day, several times as busy, and where the desk breaks.

Ends with 0, 2 for a command line that makes no sense, 3 when rules, estate, settings or feed cannot be read.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.replay import ConfigOption, EstateOption, OutOption, RulesOption

MOST = 50
"""The largest multiple: fifty storms at once."""

FeedArgument = Annotated[Path, typer.Argument(metavar="FEED", help="A feed file (.jsonl.zst).")]
TimesOption = Annotated[str, typer.Option("--times", help="A multiple, or a range: 2..50.")]
WithOption = Annotated[
    Path | None, typer.Option("--with", help="A feed, or a story's YAML file, to mix in once.")
]
FormatOption = Annotated[
    str, typer.Option("--format", help="text, json or html; --out NAME.html means html.")
]


def register(app: typer.Typer) -> None:
    """Put `controlroom rehearse` in its place."""

    @app.command("rehearse", help="Make a recorded day several times as busy: where does the desk break?")
    def rehearse(  # noqa: PLR0913, PLR0917 - a command takes its options one by one
        feed: FeedArgument,
        times: TimesOption = "1..10",
        mixed: WithOption = None,
        rules: RulesOption = Path("config/rules"),
        estate: EstateOption = None,
        shape: FormatOption = "",
        out: OutOption = None,
        config: ConfigOption = None,
    ) -> None:
        """Rehearse it; nothing live is touched."""
        from controlroom.cli.replay_run import Asked, rehearsed_or_exit  # noqa: PLC0415 - quick --help

        shape = shape or ("html" if out is not None and out.suffix == ".html" else "text")
        if shape not in {"text", "json", "html"}:
            raise typer.BadParameter("allowed: text, json, html", param_hint="--format")
        asked = Asked(str(feed), rules, estate=estate, config=config)
        body = rehearsed_or_exit(asked, _range(times), mixed, shape)
        if out is None:
            sys.stdout.buffer.write(body)
        else:
            out.write_bytes(body)


def _range(word: str) -> tuple[int, int]:
    """Return the ends of a range of multiples."""
    first, dots, last = word.partition("..")
    if first.isdigit() and (last.isdigit() if dots else True):
        ends = int(first), int(last) if dots else int(first)
        if 1 <= ends[0] <= ends[1] <= MOST:
            return ends
    raise typer.BadParameter(f"found {word!r}; allowed: 5, or 2..{MOST}", param_hint="--times")
