import stat
from pathlib import Path

import pytest

from pipeline import keys
from pipeline.errors import Refusal


def test_create_writes_a_secret_key_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "zone" / "linkage.key"
    keys.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = keys.load(path)
    assert not key.sample
    assert len(key.secret) == 32
    assert key.secret.hex() not in repr(key)


def test_tokens_depend_on_key_kind_and_value(tmp_path: Path) -> None:
    one, other = keys.Key(b"1" * 32, sample=False), keys.Key(b"2" * 32, sample=False)
    tokens = {one.token("PHONE", "1"), one.token("EMAIL", "1"), one.token("PHONE", "2"), other.token("PHONE", "1")}
    assert len(tokens) == 4
    assert all(len(token) == keys.TOKEN_HEX for token in tokens)
    assert one.token("PHONE", "1") == one.token("PHONE", "1")


def test_create_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys.create(path)
    before = path.read_bytes()
    with pytest.raises(Refusal, match="already"):
        keys.create(path)
    assert path.read_bytes() == before


def test_rotate_changes_every_token(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys.create(path)
    before = keys.load(path).token("PHONE", "1")
    keys.rotate(path)
    assert keys.load(path).token("PHONE", "1") != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_destroy_removes_the_key(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keys.create(path)
    keys.destroy(path)
    with pytest.raises(Refusal, match="safelight keys create"):
        keys.load(path)


def test_sample_key_is_the_same_everywhere_and_is_not_rotated(tmp_path: Path) -> None:
    keys.write_sample(tmp_path / "a")
    keys.write_sample(tmp_path / "b")
    assert keys.load(tmp_path / "a") == keys.load(tmp_path / "b")
    assert keys.load(tmp_path / "a").sample
    with pytest.raises(Refusal, match="public"):
        keys.rotate(tmp_path / "a")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644], ids=oct)
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    keys.create(path)
    path.chmod(mode)
    with pytest.raises(Refusal, match="chmod 600"):
        keys.load(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nonsense",
        "safelight linkage key 1\nzz\n",
        "safelight linkage key 1\nabcd\n",
        "other header\n" + "ab" * 32 + "\n",
    ],
)
def test_a_broken_key_file_is_refused_without_being_shown(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(Refusal, match="not a linkage key") as refusal:
        keys.load(path)
    assert "abab" not in str(refusal.value)
