"""The release: its gate, its identifiers, its card, and that it opens."""

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mlcroissant as mlc
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
import yaml
from huggingface_hub import DatasetCard

from pipeline import params, store
from pipeline.card import REPORTS, size_category
from pipeline.errors import Refusal
from pipeline.records import AUDITED, SANITIZED_ADS
from pipeline.release import build
from pipeline.verify import find_problems

REPO = Path(__file__).parents[2]
PYTHON = sys.executable

SCHEMA: dict[str, dict[str, Any]] = {
    "sector": {"type": "choice", "choices": ["job_recruitment", "household_goods"], "exclusive": None},
    "indicators": {"type": "choices", "choices": ["debt_or_fees", "unrealistic_pay", "none"], "exclusive": "none"},
    "residual_pii": {"type": "spans", "choices": ["name"], "exclusive": None},
}
LAYOUT = pa.schema(
    [
        ("ad_id", pa.string()),
        ("text", pa.string()),
        ("posted", pa.string()),
        ("region", pa.string()),
        ("category", pa.string()),
        ("contacts", SANITIZED_ADS.field("contacts").type),
        ("group", pa.string()),
        ("sector", pa.string()),
        ("indicators", pa.list_(pa.string())),
        ("residual_pii", pa.string()),
    ]
)
SIZES = {"train": 7, "validation": 2, "test": 3}


def phone(kind: str, token: str) -> dict[str, Any]:
    return {"kind": kind, "index": 1, "token": token, "country": "US", "region": "US-CA", "line_type": None}


def working(kind: str, value: object) -> str:
    """A working identifier, as pipeline.keys makes it."""
    return hashlib.sha256(f"{kind}{value}".encode()).hexdigest()[:32]


def make_rows() -> dict[str, list[dict[str, Any]]]:
    """Twelve ads; two ads of one group share a contact."""
    rows: dict[str, list[dict[str, Any]]] = {}
    number = 0
    for split, size in SIZES.items():
        rows[split] = []
        for place in range(size):
            number += 1
            group = number - 1 if place == 1 else number
            labelled = place != 2
            rows[split].append(
                {
                    "ad_id": working("ad", number),
                    "text": f"Oak table, ask <PERSON_1>, call <PHONE_1> ({'abcdefghijkl'[number - 1]})",
                    "posted": None if place == 0 else "2026-03",
                    "region": "Ohio" if number % 2 else None,
                    "category": "goods",
                    "contacts": [phone("PHONE", working("phone", group))] if place < 5 else [],
                    "group": f"{group}",
                    "sector": "household_goods" if labelled else None,
                    "indicators": ["none"] if labelled else None,
                    "residual_pii": None,
                }
            )
        rows[split].sort(key=lambda row: row["ad_id"])
    return rows


