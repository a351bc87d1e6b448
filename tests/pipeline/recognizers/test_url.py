import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.url import UrlRecognizer, normal_form
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered

RECOGNIZER = UrlRecognizer()

ADDRESSES = [
    pytest.param("https://example.com/a?b=c#d", id="scheme"),
    pytest.param("hxxp://example.com/x", id="hxxp"),
    pytest.param("hxxps[:]//example[.]com/x", id="defanged"),
    pytest.param("https : // example.com", id="scheme with spaces"),
    pytest.param("www.example.com/a", id="www"),
    pytest.param("shop.example.co.uk", id="bare"),
    pytest.param("example.com:8080/x", id="port"),
    pytest.param("EXAMPLE.COM", id="capitals"),
    pytest.param("linktr.ee/jane", id="link page"),
    pytest.param("t.me/jane", id="messenger"),
    pytest.param("http://192.0.2.1:8080/x", id="IPv4 host"),
    pytest.param("http://[2001:db8::1]/path", id="IPv6 host"),
    pytest.param("пример.рф", id="international"),
    pytest.param("xn--80ak6aa92e.com", id="punycode"),
    pytest.param("abcdefghijklmnop.onion", id="onion"),
    pytest.param("shop dot example dot com", id="words"),
    pytest.param("example (dot) com/jane", id="brackets and path"),
    pytest.param("example dot com / jane", id="words and path"),
    pytest.param("example . com", id="spaces"),
    pytest.param("example .com", id="space before"),
    pytest.param("example punto com", id="Spanish"),
    pytest.param("www . shop.example . agency", id="www with spaces"),
    pytest.param("http : // shop . example . us", id="scheme with spaces, host too"),
    pytest.param("www (point) shop (point) example (point) online", id="French in brackets"),
    pytest.param("shop•example·org", id="bullets"),
    pytest.param("shop.example dot vip", id="newer suffix"),
    pytest.param("zephyrspa.club", id="word as a suffix of no word"),
    pytest.param("zephyrspa . club", id="the same, spaces"),
    pytest.param("example point fr", id="French"),
    pytest.param("example-dot-com", id="hyphens"),
    pytest.param("exampledotcom", id="run together"),
    pytest.param("e x a m p l e . c o m", id="spaced out"),
    pytest.param("example\u200b.com", id="zero-width"),
    pytest.param("ｅｘａｍｐｌｅ．ｃｏｍ", id="full width"),
    pytest.param("http:\\\\example.com", id="backslashes"),
    pytest.param("http//www.example.com", id="scheme without a colon"),
    pytest.param("https colon slash slash example dot com", id="scheme said"),
    pytest.param("www example dot com", id="www without a dot"),
    pytest.param("www,example,com", id="www with commas"),
    pytest.param("www*example*com", id="www with stars"),
    pytest.param("www . example. com", id="www with spaces, one side"),
    pytest.param("triple w dot example dot com", id="www said"),
    pytest.param("trois w point example point fr", id="www said, French"),
    pytest.param("dub dub dub dot example dot com", id="www said otherwise"),
    pytest.param("example dot com slash jane", id="path said"),
    pytest.param("example(dot)com(slash)jane", id="path said, brackets"),
    pytest.param("example punto com barra jane", id="path said, Spanish"),
    pytest.param("zephyr dash spa dot com", id="hyphen said"),
    pytest.param("zephyr guion spa punto com", id="hyphen said, Spanish"),
    pytest.param("zephyrspa🔵com", id="emoji for a dot"),
    pytest.param("zephyrspa..com", id="two dots"),
    pytest.param("zephyrspa*com", id="star for a dot"),
    pytest.param("zephyrspa dotcom", id="dotcom"),
    pytest.param("zephyrspa.c0m", id="leetspeak suffix"),
    pytest.param("zephyrspa.c.o.m", id="points in the suffix"),
    pytest.param("zephyrspa/dot/com", id="slashes"),
    pytest.param("zephyrspa<.>com", id="angle brackets"),
    pytest.param('zephyrspa"."com', id="quotes"),
    pytest.param("tinyurl com/abc", id="no dot, path"),
    pytest.param("t . me / jane_22", id="spaces, path"),
    pytest.param("example dott com", id="misspelt"),
    pytest.param("example full stop com/a", id="full stop"),
    pytest.param("example%2Ecom", id="percent-encoded"),
]

