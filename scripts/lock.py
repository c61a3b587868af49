"""Write ``requirements/run.txt`` and ``requirements/dev.txt`` anew from ``pyproject.toml``.

Each file names every package that is needed, one exact version each, with the hashes of all its files, for
every platform that Python 3.11 and newer run on. The build backend is in both, so that our own package is
installed without asking any registry. No registry's address is written down: whoever installs decides where
from, and the hashes decide what is accepted.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

FOLDER = Path("requirements")
# hatchling asks for it at the moment of an editable install and names it nowhere before.
EDITABLE = "editables"
HEADING = """\
# Written by `make lock` from pyproject.toml. Change that file, then run it again.
"""


def lock(name: str, *options: str) -> None:
    """`requirements/<name>.txt` holds what pyproject.toml resolves to with these options."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    backend = "\n".join([*project["build-system"]["requires"], EDITABLE])
    target = FOLDER / f"{name}.txt"
    command = [
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "compile",
        *("pyproject.toml", "-", "--quiet", "--output-file", str(target)),
        *("--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade"),
        *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
        *options,
    ]
    subprocess.run(command, input=backend, text=True, check=True)  # noqa: S603 - fixed words, no user's input
    target.write_text(HEADING + target.read_text(encoding="utf-8"), encoding="utf-8")


def main() -> None:
    """Both files are written; the second one takes the first one's versions."""
    lock("run")
    lock("dev", "--extra", "dev", "--constraint", str(FOLDER / "run.txt"))
    print(f"wrote {FOLDER}/run.txt and {FOLDER}/dev.txt")


if __name__ == "__main__":
    main()
