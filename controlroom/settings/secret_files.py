"""What the secret files say: read once, held apart from everything that is ever printed.

A password is the one line of its file; a key is the bytes of its file as they stand.
"""

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretBytes, SecretStr

KEY_MIN_BYTES = 32
"""A key shorter than the hash's output (RFC 2104, section 3) would weaken the journal's proof."""

KEY_SUFFIX = ".key"
"""How the file of a partner's key ends."""

FILE_MAX_BYTES = 4_096
"""No password or key is larger; a larger file is the wrong one."""


class Secrets(BaseModel):
    """What stood in the secret files; None where no file is set. Printed, it shows as asterisks."""

    model_config = ConfigDict(frozen=True)

    broker_password: SecretStr | None = None
    store_password: SecretStr | None = None
    journal_key: SecretBytes | None = None
    sign_in_secret: SecretStr | None = None
    webhook_keys: dict[str, SecretBytes] = {}


class UnfitSecret(Exception):
    """The file does not hold what it should; the text says what it holds instead, never the secret."""


def password(path: Path) -> SecretStr:
    """Return the one line of the file; raises `UnfitSecret`."""
    try:
        text = _content(path).decode()
    except UnicodeDecodeError:
        raise UnfitSecret(f"{path} is no UTF-8 text; write the password on one line") from None
    lines = text.splitlines()
    if len(lines) != 1 or not lines[0]:
        raise UnfitSecret(f"{path} has {len(lines)} lines; write the password alone, on one line")
    return SecretStr(lines[0])


def journal_key(path: Path) -> SecretBytes:
    """Return the bytes of the file; raises `UnfitSecret`."""
    content = _content(path)
    if len(content) < KEY_MIN_BYTES:
        raise UnfitSecret(
            f"{path} has {len(content)} bytes; a key has at least {KEY_MIN_BYTES}: "
            f"head -c {KEY_MIN_BYTES} /dev/urandom > {path}"
        )
    return SecretBytes(content)


def webhook_keys(path: Path) -> dict[str, SecretBytes]:
    """Return the key of each partner that has a file in this folder; raises `UnfitSecret`."""
    if not path.is_dir():
        raise UnfitSecret(f"{path} is no folder; name one with a file <partner>{KEY_SUFFIX} a partner")
    return {file.stem: journal_key(file) for file in sorted(path.glob(f"*{KEY_SUFFIX}"))}


def certificate(path: Path) -> None:
    """Make sure that the file, which TLS reads later, can be read and is PEM; raises `UnfitSecret`."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise UnfitSecret(_why(path, fault)) from None
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise UnfitSecret(f"{path} holds no certificate; name a PEM file with BEGIN CERTIFICATE")


Content = SecretStr | SecretBytes | dict[str, SecretBytes] | None
"""What a file or a folder of secrets says."""

READERS: dict[tuple[str, str], tuple[str, Callable[[Path], Content]]] = {
    ("broker", "password_file"): ("broker_password", password),
    ("broker", "ca_file"): ("", certificate),
    ("store", "password_file"): ("store_password", password),
    ("store", "ca_file"): ("", certificate),
    ("journal", "key_file"): ("journal_key", journal_key),
    ("sign_in", "password_file"): ("sign_in_secret", password),
    ("webhooks", "keys_dir"): ("webhook_keys", webhook_keys),
}
"""For each setting that names such a file: the field of `Secrets` (none: only looked at) and its reader."""


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(FILE_MAX_BYTES + 1)
    except OSError as fault:
        raise UnfitSecret(_why(path, fault)) from None
    if len(content) > FILE_MAX_BYTES:
        raise UnfitSecret(f"{path} has more than {FILE_MAX_BYTES} bytes; name the file of the secret alone")
    return content


def _why(path: Path, fault: OSError) -> str:
    return f"{path} cannot be read ({fault.strerror}); name a file that this user may read"