FOUND = [
    pytest.param("see https://example.com/jane).", ["https://example.com/jane"], id="sentence end"),
    pytest.param("SEE QUILLHAVEN DOT COM", ["QUILLHAVEN DOT COM"], id="capitals, in words"),
    pytest.param("SEE QUILLHAVEN . EXAMPLE . NET", ["QUILLHAVEN . EXAMPLE . NET"], id="capitals, spaced"),
    pytest.param("Businessfriend.com, Example.org.", ["Businessfriend.com", "Example.org"], id="capital"),
    pytest.param("the office.in which we.Then go.to the team.best", [], id="sentences"),
    pytest.param("ASP.NET, VB.NET and Node.js, resume.pdf", [], id="technology"),
    pytest.param("e.g. this, i.e. that, U.S.A., 9 a.m.", [], id="abbreviations"),
    pytest.param("At this point in time, a dot product", [], id="words"),
    pytest.param("5 . 1m waves, the best . live now, tomorow.be there", [], id="spaced full stops"),
    pytest.param("v1.2.3 and 3.5 stars", [], id="numbers"),
    pytest.param("<URL_1>.<URL_2>/x", [], id="placeholders"),
    pytest.param("visit janes.live today", ["janes.live"], id="word as a suffix, after a cue"),
    pytest.param("zephyrspa.me", ["zephyrspa.me"], id="word as a suffix, at the end"),
    pytest.param("zephyrspa 🔴 com", ["zephyrspa 🔴 com"], id="emoji with spaces, at the end"),
    pytest.param("site zephyrspa period page", ["zephyrspa period page"], id="period, after a cue"),
    pytest.param("a dot com firm, a polka dot top or two, un punto de venta, no ponto de casa", [], id="dots as words"),
    pytest.param("profit, net of costs; rent;info below, apartamento,com garagem", [], id="commas"),
    pytest.param("home • live • work, hot 💋 co now", [], id="signs between words"),
    pytest.param("we text/call, slash prices, www is old", [], id="slashes"),
    pytest.param("just.do.it and so.to.be", [], id="words with points"),
    pytest.param("we had to wait..so long, ok...me too", [], id="trailing off"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_found_whole(address: str) -> None:
    assert is_covered(RECOGNIZER, f"Reach out: {address} thanks", address)


@pytest.mark.parametrize(("text", "addresses"), FOUND)
def test_addresses_are_told_from_other_text(text: str, addresses: list[str]) -> None:
    assert found(RECOGNIZER, text) == addresses


@given(
    before=NEIGHBOURS,
    address=st.sampled_from([p.values[0] for p in ADDRESSES]),
    after=NEIGHBOURS,
    gap=st.sampled_from(" \n"),
)
def test_no_neighbours_hide_an_address(before: list[str], address: str, after: list[str], gap: str) -> None:
    assert is_covered(RECOGNIZER, f"{' '.join(before)}{gap}{address}{gap}{' '.join(after)}", address)


def test_normal_form_has_no_scheme_www_or_last_slash() -> None:
    written = (
        "https://www.Example.com/Jane/",
        "example dot com/jane",
        "example.com / jane",
        "hxxp[:]//example[.]com/jane",
    )
    assert {normal_form(address) for address in written} == {"example.com/jane"}


KNOWN_MISSES = [
    pytest.param("see zephyrspa ,mx", "zephyrspa", id="KNOWN-MISS a comma before a country"),
    pytest.param("see zephyrspa . me", "zephyrspa", id="KNOWN-MISS spaces before a suffix that is a word"),
    pytest.param("zephyrspa.me is mine", "zephyrspa", id="KNOWN-MISS a suffix that is a word, in a sentence"),
    pytest.param("zephyrspa 🔴 com is mine", "zephyrspa", id="KNOWN-MISS emoji with spaces, in a sentence"),
]


@pytest.mark.parametrize(("text", "missed"), KNOWN_MISSES)
def test_known_misses(text: str, missed: str) -> None:
    assert not is_covered(RECOGNIZER, text, missed)
