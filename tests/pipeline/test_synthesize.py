import os
import re
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import phonenumbers
import pytest
import yaml

from pipeline import params, store
from pipeline.sample import disguise, plan, templates
from pipeline.sample.canaries import canaries
from pipeline.sample.compose import DAYS, FIRST_DAY, Ad
from pipeline.sample.disguise import Phone
from pipeline.sample.templates import Alternatives, Language, Sentence, Slot
from pipeline.synthesize import generate, write_corpus

ROOT = Path(__file__).parents[2]
INDICATORS = {
    "third_party_control", "movement_between_cities", "restricted_movement", "debt_or_fees", "documents_held",
    "unrealistic_pay", "vague_employer", "coercive_terms", "youth_language",
}  # fmt: skip
YOUTH = re.compile(
    r"\b(young\w*|youth\w*|teen\w*|kids?|child\w*|girls?|boys?|schools?|students?|minors?|bab(y|ies)|juvenile|underage|"
    r"niñ[oa]s?|j[oó]ven(es)?|chic[oa]s?|muchach[oa]s?|menor(es)?|escuelas?|colegios?|estudiantes?|adolescentes?|infantil|"
    r"beb[eé]s?|hij[oa]s?)\b",
    re.IGNORECASE,
)
EXPLICIT = re.compile(
    r"\b(sex\w*|erotic\w*|er[oó]tic\w*|nude\w*|naked|escort\w*|sensual\w*|intimate\w*|discre\w*|petite|exotic\w*|busty|"
    r"horny|fetish\w*|incall|outcall|happy ending\w*|body rub\w*|hot|desnud\w*|íntim\w*|caliente)\b",
    re.IGNORECASE,
)
CONTACT_LIKE = re.compile(r"@|example|\d{4}[ .-]?\d|(\d[ .-]?){7}|[０-９]|\u20e3|[\u200b-\u200d\u2060]")


@pytest.fixture(scope="module")
def ads() -> list[Ad]:
    return list(generate(400, 0.15, 2011))


@pytest.fixture(scope="module")
def many() -> list[Ad]:
    return list(generate(5000, 0.15, 7))


def written(ads: list[Ad], entity: str) -> Iterator[tuple[Ad, str, str]]:
    for ad in ads:
        for span in ad.spans:
            if span.entity == entity:
                yield ad, ad.text[span.start : span.end], span.style


def plain_digits(text: str) -> str:
    """The digits of a number, whatever disguise of `pipeline.sample.disguise` it is in; not the code under test."""
    text = text.lower()
    for words in disguise.DIGIT_WORDS.values():
        for digit, word in enumerate(words):
            text = re.sub(rf"\b{word}\b", str(digit), text)
    text = text.translate(str.maketrans("olsb", "0158")).replace("i", "1")
    return "".join(str(int(c)) for c in text if c.isdecimal())


def plain_address(text: str, separators: tuple[str, ...]) -> str:
    text = text.translate({code + 0xFEE0: code for code in range(0x21, 0x7F)}).lower()
    for at, dot in disguise.AT_DOT.values():
        text = re.sub(rf"\s*[(\[{{]?\b{at}\b[)\]}}]?\s*", "@", text) if "@" in separators else text
        text = re.sub(rf"\s*[(\[{{]?\b{dot}\b[)\]}}]?\s*", ".", text)
    return re.sub(r"\s*([@.])\s*", r"\1", text)


# Gold


@pytest.mark.parametrize("seed", [1, 2011])
def test_gold_spans_hold_what_was_written_and_do_not_overlap(seed: int) -> None:
    for ad in generate(300, 0.3, seed):
        assert ad.text == f"{ad.title}\n\n{ad.body}"
        assert ad.text == ad.text.strip()
        end = 0
        for span in ad.spans:
            assert end <= span.start < span.end <= len(ad.text)
            end = span.end
            value = ad.text[span.start : span.end]
            assert value == value.strip()
        assert ad.spans or ad.evidence == "insufficient"


