import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import denied, deny_file, params, scrub_cache
from pipeline.canaries import Search
from pipeline.denied import Denied, DenyList, text_id
from pipeline.engine import Engine
from pipeline.errors import Refusal
from pipeline.normalize import squash
from pipeline.records import Scrubbed
from pipeline.scrub_cache import key_of
from pipeline.scrubber import Scrubber

ROOT = Path(__file__).parents[2]
SETTINGS = params.load(params.Scrub, ROOT / "params.yaml")
NAME = Denied("ad1", "PERSON", "Vexlorine", True)
SHORT = Denied("ad1", "PERSON", "Ody", True)
FULL = Denied("ad1", "PERSON", "Vexlorine Dunmarrow", True)
PHONE = Denied("ad2", "PHONE", "213-555-0142", True)
PART = Denied("ad2", "PHONE", "555 0142", True)
COMMON = Denied("ad3", "PERSON", "will", False)


def found(row: Denied, text: str, owner: str = "") -> list[str]:
    return [text[span.start : span.end] for span in DenyList([row]).find(text, owner)]


@pytest.mark.parametrize(
    ("row", "text", "covered"),
    [
        pytest.param(NAME, "see Vexlorine today", ["Vexlorine"], id="as flagged"),
        pytest.param(NAME, "VEXLORINE, vexlorine", ["VEXLORINE", "vexlorine"], id="any case, twice"),
        pytest.param(NAME, "v e x l o r i n e", ["v e x l o r i n e"], id="spaced out"),
        pytest.param(NAME, "Ｖｅｘｌｏｒｉｎｅ", ["Ｖｅｘｌｏｒｉｎｅ"], id="full width"),
        pytest.param(NAME, "Véx-lo\u200brine.", ["Véx-lo\u200brine"], id="accent, hyphen, invisible"),
        pytest.param(NAME, "Vеxlоrine", ["Vеxlоrine"], id="look-alikes"),
        pytest.param(NAME, "callvexlorine2nite now", ["callvexlorine2nite"], id="a long one inside a word"),
        pytest.param(NAME, "Vexlo <PHONE_1> rine", [], id="not across a placeholder"),
        pytest.param(NAME, "<PERSON_1> and <AGE_21-25>", [], id="placeholders alone"),
        pytest.param(NAME, "", [], id="nothing"),
        pytest.param(SHORT, "ask ody or ODY.", ["ody", "ODY"], id="a short one as a word"),
        pytest.param(SHORT, "a melody, anybody, bodyguard", [], id="a short one inside words"),
        pytest.param(SHORT, "<PHONE_1>ody", ["ody"], id="after a placeholder"),
        pytest.param(FULL, "vexlorine\n dunmarrow", ["vexlorine\n dunmarrow"], id="two words"),
        pytest.param(FULL, "VexlorineDunmarrow", ["VexlorineDunmarrow"], id="joined"),
        pytest.param(FULL, "Vexlorine or Dunmarrow", [], id="other words between"),
        pytest.param(PHONE, "call (213) 555.0142", ["213) 555.0142"], id="number"),
        pytest.param(
            PHONE,
            "two one three five five five oh one four two",
            ["two one three five five five oh one four two"],
            id="in words",
        ),
        pytest.param(PHONE, "213-555-0143", [], id="another number"),
        pytest.param(PART, "five five five 0142!", ["five five five 0142"], id="without its area code"),
        pytest.param(PART, "255501427", ["255501427"], id="letters and digits: a long one inside a word"),
        pytest.param(COMMON, "I will", [], id="too common for other ads"),
    ],
)
def test_where_a_value_is_found(row: Denied, text: str, covered: list[str]) -> None:
    assert list(dict.fromkeys(found(row, text))) == covered


def test_a_common_value_is_found_in_its_own_ad_alone() -> None:
    assert found(COMMON, "Will and WILL, willing", "ad3") == ["Will", "WILL"]
    assert found(COMMON, "Will and WILL", "ad1") == []


