import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.email import EmailRecognizer, normal_form
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered

RECOGNIZER = EmailRecognizer()

ADDRESSES = [
    pytest.param("jane.doe+x@mail.example.co.uk", id="plain"),
    pytest.param("JANE@EXAMPLE.COM", id="capitals"),
    pytest.param("o'brien@example.com", id="apostrophe"),
    pytest.param("jane AT example DOT com", id="words, capitals"),
    pytest.param("jane_doe at mail dot example dot com", id="words"),
    pytest.param("jane dot doe at example dot com", id="dot before the at"),
    pytest.param("jane [at] example.com", id="brackets"),
    pytest.param("jane(at)example(dot)com", id="brackets without spaces"),
    pytest.param("jane {at} example {dot} com", id="braces"),
    pytest.param("jane<at>example<dot>com", id="angle brackets"),
    pytest.param("jane (a) example . com", id="(a)"),
    pytest.param('jane "at" example "dot" com', id="quotes"),
    pytest.param("jane -at- example -dot- com", id="hyphens"),
    pytest.param("jane_at_example_dot_com", id="underscores"),
    pytest.param("janeATexampleDOTcom", id="run together"),
    pytest.param("jane @ example . com", id="spaces"),
    pytest.param("j a n e @ e x a m p l e . c o m", id="spaced out"),
    pytest.param("jane&#64;example&period;com", id="entities"),
    pytest.param("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", id="full width"),
    pytest.param("jаne@ехаmрlе.соm", id="homoglyphs"),
    pytest.param("jane at example d0t c0m", id="leetspeak"),
    pytest.param("jane arroba example punto com", id="Spanish"),
    pytest.param("jane(arroba)example(punto)com", id="Spanish in brackets"),
    pytest.param("jane arobase example point com", id="French"),
    pytest.param("jane chez example point com", id="French, chez"),
    pytest.param("jane arroba example ponto com ponto br", id="Portuguese"),
    pytest.param("jane@gmail", id="provider"),
    pytest.param("jane at gmail com", id="provider without a dot"),
    pytest.param("jane@example,com", id="comma"),
    pytest.param("jane _at_ example [dot] com", id="underscores and brackets"),
    pytest.param("jane at sign example dot com", id="at sign"),
    pytest.param("jane 4t example doht com", id="misspelt"),
    pytest.param("jane @t example dawt vip", id="misspelt, another suffix"),
    pytest.param("jane(at)example•com", id="bullet for a dot"),
    pytest.param("jane (arroba) example ,com", id="comma, in brackets"),
    pytest.param("jane_22 gmail", id="provider alone"),
    pytest.param("jane.doe on yahoo", id="on a provider"),
    pytest.param("jane22 at g mail DOT com", id="provider in two words"),
    pytest.param("jane_22 hotmail punto com", id="provider, Spanish"),
    pytest.param("user@xn--80ak6aa92e.com", id="punycode"),
    pytest.param("jane underscore doe @ example.com", id="sign said"),
    pytest.param("jane (dash) doe (at) example (dot) com", id="sign said, brackets"),
    pytest.param("jane guión bajo doe arroba example punto com", id="sign said, Spanish"),
    pytest.param("jane trait d'union doe arobase example point com", id="sign said, French"),
    pytest.param("jane sublinhado doe arroba example ponto com", id="sign said, Portuguese"),
    pytest.param("rose seven seven at example dot com", id="digits said"),
    pytest.param("jane_22 at the rate of example dot com", id="at the rate of"),
    pytest.param("jane (at symbol) example . com", id="at symbol"),
    pytest.param("jane ..at.. example ..dot.. com", id="points around the words"),
    pytest.param("jane /at/ example /dot/ com", id="slashes"),
    pytest.param("jane arrobase example point fr", id="French, misspelt"),
    pytest.param("jane arrova example pto com", id="Spanish, misspelt"),
    pytest.param("jane22 at example full stop com", id="full stop"),
    pytest.param("jane22 at example dotcom", id="dotcom"),
    pytest.param("jane22@example..com", id="two dots"),
    pytest.param("jane22@@example.com", id="two ats"),
    pytest.param("jane.@example.com", id="dot before the at"),
    pytest.param("jane@example*com", id="star for a dot"),
    pytest.param("jane@example 🔵 com", id="emoji for a dot"),
    pytest.param("jane_22📧example.com", id="emoji for the at"),
    pytest.param("jane22🌀example🔵com", id="emoji for both"),
    pytest.param("jane22#example.com", id="hash for the at"),
    pytest.param("jane%40example%2Ecom", id="percent-encoded"),
    pytest.param("jane\\u0040example.com", id="JSON escape"),
    pytest.param("j a n e@e x a m p l e.c o m", id="spaced out, signs glued"),
    pytest.param("j  a  n  e  @  e  x  a  m  p  l  e  .  c  o  m", id="spaced out widely"),
    pytest.param("j-a-n-e @ e-x-a-m-p-l-e . c-o-m", id="hyphens between letters"),
    pytest.param("j.a.n.e@e.x.a.m.p.l.e.c.o.m", id="points between letters"),
    pytest.param("j a n e ( a r r o b a ) e x a m p l e p o i n t c o m", id="words spaced out"),
    pytest.param("jane@ example ,pe", id="comma before a country"),
    pytest.param("jane (at) example ,com ,mx", id="two commas"),
    pytest.param("tonyfixit at the google mail", id="provider in other words"),
    pytest.param("jane_22 / gmail", id="provider behind a slash"),
    pytest.param("jane_22 -> gmail", id="provider behind an arrow"),
    pytest.param("jane_22, its a gmail", id="provider said of it"),
    pytest.param("jobs at outlook.com", id="usual word at a provider"),
]