def test_values_are_what_their_entity_says(many: list[Ad]) -> None:
    for _, value, _ in written(many, "PHONE"):
        assert 10 <= len(plain_digits(value)) <= 12
    for _, value, _ in written(many, "EMAIL"):
        assert re.fullmatch(r"[a-z0-9.]+@[a-z0-9.]+", plain_address(value, ("@", ".")))
    for _, value, style in written(many, "HANDLE"):
        assert (value[0] == "@") == (style == "at")
        assert "example" in value
    for ad, value, style in written(many, "PERSON"):
        assert (value == value.lower()) == (style == "lower")
        assert re.search(r"\d", value) is None, ad.poster


def test_nothing_personal_stands_outside_the_spans(many: list[Ad]) -> None:
    for ad in many:
        rest = list(ad.text)
        for span in ad.spans:
            rest[span.start : span.end] = " " * (span.end - span.start)
        left = "".join(rest)
        assert not re.search(r"@|example|\d{4}[ .-]?\d|(\d[ .-]?){7}|[０-９]|\u20e3|[\u200b-\u200d\u2060]", left), (
            ad.poster
        )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("style", disguise.PHONE_STYLES)
def test_a_disguised_number_is_still_the_number(style: str, language: Language) -> None:
    for seed in range(50):
        for phone in (Phone("1", ("213", "555", "0147")), Phone("44", ("020", "7946", "0158"))):
            text, named = disguise.write_phone(phone, language, Random(seed), style)
            assert named == style
            digits = plain_digits(text)
            assert digits in {phone.digits, phone.calling_code + phone.digits, phone.calling_code + phone.digits[1:]}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("style", disguise.EMAIL_STYLES)
def test_a_disguised_mailbox_is_still_the_mailbox(style: str, language: Language) -> None:
    for seed in range(10):
        text, _ = disguise.write_email("desk.lotus@oak.example.org", language, Random(seed), style)
        assert plain_address(text, ("@", ".")) == "desk.lotus@oak.example.org"
        assert (text == "desk.lotus@oak.example.org") == (style == "plain")


@pytest.mark.parametrize(
    ("entity", "least"), [("PHONE", 10), ("EMAIL", 5), ("URL", 4), ("HANDLE", 2), ("PERSON", 3), ("ADDRESS", 2)]
)
def test_every_style_occurs_in_the_default_sample(ads: list[Ad], entity: str, least: int) -> None:
    styles = Counter(style for _, _, style in written(ads, entity))
    assert len(styles) >= least
    assert min(styles.values()) >= 4


# Nobody is reached, nobody is sexualised


def test_numbers_are_reserved_for_fiction(many: list[Ad]) -> None:
    reserved = re.compile(r"1?\d{3}55501\d\d|(0|44)(207946|113496|131496|161496)01\d\d|(0|61)[2378]555001\d\d")
    for ad, value, style in written(many, "PHONE"):
        assert reserved.fullmatch(plain_digits(value)), style
        assert ad.region[:2] in {"US", "CA", "GB", "AU"}


def test_area_codes_are_those_of_the_country() -> None:
    for circuit in templates.load().circuits.values():
        for place in circuit:
            for area, exchange in place.dial:
                if place.country in {"US", "CA"}:
                    number = phonenumbers.parse(f"{area}{exchange}0123", place.country)
                    assert phonenumbers.region_code_for_number(number) in {place.country, None}, place.region


def test_no_area_stands_twice() -> None:
    dials = [dial for circuit in templates.load().circuits.values() for place in circuit for dial in place.dial]
    assert len(dials) == len(set(dials))


def test_domains_are_reserved_for_examples(many: list[Ad]) -> None:
    domain = re.compile(r"(^|[.@/])example\.(com|org|net)(/[a-z0-9-]+)?$")
    for entity in ("EMAIL", "URL"):
        for _, value, style in written(many, entity):
            plain = plain_address(value, ("@", ".") if entity == "EMAIL" else (".",))
            assert domain.search(plain), (entity, style)
    for ad in many:
        assert not re.search(r"\b[a-z]+\.(com|net|org|info)\b", re.sub(r"example\s*\.\s*(com|net|org)", "", ad.text))


