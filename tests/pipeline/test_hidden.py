"""No surrounding text hides an identifier: one of every entity in the policy, through the whole engine.

What stands around is in lower case and without digits, so that it can be no part of the value. Of names and places,
which the tagger finds by their surroundings, those after a cue are asked for, and of places a known one.
"""

import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.engine import Engine
from pipeline.records import Scrubbed, Unscrubbed
from tests.pipeline.recognizers.trials import NEIGHBOURS

# By entity: what is written, and the value in it that must go.
WRITTEN = {
    "PHONE": [
        ("213-555-0123", "213-555-0123"),
        ("two one three 555 oh one two three", "two one three 555 oh one two three"),
    ],
    "EMAIL": [("jane.zq@example.com", "jane.zq"), ("jane_zq (at) example [dot] com", "jane_zq")],
    "URL": [("https://example.com/zq", "example.com/zq"), ("zqshop dot example dot com", "zqshop")],
    "HANDLE": [("insta: zq_jane22", "zq_jane22"), ("@zq_jane22", "zq_jane22")],
    "PERSON": [("ask for xanthippe.", "xanthippe"), ("my name is Xanthippe.", "Xanthippe")],
    "ADDRESS": [("1420 Maple Ave", "1420 Maple"), ("calle Mayor 31", "Mayor 31")],
    "IP": [("192.0.2.144", "192.0.2.144")],
    "CARD": [("4111 1111 1111 1111", "1111 1111 1111")],
    "IBAN": [("GB82 WEST 1234 5698 7654 32", "1234 5698 7654 32")],
    "CRYPTO": [("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")],
    "ID": [("SSN 523-04-1188", "523-04-1188"), ("passport number X83920174", "X83920174")],
    "BIRTHDATE": [("born on March 14, 1987", "March 14, 1987"), ("dob 14.03.1987", "14.03.1987")],
    "AGE": [("I'm 24 years old", "24")],
    "PAYMENT": [("cashapp $zqjane22", "zqjane22"), ("account number 440277193381", "440277193381")],
    "POSTCODE": [("postcode SW1A 9ZQ", "SW1A 9ZQ"), ("zip code 90213", "90213")],
    "PLATE": [("licence plate QZX-7318", "QZX-7318")],
}
CASES = [pytest.param(*case, id=f"{entity}: {case[0]}") for entity, cases in WRITTEN.items() for case in cases]


def test_every_entity_of_the_policy_is_asked_for(engine: Engine) -> None:
    assert {*WRITTEN, "LOCATION"} == set(engine.settings.policy)


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize(("written", "value"), CASES)
@given(before=NEIGHBOURS, after=NEIGHBOURS, gap=st.sampled_from([" ", "\n", ". ", "\u200b ", " \u202e ", "\x00 "]))
def test_no_surrounding_text_hides_an_identifier(
    engine: Engine, written: str, value: str, before: list[str], after: list[str], gap: str
) -> None:
    neighbours = " ".join(before), " ".join(after)
    result = engine.scrub(f"{neighbours[0]}{gap}{written}{gap}{neighbours[1]}")
    if isinstance(result, Unscrubbed):  # held back whole: nothing passes
        assert result.reason.startswith("no_tagger:") or result.reason == "unstable"
        return
    assert isinstance(result, Scrubbed)
    assert value not in re.sub(r"<[A-Z]+_[\d-]+>", " ", result.text)


@pytest.mark.parametrize(
    "around",
    [
        "{}", "x{}x", "«{}»", "\u202e{}\u202c", "\u0301{}\u0301", "\x00{}\x00", "{}" + "!" * 5_000, "." * 5_000 + "{}",
        "<b>{}</b>", "&nbsp;{}&nbsp;", "🏽{}🏽", "({}", "{}]", "\ufeff{}", "\u3000{}\u3000", "*{}*", "_{}_", "~{}~",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["213-555-0123", "jane.zq@example.com", "https://example.com/zq", "192.0.2.144"])
def test_no_sign_hides_a_contact(engine: Engine, around: str, value: str) -> None:
    result = engine.scrub(around.format(value))
    assert isinstance(result, Scrubbed)
    assert value not in result.text
    assert not re.search(r"0123|zq|2\.144", result.text)
