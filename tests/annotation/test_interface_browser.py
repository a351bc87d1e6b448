"""The labelling interface in a real browser on a real Label Studio, and what comes back from it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from annotation import codebook
from annotation.export import collect
from pipeline import params
from pipeline.normalize import PLACEHOLDER
from tests import browser
from tests.annotation import lab
from tests.browser import Annotator

pytestmark = browser.needed

BOOK = codebook.load(codebook.CODEBOOK)
CARE = params.load(params.Annotate, lab.ROOT / "params.yaml")

NAMED = "Packers wanted 📦 for a fruit warehouse\n\nRoom by us. Ask for Rosalind Quillfeather or call <PHONE_1>."
# What could shift offsets, with the words to mark.
MARKED = {
    "emoji": ("👩‍👩‍👧 Family 😀😀 café, ask for Zoë Lindqvist 🎉", ["Zoë Lindqvist"]),
    "chips before": ("Call <PHONE_1> or <EMAIL_1>, <PERSON_1> 😀, or ask Anna Bell at <URL_1>", ["Anna Bell"]),
    "a chip inside": (
        "Write to 12 Elm Street <POSTCODE_1> Springfield today",
        ["12 Elm Street <POSTCODE_1> Springfield"],
    ),
    "spaces and blank lines": ("  \n\n   Leading  spaces\n\n\n\nthen  Carl Ames \n", ["Leading", "Carl Ames"]),
    "markup": (
        'Fish &amp; chips & <b>bold</b> &lt;i&gt; <img src=x onerror="harm=1"><script>harm=1</script> by Dora',
        ["bold", "Dora"],
    ),
    "line ends": ("One 🎉\r\nTwo\r\n\r\nThree Ed Moss\rFour\ttab Flo", ["Ed Moss", "Flo"]),
    "odd characters": ("e\u0301 \u200b \u00a0 \u202etfel\u202c \x0b \x0c \x85 \u2028 Gus Hale", ["Gus Hale"]),
    "one long word": ("x" * 400 + " Ida", ["Ida"]),
    "Spanish": ("¡Se busca señora! Edad <AGE_21-25>. Pregunte por Íñigo Núñez en <LOCATION_1>.", ["Íñigo Núñez"]),
    "long": (
        "\n\n".join(f"Paragraph {n} 😀: housing in <LOCATION_{n}>, ask <PERSON_{n}>." for n in range(1, 200))
        + "\n\nJo Kerr",
        ["Paragraph 150", "Jo Kerr"],
    ),
}
ADS = {
    "named": NAMED,
    "flagged": "Line cook wanted, evenings, 17 an hour, call <PHONE_1> for an interview.",
    "skipped": "Foot and back massage, open daily, walk-ins welcome.",
    **{name: text for name, (text, _) in MARKED.items()},
}


@pytest.fixture(scope="module")
def alone(study: lab.Study, tmp_path_factory: pytest.TempPathFactory) -> lab.Study:
    """A study of one annotator, with the ads as its tasks."""
    tasks = [{"data": {"ad_id": ad_id, "text": text}} for ad_id, text in ADS.items()]
    alone = lab.beside(study, tmp_path_factory.mktemp("interface"), tasks)
    up = alone.run("up")
    assert up.returncode == 0, up.stdout + up.stderr
    return alone


@pytest.fixture(scope="module")
def annotator(alone: lab.Study) -> Iterator[Annotator]:
    """Somebody who has logged in and sees the first ad, behind the guidelines."""
    [person] = alone.people
    assert person.email
    with browser.start() as page:
        annotator = Annotator(page, alone.running.url)
        annotator.log_in(person.email, person.password)
        annotator.wait_for_guidelines()
        yield annotator


@pytest.fixture(scope="module")
def exported(alone: lab.Study, annotator: Annotator) -> dict[str, Any]:
    """All ads labelled as an annotator labels them, in the order they come, and pulled: the annotations by `ad_id`."""
    for _ in ADS:
        ad = next(ad for ad, text in ADS.items() if text.replace("\r", "") == annotator.ad.text_content())
        assert annotator.is_blurred
        annotator.press(codebook.REVEAL_KEY)
        assert not annotator.is_blurred
        label(annotator, ad)
    assert alone.run("pull").returncode == 0
    tasks = json.loads((alone.folder / "data/annotations/export.json").read_text(encoding="utf-8"))
    return {task["data"]["ad_id"]: annotation for task in tasks for annotation in task["annotations"]}


def label(annotator: Annotator, ad: str) -> None:
    """Answer and submit, or skip."""
    if ad == "skipped":
        annotator.skip()
        return
    if ad == "named":
        annotator.mark("Packers", "6")
        assert (annotator.marks, annotator.is_blurred) == (1, False)
        annotator.press(codebook.REVEAL_KEY)
        assert annotator.is_blurred
        annotator.press(codebook.REVEAL_KEY, "Alt+.", "Backspace", codebook.REVEAL_KEY)
        assert (annotator.marks, annotator.is_blurred) == (0, False)
        annotator.mark_by_keyboard("Rosalind", 2, "5")
        annotator.press("1", "q", "a")
        annotator.screenshot("interface-marked")
    elif ad == "flagged":
        annotator.press("2", "n", "s", "x")
    else:
        for words in MARKED[ad][1]:
            annotator.mark(words, "6")
        annotator.press("4", "n", "a")
    annotator.submit()


def test_the_guidelines_open_first_with_warning_cap_and_support(annotator: Annotator) -> None:
    shown = annotator.dialog.inner_text()
    assert shown.index("Ads can be distressing") < shown.index(BOOK.questions[0].text)
    assert f"{CARE.daily_cap} ads a day" in shown
    assert all(support.label in shown for support in CARE.support)
    annotator.screenshot("interface-guidelines")
    annotator.close_dialog()
    assert annotator.dialog.count() == 0


def test_the_ad_stands_beside_the_questions_with_chips_and_keys(annotator: Annotator) -> None:
    page = annotator.page
    assert annotator.chips == [match[0] for match in PLACEHOLDER.finditer(annotator.ad.text_content() or "")]
    for question in BOOK.questions:
        assert page.locator(".safelight-question h4", has_text=question.text).is_visible()
        shown = page.inner_text(f".safelight-{question.type}:has-text('{question.text}')").split("\n")
        for choice in question.choices:
            assert f"{choice.label}[{choice.hotkey}]" in shown or {choice.label, choice.hotkey} <= set(shown)
    links = page.locator(".safelight-care a")
    assert [link.get_attribute("href") for link in links.all()] == [support.url for support in CARE.support]
    assert page.locator(".lsf-sidepanels__wrapper_align_right").is_hidden()


def test_the_ad_is_blurred_until_its_key_and_again_by_it(annotator: Annotator) -> None:
    annotator.screenshot("interface-blurred")
    assert annotator.is_blurred
    annotator.press(codebook.REVEAL_KEY)
    assert not annotator.is_blurred
    annotator.press(codebook.REVEAL_KEY)
    assert annotator.is_blurred


def test_nothing_can_be_marked_while_it_is_blurred(annotator: Annotator) -> None:
    annotator.mark((annotator.ad.text_content() or "").split()[0], "5")
    assert annotator.marks == 0
    annotator.press("5")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 800), (760, 900)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_window(annotator: Annotator, width: int, height: int, scheme: str) -> None:
    page = annotator.page
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("scheme => document.documentElement.dataset.colorScheme = scheme", scheme)
    annotator.press(codebook.REVEAL_KEY)
    annotator.screenshot(f"interface-{width}x{height}-{scheme}")
    annotator.press(codebook.REVEAL_KEY)
    wide = page.evaluate(
        """() => ["html", ".lsf-main-content", ".safelight", ".safelight-ad", ".safelight-guidelines"]
            .filter(part => (e => e.scrollWidth > e.clientWidth)(document.querySelector(part)))"""
    )
    flag = page.locator(".safelight-flag input").bounding_box()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.documentElement.dataset.colorScheme = 'light'")
    assert wide == []
    assert width < 1000 or (flag is not None and flag["y"] < height - 60)  # every question is in sight


def test_every_answer_comes_back(exported: dict[str, Any], alone: lab.Study) -> None:
    votes, counts = collect(alone.folder / "data/annotations/export.json", BOOK)
    given = {(vote.item, vote.question): vote.value for vote in votes}
    start = NAMED.index("Rosalind")
    assert {
        question: given["named", question] for question in ("sector", "indicators", "evidence", "residual_pii")
    } == {
        "sector": "job_recruitment",
        "indicators": ("third_party_control",),
        "evidence": "sufficient",
        "residual_pii": ({"start": start, "end": start + len("Rosalind Quillfeather"), "label": "name"},),
    }
    assert (given["named", "escalate"], given["flagged", "escalate"]) == ("no", "yes")
    assert counts["skipped"] == 1
    assert {question for _, question in given} == {question.id for question in BOOK.questions}


@pytest.mark.parametrize("ad", MARKED)
def test_marks_are_offsets_into_the_text(exported: dict[str, Any], ad: str) -> None:
    text, marks = MARKED[ad]
    results = [part["value"] for part in exported[ad]["result"] if part["from_name"] == "residual_pii"]
    places = sorted((value["globalOffsets"]["start"], value["globalOffsets"]["end"]) for value in results)
    assert [text[start:end] for start, end in places] == marks


def test_an_ad_is_text_and_never_markup(exported: dict[str, Any], annotator: Annotator) -> None:
    assert exported.keys() == ADS.keys()
    assert annotator.page.evaluate("typeof harm") == "undefined"
