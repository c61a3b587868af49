"""`controlroom estate`: the demonstration estate, made from a seed.

The generator is the simulators' (`simulators.estate`); nothing of the service needs it.
"""

from pathlib import Path
from typing import Annotated

import typer

from controlroom.cli.exits import ExitCode, say

_group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

SeedOption = Annotated[int, typer.Option("--seed", help="The same seed makes the same files, byte for byte.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder to write the files to; made if need be.")]


def register(app: typer.Typer) -> None:
    """Put `controlroom estate …` in its place."""
    app.add_typer(_group, name="estate", help="Make the demonstration estate.")


@_group.callback()
def _more_than_one() -> None:
    """Keep `generate` a word of its own while it is the only command."""


@_group.command()
def generate(out: OutOption, seed: SeedOption = 2015) -> None:
    """Write the estate by the numbers of the council report; seed 2015 is the one that is shipped."""
    from simulators.estate import generate as files_of  # noqa: PLC0415 - quick --help

    try:
        out.mkdir(parents=True, exist_ok=True)
        files = files_of(seed)
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8", newline="")
    except OSError as fault:
        say(f"cannot write the estate to {out}: {fault.strerror}; choose another --out")
        raise typer.Exit(ExitCode.CONFIG) from fault
    rows = sum(text.count("\n") - 1 for text in files.values())
    print(f"{out}: {len(files)} files, {rows} rows, seed {seed}")
