"""Label Studio in a real browser, worked as an annotator works it: mostly by keyboard.

with browser.start() as page:
    annotator = browser.Annotator(page, server.url)
    annotator.log_in(email, password)
    annotator.open(project)
    annotator.press("v", "1", "n", "a", "Control+Enter")
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
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
        """Log in with the form."""
        self.page.goto(f"{self.url}/user/login/")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/user/login" not in address)

    def open(self, project: int) -> None:
        """Go to the project's label stream; its guidelines open first."""
        self.page.goto(f"{self.url}/projects/{project}/data?labeling=1")
        self.ad.wait_for()

    @property
    def ad(self) -> Locator:
        """The ad."""
        return self.page.locator(".safelight-text")

    @property
    def is_blurred(self) -> bool:
        """Whether the ad cannot be read."""
        return self.ad.evaluate("ad => getComputedStyle(ad).filter") != "none"

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the window among the test artefacts."""
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
  const rects = [...range.getClientRects()].filter(rect => rect.width);
  const [a, b] = [rects[0], rects.at(-1)];
  return [a.left, (a.top + a.bottom) / 2, b.right, (b.top + b.bottom) / 2];
}
"""
