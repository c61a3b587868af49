"""The few instructions that a child runs before it becomes the program it was started for.

Run as a script, isolated and without site packages (about 15 ms), it ends by replacing itself, so the
process keeps its id:

1. If it shall not outlive its starter, it asks Linux for a SIGTERM at the starter's death. Other
   systems have no such wish to grant: there a child outlives a starter that was killed with SIGKILL.
   Linux means the starting *thread*: start children from one that lives as long as they should.
2. If it has a record to leave, it writes its own id there. The starter could do that too, but a starter
   that is killed between starting and writing would leave a server that nobody can name.

It imports nothing of the project and must stay that way.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # the number of the request in <linux/prctl.h>
STARTER_GONE = 75  # exit code (EX_TEMPFAIL): the starter died before the wish was made


def become(options: dict[str, object], argv: list[str]) -> None:
    """Become `argv`; comes back only as the OSError of a program that could not be run."""
    starter = options["dies_with"]
    if starter is not None and sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != starter:
            sys.exit(STARTER_GONE)
    record = options["record"]
    if isinstance(record, str):
        text = json.dumps({"pid": os.getpid(), "address": options["address"]})
        draft = Path(f"{record}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(record)
    os.execv(argv[0], argv)  # noqa: S606 - becoming the program is the whole purpose; no shell wanted


if __name__ == "__main__":
    become(json.loads(sys.argv[1]), sys.argv[2:])
