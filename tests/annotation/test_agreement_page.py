"""The page: what a lead reads in it, that it needs nothing from the web, and that nothing in it is run."""

import re
from html.parser import HTMLParser

import pytest

from annotation import agreement, agreement_page
from annotation.votes import Vote
from pipeline import params

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # crowd-kit's own
SETTINGS = params.Agreement(bootstrap=50, confidence=0.9, seed=1)
NASTY = '<script>alert("x")</script>&'
VOTES = [
    Vote(f"i{n:02}", annotator, "sector", value, None, "1.0.0", f"2026-03-{n % 9 + 1:02}")
    for n in range(20)
    for annotator, value in (("zoe", "ab"[n % 2]), ("amy", "ab"[n % 3 == 0]), (NASTY, "a"))
] + [
    Vote(f"i{n:02}", annotator, "indicators", value, None, "1.0.0")
    for n in range(6)
    for annotator, value in (("zoe", (NASTY,)), ("amy", (NASTY, "debt")[: n % 2 + 1]))
]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attributes if name in {"src", "href", "action", "data"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.open and self.open[-1] != "style" else ""


def _render(votes: list[Vote]) -> str:
    return agreement_page.render(agreement.measure(votes, SETTINGS), agreement.describe_annotators(votes))


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_page_stands_alone_and_runs_nothing() -> None:
    page = _render(VOTES)
    reader = _read(page)
    assert not reader.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert all(link.startswith("#") for link in reader.links)
    assert not re.search(r"url\(|@import|https?://|\son\w+=", page)
    assert NASTY not in page
    assert NASTY in reader.text


def test_page_says_what_the_report_says() -> None:
    text = " ".join(_read(_render(VOTES)).text.split())
    sector = agreement.measure(VOTES, SETTINGS)["questions"]["sector"]
    assert f"{sector['alpha']:.2f}".replace("-", "−") in text
    assert f"{sector['ac1']['value']:.2f}".replace("-", "−") in text
    assert "confidence 0.9" in text
    assert "by the day it was given" in text
    assert "no vote has a date" in text  # of the other question
    assert f"{NASTY}, sector: “a” in all 20 votes" in text
    assert "simulated" not in text


def test_people_stand_in_alphabetical_order_everywhere() -> None:
    page = _render([vote for vote in VOTES if vote.annotator != NASTY])
    for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL):
        if "amy" in table and "zoe" in table:
            assert table.index("amy") < table.index("zoe")
    assert not re.search(r"\b(best|worst|rank|ranked|score)\b", page)


ODD = {
    "no pair": ([Vote("i", "x", "q", "a"), Vote("j", "y", "q", "b")], "no item has two votes"),
    "all alike": ([Vote("i", "x", "q", "a"), Vote("i", "y", "q", "a")], "never differ from one single value"),
    "spans only": ([Vote("i", "x", "spots", ())], "spots: 1 votes are left out"),
    "decisions only": ([Vote("i", "adjudicator", "q", "a")], "1 adjudicated answers are left out"),
    "simulated": ([Vote("i", "simulated-1", "q", "a"), Vote("i", "simulated-2", "q", "b")], "The votes are simulated."),
    "many annotators": ([Vote("i", f"w{n:02}", "q", "ab"[n % 2]) for n in range(30)], "… and 235 more pairs"),
}


@pytest.mark.parametrize(("votes", "expected"), ODD.values(), ids=ODD)
def test_odd_studies_have_a_page(votes: list[Vote], expected: str) -> None:
    assert expected in " ".join(_read(_render(votes)).text.split())
