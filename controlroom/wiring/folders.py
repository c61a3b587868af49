"""The folders that a council edits, as they are found: there, with files, in UTF-8; or a clear refusal.

A folder that is missing and one without files are refused alike: read as they stand, they would be a
room without a rule or a site.
"""

from collections.abc import Sequence
from pathlib import Path


class BooksRefused(ValueError):
    """The estate or the rules cannot be used; `problems` says everything that stands against them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def files_in(folder: Path, pattern: str, setting: str) -> list[Path]:
    """Return the files of this pattern in the order of their names; raises BooksRefused where none are."""
    if not folder.is_dir():
        found = "is no folder" if folder.exists() else "does not exist"
        raise BooksRefused([f"{setting}: {folder} {found}; make it, or set {setting}"])
    files = sorted(folder.glob(pattern))
    if not files:
        raise BooksRefused([f"{setting}: {folder} holds no {pattern}; put files there, or set {setting}"])
    return files


def text_of(file: Path) -> str:
    """Return the text of a file; raises BooksRefused where it cannot be read or is not UTF-8."""
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise BooksRefused([f"{file}:1:1: cannot be read ({fault.strerror}); put it right"]) from fault
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = raw[: fault.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        said = f"byte 0x{raw[fault.start]:02x} is not UTF-8; save the file as UTF-8"
        raise BooksRefused([f"{file}:{line}:{column}: {said}"]) from fault
