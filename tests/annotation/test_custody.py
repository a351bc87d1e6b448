"""Escalation with real age: the sealed queue, the custodian's keys, the log, and the commands as a shell sees them."""

import json
import os
import pty
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from annotation import custodian, custodian_log, custody, escalation
from annotation.custodian_commands import group
from annotation.flags import Alarm, FlaggedAd
from pipeline import deny_file, params, store
from pipeline.errors import Refusal
from pipeline.records import RAW_ADS

ROOT = Path(__file__).parents[2]
SAFELIGHT = Path(sys.executable).parent / "safelight"
PASSPHRASE = "quiet harbour lantern"
SECRET = "raw words zanzibar-7731"
ALARM = Alarm("1:escalate:yes", "escalate", "yes", "2026-03-09")
LATER = Alarm("2:indicators:youth_language", "indicators", "youth_language", "2026-03-11")


def flagged(ad_id: str, *alarms: Alarm, text: str = "sanitized words <PERSON_1>") -> FlaggedAd:
    return FlaggedAd(ad_id, text, (), alarms)


def raw_ad(ad_id: str) -> dict[str, Any]:
    day = date(2026, 3, 9)
    return {
        "ad_id": ad_id, "source_id": "s", "text": f"{SECRET} {ad_id}", "posted": day, "region": None,
        "category": None, "labels": [],
    }  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key pair; making and unlocking one takes a second each (scrypt)."""
    folder = tmp_path_factory.mktemp("keys") / ".safelight"
    custodian.make_keys(PASSPHRASE, folder / "custodian.key", folder / "custodian.pub")
    return folder


@pytest.fixture
def study(tmp_path: Path, pair: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study's folder with the custodian's keys and the raw table of two ads."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".safelight").mkdir()
    for name in ("custodian.key", "custodian.pub"):
        (tmp_path / ".safelight" / name).write_bytes((pair / name).read_bytes())
        (tmp_path / ".safelight" / name).chmod(0o600)
    store.write_table(Path("data/raw/ads"), RAW_ADS, [raw_ad("a1"), raw_ad("a2")])
    return tmp_path


def test_what_is_sealed_opens_with_the_identity_and_holds_everything(study: Path) -> None:
    assert escalation.seal([flagged("a1", ALARM), flagged("a3", ALARM), flagged("a2")]) == {
        "sealed": 2, "anew": 0, "there": 0, "waiting": 0,
    }  # fmt: skip
    content = custodian.open_sealed("a1", PASSPHRASE)
    assert content["text"] == "sanitized words <PERSON_1>"
    assert content["raw"]["text"] == f"{SECRET} a1"
    assert content["raw"]["posted"] == "2026-03-09"
    assert content["alarms"] == [{"id": ALARM.id, "question": "escalate", "choice": "yes", "day": "2026-03-09"}]
    assert custodian.open_sealed("a3", PASSPHRASE)["raw"] is None
    assert sorted(path.name for path in Path("data/raw/sealed").iterdir()) == ["a1.age", "a3.age", "index.jsonl"]


def test_nothing_in_the_queue_can_be_read_without_the_identity(study: Path) -> None:
    escalation.seal([flagged("a1", ALARM)])
    for path in Path("data/raw/sealed").iterdir():
        content = path.read_bytes()
        assert b"zanzibar" not in content
        assert b"sanitized" not in content
    assert stat.S_IMODE(Path("data/raw/sealed/a1.age").stat().st_mode) == 0o600
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(Path("data/raw/sealed/a1.age").read_bytes(), [pyrage.x25519.Identity.generate()])


def test_an_ad_is_sealed_anew_only_for_something_new(study: Path) -> None:
    path = Path("data/raw/sealed/a1.age")
    escalation.seal([flagged("a1", ALARM)])
    first = path.read_bytes()
    assert escalation.seal([flagged("a1", ALARM)])["there"] == 1
    assert path.read_bytes() == first
    # the first annotation was deleted in Label Studio since: what it said stays
    assert escalation.seal([flagged("a1", LATER)])["anew"] == 1
    content = custodian.open_sealed("a1", PASSPHRASE)
    assert [alarm["id"] for alarm in content["alarms"]] == [ALARM.id, LATER.id]
    assert escalation.seal([flagged("a1", ALARM, LATER)]) == {"sealed": 0, "anew": 0, "there": 1, "waiting": 0}


def test_an_ad_that_two_annotators_flagged_is_one_ad(study: Path) -> None:
    """Each has a task of their own."""
    both = [flagged("a1", ALARM), flagged("a1"), flagged("a2", ALARM), flagged("a1", LATER)]
    assert escalation.seal(both) == {"sealed": 2, "anew": 0, "there": 0, "waiting": 0}
    assert len(custodian.open_sealed("a1", PASSPHRASE)["alarms"]) == 2
    assert escalation.seal(both)["there"] == 2


def test_a_run_killed_before_the_index_seals_again(study: Path) -> None:
    escalation.seal([flagged("a1", ALARM)])
    Path("data/raw/sealed/index.jsonl").unlink()
    assert escalation.seal([flagged("a1", ALARM)])["sealed"] == 1


def test_without_a_public_key_ads_wait_and_nothing_is_written(study: Path) -> None:
    key = Path(".safelight/custodian.pub")
    content = key.read_bytes()
    key.unlink()
    assert escalation.seal([flagged("a1", ALARM), flagged("a2", ALARM)]) == {
        "sealed": 0, "anew": 0, "there": 0, "waiting": 2,
    }  # fmt: skip
    assert not Path("data/raw/sealed").exists()
    key.write_bytes(content)
    assert escalation.seal([flagged("a1", ALARM), flagged("a2", ALARM)])["sealed"] == 2


@pytest.mark.parametrize("content", [b"", b"age1xx", b"\xff\xfe", b"ssh-rsa AAAA"])
def test_a_broken_public_key_is_refused(study: Path, content: bytes) -> None:
    Path(".safelight/custodian.pub").write_bytes(content)
    with pytest.raises(Refusal, match="public key"):
        escalation.seal([flagged("a1", ALARM)])


def test_keys_are_never_replaced(study: Path) -> None:
    with pytest.raises(Refusal, match="there is a key already"):
        custodian.make_keys(PASSPHRASE)
    Path(".safelight/custodian.key").unlink()  # kept elsewhere: the public key alone is reason enough
    with pytest.raises(Refusal, match="there is a key already"):
        custodian.make_keys(PASSPHRASE)
    Path(".safelight/custodian.pub").unlink()
    with pytest.raises(Refusal, match="passphrase is empty"):
        custodian.make_keys("  ")


def test_the_identity_is_private_and_encrypted(pair: Path) -> None:
    identity = pair / "custodian.key"
    assert stat.S_IMODE(identity.stat().st_mode) == 0o600
    assert identity.read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert (pair / "custodian.pub").read_text().startswith("age1")


@pytest.mark.parametrize(
    ("ad_id", "passphrase", "change", "message"),
    [
        pytest.param("a9", PASSPHRASE, None, "no ad of this id", id="not sealed"),
        pytest.param("../../ads", PASSPHRASE, None, "no ad of this id", id="a path"),
        pytest.param("a1", "wrong", None, "does not open with this passphrase", id="wrong passphrase"),
        pytest.param("a1", PASSPHRASE, "identity missing", "identity is not here", id="identity missing"),
        pytest.param("a1", PASSPHRASE, "identity open", "can be read by others", id="identity readable"),
        pytest.param("a1", PASSPHRASE, "ad damaged", "or damaged", id="damaged"),
    ],
)
def test_what_does_not_open(study: Path, ad_id: str, passphrase: str, change: str | None, message: str) -> None:
    escalation.seal([flagged("a1", ALARM)])
    if change == "identity missing":
        Path(".safelight/custodian.key").unlink()
    elif change == "identity open":
        Path(".safelight/custodian.key").chmod(0o644)
    elif change == "ad damaged":
        Path("data/raw/sealed/a1.age").write_bytes(Path("data/raw/sealed/a1.age").read_bytes()[:-3])
    with pytest.raises(Refusal, match=message) as refused:
        custodian.open_sealed(ad_id, passphrase)
    assert "zanzibar" not in str(refused.value)


# The log.


def write_log(path: Path, entries: int = 4) -> list[bytes]:
    for number in range(entries):
        custodian_log.append("open", f"a{number}", f"“review” {number}\n", path)
    return path.read_bytes().splitlines(keepends=True)


def test_a_log_that_nobody_touched_verifies(tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.jsonl"
    assert custodian_log.verify(path).number == 0
    assert len(write_log(path)) == 4
    head = custodian_log.verify(path)
    assert (head.number, stat.S_IMODE(path.stat().st_mode)) == (4, 0o600)
    assert custodian_log.append("open", "a9", "x", path) == custodian_log.verify(path)
    assert [entry["ad_id"] for entry in custodian_log.entries(path)] == ["a0", "a1", "a2", "a3", "a9"]


@pytest.mark.parametrize(
    ("tampered", "line"),
    [
        pytest.param(lambda lines: [lines[0], lines[1].replace(b'"a1"', b'"a7"'), *lines[2:]], 3, id="ad changed"),
        pytest.param(lambda lines: [lines[0].replace(b"review", b"audit"), *lines[1:]], 2, id="reason changed"),
        pytest.param(lambda lines: [*lines[:3], lines[3].replace(b"review", b"audit")], 4, id="last one changed"),
        pytest.param(lambda lines: [lines[0], *lines[2:]], 2, id="removed"),
        pytest.param(lambda lines: lines[1:], 1, id="first one removed"),
        pytest.param(lambda lines: lines[:3], 4, id="cut off the end"),
        pytest.param(lambda _: [], 1, id="emptied"),
        pytest.param(lambda lines: [lines[0], lines[2], lines[1], lines[3]], 2, id="swapped"),
        pytest.param(lambda lines: [*lines[:2], lines[1], *lines[2:]], 3, id="doubled"),
        pytest.param(lambda lines: [*lines[:2], b"\n", *lines[2:]], 3, id="blank line"),
        pytest.param(lambda lines: [*lines[:3], lines[3][:-20]], 4, id="torn"),
    ],
)
def test_tampering_is_found_at_its_line(tmp_path: Path, tampered: Any, line: int) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(tampered(write_log(path))))
    with pytest.raises(Refusal, match=f"line {line}:"):
        custodian_log.verify(path)


@pytest.mark.parametrize("head", [None, b"", b"[]", b'{"number": 4}'])
def test_a_log_without_its_head_does_not_verify(tmp_path: Path, head: bytes | None) -> None:
    path = tmp_path / "log.jsonl"
    write_log(path)
    file = path.with_suffix(".head")
    file.unlink() if head is None else file.write_bytes(head)
    with pytest.raises(Refusal):
        custodian_log.verify(path)


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
@settings(max_examples=60)
def test_no_changed_byte_goes_unnoticed(tmp_path_factory: pytest.TempPathFactory, place: int, byte: int) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    write_log(path, 3)
    content = bytearray(path.read_bytes())
    place %= len(content) - 1  # but for the last line's end
    if content[place] == byte:
        return
    content[place] = byte
    path.write_bytes(content)
    with pytest.raises(Refusal, match="line"):
        custodian_log.verify(path)


def test_a_broken_log_is_added_to_and_stays_broken(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(write_log(path)[0][:-9])
    assert custodian_log.append("open", "a9", "x", path).number == 2
    assert [entry["ad_id"] for entry in custodian_log.entries(path)] == ["a9"]
    with pytest.raises(Refusal, match="line 1:"):
        custodian_log.verify(path)


# The commands.


def on_a_terminal(folder: Path, *arguments: str, typed: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run `safelight` on a terminal of its own, and type a line at each prompt; return its exit code and what shows."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [SAFELIGHT, *arguments], cwd=folder, stdin=follower, stdout=follower, stderr=follower, start_new_session=True
    )
    os.close(follower)
    lines = list(typed)
    shown = b""
    prompts = 0
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
        if lines and shown.count(b": ") > prompts and shown.endswith(b": "):
            prompts = shown.count(b": ")
            os.write(leader, f"{lines.pop(0)}\n".encode())
    os.close(leader)
    return process.wait(), shown.decode()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def test_the_custodian_at_work(study: Path) -> None:
    escalation.seal([flagged("a1", ALARM, LATER), flagged("a2", ALARM)])
    listed = run("list")
    assert listed.stdout == "a1  2026-03-09  2026-03-11  2 flags\na2  2026-03-09  2026-03-09  1 flag\n"

    refused = run("open", "a1", "--reason", "weekly review")
    assert (refused.exit_code, "terminal only" in refused.stderr) == (1, True)
    assert run("open", "a1").exit_code == 2
    assert not (study / custodian_log.LOG).exists()

    code, shown = on_a_terminal(study, "custodian", "open", "a1", "--reason", " ")
    assert (code, "a reason is needed" in shown) == (1, True)
    code, shown = on_a_terminal(study, "custodian", "open", "a1", "--reason", "review", typed=(PASSPHRASE,))
    assert (code, SECRET in shown, PASSPHRASE in shown) == (0, True, False)
    code, shown = on_a_terminal(study, "custodian", "open", "a2", "--reason", "review", typed=("wrong",))
    assert (code, SECRET in shown) == (1, False)

    logged = [(entry["action"], entry["ad_id"], entry["reason"]) for entry in custodian_log.entries()]
    assert logged == [("open", "a1", "review"), ("open", "a2", "review"), ("not opened", "a2", None)]
    assert "3  " in run("log").stdout
    assert "3 entries, no break" in run("verify").stdout
    for path in (study / ".safelight").iterdir():
        assert b"zanzibar" not in path.read_bytes()
    (study / custodian_log.LOG).write_bytes((study / custodian_log.LOG).read_bytes()[:-1].replace(b"review", b"other"))
    broken = run("verify")
    assert (broken.exit_code, "line 2" in broken.stderr) == (1, True)


def test_keys_are_made_by_the_command(tmp_path: Path) -> None:
    code, shown = on_a_terminal(
        tmp_path, "custodian", "keys", "--identity", "elsewhere/mine.key", typed=("open sesame", "open sesame")
    )
    assert code == 0, shown
    assert "open sesame" not in shown
    assert stat.S_IMODE((tmp_path / "elsewhere/mine.key").stat().st_mode) == 0o600
    assert escalation.read_public_key(tmp_path / escalation.PUBLIC_KEY) is not None


# What a pull does with an export.


def test_following_up_does_both_and_nothing_twice(study: Path) -> None:
    text = "Ask for Vexlorine, now."
    span = {"start": 8, "end": 17, "labels": ["name"]}
    answers = [
        {"id": "r", "from_name": "residual_pii", "type": "labels", "value": span},
        {"id": "f", "from_name": "escalate", "type": "choices", "value": {"choices": ["yes"]}},
    ]
    youth = [{"id": "y", "from_name": "indicators", "type": "choices", "value": {"choices": ["youth_language"]}}]
    tasks = [
        {"id": 1, "data": {"ad_id": "a1", "text": text}, "annotations": [{"id": 4, "result": answers}]},
        {"id": 2, "data": {"ad_id": "a2", "text": text}, "annotations": [{"id": 5, "result": youth}]},
        {"id": 3, "data": {"note": "put in by hand"}, "annotations": [{"id": 6, "result": youth}]},
        {"id": 4, "data": {"ad_id": "a4", "text": text}, "annotations": [{"id": 7, "result": []}]},
    ]
    Path("export.json").write_text(json.dumps(tasks))
    settings = params.Study(codebook=str(ROOT / "annotation/codebook.yaml"), linkage_key="key")
    followed = custody.follow_up(Path("export.json"), settings)
    assert followed.denied == {"flags": 1, "values": 1, "own_ad": 0, "placeholders": 0, "outside": 0}
    assert followed.sealed == {"sealed": 2, "anew": 0, "there": 0, "waiting": 0}
    assert [row.value for row in deny_file.read(Path("data/raw/denied.jsonl"))] == ["Vexlorine"]
    told = "\n".join(followed.lines())
    assert "1 new flag(s), 1 new value(s) on the deny list." in told
    assert "2 ad(s) sealed" in told
    assert "1 flagged task(s) are no ads" in told
    assert "Vexlorine" not in told
    again = custody.follow_up(Path("export.json"), settings)
    assert again.denied == dict.fromkeys(followed.denied, 0)
    assert again.sealed == {"sealed": 0, "anew": 0, "there": 2, "waiting": 0}
