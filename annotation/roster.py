"""The annotators of a study, in a file that only its owner can read: who they are and how they and Safelight log in.

A person's name stands here and on the terminal, nowhere else: on the server an annotator is `annotator-ID@localhost`
and in votes `annotator-ID`, after Label Studio's id of the user. Each has an organisation of their own, which belongs
to a service account of Safelight's; so a password that an annotator changes breaks nothing.
"""

import json
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annotation import private, server
from annotation.private import FOLDER, Login
from pipeline import store
from pipeline.errors import Refusal

ROSTER = "roster.json"
LONGEST = 100  # characters of a name


@dataclass(frozen=True, slots=True)
class Annotator:
    """One annotator. `user` and `organization` are Label Studio's ids, None until the account is made."""

    name: str = field(repr=False)
    password: str = field(repr=False)
    service: Login
    user: int | None = None
    organization: int | None = None
    email: str | None = None

    @property
    def pseudonym(self) -> str:
        """What the annotator is called in votes and reports."""
        return f"annotator-{self.user}"


def read(folder: Path = FOLDER) -> list[Annotator]:
    """The annotators with an account, in the order of their invitation.

    Raises:
        Refusal: the file can be read by others, or is not what was written.
    """
    return [annotator for annotator in _entries(folder) if annotator.user is not None]


def read_invited(folder: Path = FOLDER) -> list[Annotator]:
    """The annotators with an account; as `read`, but there must be one.

    Raises:
        Refusal: nobody is invited yet.
    """
    if people := read(folder):
        return people
    raise Refusal("nobody is invited yet. `safelight annotate up` or `safelight annotate invite NAME` does that.")


def invite(names: Sequence[str], folder: Path = FOLDER) -> list[Annotator]:
    """Make an account for each name that has none yet; return the annotator of each name.

    The database must be there, and the server may run. The file is written before the accounts are made, so an
    interrupted invitation is finished by the next.

    Raises:
        Refusal: a name is empty or too long, the roster's accounts are not in this database, or Label Studio fails.
    """
    wanted = list(dict.fromkeys(" ".join(name.split()) for name in names))
    if any(not name or len(name) > LONGEST or not name.isprintable() for name in wanted):
        raise Refusal(f"an annotator's name has one to {LONGEST} printable characters.")
    entries = _entries(folder)
    known = {entry.name for entry in entries}
    entries += [_new(name) for name in wanted if name not in known]
    _write(entries, folder)
    if any(entry.user is None for entry in entries):
        entries = _make_accounts(entries, folder)
        _write(entries, folder)
    by_name = {entry.name: entry for entry in entries}
    return [by_name[name] for name in wanted]


def _new(name: str) -> Annotator:
    service = Login(f"service-{secrets.token_hex(8)}@localhost", secrets.token_urlsafe(18))
    return Annotator(name, secrets.token_urlsafe(12), service)


def _make_accounts(entries: list[Annotator], folder: Path) -> list[Annotator]:
    wishes = [
        {
            "service": entry.service.email,
            "service_password": entry.service.password,
            "password": entry.password,
            "user": entry.user,
        }
        for entry in entries
    ]
    process = subprocess.run(
        [sys.executable, "-m", "annotation.label_studio.accounts"],
        input=json.dumps(wishes),
        cwd=folder,
        env=server.environment_beside(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        *_, answer = process.stdout.splitlines()
        made = json.loads(answer)
    except ValueError:
        (folder / "accounts.log").write_text(process.stderr)
        raise Refusal(f"Label Studio could not make the accounts; {folder / 'accounts.log'} says why.") from None
    if strangers := [entry for entry, account in zip(entries, made, strict=True) if account is None]:
        raise Refusal(
            f"{folder / ROSTER} has {len(strangers)} annotator(s) whose accounts are not in this database. Was "
            "DATABASE_URL set or unset since? Each database needs a folder of its own."
        )
    return [
        Annotator(entry.name, entry.password, entry.service, **account)
        for entry, account in zip(entries, made, strict=True)
    ]


def _entries(folder: Path) -> list[Annotator]:
    path = folder / ROSTER
    if not path.exists():
        return []
    private.check_mode(path)
    try:
        return [_entry(**row) for row in store.read_json(path)["annotators"]]
    except (ValueError, TypeError, KeyError):
        raise Refusal(f"{path}: not a roster. Restore it from a copy: it holds the accounts of the study.") from None


def _entry(service: dict[str, str], **row: Any) -> Annotator:
    return Annotator(service=Login(**service), **row)


def _write(entries: list[Annotator], folder: Path) -> None:
    private.write_private(folder / ROSTER, {"annotators": [asdict(entry) for entry in entries]})
