"""The commands on files, as a shell sees them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from annotation import codebook, commands

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # crowd-kit's own
APP = typer.Typer()
commands.mount(APP)
VOTES = [
    {"item": f"i{n}", "annotator": f"simulated-{a}", "question": "q", "value": "ab"[(n + (a == 3 and n % 4 == 0)) % 2]}
    for n in range(8)
    for a in (1, 2, 3)
]
# 24 votes, 12 of either value but for two answers of the third annotator: 10 a and 14 b.
ALPHA = 1 - 23 * (2 * (9 - 5) / 2) / (24**2 - 10**2 - 14**2)


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    path = tmp_path / "votes.jsonl"
    path.write_text("".join(json.dumps(vote) + "\n" for vote in VOTES), encoding="utf-8")
    return path


def test_agreement_table_says_that_votes_are_simulated(votes: Path) -> None:
    result = _run("agreement", votes)
    assert result.exit_code == 0
    assert "(simulated votes)" in result.output
    assert f"{ALPHA:.3f}" in result.output


def test_agreement_numbers_stay_whole_beside_long_names(tmp_path: Path) -> None:
    rows = [{**vote, "question": "a question with a name as long as some people like"} for vote in VOTES]
    (tmp_path / "votes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    output = _run("agreement", tmp_path / "votes.jsonl").output
    assert f"{ALPHA:.3f}" in output
    assert "…" not in output


def test_agreement_as_json(votes: Path) -> None:
    report = json.loads(_run("agreement", votes, "--json").output)
    assert report["simulated"] is True
    assert report["questions"]["q"]["votes"] == 24
    assert report["questions"]["q"]["alpha"] == pytest.approx(ALPHA, abs=1e-6)
    assert sorted(report["annotators"]["q"]) == ["simulated-1", "simulated-2", "simulated-3"]
    assert report["questions"]["q"]["low"] <= ALPHA <= report["questions"]["q"]["high"]


@pytest.mark.parametrize("method", list(commands.Method))
def test_aggregate(votes: Path, method: str, tmp_path: Path) -> None:
    result = _run("aggregate", votes, tmp_path / "labels.jsonl", "--method", method)
    assert result.exit_code == 0
    assert f"q: 8 labels by {method} (simulated votes)" in result.output
    labels = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [label["value"] for label in labels] == list("abababab")


def test_collect(tmp_path: Path) -> None:
    result = [{"from_name": "sector", "type": "choices", "value": {"choices": ["massage_spa"]}}]
    task = {"id": 1, "data": {"ad_id": "ad1"}, "annotations": [{"id": 1, "completed_by": 7, "result": result}]}
    (tmp_path / "export.json").write_text(json.dumps([task]), encoding="utf-8")
    ran = _run("collect", tmp_path / "export.json", tmp_path / "votes.jsonl", "--codebook", codebook.CODEBOOK)
    assert ran.exit_code == 0
    assert "sector: 1 votes on 1 items" in ran.output
    assert (tmp_path / "votes.jsonl").read_text(encoding="utf-8").count("\n") == 3


def test_agreement_as_a_page(votes: Path, tmp_path: Path) -> None:
    assert _run("agreement", votes, "--html", tmp_path / "agreement.html").exit_code == 0
    page = (tmp_path / "agreement.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "The votes are simulated." in page


def test_one_answer_throughout_is_pointed_out(tmp_path: Path) -> None:
    rows = [{**vote, "value": "a" if vote["annotator"] == "simulated-2" else vote["value"]} for vote in VOTES]
    (tmp_path / "votes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert "q: simulated-2 gave one answer in all 8 votes" in _run("agreement", tmp_path / "votes.jsonl").output


def test_decisions_are_collected_beside_votes_and_win(tmp_path: Path) -> None:
    def export(name: str, *answers: tuple[int, str]) -> Path:
        annotations = [
            {
                "id": by,
                "completed_by": by,
                "result": [{"from_name": "q", "type": "choices", "value": {"choices": [value]}}],
            }
            for by, value in answers
        ]
        (tmp_path / name).write_text(json.dumps([{"id": 1, "data": {"ad_id": "x"}, "annotations": annotations}]))
        return tmp_path / name

    given, decided = export("given.json", (7, "a"), (8, "b"), (9, "b")), export("decided.json", (3, "a"))
    ran = _run("collect", given, tmp_path / "votes.jsonl", "--decisions", decided)
    assert "1 adjudicated answers" in ran.output
    ran = _run("aggregate", tmp_path / "votes.jsonl", tmp_path / "labels.jsonl", "--method", "majority")
    assert "q: 1 of them adjudicated" in ran.output
    label = json.loads((tmp_path / "labels.jsonl").read_text(encoding="utf-8"))
    assert (label["value"], label["method"], label["votes"]) == ("a", "adjudicated", 3)


def test_codebook_commands(tmp_path: Path) -> None:
    assert "5 questions, 21 choices, no problems" in _run("codebook", "check").output
    assert _run("codebook", "interface", tmp_path / "interface.xml").exit_code == 0
    assert (tmp_path / "interface.xml").read_text(encoding="utf-8") == _run("codebook", "interface").output
    assert _run("codebook", "guidelines").output.startswith("# Indicators in classified ads")


FAILURES = {
    "refused": (["agreement", "no-such-file"], 1),
    "bad codebook": (["codebook", "check", "no-such-file"], 1),
    "unknown method": (["aggregate", "a", "b", "--method", "guess"], 2),
    "argument missing": (["collect", "a"], 2),
}


@pytest.mark.parametrize(("arguments", "code"), FAILURES.values(), ids=FAILURES)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert _run(*arguments).exit_code == code