def test_wording_about_youth_stands_in_job_ads_that_are_labelled_so(many: list[Ad]) -> None:
    for ad in many:
        if ad.sector != "job_recruitment" or "youth_language" not in ad.indicators:
            assert not YOUTH.search(ad.text), (ad.sector, YOUTH.search(ad.text))


def test_nothing_explicit() -> None:
    for _, sentence in all_sentences():
        assert not EXPLICIT.search(sentence), sentence
    assert not EXPLICIT.search(yaml.safe_dump(templates._read("contacts"), allow_unicode=True))


def all_sentences() -> Iterator[tuple[str, str]]:
    """Every string in the sectors' files."""

    def strings(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            for value in node.values():
                yield from strings(value)
        elif isinstance(node, list):
            for value in node:
                yield from strings(value)

    for sector in templates.SECTORS:
        content = yaml.safe_load((templates.FOLDER / f"{sector}.yaml").read_text(encoding="utf-8"))
        for part in [*content.pop("families"), *content.pop("indicators"), content]:
            part.pop("source", None)
            yield from ((sector, text) for text in strings(part))


# Labels


@pytest.mark.parametrize("seed", range(5))
def test_every_indicator_is_shown_by_enough_ads_and_posters(seed: int) -> None:
    ads = list(generate(400, 0.15, seed))
    shown = Counter(indicator for ad in ads for indicator in ad.indicators)
    assert set(shown) == INDICATORS | {"none"}
    assert min(shown.values()) >= 15
    posters = {indicator: {ad.poster for ad in ads if indicator in ad.indicators} for indicator in INDICATORS}
    assert min(map(len, posters.values())) >= 8
    for sector in ("job_recruitment", "massage_spa", "personal_services"):
        of_sector = [ad for ad in ads if ad.sector == sector]
        assert 0.45 <= sum(ad.indicators == ("none",) for ad in of_sector) / len(of_sector) <= 0.65
        assert len(of_sector) >= 60
    for ad in ads:
        assert list(ad.indicators) == sorted(set(ad.indicators))
        assert len(ad.indicators) <= 3
        assert ad.indicators == ("none",) or ad.sector != "household_goods"


def test_the_labels_are_those_params_accept(ads: list[Ad]) -> None:
    columns = params.load(params.Ingest, ROOT / "params.yaml").columns.labels
    assert {ad.sector for ad in ads} == set(columns["sector"].choices())
    assert {indicator for ad in ads for indicator in ad.indicators} == set(columns["indicators"].choices())
    assert {ad.evidence for ad in ads} == set(columns["evidence"].choices())


def test_short_ads_are_insufficient_evidence(ads: list[Ad]) -> None:
    lengths = defaultdict(list)
    for ad in ads:
        lengths[ad.evidence].append(len(ad.body.split()))
    assert 0.1 <= len(lengths["insufficient"]) / len(ads) <= 0.25
    assert sum(lengths["insufficient"]) / len(lengths["insufficient"]) < 25
    assert sum(lengths["sufficient"]) / len(lengths["sufficient"]) > 40


@pytest.mark.parametrize("share", [0, 0.15, 0.5, 1])
@pytest.mark.parametrize("n", [400, 1000])
def test_the_spanish_share_is_met(n: int, share: float) -> None:
    spanish = sum(ad.language == "es" for ad in generate(n, share, 3))
    assert spanish == pytest.approx(n * share, abs=0.02 * n)


# Families


def test_posters_post_again_in_other_cities_weeks_apart(ads: list[Ad]) -> None:
    families = defaultdict(list)
    for ad in ads:
        families[ad.poster].append(ad)
    reposting = [family for family in families.values() if len(family) > 1]
    assert len(reposting) == 96
    for family in reposting:
        assert len({ad.region for ad in family}) >= 2
        assert len({ad.posted for ad in family}) == len(family)
        assert len({(ad.sector, ad.indicators, ad.evidence, ad.language) for ad in family}) == 1
        contacts = [
            {plain_digits(v)[-7:] for _, v, _ in written([ad], "PHONE")}
            | {plain_address(v, ("@", ".")) for _, v, _ in written([ad], "EMAIL")}
            for ad in family
        ]
        assert set.intersection(*contacts)
    repeated = [family for family in reposting if len({ad.text for ad in family}) < len(family)]
    assert 15 <= len(repeated) < len(reposting)


def test_most_reposts_are_near_duplicates(many: list[Ad]) -> None:
    def shingles(ad: Ad) -> set[tuple[str, ...]]:
        rest = list(ad.text)
        for span in reversed(ad.spans):
            rest[span.start : span.end] = span.entity
        words = "".join(rest).lower().split()
        return set(zip(words, words[1:], words[2:], strict=False))

    families = defaultdict(list)
    for ad in many:
        families[ad.poster].append(shingles(ad))
    pairs = [(family[0], other) for family in families.values() for other in family[1:]]
    near = sum(len(a & b) / len(a | b) >= 0.6 for a, b in pairs)
    assert 0.6 <= near / len(pairs) <= 0.97


def test_no_two_posters_share_a_contact(many: list[Ad]) -> None:
    for entity in ("PHONE", "EMAIL", "URL", "HANDLE"):
        posters = defaultdict(set)
        for ad, value, _ in written(many, entity):
            key = plain_digits(value)[-10:] if entity == "PHONE" else plain_address(value.strip("@"), ("@", "."))
            posters[key].add(ad.poster)
        assert max(map(len, posters.values())) == 1, entity


def test_dates_and_regions(ads: list[Ad]) -> None:
    assert all(0 <= (ad.posted - FIRST_DAY).days < DAYS for ad in ads)
    assert all(re.fullmatch(r"[A-Z]{2}, [A-Z]{2,3}, [A-Z][\w. ]+", ad.region) for ad in ads)
    assert len({ad.region for ad in ads}) > 40
    assert len({ad.category for ad in ads}) == 4


# Canaries


def test_canaries_are_unique_and_in_gold(ads: list[Ad]) -> None:
    planted = [ad for ad in ads if ad.canary]
    assert {ad.canary for ad in planted} == set(canaries())
    assert len({canary.kind for canary in canaries()}) == len(canaries()) >= 8
    texts = "\n".join(ad.text for ad in ads)
    digits = {plain_digits(value) for ad, value, _ in written(ads, "PHONE") if not ad.canary}
    for ad in planted:
        canary = ad.canary
        assert canary is not None
        assert texts.count(canary.value) == 1
        assert (canary.value, canary.entity) in {(ad.text[s.start : s.end], s.entity) for s in ad.spans}
        if canary.entity == "PHONE":
            assert not any(plain_digits(canary.value) in number for number in digits)


def test_canaries_of_payment_have_valid_check_digits() -> None:
    values = {canary.kind: re.sub(r"\s", "", canary.value) for canary in canaries()}
    iban = values["iban"][4:] + values["iban"][:4]
    assert int("".join(str(int(c, 36)) for c in iban)) % 97 == 1
    doubled = [int(c) * (2 - i % 2) for i, c in enumerate(values["card"])]
    assert sum(d - 9 * (d > 9) for d in doubled) % 10 == 0


# Templates


def test_every_family_and_indicator_cites_a_known_source() -> None:
    loaded = templates.load()
    for sector in loaded.sectors.values():
        cited = {part.id: part.source for part in sector.families} | {
            part.id: part.source for part in sector.indicators
        }
        assert len(cited) == len(sector.families) + len(sector.indicators)
        for part, source in cited.items():
            assert source, part
            assert set(source) <= set(loaded.sources), part
        assert {indicator.id for indicator in sector.indicators} <= INDICATORS
        for family in sector.families:
            assert set(family.shows or ()) <= set(sector.shown()), family.id
    assert not loaded.sectors["household_goods"].shown()
    assert [name for name in loaded.sectors if "youth_language" in loaded.sectors[name].shown()] == ["job_recruitment"]


def test_every_slot_can_be_filled() -> None:
    loaded = templates.load()
    always = {"city", "city2", "city3", "cur", "business", "person", "person_cue", "address"}
    contacts = {"phone", "email", "url", "handle", "handle_cue"}

    def slots(sentences: tuple[Sentence, ...]) -> set[str]:
        pieces = [piece for sentence in sentences for piece in sentence]
        pieces += [p for piece in pieces if isinstance(piece, Alternatives) for w in piece.wordings for p in w]
        return {piece.name for piece in pieces if isinstance(piece, Slot)}

    for language in ("en", "es"):
        common = always | set(loaded.contacts.slots[language])
        for phrases in loaded.contacts.phrases[language].values():
            assert slots(phrases) <= common | contacts
        for sector in loaded.sectors.values():
            pools = common | set(sector.slots[language])
            vague = sector.vague[language]
            assert slots(vague.titles + vague.sentences) <= pools
            for indicator in sector.indicators:
                assert slots((indicator.observed or {}).get(language, ())) <= pools, indicator.id
                assert slots(indicator.lookalike[language]) <= pools, indicator.id
            for family in sector.families:
                text = family.text(language)
                assert slots(sector.titles[language] + text.openings + text.details) <= pools | set(text.slots), (
                    family.id
                )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("Plain (all of it).", ("Plain (all of it).",), id="no slot, no alternative"),
        pytest.param("{Role}!", (Slot("role", capital=True), "!"), id="capital slot"),
        pytest.param(
            "a (b|{c} d) e",
            ("a ", Alternatives((("b",), (Slot("c", capital=False), " d"))), " e"),
            id="alternatives with a slot",
        ),
    ],
)
def test_parse(text: str, sentence: Sentence) -> None:
    assert templates.parse(text) == sentence


