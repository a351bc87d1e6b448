"""The linkage key: create, read, rotate, destroy.

Contacts and source ids leave the raw zone only as tokens: HMAC-SHA-256 (RFC 2104) of the normalised value under this
key. The key is in neither git nor DVC. Whoever has it can test a guess ("is this number in the data?"), so it stays
with the steward; destroying it ends all linkage to the raw values. The sample's key is public, for two clones to get
the same bytes, and is refused for any other ads.
"""

import hashlib
import hmac
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import Refusal
from pipeline.store import replacing

TOKEN_HEX = 32  # 128 bits: no accidental collision below some 10^18 values

_SECRET_HEADER = "safelight linkage key 1"
_SAMPLE_HEADER = "safelight sample key 1 (public: for synthetic ads only)"


@dataclass(frozen=True)
class Key:
    """A linkage key. `sample` marks the public one of the bundled sample."""

    secret: bytes = field(repr=False)
    sample: bool

    def token(self, kind: str, value: str) -> str:
        """The keyed token of a value (32 hex digits); values of different kinds never share one."""
        return hmac.new(self.secret, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()[:TOKEN_HEX]


def load(path: Path) -> Key:
    """Read a key file.

    Raises:
        Refusal: it is missing, is readable by others (mode 0600 is required of a secret key), or is no key.
    """
    try:
        header, secret, *rest = path.read_text(encoding="ascii").split("\n")
        key = Key(bytes.fromhex(secret), sample=header == _SAMPLE_HEADER)
    except FileNotFoundError:
        raise Refusal(
            f"{path}: there is no linkage key. `safelight keys create` makes one; if ads were scrubbed before, restore "
            "that key from your backup instead, or their tokens will not match."
        ) from None
    except ValueError:
        raise Refusal(f"{path}: not a linkage key; restore it from your backup.") from None
    if header not in {_SECRET_HEADER, _SAMPLE_HEADER} or len(key.secret) != 32 or rest != [""]:
        raise Refusal(f"{path}: not a linkage key; restore it from your backup.")
    if not key.sample and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Refusal(f"{path}: the linkage key can be read by others. Run `chmod 600 {path}`.")
    return key


def create(path: Path) -> None:
    """Write a new random key, readable by its owner only.

    Raises:
        Refusal: there is one already.
    """
    if path.exists():
        raise Refusal(f"{path}: there is a linkage key already. `safelight keys rotate` replaces it.")
    _write(path, _SECRET_HEADER, secrets.token_bytes(32))


def rotate(path: Path) -> None:
    """Replace the key by a new one: tokens made from now on cannot be joined with earlier ones."""
    if load(path).sample:
        raise Refusal(f"{path}: this is the sample's public key; it is not rotated.")
    _write(path, _SECRET_HEADER, secrets.token_bytes(32))


def destroy(path: Path) -> None:
    """Delete the key: no token can be tied to a value any more, by anybody. Backups must be destroyed too."""
    load(path)
    path.unlink()


def write_sample(path: Path) -> None:
    """Write the sample's public key."""
    _write(path, _SAMPLE_HEADER, hashlib.sha256(_SAMPLE_HEADER.encode()).digest())


def _write(path: Path, header: str, secret: bytes) -> None:
    with replacing(path) as partial:
        partial.touch(mode=0o600, exist_ok=False)
        partial.write_text(f"{header}\n{secret.hex()}\n", encoding="ascii")
