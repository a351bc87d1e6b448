"""A whole study through the real server: simulated annotators label the sample's ads, and their votes recover the gold.

The ads are the sample's gold labels under texts without content. Each annotator answers most ads well, but often takes
ads of one sector for goods: no two err alike, which is what Dawid-Skene can learn.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotation import aggregate, codebook, export, pull
from annotation import agreement as measuring
from annotation import votes as voting
from annotation.roster import Annotator
from pipeline import params, store
from pipeline.sample.compose import Ad
from pipeline.synthesize import generate
from tests.annotation.lab import CODEBOOK, Study, answer, guests, submit

ADS = 200
BOOK = codebook.load(CODEBOOK)
BAD_AT = ("massage_spa", "personal_services", "job_recruitment")
ERRS, ERRS_BADLY = 0.04, 0.45


def gold() -> dict[str, Ad]:
    return {f"study-{n:03d}": ad for n, ad in enumerate(generate(ADS, 0.0, 2011))}


def judge(ad_id: str, ad: Ad, annotator: int) -> str:
    """The sector that an annotator sees in an ad: the gold one, or by mistake another."""
    rng = random.Random(f"{ad_id} {annotator}")
    if ad.sector == BAD_AT[annotator] and rng.random() < ERRS_BADLY:
        return "household_goods"
    return rng.choice(BOOK.question("sector").answers) if rng.random() < ERRS else ad.sector


def label(study: Study, person: Annotator, annotator: int, ads: dict[str, Ad]) -> Iterator[str]:
    """Label everything there is, as the label stream serves it."""
    with study.annotator(person) as (session, project):
        while True:
            answered = session._client.post(
                f"/api/dm/actions?id=next_task&project={project}", json={"project": project}
            )
            if answered.status_code == 404:
                return
            task = answered.json()
            ad_id = task["data"]["ad_id"]
            sector = judge(ad_id, ads[ad_id], annotator)
            result = [answer("sector", "choices", choices=[sector])]
            submit(session, task["id"], {"result": result, "lead_time": 5})
            yield ad_id


@pytest.mark.timeout(1200)
def test_the_labels_are_better_than_any_one_annotator(study: Study, tmp_path: Path) -> None:
    ads = gold()
    tasks = [{"data": {"ad_id": ad_id, "text": f"Ad {ad_id} of the study."}} for ad_id in ads]
    people, pushed = guests(study, ["one", "two", "three"], tasks, tmp_path)
    loads = [push.tasks.added for push in pushed]
    assert (sum(loads), max(loads) - min(loads) <= 1) == (2 * ADS, True)
    labelled = [list(label(study, person, n, ads)) for n, person in enumerate(people)]
    assert [len(own) for own in labelled] == loads

    pulled = pull.pull(study.running, people, BOOK, tmp_path / "export.json")
    assert [tally.done for tally in pulled.tallies.values()] == loads
    votes, _ = export.collect(tmp_path / "export.json", BOOK)
    sectors = [vote for vote in votes if vote.question == "sector"]
    assert len(sectors) == 2 * ADS
    report = measuring.measure(sectors, params.Agreement(bootstrap=20, confidence=0.95, seed=1))
    assert 0.4 < report["questions"]["sector"]["alpha"] < 0.95

    voting.write(tmp_path / "votes.jsonl", sectors)
    aggregate.run(tmp_path / "votes.jsonl", tmp_path / "labels.jsonl", "dawid-skene", BOOK)
    right = [row["value"] == ads[row["item"]].sector for row in store.read_jsonl(tmp_path / "labels.jsonl")]
    alone = [
        [vote.value == ads[vote.item].sector for vote in sectors if vote.annotator == person.pseudonym]
        for person in people
    ]
    assert len(right) == ADS
    assert sum(right) / ADS > max(sum(own) / len(own) for own in alone)