FOUND = [
    pytest.param("mail jane@example.com.Please", ["jane@example.com"], id="sentence after it"),
    pytest.param("('jane@example.com')", ["jane@example.com"], id="in quotes"),
    pytest.param("my email is jane at gmail", ["jane at gmail"], id="provider after a cue"),
    pytest.param("reach us at jane at example dot com", ["jane at example dot com"], id="two ats"),
    pytest.param("or write to office at example dot com", ["office at example dot com"], id="usual word"),
    pytest.param("jobs at example dot com", ["jobs at example dot com"], id="role"),
    pytest.param("MS-Office2010 Outlook, C++11 and Yahoo", [], id="programs"),
    pytest.param("come by our room at some point so we can", [], id="at some point"),
    pytest.param("looking at Yahoo, she worked at Gmail", [], id="company"),
    pytest.param("visit us at example.com or at www.example.com", [], id="web address"),
    pytest.param("meet at noon. Come as you are", [], id="sentence"),
    pytest.param("3 apples @ $2", [], id="price"),
    pytest.param("<PERSON_1> at <URL_1>, @<HANDLE_1>", [], id="placeholders"),
    pytest.param("RT @jane : To all, via @doe : me", [], id="mentions before a colon"),
    pytest.param("paid at the rate of 20 per hour, sign at the door", [], id="rate and sign"),
    pytest.param("price (at) 50, sold at auction net of fees, look at it. Me too", [], id="at in sentences"),
    pytest.param("Outlook, Gmail and Excel; outlook is good", [], id="programs of an office"),
    pytest.param("rooms 📧 call us, sweet 💋 hot 💋 in town", [], id="emoji between words"),
    pytest.param("a dash of salt at noon, on the dot at 5", [], id="signs as words"),
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


def test_normal_form_is_as_typed() -> None:
    written = ("Jane@Example.com", "jane at example dot com", "jane (at) example [dot] com", "jane @ example . com")
    assert {normal_form(address) for address in written} == {"jane@example.com"}
    assert normal_form("Jane underscore Doe at the rate of example dot com") == "jane_doe@example.com"


KNOWN_MISSES = [
    pytest.param("jane at example point live", "jane", id="KNOWN-MISS French point before an English word"),
    pytest.param("jane a example punto com", "jane", id="KNOWN-MISS a preposition for the at"),
    pytest.param("jane@[192.0.2.7]", "jane", id="KNOWN-MISS an address literal"),
    pytest.param("jane@example.c om", "om", id="KNOWN-MISS a space within the suffix"),
]


@pytest.mark.parametrize(("text", "missed"), KNOWN_MISSES)
def test_known_misses(text: str, missed: str) -> None:
    assert not is_covered(RECOGNIZER, text, missed)