def test_of_several_entities_the_first_in_rank_wins() -> None:
    rows = [Denied("a", entity, "Vexlorine", True) for entity in ("PERSON", "HANDLE", "ADDRESS")]
    assert {span.entity for span in DenyList(rows).find("vexlorine")} == {"HANDLE"}


def test_no_value_means_no_search() -> None:
    assert not DenyList()
    assert not DenyList([COMMON], owners={})
    assert DenyList().find("Vexlorine") == []
    assert DenyList([Denied("a", "ID", "☎", True)]).find("☎ me") == []


def test_it_travels_to_worker_processes() -> None:
    rows = [NAME, PHONE, COMMON]
    sent = pickle.loads(pickle.dumps(DenyList(rows)))
    text = "will Vexlorine call 2135550142"
    assert sent.find(text, "ad3") == DenyList(rows).find(text, "ad3") != []


ALPHABET = st.text(st.sampled_from("aábB0oO１2 -.\n<>_é\u200bйе@"), max_size=40)


@given(value=ALPHABET, before=ALPHABET, after=ALPHABET)
def test_what_the_canary_search_finds_is_found_here_too(value: str, before: str, after: str) -> None:
    text = f"{before}{value}{after}"
    if Search([value]).finds(text):
        spans = DenyList([Denied("a", "ID", value, True)]).find(text)
        assert spans
        masked = text
        for span in sorted(spans, reverse=True):
            masked = masked[: span.start] + "<ID_1>" + masked[min(span.end, len(masked)) :]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(st.text(max_size=60), st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8))
def test_a_value_is_found_as_a_word_in_any_text(around: str, value: str) -> None:
    deny_list = DenyList([Denied("a", "ID", value, True)])
    assert deny_list.find(f"- {value} -") or not squash(value)
    assert all(0 <= span.start < span.end <= len(around) for span in DenyList([NAME]).find(around))


def test_the_list_is_added_to_sorted_and_never_loses_a_row(tmp_path: Path) -> None:
    path = tmp_path / "raw" / "denied.jsonl"
    assert deny_file.add(path) == 0
    assert path.read_text() == ""
    assert deny_file.add(path, [PHONE, NAME, NAME]) == 2
    before = path.stat().st_mtime_ns
    assert deny_file.add(path, [NAME]) == 0
    assert deny_file.add(path) == 0
    assert path.stat().st_mtime_ns == before, "an unchanged list is not written again"
    assert deny_file.add(path, [COMMON, PHONE]) == 1
    assert deny_file.read(path) == [NAME, PHONE, COMMON]


def test_what_a_steward_decided_about_a_value_stands(tmp_path: Path) -> None:
    path = tmp_path / "denied.jsonl"
    deny_file.add(path, [COMMON])
    assert deny_file.add(path, [Denied("ad3", "PERSON", "will", True)]) == 0
    assert deny_file.read(path) == [COMMON]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("nonsense secret", id="no JSON"),
        pytest.param('{"ad_id": "1", "entity": "PERSON", "value": "secret"}', id="a key is missing"),
        pytest.param('{"ad_id": "1", "entity": "AGE", "value": "secret", "everywhere": true}', id="entity"),
        pytest.param('{"ad_id": "1", "entity": "ID", "value": "", "everywhere": true}', id="no value"),
        pytest.param('{"ad_id": "1", "entity": "ID", "value": "secret", "everywhere": 1}', id="everywhere"),
        pytest.param('{"ad_id": 1, "entity": "ID", "value": "secret", "everywhere": true}', id="ad_id"),
    ],
)
def test_a_broken_list_is_refused_without_its_text(tmp_path: Path, line: str) -> None:
    path = tmp_path / "denied.jsonl"
    deny_file.add(path, [NAME])
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(Refusal, match="line 2") as refused:
        deny_file.read(path)
    assert "secret" not in str(refused.value)


# What the scrubber makes of it.