# Size and sameness


def test_a_longer_corpus_begins_with_the_shorter(ads: list[Ad]) -> None:
    assert list(generate(1000, 0.15, 2011))[:400] == ads
    assert list(generate(30, 0.15, 2011)) == ads[:30]
    assert list(generate(30, 0.15, 2012)) != ads[:30]


def test_generation_is_lazy_and_bounded_in_memory() -> None:
    assert len(list(islice(generate(10**9, 0.15, 1), 150))) == 150
    tracemalloc.start()
    for count, _ in enumerate(generate(6000, 0.15, 1), 1):
        if count == 1000:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - before < 2_000_000


def test_plans_fill_a_block() -> None:
    plans = plan.plan_block(3, 0.15, Random(1))
    assert sum(p.ads for p in plans) == plan.ADS == 100
    assert [p.serial for p in plans] == list(range(3 * plan.POSTERS, 4 * plan.POSTERS))


def test_the_stage_writes_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for seed, folder in zip(("1", "2"), folders, strict=True):
        command = [sys.executable, "-m", "pipeline.synthesize", "--output", str(folder), "--n", "250"]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == ["ads.jsonl", "canaries.jsonl", "gold.jsonl", "linkage.key"]
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


def test_files_hold_what_was_generated(tmp_path: Path) -> None:
    ads = list(generate(120, 0.15, 5))
    write_corpus(tmp_path, ads)
    rows = list(store.read_jsonl(tmp_path / "ads.jsonl"))
    gold = list(store.read_jsonl(tmp_path / "gold.jsonl"))
    assert [row["id"] for row in rows] == [row["id"] for row in gold] == [f"sample-{i:07d}" for i in range(120)]
    for ad, row, spans in zip(ads, rows, gold, strict=True):
        text = row["title"] + "\n\n" + row["body"]
        assert [text[s["start"] : s["end"]] for s in spans["spans"]] == [ad.text[s.start : s.end] for s in ad.spans]
        assert (row["gold_sector"], row["gold_indicators"]) == (ad.sector, list(ad.indicators))
    texts = {row["id"]: row["body"] for row in rows}
    planted = list(store.read_jsonl(tmp_path / "canaries.jsonl"))
    assert len(planted) == len(canaries())
    assert all(canary["value"] in texts[canary["id"]] for canary in planted)
    assert list(planted[0]) == ["id", "kind", "value"]
    assert rows[0]["posted"] == ads[0].posted.isoformat()
