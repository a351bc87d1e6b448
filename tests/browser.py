"""Label Studio in a real browser, worked as an annotator works it: mostly by keyboard.

with browser.start() as page:
    annotator = browser.Annotator(page, server.url)
    annotator.log_in(email, password)
    annotator.close_dialog()
    annotator.press("v", "1", "n", "a", "Control+Enter")
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needed = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
ARTIFACTS = Path(__file__).parent / "artifacts"
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SECONDS = 60
_TABS = 60  # more than there are places for the focus


@contextmanager
def start(width: int = 1280, height: int = 800) -> Iterator[Page]:
    """A page of a fresh browser with a window of this size, in CSS pixels."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(_SECONDS * 1000)
        yield page
        browser.close()


@dataclass(frozen=True)
class Annotator:
    """Someone at the labelling interface of the Label Studio at `url`."""

    page: Page
    url: str

    def log_in(self, email: str, password: str) -> None:
        """Log in with the form that Label Studio shows at its address."""
        self.page.goto(self.url)
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/user/login" not in address)

    def wait_for_guidelines(self) -> None:
        """Wait for the label stream: an annotator lands there. The guidelines open before the first ad, in a dialog."""
        self.dialog.wait_for()
        self.ad.wait_for()

    def close_dialog(self) -> None:
        """Close the guidelines by keyboard."""
        self.press("Escape")
        self.dialog.wait_for(state="detached")

    @property
    def dialog(self) -> Locator:
        """The guidelines, where they are open."""
        return self.page.locator(".safelight-dialog")

    @property
    def ad(self) -> Locator:
        """The ad."""
        return self.page.locator(".safelight-text")

    @property
    def is_blurred(self) -> bool:
        """Whether the ad cannot be read."""
        return self.ad.evaluate("ad => getComputedStyle(ad).filter") != "none"

    @property
    def chips(self) -> list[str]:
        """The placeholders that are shown as chips."""
        return self.page.locator(".safelight-chip").all_text_contents()

    @property
    def marks(self) -> int:
        """How many pieces of the ad are marked."""
        return self.page.locator(".safelight-text .htx-highlight").count()

    def wait_for(self, text: str) -> None:
        """Wait until the ad is the one with this text."""
        self.page.wait_for_function(
            "text => document.querySelector('.safelight-text')?.textContent === text", arg=text.replace("\r", "")
        )

    def submit(self) -> None:
        """Submit by keyboard, and wait until it is saved and the ad is gone."""
        self._leave("Control+Enter")

    def skip(self) -> None:
        """Skip by keyboard, and wait until it is saved and the ad is gone."""
        self._leave("Control+Space")

    def _leave(self, key: str) -> None:
        ad = self.ad.element_handle()
        with self.page.expect_response(lambda a: a.request.method == "POST" and "/annotations" in a.url) as answer:
            self.press(key)
        assert answer.value.ok, answer.value.status
        ad.wait_for_element_state("hidden")

    def press(self, *keys: str) -> None:
        """Press keys, each once the page shows what the last one did: Label Studio loses track of faster hands."""
        for key in keys:
            self.page.keyboard.press(key)
            self.page.evaluate(_SHOWN)

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the window among the test artefacts, once Label Studio's passing messages are gone."""
        self.page.locator("[class^=toast-viewport] li").wait_for(state="detached")
        path = ARTIFACTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def mark(self, words: str, key: str) -> None:
        """Choose the label with this key, then drag the mouse over the first such words of the ad."""
        self.press(key)
        x1, y1, x2, y2 = self.ad.evaluate(_CORNERS, words)
        self.page.mouse.move(x1 + 1, y1)
        self.page.mouse.down()
        self.page.mouse.move(x2 - 1, y2, steps=4)
        self.page.mouse.up()

    def mark_by_keyboard(self, first: str, words: int, key: str) -> None:
        """Go to the ad with the Tab key, to the word `first` with the arrows, and mark so many words with the label."""
        for _ in range(_TABS):
            if self.ad.evaluate("ad => ad === document.activeElement"):
                break
            self.press("Tab")
        while self.page.evaluate("getSelection().toString().trim()") != first:
            before = self.page.evaluate("[getSelection().anchorNode?.data, getSelection().anchorOffset]")
            self.press("ArrowRight")
            after = self.page.evaluate("[getSelection().anchorNode?.data, getSelection().anchorOffset]")
            assert after != before, "no such word in the ad"
        self.press(*["Shift+ArrowRight"] * (words - 1), key, "Enter")


# Resolves when what was changed is drawn.
_SHOWN = "() => new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(shown))))"
# Where words of the ad begin and end in the window; they may run through chips.
_CORNERS = """
(ad, words) => {
  const walker = document.createTreeWalker(ad, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push([walker.currentNode, text.length]);
    text += walker.currentNode.data;
  }
  const start = text.indexOf(words);
  if (start < 0) throw new Error("no such words in the ad");
  const [node, from] = nodes.findLast(([_, from]) => from <= start);
  const end = start + words.length;
  const [last, to] = nodes.findLast(([_, to]) => to < end);
  const range = document.createRange();
  range.setStart(node, start - from);
  range.setEnd(last, end - to);
  range.startContainer.parentElement.scrollIntoView({block: "nearest"});
  const box = ad.parentElement.parentElement;
  box.scrollTop += range.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  const rects = [...range.getClientRects()].filter(rect => rect.width);
  const [a, b] = [rects[0], rects.at(-1)];
  return [a.left, (a.top + a.bottom) / 2, b.right, (b.top + b.bottom) / 2];
}
"""
