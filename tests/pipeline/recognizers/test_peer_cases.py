"""What other projects' tests call a contact is found: by our recognisers, whichever entity they give it.

The tables are read in place and not part of the project; a row is named by its file and line.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.recognizers import card, crypto, email, handle, iban, ip, phone, url

CASES = Path(__file__).parents[3].parent / "shared/data/peer-cases"
MIN_SCORE = 0.35  # of params.yaml
ENTITIES = frozenset(
    "PHONE_NUMBER PH_MOBILE_NUMBER TR_PHONE_NUMBER EMAIL_ADDRESS URL IP_ADDRESS CREDIT_CARD IBAN_CODE CRYPTO".split()
)
COMMONREGEX = frozenset("phones phones_with_exts links emails ips ipv6s credit_cards btc_addresses".split())
# libphonenumber's tables of what is a number, and their regions.
LIBPHONENUMBER = frozenset("VALID_CASES STRICT_GROUPING_CASES EXACT_GROUPING_CASES".split())
REGIONS = ["US", "CA", "GB", "AU", "MX", "ES"]

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"no {CASES}")

KNOWN_MISS = {
    ("presidio_recognizers", 489): "`::` alone holds no letter or digit: it is nobody's address",
    ("presidio_recognizers", 492): "`::` alone, as above; the other address of the row is found",
    ("presidio_recognizers", 574): "`::` alone, as above",
    ("commonregex", 22): "seven digits without a separator or a cue are as likely anything else",
    ("commonregex", 68): "a card number of zeros, which no issuer has",
    ("commonregex", 70): "a card number of zeros, as above",
}


def presidio() -> list[tuple[tuple[str, int], str, list[tuple[int, int]], list[str]]]:
    """Rows that are to be found: name, text, spans (code points) and the phone regions to look with."""
    rows = []
    for number, row in _rows("presidio_recognizers"):
        if row["expected_len"] and ENTITIES.intersection(row["entities"] or ()):
            spans = [(span["start"], span["end"]) for span in row["spans"] or ()]
            spans = spans or [tuple(span) for span in row["extra"].get("expected_res", ())] or [(0, len(row["text"]))]
            rows.append((("presidio_recognizers", number), row["text"], spans, REGIONS))
    return rows


def commonregex() -> list[tuple[tuple[str, int], str, list[tuple[int, int]], list[str]]]:
    """Rows whose whole text is to be found."""
    return [
        (("commonregex", number), row["text"], [(0, len(row["text"]))], REGIONS)
        for number, row in _rows("commonregex")
        if row["match"] and row["kind"] in COMMONREGEX
    ]


def libphonenumber() -> list[tuple[tuple[str, int], str, list[tuple[int, int]], list[str]]]:
    """Rows that are numbers of their region, but for those made of dates and fractions, which stay on purpose."""
    return [
        (("libphonenumber_matcher_tables", number), row["text"], [(0, len(row["text"]))], [row["region"]])
        for number, row in _rows("libphonenumber_matcher_tables")
        if row["table"] in LIBPHONENUMBER and number not in NO_NUMBERS
    ]


# Of VALID_CASES, which libphonenumber's stricter levels refuse: fractions, a span of years and a date.
NO_NUMBERS = {28, 31, 34}


def test_every_positive_case_is_found_or_a_known_miss() -> None:
    missed = set()
    for name, text, spans, regions in [*presidio(), *commonregex(), *libphonenumber()]:
        found = _found(text, tuple(regions))
        # Quotation marks around an address, which Presidio's spans take in, are nobody's data.
        if not all(index in found or text[index] in " '\"" for start, end in spans for index in range(start, end)):
            missed.add(name)
    assert sorted(missed) == sorted(KNOWN_MISS)


def test_no_time_price_or_date_is_found() -> None:
    for number, row in _rows("commonregex"):
        if row["kind"] in {"times", "prices", "dates"}:
            assert not _found(row["text"], tuple(REGIONS)), f"commonregex:{number}"
    for number, row in _rows("libphonenumber_matcher_tables"):
        if row["table"] == "IMPOSSIBLE_CASES" and any(sign in row["text"] for sign in "/:"):
            assert not _found(row["text"], (row["region"],)), f"libphonenumber_matcher_tables:{number}"


def _found(text: str, regions: tuple[str, ...]) -> set[int]:
    results = [result for one in _recognizers(regions) for result in one.analyze(text, []) if result.score >= MIN_SCORE]
    return {index for result in results for index in range(result.start, result.end)}


@cache
def _recognizers(regions: tuple[str, ...]) -> list[Any]:
    return [
        phone.PhoneRecognizer(list(regions)),
        email.EmailRecognizer(),
        url.UrlRecognizer(),
        handle.HandleRecognizer(),
        card.CardRecognizer(),
        iban.IbanRecognizer(),
        ip.IpRecognizer(),
        crypto.CryptoRecognizer(),
    ]


def _rows(name: str) -> list[tuple[int, dict[str, Any]]]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [(number, json.loads(line)) for number, line in enumerate(lines, 1)]
