"""Fill a folder with the passwords and keys that ``docker-compose.yml`` mounts as files.

One file a secret, and the two lists of users that the broker and the store read. What is there already is
kept, so a second run adds a user and changes nobody's password; to change one, delete its file and run again.

Each file can be read by every user inside the container that it is mounted in, because Mosquitto, Valkey and
the room run under three different ones; the folder itself is closed to everybody but its owner. Mosquitto 2.0
warns about a list that can be read by others, and takes it.
"""

import argparse
import base64
import hashlib
import secrets
from pathlib import Path

# The classes of device, as the broker's access rules name them, and our own programs.
DEVICES = ("arc-alarm", "camera-fault", "help-point", "lone-worker", "guard", "park", "telecare")
PROGRAMS = ("controlroom", "recorder", "health")
SIMULATION = ("simulators",)
SECRET_BYTES = 32  # what HMAC-SHA-256 takes as a full key, and beyond any guessing as a password
SALT_BYTES = 12  # as mosquitto_passwd writes it
# As mosquitto_passwd writes it. More would protect a password that could be guessed; these cannot.
ROUNDS = 101
# What the room needs of the store: its own keys, and to ask whether the store keeps its promises.
STORE_USERS = """\
user default off
user health on nopass -@all +ping
user controlroom on #{digest} ~controlroom:* &controlroom:* +@all -@dangerous +info +config|get
"""


def secret(folder: Path, name: str) -> str:
    """The secret of that name; made now if its file was not there."""
    path = folder / name
    if not path.exists():
        path.write_text(secrets.token_hex(SECRET_BYTES), encoding="ascii")
    path.chmod(0o444)
    return path.read_text(encoding="ascii")


def broker_line(user: str, password: str) -> str:
    """A line of Mosquitto's password file: PBKDF2 with SHA-512, form 7."""
    # Taken from the secret, so that a second run writes the same list; 256 random bits need no other salt.
    salt = hashlib.sha256(f"{user}:{password}".encode()).digest()[:SALT_BYTES]
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{user}:$7${ROUNDS}${'$'.join(parts)}\n"


def written(folder: Path, name: str, text: str) -> None:
    """The list of that name holds `text`, also if an earlier one could not be written to."""
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="ascii")
    path.chmod(0o444)


def fill(folder: Path, units: list[str], *, simulation: bool) -> None:
    """Every file that the composition mounts is in `folder`, for these crews' units."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    users = (*DEVICES, *PROGRAMS, *(SIMULATION if simulation else ()), *units)
    passwords = {user: secret(folder, f"mqtt_{user}") for user in users}
    written(folder, "mosquitto_users", "".join(broker_line(*pair) for pair in passwords.items()))
    digest = hashlib.sha256(secret(folder, "valkey_controlroom").encode()).hexdigest()
    written(folder, "valkey_users", STORE_USERS.format(digest=digest))
    for name in ("journal_key", "grafana_admin"):
        secret(folder, name)


def main() -> None:
    """`make secrets` types this."""
    parser = argparse.ArgumentParser(description=fill.__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var/secrets"))
    parser.add_argument("--units", nargs="*", default=[], help="one user for each crew's unit")
    parser.add_argument("--simulation", choices=("yes", "no"), default="yes")
    options = parser.parse_args()
    fill(options.folder, options.units, simulation=options.simulation == "yes")
    print(f"{options.folder}: {len(list(options.folder.iterdir()))} files, kept or written")


if __name__ == "__main__":
    main()
