"""A whole study as its people live it: two annotators and their lead in a real browser, the commands in between.

What the interface does with any text is in test_interface_browser.py; here are the ways through it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from annotation import adjudicate, codebook, custodian, escalation, private, studio
from annotation.aggregate import aggregate
from annotation.export import collect, collect_decisions
from annotation.roster import Annotator as Person
from annotation.votes import ADJUDICATOR, Value, Vote
from pipeline import deny_file
from pipeline.denied import Denied
from tests import browser
from tests.annotation import lab
from tests.browser import Annotator

pytestmark = browser.needed

BOOK = codebook.load(lab.CODEBOOK)
NAME = "Rosalind Quillfeather"
ADS = {
    "named": f"Packers wanted 📦 for a fruit warehouse, day shift.\n\nRoom by us. Ask for {NAME} or call <PHONE_1>.",
    "flagged": "Harvest hands from <DATE_1>: two weeks in each county, we drive you. Your papers stay in our office.",
    "disputed": "Kitchen help wanted in <LOCATION_1>. Training costs 90, taken from the first wages. <EMAIL_1>",
    "skipped": "Foot and back massage, open daily from 10 to 8, walk-ins welcome at <ADDRESS_1>.",
}
SPAN = {"start": ADS["named"].index(NAME), "end": ADS["named"].index(NAME) + len(NAME), "label": "name"}
# What is pressed at each ad, and the answers that are meant.
KEYS = {"named": ("1", "q", "a"), "flagged": ("1", "w", "t", "a", "x"), "disputed": ("1", "r", "a"), "skipped": ()}
OTHERWISE = {**KEYS, "disputed": ("1", "n", "a")}
ANSWERS: dict[str, dict[str, Value]] = {
    "named": {"indicators": ("third_party_control",), "residual_pii": (SPAN,), "escalate": "no"},
    "flagged": {
        "indicators": ("documents_held", "movement_between_cities"),
        "residual_pii": (),
        "escalate": "yes",
    },
    "disputed": {"indicators": ("debt_or_fees",), "residual_pii": (), "escalate": "no"},
}


@dataclass(frozen=True)
class Lived:
    """A study of two that is labelled and pulled: what was printed, and what was on the annotators' screens."""

    study: lab.Study
    invited: str
    pulled: str
    seen: list[str]


@contextmanager
def logged_in(url: str, email: str, password: str, failures: list[str]) -> Iterator[Annotator]:
    """Somebody's browser after the login; errors of the page and of the server are written down."""
    with browser.start() as page:
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("response", lambda answered: failures.append(answered.url) if answered.status >= 500 else None)
        annotator = Annotator(page, url)
        annotator.log_in(email, password)
        yield annotator


def label(annotator: Annotator, keys: dict[str, tuple[str, ...]], shots: str = "") -> list[str]:
    """Label every ad there is by keyboard alone; return all that was on the screen meanwhile."""
    seen = []
    for _ in ADS:
        ad = next(ad for ad, text in ADS.items() if text == annotator.ad.text_content())
        assert (annotator.marks, annotator.page.locator("input:checked").count()) == (0, 0)
        annotator.press(codebook.REVEAL_KEY)
        if ad == "named":
            annotator.mark_by_keyboard("Rosalind", 2, "5")
        annotator.press(*keys[ad])
        seen.append(annotator.page.inner_text("body"))
        if shots:
            annotator.screenshot(f"{shots}-{ad}")
        annotator.submit() if keys[ad] else annotator.skip()
    annotator.page.get_by_text("No more tasks").wait_for()
    if shots:
        annotator.screenshot(f"{shots}-done")
    return [*seen, annotator.page.inner_text("body")]


