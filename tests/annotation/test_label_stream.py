"""From the printed address to labelled ads in a real browser, with the keyboard, as an invited annotator."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotation import codebook
from annotation import study as studies
from annotation.roster import Annotator
from tests.annotation.lab import CODEBOOK, ROOT, TASKS, Study, guests

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTIFACTS = ROOT / "tests/artifacts"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")


@pytest.fixture
def page(study: Study) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.set_default_timeout(120_000)
            yield page
        finally:
            browser.close()


def test_an_annotator_logs_in_and_labels_by_keyboard(study: Study, page: object, tmp_path: Path) -> None:
    from playwright.sync_api import Page

    assert isinstance(page, Page)
    (person, _), _ = guests(study, ["at the browser", "elsewhere"], TASKS, tmp_path)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("response", lambda answered: failures.append(answered.url) if answered.status >= 500 else None)
    log_in(study, page, person)
    page.wait_for_selector(".lsf-richtext")
    page.keyboard.press("Escape")  # the guidelines come first
    book = codebook.load(CODEBOOK)
    for _ in range(2):
        for question in book.questions:
            if question.type in {"choice", "choices"}:
                page.keyboard.press(question.choices[-1].hotkey)
        with page.expect_response(lambda answered: "next_task" in answered.url):
            page.keyboard.press("Control+Enter")
        page.wait_for_load_state("networkidle")
        page.wait_for_selector(".lsf-richtext")
    with page.expect_response(lambda answered: "next_task" in answered.url):
        page.keyboard.press("Control+Space")
    page.wait_for_load_state("networkidle")
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "label_stream.png")
    with page.expect_response(lambda answered: "/api/tasks/" in answered.url and answered.status == 200):
        page.locator("[aria-label='Previous task']").click()
    page.wait_for_load_state("networkidle")
    assert failures == []

    tally = studies.pull(study.running, [person], book, tmp_path / "export.json").tallies[person.pseudonym]
    assert (tally.assigned, tally.done, tally.skipped, tally.foreign) == (30, 2, 1, 0)


def log_in(study: Study, page: object, person: Annotator) -> None:
    from playwright.sync_api import Page

    assert isinstance(page, Page)
    assert person.email
    page.goto(study.running.url)
    page.fill("input[name=email]", person.email)
    page.fill("input[name=password]", person.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/*/data?labeling=1*")
