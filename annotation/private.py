"""What only the owner of a study may read: the folder of its Label Studio, and the login in it."""

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from pipeline import store
from pipeline.errors import Refusal

FOLDER = Path(".safelight/label-studio")
EMAIL = "safelight@localhost"


@dataclass(frozen=True, slots=True)
class Login:
    """The administrator's account."""

    email: str
    password: str = field(repr=False)


def login(folder: Path = FOLDER) -> Login:
    """The administrator's account, made up at the first call and kept in `login.json`.

    Raises:
        Refusal: the file can be read by others, or is not what was written.
    """
    path = folder / "login.json"
    if not path.exists():
        account = Login(EMAIL, secrets.token_urlsafe(18))
        write_private(path, asdict(account))
        return account
    check_mode(path)
    try:
        return Login(**store.read_json(path))
    except (ValueError, TypeError):
        raise Refusal(
            f'{path}: not a login, which is {{"email": …, "password": …}}. Write it again, or delete the file: then '
            "`safelight annotate up` makes up a password and says how to set it."
        ) from None


def check_mode(path: Path) -> None:
    """Do nothing if only its owner can read the file.

    Raises:
        Refusal: others can.
    """
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Refusal(f"{path}: the passwords in it can be read by others. Run `chmod 600 {path}`.")


@contextmanager
def alone(folder: Path = FOLDER) -> Iterator[None]:
    """Keep other `safelight annotate` commands out for the length of the block.

    Raises:
        Refusal: one is running.
    """
    make_folder(folder)
    with open_private(folder / "command.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("another `safelight annotate` command is running; wait until it is done.") from None
        yield


def make_folder(folder: Path = FOLDER) -> None:
    """Make the server's folder, and close it to everybody else."""
    for part in (folder.parent, folder, folder / "tmp"):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def open_private(path: Path) -> TextIO:
    """Open a file for writing that only its owner can read."""
    return open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file that only its owner can read."""
    with store.replacing(path) as partial, open_private(partial) as file:
        json.dump(content, file)