def make_reports(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Reports whose numbers are all different, apart from those the splits fix."""
    everything = sorted((row for split in rows.values() for row in split), key=lambda row: row["ad_id"])
    alpha = iter(x / 1000 for x in range(501, 700))
    score = iter(x / 1000 for x in range(701, 900))
    count = iter(range(20_001, 20_100))

    def interval() -> dict[str, float]:
        return {name: next(alpha) for name in ("alpha", "low", "high")}

    def label() -> dict[str, float]:
        return {name: next(score) for name in ("precision", "recall", "f1")} | {"support": next(count)}

    def model(labels: list[str]) -> dict[str, Any]:
        return {
            "macro_f1": {name: next(score) for name in ("value", "low", "high")},
            "labels": {name: label() for name in labels},
        }

    labels = {question: SCHEMA[question]["choices"] for question in ("sector", "indicators")}
    agreement = {
        q: interval() | {"items": next(count), "paired_items": next(count), "votes": next(count)} for q in labels
    }
    choices = {"choices": {choice: interval() for choice in labels["indicators"]}}
    return {
        "ingest": {"read": 10_001, "ads": 10_002, "rejected": {"empty": 10_003}},
        "scrub": {
            "ads": 10_004,
            "distinct_texts": 10_005,
            "quarantined": {},
            "masked": {"PHONE": 10_006, "PERSON": 10_007},
            "suppressed": {"region": 10_008, "posted": 10_009, "category": 10_010},
        },
        "privacy": {
            "passed": True,
            "problems": [],
            "ads": 12,
            "sanitized_sha256": store.digest_rows(everything, AUDITED),
            "canaries": {"searched": 10_011, "planted": 10_027, "found": 10_012},
            "second_detector": {"email": 10_013},
            "k_anonymity": {"k": 10_014, "required": 10_015},
        },
        "cluster": {
            "ads": 12,
            "groups": 10_016,
            "largest_group": 10_017,
            "near_duplicate_ads": 10_018,
            "shared_contact_ads": 10_019,
        },
        "collect": {"source": "simulated", "simulated": True, "votes": 10_020, "items": 10_021, "annotators": 10_022},
        "agreement": {
            "simulated": True,
            "confidence": 0.95,
            "questions": agreement | {"indicators": agreement["indicators"] | choices},
        },
        "aggregate": {
            "simulated": True,
            "method": "majority",
            "questions": {
                q: {"labels": next(count), "values": {choice: next(count) for choice in choices}}
                for q, choices in labels.items()
            },
        },
        "split": {"ads": dict(SIZES), "groups": {"train": 10_023, "validation": 10_024, "test": 10_025}},
        "evaluation": {
            "simulated": True,
            "test_ads": 10_026,
            "confidence": 0.95,
            "questions": {q: {m: model(choices) for m in ("tfidf", "encoder")} for q, choices in labels.items()},
        },
    }


class Study:
    """A small study on disk whose splits and reports a test may spoil before it builds the release."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.release = folder / "release"
        self.rows = make_rows()
        self.reports = make_reports(self.rows)
        self.sources = (folder / "splits", folder / "schema.json", folder / "reports")
        self.settings = params.load(params.Release, REPO / "params.yaml")

    def write(self) -> None:
        (self.folder / "splits").mkdir(exist_ok=True)
        for split, rows in self.rows.items():
            pq.write_table(pa.Table.from_pylist(rows, schema=LAYOUT), self.folder / f"splits/{split}.parquet")
        for name, content in self.reports.items():
            store.write_json(self.folder / f"reports/{name}.json", content)
        store.write_json(self.folder / "schema.json", SCHEMA)

    def build(self, **settings: str) -> Path:
        self.write()
        build(self.settings.model_copy(update=settings), *self.sources, self.release)
        return self.release

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if "release" in path.name)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A built release that no test changes."""
    study = Study(tmp_path_factory.mktemp("study"))
    study.build()
    return study


def read_all(release: Path) -> list[dict[str, Any]]:
    return [row for split in SIZES for row in pq.read_table(release / f"data/{split}.parquet").to_pylist()]


def identifiers(rows: list[dict[str, Any]]) -> set[str]:
    return {
        value
        for row in rows
        for value in (row["ad_id"], row["group"], *(contact["token"] for contact in row["contacts"]))
    }


# What is in the folder


def test_folder_holds_these_files(released: Study) -> None:
    files = sorted(
        path.relative_to(released.release).as_posix() for path in released.release.rglob("*") if path.is_file()
    )
    data = ["data/test.parquet", "data/train.parquet", "data/validation.parquet"]
    assert files == ["CITATION.cff", "README.md", "SHA256SUMS", "croissant.json", *data]


def test_opens_with_datasets_offline(released: Study, tmp_path: Path) -> None:
    code = (
        "import sys, datasets\n"
        "data = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2])\n"
        "print({split: data[split].num_rows for split in data}, data['train'].column_names)"
    )
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    command = [PYTHON, "-c", code, str(released.release), str(tmp_path)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == f"{SIZES} {LAYOUT.names[:-1]}"


def test_mlcroissant_iterates_the_records(released: Study) -> None:
    dataset = mlc.Dataset(jsonld=str(released.release / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors | dataset.metadata.ctx.issues.warnings
    for split, size in SIZES.items():
        table = pq.read_table(released.release / f"data/{split}.parquet").to_pylist()
        records = list(dataset.records(split))
        assert len(records) == size
        for record, row in zip(records, table, strict=True):
            assert record[f"{split}/ad_id"].decode() == row["ad_id"]
            assert record[f"{split}/text"].decode() == row["text"]
            tokens = [contact[f"{split}/contacts/token"].decode() for contact in record[f"{split}/contacts"]]
            assert tokens == [contact["token"] for contact in row["contacts"]]
            answers = record[f"{split}/indicators"]
            assert (answers and [answer.decode() for answer in answers]) == row["indicators"]


def test_checksums_hold_for_sha256sum(released: Study) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=released.release, check=True)


def test_citation_has_the_fields_of_cff_1_2_0(released: Study) -> None:
    citation = yaml.safe_load((released.release / "CITATION.cff").read_text())
    patterns = {
        "cff-version": r"1\.2\.0",
        "type": "dataset|software",
        "date-released": r"\d{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])",
        "version": r"\d+\.\d+\.\d+",
        "license": "CC-BY-4.0",
    }
    for key, pattern in patterns.items():
        assert re.fullmatch(pattern, citation.pop(key)), key
    assert citation.pop("authors") == [{"name": released.settings.publisher}]
    assert len(set(citation["keywords"])) == len(citation.pop("keywords"))
    assert sorted(citation) == ["abstract", "message", "title"]


def test_same_bytes_in_another_process_with_another_hash_seed(released: Study, tmp_path: Path) -> None:
    shutil.copy(REPO / "params.yaml", tmp_path)
    command = [
        PYTHON,
        "-m",
        "pipeline.release",
        *map(str, released.sources),
        "--release",
        "release",
        "--metrics",
        "release.json",
    ]
    environment = os.environ | {"PYTHONHASHSEED": "4321", "PYTHONPATH": str(REPO)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    again = {path.relative_to(tmp_path / "release"): path.read_bytes() for path in tmp_path.glob("release/**/*.*")}
    once = {path.relative_to(released.release): path.read_bytes() for path in released.release.glob("**/*.*")}
    assert again == once
    metrics = json.loads((tmp_path / "release.json").read_text())
    assert metrics["ads"] == SIZES
    assert set(metrics["files"]) == {path.as_posix() for path in once}


# Identifiers


def test_ads_keep_all_but_their_identifiers(released: Study) -> None:
    def strip(rows: list[dict[str, Any]]) -> list[str]:
        kept = [{key: row[key] for key in row.keys() - {"ad_id", "group", "contacts", "residual_pii"}} for row in rows]
        return sorted(json.dumps(row, sort_keys=True) for row in kept)

    assert strip(read_all(released.release)) == strip([row for rows in released.rows.values() for row in rows])


def test_identifiers_are_new_and_link_as_before(released: Study) -> None:
    before = {row["text"]: row for rows in released.rows.values() for row in rows}
    after = {row["text"]: row for row in read_all(released.release)}
    assert not identifiers(list(before.values())) & identifiers(list(after.values()))
    for column in ("ad_id", "group"):
        pairs = {(before[text][column], after[text][column]) for text in before}
        assert len({old for old, _ in pairs}) == len({new for _, new in pairs}) == len(pairs)
    tokens = {
        (old["token"], new["token"])
        for text in before
        for old, new in zip(before[text]["contacts"], after[text]["contacts"], strict=True)
    }
    assert len({old for old, _ in tokens}) == len({new for _, new in tokens}) == len(tokens)


@pytest.mark.parametrize("change", [{"version": "1.0.1"}, {"name": "another"}], ids=["version", "name"])
def test_two_releases_share_no_identifier_and_no_order(released: Study, study: Study, change: dict[str, str]) -> None:
    first, second = read_all(released.release), read_all(study.build(**change))
    assert not identifiers(first) & identifiers(second)
    assert [row["text"] for row in first] != [row["text"] for row in second]
    assert sorted(row["text"] for row in first) == sorted(row["text"] for row in second)


def test_rows_are_in_order_of_their_new_ids(released: Study) -> None:
    for split in SIZES:
        ids = pq.read_table(released.release / f"data/{split}.parquet")["ad_id"].to_pylist()
        assert ids == sorted(ids)


def test_a_guessable_working_id_is_refused_without_being_shown(study: Study) -> None:
    study.rows["train"][-1]["contacts"] = [phone("PHONE", "555-0100")]
    with pytest.raises(Refusal, match="working token is not a keyed token") as refusal:
        study.build()
    assert "555-0100" not in str(refusal.value)


# The gate


def spoil_audit(study: Study) -> None:
    study.reports["privacy"] |= {"passed": False, "problems": ["canary found in 2 ads"]}


def spoil_passed(study: Study) -> None:
    study.reports["privacy"]["passed"] = "true"


def spoil_text(study: Study) -> None:
    study.rows["test"][0]["text"] += " call 555-0100"


def spoil_missing_ad(study: Study) -> None:
    del study.rows["train"][0]
    study.reports["split"]["ads"] = {"train": 6, "validation": 2, "test": 3}


def spoil_count(study: Study) -> None:
    study.reports["split"]["ads"] = {"train": 8, "validation": 2, "test": 3}


def spoil_label(study: Study) -> None:
    study.rows["test"][0]["indicators"] = ["call 555-0100"]


def spoil_kind(study: Study) -> None:
    study.rows["test"][0]["contacts"] = [phone("555-0100", working("phone", 1))]


def spoil_twice(study: Study) -> None:
    study.rows["test"][1]["ad_id"] = study.rows["test"][0]["ad_id"]


def spoil_group(study: Study) -> None:
    study.rows["test"][0]["group"] = study.rows["train"][0]["group"]


def spoil_mixed(study: Study) -> None:
    study.reports["agreement"]["simulated"] = False


def spoil_nan(study: Study) -> None:
    study.reports["evaluation"]["test_ads"] = float("nan")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(spoil_audit, "audit has not passed; canary found in 2 ads", id="audit failed"),
        pytest.param(spoil_passed, "passed is not true or false", id="passed is a text"),
        pytest.param(spoil_text, "not the ads that were audited", id="tampered text"),
        pytest.param(spoil_missing_ad, "not the ads that were audited", id="an ad fewer"),
        pytest.param(spoil_count, "ads.train is 8, but the split has 7", id="count of another run"),
        pytest.param(spoil_label, r"1 ad\(s\) with an answer in column indicators", id="label that is no choice"),
        pytest.param(spoil_kind, r"1 ad\(s\) with a contact whose kind", id="contact kind that is no entity"),
        pytest.param(spoil_twice, r"1 ad\(s\) with an ad_id that another ad has", id="ad twice"),
        pytest.param(spoil_group, "of group are in both train and test", id="group in two splits"),
        pytest.param(spoil_mixed, "disagree about `simulated`", id="reports of different runs"),
        pytest.param(spoil_nan, "evaluation.json: not valid JSON", id="a number that is none"),
    ],
)
def test_release_is_refused(study: Study, spoil: Callable[[Study], None], message: str) -> None:
    spoil(study)
    with pytest.raises(Refusal, match=message) as refusal:
        study.build()
    assert "555-0100" not in str(refusal.value)
    assert study.leftovers() == []


@pytest.mark.parametrize("name", REPORTS)
def test_a_missing_report_is_refused(study: Study, name: str) -> None:
    del study.reports[name]
    with pytest.raises(Refusal, match=f"{name}.json: no such file"):
        study.build()


def test_an_unreadable_privacy_report_is_refused(study: Study) -> None:
    study.write()
    del study.reports["privacy"]
    (study.folder / "reports/privacy.json").write_text('{"passed": true')
    with pytest.raises(Refusal, match=r"privacy.json: not valid JSON"):
        study.build()


def test_an_unknown_column_is_refused(study: Study) -> None:
    study.write()
    for split in SIZES:
        path = study.folder / f"splits/{split}.parquet"
        table = pq.read_table(path)
        pq.write_table(table.append_column("source_id", pa.array(["x"] * table.num_rows)), path)
    with pytest.raises(Refusal, match="column source_id is no question of the codebook"):
        build(study.settings, *study.sources, study.release)


def test_an_unknown_licence_is_refused(study: Study) -> None:
    with pytest.raises(Refusal, match=r"release.license is 'mine'; it must be one of apache-2.0"):
        study.build(license="mine")


def test_a_refused_build_keeps_the_release_before(study: Study) -> None:
    before = (study.build() / "SHA256SUMS").read_bytes()
    spoil_text(study)
    with pytest.raises(Refusal):
        study.build()
    assert (study.release / "SHA256SUMS").read_bytes() == before
    assert study.leftovers() == ["release"]


def test_a_failing_disk_leaves_nothing(study: Study) -> None:
    study.write()
    shutil.copy(REPO / "params.yaml", study.folder)

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    command = [PYTHON, "-m", "pipeline.release", "splits", "schema.json", "reports", "--release", "release"]
    environment = os.environ | {"PYTHONPATH": str(REPO), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [*command, "--metrics", "metrics.json"],
        cwd=study.folder,
        env=environment,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert "error:" in run.stderr
    assert study.leftovers() == []


# The card


def leaves(content: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, content


def fixed_keys() -> list[tuple[str, ...]]:
    """Every key path that the card needs, whatever reasons, types or labels there are."""
    tables = {"rejected", "quarantined", "masked", "suppressed", "second_detector", "values"}
    paths = {path for path, _ in leaves(make_reports(make_rows())) if not tables & set(path[:-1])}
    paths |= {("aggregate", "questions", "sector", "values"), ("scrub", "masked"), ("ingest", "rejected")}
    return sorted(paths - {("cluster", "ads"), ("privacy", "problems")})


@pytest.mark.parametrize("path", fixed_keys(), ids=".".join)
def test_a_missing_number_fails_the_build(study: Study, path: tuple[str, ...]) -> None:
    report, *keys, last = path
    content = study.reports[report]
    for key in keys:
        content = content[key]
    del content[last]
    with pytest.raises(Refusal, match=f"{report}.json: {re.escape('.'.join([*keys, last]))} is missing"):
        study.build()


def test_every_number_in_the_card_stands_in_a_report(released: Study) -> None:
    body = (released.release / "README.md").read_text().split("---\n", 2)[2]
    for known in (
        released.settings.version,
        released.settings.released,
        f"year = {{{released.settings.released[:4]}}}",
    ):
        body = body.replace(known, "")
    body = body.replace(released.settings.license, "")
    shown = set(re.findall(r"(?<![\w.,-])-?\d[\d,]*(?:\.\d+)?", body))
    numbers = {
        f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
        for _, value in leaves(released.reports)
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    assert len(shown) > 100
    assert shown <= numbers


def test_every_number_of_the_reports_is_shown_from_its_own_place(study: Study, released: Study) -> None:
    card = (released.release / "README.md").read_text()
    unread = {("cluster", "ads")}
    for path, value in leaves(study.reports):
        if isinstance(value, float) or (isinstance(value, int) and value > 10_000 and path not in unread):
            text = f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
            assert card.count(text) >= 1, path


def test_card_metadata_is_hugging_face_s(released: Study) -> None:
    data = DatasetCard.load(released.release / "README.md").data.to_dict()
    assert data["configs"][0]["data_files"] == [{"split": s, "path": f"data/{s}.parquet"} for s in SIZES]
    assert data["license"] == "cc-by-4.0"
    assert data["language"] == ["en", "es"]
    assert data["size_categories"] == ["n<1K"]
    assert data["annotations_creators"] == ["machine-generated"]
    assert data["task_categories"] == ["text-classification"]
    assert data["pretty_name"] == released.settings.title


def test_simulated_is_said_where_numbers_from_votes_are_shown(study: Study, released: Study) -> None:
    card = (released.release / "README.md").read_text()
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", card, flags=re.MULTILINE | re.DOTALL))
    assert all("imulated" in sections[name] for name in ("Labels and agreement", "Baseline results", "Known limits"))
    assert "**Simulated labels.**" in card.split("## What it is")[0]

    for report in study.reports.values():
        if "simulated" in report:
            report["simulated"] = False
    study.reports["collect"]["source"] = "label_studio"
    assert "imulated" not in (study.build() / "README.md").read_text()


def test_agreement_that_is_not_defined_is_said_to_be(study: Study) -> None:
    study.reports["agreement"]["questions"]["sector"] |= {"alpha": None, "low": None, "high": None}
    card = (study.build() / "README.md").read_text()
    assert "| sector | not defined | not defined | not defined |" in card


def test_wording_keeps_the_promises(released: Study) -> None:
    card = (released.release / "README.md").read_text()
    assert "never a verdict" in card
    assert not re.search(r"anonymi[sz]ed|de-identified", card)
    assert card.count("nonymous") == card.count("not mean anonymous")


@pytest.mark.parametrize(
    ("rows", "category"),
    [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (99_999, "10K<n<100K"), (10**6, "1M<n<10M"), (10**12, "n>1T")],
)
def test_size_category(rows: int, category: str) -> None:
    assert size_category(rows) == category


# Verify


def test_a_sound_release_has_no_problems(released: Study) -> None:
    assert find_problems(released.release) == []


def change_data(folder: Path) -> None:
    table = pq.read_table(folder / "data/test.parquet")
    pq.write_table(pa.concat_tables([table, table]), folder / "data/test.parquet")


def delete_split(folder: Path) -> None:
    (folder / "data/test.parquet").unlink()


def add_file(folder: Path) -> None:
    (folder / "data/notes.txt").write_text("x")


def break_croissant(folder: Path) -> None:
    (folder / "croissant.json").write_text("{}")


def break_checksums(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text("nonsense\n")


def break_citation(folder: Path) -> None:
    (folder / "CITATION.cff").write_text("title: x\n")


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param(
            change_data,
            [
                "croissant.json: records of test cannot be read",
                "data/test.parquet: an ad_id stands twice",
                "data/test.parquet: its checksum differs",
            ],
            id="rows doubled",
        ),
        pytest.param(
            delete_split,
            [
                "croissant.json: records of test cannot be read",
                "data/test.parquet: listed in SHA256SUMS, but not there",
                "data: datasets.load_dataset cannot open",
            ],
            id="split deleted",
        ),
        pytest.param(add_file, ["data/notes.txt: not listed in SHA256SUMS"], id="file added"),
        pytest.param(
            break_croissant,
            ["croissant.json: its checksum differs", "croissant.json: not valid Croissant"],
            id="croissant emptied",
        ),
        pytest.param(
            break_checksums,
            [
                "CITATION.cff: not listed",
                "README.md: not listed",
                "SHA256SUMS, line 1: not a checksum",
                "croissant.json: not listed",
                "data/test.parquet: not listed",
                "data/train.parquet: not listed",
                "data/validation.parquet: not listed",
            ],
            id="checksums overwritten",
        ),
        pytest.param(
            break_citation,
            [
                "CITATION.cff: authors is missing",
                "CITATION.cff: cff-version is missing",
                "CITATION.cff: date-released is missing",
                "CITATION.cff: its checksum differs",
                "CITATION.cff: license is missing",
                "CITATION.cff: message is missing",
                "CITATION.cff: type is missing",
                "CITATION.cff: version is missing",
            ],
            id="citation cut",
        ),
    ],
)
def test_verify_finds(released: Study, tmp_path: Path, change: Callable[[Path], None], problems: list[str]) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(released.release, folder)
    change(folder)
    found = find_problems(folder)
    assert [problem[: len(start)] for problem, start in zip(found, problems, strict=True)] == problems


def test_commands_exit_with_their_codes(released: Study, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from pipeline.release_commands import group

    app = typer.Typer()
    app.add_typer(group, name="release")
    run = CliRunner().invoke
    assert run(app, ["release", "verify", str(released.release)]).exit_code == 0
    bad = run(app, ["release", "verify", str(tmp_path / "nowhere")])
    assert (bad.exit_code, "no such folder" in bad.output) == (1, True)
    assert run(app, ["release", "verify"]).exit_code == 2
    for command in ("build", "verify"):
        assert "Example: `safelight release" in run(app, ["release", command, "--help"]).output
