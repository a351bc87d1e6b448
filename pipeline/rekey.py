"""New identifiers for a release, so that tokens of two releases cannot be joined.

A working identifier (ad_id, contact token) is itself a secret of 128 bits: HMAC-SHA-256 under the linkage key. HMAC is
a pseudo-random function of its key, so HMAC keyed by the *working identifier* over the release's name and version gives
values that only a holder of the working data can relate; somebody who holds two releases sees two unrelated values.
That needs no further secret. Building the same name and version again gives the same identifiers: it is the same
release. Texts are not rewritten, so an ad whose text stands in two releases can still be recognised by its text.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import Refusal
from pipeline.store import Row

_WORKING = re.compile("[0-9a-f]{32}")  # pipeline.keys: what is shorter or guessable must not key anything


@dataclass(frozen=True, slots=True)
class Rekey:
    """The identifiers of one release, told by its `name` and `version`."""

    name: str
    version: str

    def __call__(self, kind: str, working: str) -> str:
        """The identifier (32 hex digits) that stands for a working one; those of different kinds never agree.

        Raises:
            Refusal: `working` is not a keyed identifier, so its replacement could be guessed.
        """
        if not _WORKING.fullmatch(working):
            raise Refusal(
                f"a working {kind} is not a keyed token of 32 hex digits: run the pipeline again (`dvc repro`)."
            )
        message = "\0".join(("safelight-release", kind, self.name, self.version))
        return hmac.new(working.encode("ascii"), message.encode(), hashlib.sha256).hexdigest()[:32]


def rekey_rows(rows: Iterable[Row], key: Rekey, founders: Mapping[str, str]) -> Iterator[Row]:
    """The rows with new ad_id, group and contact tokens; equal working values stay equal. The order is unchanged.

    A group's identifier may be a plain number, so its new one is made from its founder, the smallest working ad_id in
    it (`founders`: group to ad_id).
    """
    for row in rows:
        contacts = [contact | {"token": key("token", contact["token"])} for contact in row["contacts"]]
        group = key("group", founders[row["group"]])
        yield row | {"ad_id": key("ad_id", row["ad_id"]), "contacts": contacts, "group": group}