@pytest.fixture(scope="module")
def lived(study: lab.Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Both annotators label everything; afterwards the lead's project is gone again."""
    tasks = [{"data": {"ad_id": ad_id, "text": text}} for ad_id, text in ADS.items()]
    own = lab.beside(study, tmp_path_factory.mktemp("two"), tasks)
    custodian.make_keys("quiet harbour lantern", own.folder / custodian.IDENTITY, own.folder / escalation.PUBLIC_KEY)
    invited = own.run("invite", "Annotator Birch", "Annotator Cedar")
    assert invited.returncode == 0, invited.stdout + invited.stderr
    failures: list[str] = []
    seen = []
    for person, keys, shots in zip(own.people, (KEYS, OTHERWISE), ("study", ""), strict=True):
        assert person.email
        with logged_in(own.running.url, person.email, person.password, failures) as annotator:
            annotator.wait_for_guidelines()
            assert BOOK.questions[0].guidance in annotator.dialog.inner_text()
            annotator.close_dialog()
            seen.append(" ".join(label(annotator, keys, shots)))
    assert failures == []
    pulled = own.run("pull")
    assert pulled.returncode == 0, pulled.stderr
    yield Lived(own, invited.stdout, pulled.stdout, seen)
    with studio.connect(own.running, private.login(own.kept)) as lead:
        lead._client.delete(f"/api/projects/{lead.projects()[adjudicate.TITLE + BOOK.version]}/")


def expected(people: list[Person]) -> list[tuple[str, str, str, Value]]:
    """The votes that were meant: the two differ on the indicators of one ad."""
    votes = []
    for one, person in enumerate(people):
        for ad, answers in ANSWERS.items():
            meant = {"sector": "job_recruitment", "evidence": "sufficient", **answers}
            if ad == "disputed" and one == 1:
                meant["indicators"] = ("none",)
            votes += [(ad, question, person.pseudonym, value) for question, value in meant.items()]
    return sorted(votes, key=lambda vote: vote[:3])


def votes_of(study: lab.Study) -> list[Vote]:
    return collect(study.folder / "data/annotations/export.json", BOOK)[0]


def test_what_is_printed_leads_into_the_label_stream(lived: Lived) -> None:
    assert f"Label here: {lived.study.running.url}\n" in lived.invited
    assert [f"Log in as {person.email}, " in lived.invited for person in lived.study.people] == [True, True]


@pytest.mark.parametrize("one", [0, 1])
def test_an_annotator_sees_nothing_of_the_other(lived: Lived, one: int) -> None:
    other = lived.study.people[1 - one]
    for trace in (other.name, other.email, other.pseudonym, other.service.email, f"#{other.user}"):
        assert str(trace) not in lived.seen[one]
    assert "8" not in lived.seen[one].split(" of ")


def test_the_pull_gives_exactly_the_votes_that_were_meant(lived: Lived) -> None:
    votes = votes_of(lived.study)
    assert [(vote.item, vote.question, vote.annotator, vote.value) for vote in votes] == expected(lived.study.people)
    assert {vote.codebook for vote in votes} == {BOOK.version}
    assert all(vote.lead_time for vote in votes)
    assert "6 annotated and 2 skipped of 8 tasks" in lived.pulled


def test_what_was_flagged_is_denied_and_sealed(lived: Lived) -> None:
    folder = lived.study.folder
    assert "Personal data: 2 new flag(s), 1 new value(s) on the deny list." in lived.pulled
    assert "For the custodian: 1 ad(s) sealed" in lived.pulled
    assert deny_file.read(folder / deny_file.DENIED) == [Denied("named", "PERSON", NAME, True)]
    assert escalation.read_index(folder / escalation.SEALED).keys() == {"flagged"}


def test_the_status_shows_both(lived: Lived) -> None:
    shown = lived.study.run("status")
    rows = [line.split("│")[1:-1] for line in shown.stdout.splitlines() if "annotator-" in line]
    cells = [[cell.strip() for cell in row] for row in rows]
    people = [person.pseudonym for person in lived.study.people]
    assert [row[:4] for row in cells] == [[name, "4", "3", "1"] for name in people], shown.stdout + shown.stderr
    assert [row[5] for row in cells] == ["0.96", "0.96"]  # eight answers, and of the ninth three in five


def test_the_lead_decides_the_one_dispute_and_the_decision_wins(lived: Lived) -> None:
    study = lived.study
    (study.folder / deny_file.DENIED).unlink()  # nobody is shown an ad with a denied value; `dvc repro` would mask it
    first = study.run("adjudicate")
    assert "0 ads are decided, 1 are in dispute, 1 of them new." in first.stdout, first.stdout + first.stderr
    address = first.stdout.split("Decide here: ")[1].split()[0]
    login = private.login(study.kept)
    failures: list[str] = []
    with logged_in(study.running.url, login.email, login.password, failures) as lead:
        lead.page.goto(address)
        lead.wait_for_guidelines()
        lead.close_dialog()
        assert lead.ad.text_content() == ADS["disputed"]
        shown = lead.page.inner_text("body")
        assert not any(str(trace) in shown for person in study.people for trace in (person.email, person.pseudonym))
        given = lead.page.locator(".safelight-answers")
        assert sorted(given.locator("li").all_inner_texts()) == ["Debt or up-front fees", "None of these"]
        lead.press(codebook.REVEAL_KEY, "r", "i")
        lead.screenshot("study-adjudication")
        lead.submit()
    assert failures == []

    second = study.run("adjudicate")
    assert "1 ads are decided, 0 are in dispute, 0 of them new." in second.stdout, second.stdout + second.stderr
    decisions, _ = collect_decisions(study.folder / "data/annotations/decisions.json", BOOK)
    decided = ("debt_or_fees", "vague_employer")
    assert [(vote.item, vote.question, vote.annotator, vote.value) for vote in decisions] == [
        ("disputed", "indicators", ADJUDICATOR, decided)
    ]
    labels = aggregate([*votes_of(study), *decisions], "majority", codebook.schema(BOOK))
    assert {(label.item, label.question): (label.value, label.method, label.votes) for label in labels} == {
        (ad, question): (value, "majority", 2)
        for ad, question, _, value in expected(study.people[:1])
        if question in {"sector", "indicators", "evidence"}
    } | {("disputed", "indicators"): (decided, "adjudicated", 2)}