AD = "Oak table for sale in good condition. ody will show it, some of the vexlorine is new."
OTHER = "Two chairs with a vexlorine on the seat. I will answer."


@pytest.fixture(scope="module")
def denying(engine: Engine) -> Engine:
    """An engine with values denied, of which one counts in `AD` alone."""
    rows = [NAME, SHORT, COMMON]
    return Engine(SETTINGS, engine._tagger, DenyList(rows, {"ad3": text_id(AD)}))


def test_a_denied_value_is_masked_and_the_result_is_stable(engine: Engine, denying: Engine) -> None:
    plain, outcome = engine.scrub(AD), denying.scrub(AD)
    assert isinstance(plain, Scrubbed)
    assert isinstance(outcome, Scrubbed)
    assert "vexlorine" in plain.text
    assert not plain.denied
    assert outcome.denied
    assert not any(word in outcome.text.split() for word in ("ody", "will", "vexlorine"))
    assert denying.scrub(outcome.text) == Scrubbed(outcome.text, (), (), outcome.language, outcome.strict)
    assert {word for span in outcome.spans for word in AD[span.start : span.end].split()} >= {
        "ody",
        "will",
        "vexlorine",
    }


def test_a_common_value_stays_in_other_ads(denying: Engine) -> None:
    outcome = denying.scrub(OTHER)
    assert isinstance(outcome, Scrubbed)
    assert "vexlorine" not in outcome.text
    assert "I will answer." in outcome.text


def test_a_denied_value_is_masked_though_the_policy_keeps_its_entity(engine: Engine) -> None:
    settings = SETTINGS.model_copy(update={"policy": SETTINGS.policy | {"PERSON": "keep"}})
    outcome = Engine(settings, engine._tagger, DenyList([NAME])).scrub(OTHER)
    assert isinstance(outcome, Scrubbed)
    assert "vexlorine" not in outcome.text


@pytest.mark.parametrize("entity", denied.MASKS)
def test_every_entity_can_be_masked(engine: Engine, entity: str) -> None:
    outcome = Engine(SETTINGS, engine._tagger, DenyList([Denied("a", entity, "answer", True)])).scrub(OTHER)
    assert isinstance(outcome, Scrubbed)
    assert f"<{entity}_1>" in outcome.text


def test_a_text_without_denied_values_is_as_it_would_be_without_the_list(engine: Engine, denying: Engine) -> None:
    texts = ["Call Rosa at 213-555-0142.", "Sofa, 24 years old, ask for Jane Doe", "nothing here"]
    assert denying.scrub_all(texts) == engine.scrub_all(texts)


def test_the_cache_gives_what_no_cache_would_under_any_list(tmp_path: Path) -> None:
    """A kept outcome is not used where a value was denied since; one made under a list is not kept."""
    texts = [AD, OTHER, "Bed, ring Vexlorine Dunmarrow", "plain text"]
    lists = [DenyList(), DenyList([NAME]), DenyList([NAME, FULL]), DenyList([COMMON], {"ad3": text_id(OTHER)})]
    path = tmp_path / "cache.sqlite"
    for deny_list in [*lists, DenyList()]:
        with scrub_cache.opened(path, SETTINGS) as cache:
            cached = list(Scrubber(SETTINGS, cache, deny_list).scrub_all(texts))
            kept = cache.get([key_of(text) for text in texts])
        assert cached == list(Scrubber(SETTINGS, None, deny_list).scrub_all(texts))
        assert not any(outcome.denied for outcome in kept.values())


def test_workers_deny_as_one_process_does() -> None:
    deny_list = DenyList([NAME, COMMON], {"ad3": text_id(AD)})
    two = SETTINGS.model_copy(update={"workers": 2})
    texts = [AD, OTHER, "plain"]
    assert list(Scrubber(two, None, deny_list).scrub_all(texts)) == list(
        Scrubber(SETTINGS, None, deny_list).scrub_all(texts)
    )
