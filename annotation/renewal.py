"""Bringing what Label Studio keeps of ads to their present sanitized texts, and looking for what should be gone."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from annotation import private, residual, server
from annotation.private import FOLDER
from annotation.roster import Annotator
from pipeline import store
from pipeline.denied import Denied
from pipeline.errors import Refusal
from pipeline.store import Row

LOG = "renewal.log"


@dataclass(frozen=True, slots=True)
class Renewed:
    """Tasks that were `renewed`, that have a flag `unread` (then none is renewed), that are `holding` a denied value.

    `swept`: whether the database was rewritten, so that no deleted text is left in it.
    """

    renewed: int
    unread: int
    holding: int
    swept: bool


def renew(
    people: Sequence[Annotator],
    ads: Iterable[Row] = (),
    denied: Sequence[Denied] = (),
    *,
    sweep: bool = False,
    folder: Path = FOLDER,
    read: Path = residual.READ,
) -> Renewed:
    """Give every task in the database its ad's text, and take away what marks or holds an old one.

    `ads`: sanitized ads, `ad_id` and `text`. `denied`: values to look for afterwards. `sweep`: rewrite the database
    even if no task is renewed, as an interrupted run may have left it. It works beside the running server.

    Raises:
        Refusal: Label Studio's database cannot be worked on; `read` is where the flags that were read are on file.
    """
    wish = {
        "read": [[row["ad_id"], row["flag"]] for row in store.read_jsonl(read)] if read.exists() else [],
        "own": [person.user for person in people],
        "denied": [asdict(row) for row in denied],
        "sweep": sweep,
    }
    with private.open_private(folder / LOG) as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "annotation.label_studio.renewal"],
            cwd=folder,
            env=server.environment_beside(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            umask=0o077,
        )
        assert process.stdin
        try:
            process.stdin.write(f"{json.dumps(wish)}\n")
            process.stdin.writelines(f"{json.dumps({'ad_id': ad['ad_id'], 'text': ad['text']})}\n" for ad in ads)
        except BrokenPipeError:
            pass  # it stopped early, and what it printed is no answer
        answer, _ = process.communicate()
    try:
        said = Renewed(**json.loads(answer.splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        raise Refusal(f"Label Studio's database could not be brought up to date; {folder / LOG} says why.") from None
    (folder / LOG).unlink()
    return said
