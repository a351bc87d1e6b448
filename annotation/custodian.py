"""The custodian's keys, and opening what was sealed for them.

The key pair is age's (X25519). The identity, which opens, is kept encrypted with a passphrase (age's scrypt), as `age
-p` would; the public key, which seals, is a file of its own that anybody may have.
"""

import json
import re
import stat
from pathlib import Path
from typing import Any

import pyrage

from annotation import escalation
from pipeline import store
from pipeline.errors import Refusal

IDENTITY = Path(".safelight/custodian.key")


def make_keys(passphrase: str, identity: Path = IDENTITY, public_key: Path = escalation.PUBLIC_KEY) -> None:
    """Write a new key pair; the identity is readable by its owner only and opens with the passphrase.

    Raises:
        Refusal: there is one already, which what is sealed needs, or the passphrase is empty.
    """
    for path in (identity, public_key):
        if path.exists():
            raise Refusal(
                f"{path}: there is a key already, and what was sealed with it opens with no other. Move both files "
                "away to make a new pair; keep the identity as long as anything sealed with it."
            )
    if not passphrase.strip():
        raise Refusal("the passphrase is empty.")
    pair = pyrage.x25519.Identity.generate()
    identity.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with store.replacing(identity) as partial:
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_bytes(pyrage.passphrase.encrypt(f"{pair}\n".encode(), passphrase))
    store.write_text(public_key, f"{pair.to_public()}\n")


def check(ad_id: str, identity: Path = IDENTITY, folder: Path = escalation.SEALED) -> None:
    """Make sure that there is something to open, and something to open it with.

    Raises:
        Refusal: no such ad is sealed, or the identity is missing or can be read by others.
    """
    if not re.fullmatch(r"[\w-]+", ad_id, re.ASCII) or not escalation.path_of(ad_id, folder).is_file():
        raise Refusal(f"no ad of this id is sealed in {folder}. `safelight custodian list` shows the ids.")
    if not identity.is_file():
        raise Refusal(
            f"{identity}: the custodian's identity is not here. Name the file it is kept in: --identity PATH."
        )
    if stat.S_IMODE(identity.stat().st_mode) & 0o077:
        raise Refusal(f"{identity}: the identity can be read by others. Run `chmod 600 {identity}`.")


def open_sealed(
    ad_id: str, passphrase: str, identity: Path = IDENTITY, folder: Path = escalation.SEALED
) -> dict[str, Any]:
    """What is sealed of an ad: `{"ad_id", "alarms", "text", "raw"}` (`raw`: the raw table's row, or None).

    Raises:
        Refusal: see `check`; the passphrase is wrong, or the ad was sealed for another key or is damaged.
    """
    check(ad_id, identity, folder)
    try:
        clear = pyrage.passphrase.decrypt(identity.read_bytes(), passphrase).decode().strip()
        pair = pyrage.x25519.Identity.from_str(clear)
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
        raise Refusal(f"{identity}: it does not open with this passphrase, or is no identity.") from None
    path = escalation.path_of(ad_id, folder)
    try:
        content: dict[str, Any] = json.loads(pyrage.decrypt(path.read_bytes(), [pair]))
    except (pyrage.DecryptError, ValueError):
        raise Refusal(f"{path}: sealed for another key than {identity} holds, or damaged.") from None
    return content
