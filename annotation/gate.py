"""What stands between the sanitized ads and the people who label them: every reason to show nobody anything.

The tasks must be of the very ads that passed the audit, and the audit's second detector looks at each text once more.
"""

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from annotation import votes as voting
from pipeline import deny_file, params, store
from pipeline.denied import DenyList
from pipeline.errors import Refusal
from pipeline.progress import track
from pipeline.records import AUDITED
from pipeline.second_detector import second_opinion
from pipeline.store import Row

TASKS = Path("data/tasks.jsonl")
ADS = Path("data/sanitized/ads")
PRIVACY_REPORT = Path("reports/privacy.json")

_KEYS = {"data", "meta", "predictions"}


def open_tasks(settings: params.Audit) -> list[Row]:
    """The tasks that may be shown, as `annotation.tasks` wrote them.

    Raises:
        Refusal: there are none, the audit is missing or did not pass, the tasks are not of the audited ads, or the
            second detector finds more than the audit allows; the message names ads and kinds, never a text.
    """
    if not TASKS.is_file():
        raise Refusal(f"{TASKS}: there are no tasks yet. Run `dvc repro tasks`.")
    if not PRIVACY_REPORT.is_file():
        raise Refusal(f"{PRIVACY_REPORT}: the ads have not been audited. Run `dvc repro audit`.")
    try:
        report = store.read_json(PRIVACY_REPORT)
        passed, audited = report["passed"] is True, report["sanitized_sha256"]
    except (ValueError, KeyError, TypeError):
        passed, audited = False, None
    if not passed:
        raise Refusal(f"{PRIVACY_REPORT}: the ads did not pass the privacy audit; nobody is shown them. It says why.")
    tasks = list(read_tasks(TASKS))
    texts = {task["data"]["ad_id"]: task["data"]["text"] for task in tasks}
    _check_source({ad: _digest(text) for ad, text in texts.items()}, audited)
    _check_texts(texts, settings)
    return tasks


def open_texts(ads: Collection[str], settings: params.Audit) -> dict[str, str]:
    """The sanitized texts of ads that are to be shown once more, by ad; without those that are gone.

    Raises:
        Refusal: as in `open_tasks`.
    """
    open_tasks(settings)
    texts = {row["ad_id"]: row["text"] for row in store.read_table(ADS, ["ad_id", "text"]) if row["ad_id"] in ads}
    _check_texts(texts, settings)
    return texts


def read_tasks(path: Path) -> Iterator[Row]:
    """The tasks that `annotation.tasks` wrote.

    Raises:
        Refusal: a line is not a task, its data holds anything besides `ad_id` and `text`, or an ad stands twice.
    """
    seen: set[str] = set()
    for number, task in enumerate(store.read_jsonl(path), 1):
        data = task.get("data")
        if not task.keys() <= _KEYS or not isinstance(data, dict) or set(data) != {"ad_id", "text"}:
            raise Refusal(
                f"{path}, line {number}: not a task of ad_id and text only. Make it again: `dvc repro tasks`."
            )
        if data["ad_id"] in seen:
            raise Refusal(f"{path}, line {number}: ad {data['ad_id']} stands in it twice. Make it again.")
        seen.add(data["ad_id"])
        yield task


def _check_source(tasks: dict[str, bytes], audited: str | None) -> None:
    matched = 0

    def watch() -> Iterator[Row]:
        nonlocal matched
        for ad in store.read_table(ADS, AUDITED):
            matched += tasks.get(ad["ad_id"]) == _digest(ad["text"])
            yield ad

    if store.digest_rows(watch(), AUDITED) != audited:
        raise Refusal(f"{ADS} is not what was audited ({PRIVACY_REPORT}). Run `dvc repro tasks`.")
    if matched != len(tasks):
        raise Refusal(
            f"{TASKS}: {len(tasks) - matched} of {len(tasks)} tasks are not of the ads in {ADS}. Run `dvc repro tasks`."
        )


def _check_texts(texts: dict[str, str], settings: params.Audit) -> None:
    """Refuse if texts hold a denied value, or the second detector finds more than the audit allows."""
    denied = DenyList(deny_file.read(deny_file.DENIED) if deny_file.DENIED.exists() else ())
    held = {ad: len(denied.find(text, ad)) for ad, text in texts.items()}
    if holding := [f"{ad}: {count}" for ad, count in sorted(held.items()) if count]:
        raise Refusal(
            f"{TASKS}: {len(holding)} ad(s) hold a value of the deny list ({deny_file.DENIED}), as often as said; "
            f"nobody is shown them. `dvc repro` masks it.\n{voting.listed(holding)}"
        )
    hits = {}
    for ad, text in track(texts.items(), "looking at each text once more", len(texts)):
        if found := second_opinion(text, settings.phone_regions):
            hits[ad] = found
    total = sum(found.total() for found in hits.values())
    if total > settings.max_findings:
        listed = voting.listed(
            [f"{ad}: {', '.join(f'{n} {kind}' for kind, n in sorted(found.items()))}" for ad, found in hits.items()]
        )
        raise Refusal(
            f"{TASKS}: the second detector has {total} finding(s) in {len(hits)} ad(s), {settings.max_findings} "
            f"allowed; nobody is shown them:\n{listed}"
        )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
