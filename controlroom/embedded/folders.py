"""Can a folder be written? Found by writing, because permission bits say nothing to root.

A read-only mount, a full disk and a file in the folder's place each have their own words. The check
leaves nothing behind but the folder itself.
"""

import errno
import tempfile
from pathlib import Path

from controlroom.embedded.refusals import CannotStart

_WHY = {
    errno.EROFS: "is on a read-only file system; mount it writable",
    errno.ENOTDIR: "has a file where a folder should be; move that file away",
    errno.EEXIST: "is a file, not a folder; move it away",
    errno.ENOSPC: "is on a full disk; make room",
    errno.EDQUOT: "is over this user's disk quota; make room",
    errno.EACCES: "may not be written by this user; change its owner or mode",
    errno.EPERM: "may not be written by this user; change its owner or mode",
    errno.ENAMETOOLONG: "has too long a path; choose a shorter one",
}
"""What each refusal of the system means to the person who has to put it right."""


class VarUnwritable(CannotStart):
    """The folder that a setting names cannot be written; `reason` is the system's error number."""

    def __init__(self, path: Path, setting: str, error: OSError) -> None:
        self.path = path
        self.setting = setting
        self.reason = error.errno
        why = _WHY.get(error.errno or 0, f"cannot be written ({error.strerror})")
        super().__init__(f"{setting} = {path} {why} or set {setting}")


def require_writable(path: Path, setting: str) -> None:
    """`path` is a folder, made if need be, and a byte was written and synced in it; else VarUnwritable."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path, buffering=0) as probe:
            probe.write(b"\0")
    except OSError as error:
        raise VarUnwritable(path, setting, error) from error
