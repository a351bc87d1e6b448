import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.phone import PhoneRecognizer, normal_form
from tests.pipeline.recognizers.trials import NEIGHBOURS, found, is_covered

REGIONS = ["US", "CA", "GB", "AU", "MX", "ES"]
RECOGNIZER = PhoneRecognizer(REGIONS)
MIN_SCORE = 0.35

# Found whole wherever it stands.
NUMBERS = [
    pytest.param("(213) 555-0123", id="brackets"),
    pytest.param("2135550123", id="bare"),
    pytest.param("+1 213 555 0123", id="plus"),
    pytest.param("1.213.555.0123", id="dots"),
    pytest.param("213/555/0123", id="slashes"),
    pytest.param("213_555_0123", id="underscores"),
    pytest.param("213*555*0123", id="asterisks"),
    pytest.param("213~555~0123", id="tildes"),
    pytest.param("213|555|0123", id="bars"),
    pytest.param("213 • 555 • 0123", id="bullets"),
    pytest.param("[213][555][0123]", id="square brackets"),
    pytest.param("2 1 3 5 5 5 0 1 2 3", id="spaced out"),
    pytest.param("2.1.3.5.5.5.0.1.2.3", id="dotted out"),
    pytest.param("2\n1\n3\n5\n5\n5\n0\n1\n2\n3", id="a digit a line"),
    pytest.param("213-\n555-0123", id="over two lines"),
    pytest.param("2💋1💋3💋5💋5💋5💋0💋1💋2💋3", id="emoji between digits"),
    pytest.param("213 ❤️❤️ 555 ❤️❤️ 0123", id="emoji between groups"),
    pytest.param("2️⃣1️⃣3️⃣5️⃣5️⃣5️⃣0️⃣1️⃣2️⃣3️⃣", id="keycaps"),
    pytest.param("２１３５５５０１２３", id="full width"),
    pytest.param("two one three five five five oh one two three", id="English"),
    pytest.param("two-one-three-five-five-five-zero-one-two-three", id="English, hyphens"),
    pytest.param("dos uno tres 555 cero uno dos tres", id="Spanish"),
    pytest.param("zéro six douze trente-quatre cinquante-six soixante-dix-huit", id="French"),
    pytest.param("onze nove doze trinta e quatro cinquenta e seis setenta e oito", id="Portuguese"),
    pytest.param("twoonethreefivefivefivezeroonetwothree", id="words run together"),
    pytest.param("two1three5five5zero1two3", id="digits and words in turn"),
    pytest.param("f i v e  f i v e  f i v e  o n e  t w o  f o u r  s i x", id="words spaced out"),
    pytest.param("213 (five five five) 0123", id="words in brackets"),
    pytest.param("two one three triple five oh one two three", id="triple"),
    pytest.param("two one three five five five zero one twenty three", id="tens"),
    pytest.param("eight hundred 555 0123", id="eight hundred"),
    pytest.param("213 then 555 then 0123", id="then"),
    pytest.param("213 dash 555 dash 0123", id="dash"),
    pytest.param("2l3-555-OI23", id="look-alikes"),
    pytest.param("213-SSS-0123", id="look-alikes for a group"),
    pytest.param("tw0 0ne thr33 f1ve f1ve f1ve z3ro 0ne tw0 thr33", id="leetspeak"),
    pytest.param("2x1x3x5x5x5x0x1x2x3", id="letters between"),
    pytest.param("213-555-0123 ext. 12", id="extension"),
    pytest.param("213-555-0123x12", id="x"),
    pytest.param("1-800-FLOWERS", id="vanity"),
    pytest.param("213-555-HELP", id="vanity, local"),
    pytest.param("thr33 0n3 zeroo 5 fyve 5 o wun 2 fivee", id="misspelt"),
    pytest.param("two 1 3 5 5 5 0 1 to 3", id="words that sound like a digit"),
    pytest.param("E05.55S.0I74", id="rare look-alikes"),
    pytest.param("213%555%0123", id="per cent signs"),
    pytest.param("213\n\n555\n\n0123", id="empty lines between groups"),
    pytest.param("213, next 555, end with 0123", id="said in order"),
    pytest.param("213 is the area code, 555-0123", id="area code"),
    pytest.param("(213 area) 555 0123", id="area in brackets"),
    pytest.param("213<!-- x -->555<!-- y -->0123", id="comments between"),
    pytest.param("213x555-0123", id="one letter between"),
    pytest.param("213and555and0123", id="a word between, run together"),
    pytest.param("213o555o0123", id="a letter that looks like a digit between"),
    pytest.param("doscientos trece, quinientos cincuenta y cinco, cero uno, veintitrés", id="Spanish hundreds"),
    pytest.param("213 five hundred and fifty-five 0123", id="hundreds"),
    pytest.param("ochocientos cinco cinco cinco cero uno dos tres", id="Spanish eight hundred"),
    pytest.param("二一三五五五零一二三", id="Chinese numerals"),
    pytest.param("0044 7700 900123", id="00 and a mobile"),
    pytest.param("+44 77OO 9OO l23", id="look-alikes, Great Britain"),
    pytest.param("+44 7700 900123", id="Great Britain"),
    pytest.param("0044 7700 900123", id="00"),
    pytest.param("011 44 20 7946 0123", id="011"),
    pytest.param("+33 (0)6 12 34 56 78", id="France, trunk prefix in brackets"),
    pytest.param("06 12 34 56 78", id="France, national"),
    pytest.param("+55 (11) 91234-5678", id="Brazil"),
    pytest.param("+91-98765-43210", id="India"),
    pytest.param("0 532 123 45 67", id="Turkey"),
    pytest.param("(+41) 22 730 5989", id="Switzerland, plus in brackets"),
    pytest.param("06*12*34*56*78", id="France, stars"),
    pytest.param("06/12/34/56/78", id="France, slashes"),
    pytest.param("06 (12) 34 56 78", id="France, brackets"),
    pytest.param("2wo 1ne 3hree 5ive 5ive 5ive 0 1 2 3hree", id="words that begin with their digit"),
]

CUED = [
    pytest.param("answering at 555 1234", "555 1234", id="answering at"),
    pytest.param("Fax: 22 730 598", "22 730 598", id="fax"),
    pytest.param("hit me up 5551234", "5551234", id="hit me up"),
    pytest.param("my digits 55 51 234", "55 51 234", id="digits"),
    pytest.param("appelez le 22 730 598", "22 730 598", id="French"),
    pytest.param("22 730 598 whatsapp", "22 730 598", id="cue behind"),
    pytest.param("11955550123 (zap)", "11955550123", id="cue behind, Portuguese"),
    pytest.param("ligue 3123 4567", "3123 4567", id="Portuguese"),
    pytest.param("llama al 5550 1234", "5550 1234", id="Spanish"),
    pytest.param("📞 5550 1234", "5550 1234", id="emoji"),
    pytest.param("plus 60 12-345 6789 ok", "60 12-345 6789", id="plus in words"),
    pytest.param("📞two one three 555 oh one two three", "two one three 555 oh one two three", id="emoji at a word"),
]

APART = [
    pytest.param("2 claim 0770090012310p/min", ["0770090012310"], id="runs on into a price"),
    pytest.param("info 077009001234.50 a message", ["077009001234.50"], id="runs on into a price with a dot"),
    pytest.param("sofa, 213555012380 hh", ["213555012380"], id="runs on into a price, ten digits"),
    pytest.param("213-555-0123 and 213-555-0177", ["213-555-0123", "213-555-0177"], id="and"),
    pytest.param("213-555-0123 o 213-555-0177", ["213-555-0123", "213-555-0177"], id="or in Spanish"),
    pytest.param("213-555-0123/213-555-0177", ["213-555-0123", "213-555-0177"], id="slash"),
    pytest.param("$80 213-555-0123", ["213-555-0123"], id="price"),
    pytest.param("24/7 (213) 555-0123", ["(213) 555-0123"], id="around the clock"),
    pytest.param("9:00-18:00 213 555 0123", ["213 555 0123"], id="times"),
    pytest.param("213-555-0123 $100", ["213-555-0123"], id="price after"),
    pytest.param("0044 7700 900123 24 hrs", ["0044 7700 900123"], id="hours after"),
    pytest.param("Springfield, IL 62704\n28-64-66-98", ["28-64-66-98"], id="postal code on the line above"),
    pytest.param("ages 25 213-555-0123", ["213-555-0123"], id="age"),
    pytest.param("<PHONE_1> 213-555-0123 <AGE_21-25>", ["213-555-0123"], id="placeholders"),
]

KEPT = [
    pytest.param("We pay $35,000 - $73,000 a year, 40 hours a week.", id="salary"),
    pytest.param("salary 35,000-73,000 USD", id="salary without a sign"),
    pytest.param("Open 9:00-18:00, 7 days, 10am to 6pm.", id="times"),
    pytest.param("from 2010-2014, 2015, 2016 and 2017", id="years"),
    pytest.param("on 12/05/2014 or 2014-05-12 or 12.05.14", id="dates"),
    pytest.param("2014-04-12 04:04 PM", id="date and time"),
    pytest.param("80 x 200 x 35 cm, 120 lbs, 5'8\"", id="sizes"),
    pytest.param("ISBN 978-0-306-40615-7", id="ISBN-13"),
    pytest.param("978-0-306-40615-7", id="ISBN-13 without a cue"),
    pytest.param("Order no. 2135550123", id="order number"),
    pytest.param("Job ID: 35895280", id="job id"),
    pytest.param("1 2 3 4 5 6 7 8 9", id="count"),
    pytest.param("key 5f2c1351e2a55b1dba2a1eb5fae4fca2135550123af5c9d", id="hash"),
    pytest.param("one of the two, at six or seven, ten times", id="words"),
    pytest.param("<PHONE_1> <PHONE_2> <AGE_21-25>", id="placeholders"),
    pytest.param("zip 90012, 90013", id="postal codes"),
    pytest.param("from 05, 10, 15, 20, 25 to 08:30:15", id="counts by five"),
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_found_whole(number: str) -> None:
    assert is_covered(RECOGNIZER, f"new here {number} thanks", number)


@pytest.mark.parametrize(("text", "number"), CUED)
def test_a_number_after_a_cue_is_found(text: str, number: str) -> None:
    assert is_covered(RECOGNIZER, text, number)


@pytest.mark.parametrize(("text", "numbers"), APART)
def test_numbers_are_told_from_their_neighbours(text: str, numbers: list[str]) -> None:
    assert found(RECOGNIZER, text) == numbers


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_stay(text: str) -> None:
    assert [result for result in RECOGNIZER.analyze(text, []) if result.score >= MIN_SCORE] == []


@pytest.mark.parametrize("region", ["DE", "BR", "JP", "IN"])
def test_regions_are_a_choice(region: str) -> None:
    examples = {"DE": "030 123456", "BR": "11912345678", "JP": "0312345678", "IN": "9876543210"}
    assert found(PhoneRecognizer([region]), f"x {examples[region]} y") == [examples[region]]


@given(
    before=NEIGHBOURS,
    number=st.sampled_from([p.values[0] for p in NUMBERS]),
    after=NEIGHBOURS,
    gap=st.sampled_from(" \n"),
)
def test_no_neighbours_hide_a_number(before: list[str], number: str, after: list[str], gap: str) -> None:
    text = f"{' '.join(before)}{gap}{number}{gap}{' '.join(after)}"
    assert is_covered(RECOGNIZER, text, number)


def test_normal_form_is_e164_where_a_region_has_the_number() -> None:
    assert {normal_form(number, REGIONS) for number in ("(213) 555-0123", "+1 213.555.0123", "213-555-0123 ext 9")} == {
        "+12135550123"
    }
    assert normal_form("0033 6 12 34 56 78", REGIONS) == "+33612345678"
    assert normal_form("555-0123", REGIONS) == "5550123"


KNOWN_MISSES = [
    pytest.param(
        "213 555 and the last four are 0123", "213 555", id="KNOWN-MISS a number word that is none of its own"
    ),
    pytest.param('<a href="#">213</a> 555 0123', "213", id="KNOWN-MISS a link around a group"),
    pytest.param("hi for one five 555 0123 ok", "for one five", id="KNOWN-MISS a number that opens with 'for'"),
    pytest.param("two!3-555-0!23", "0!23", id="KNOWN-MISS an exclamation mark for a digit"),
    pytest.param("213 three fives 0123", "213", id="KNOWN-MISS three fives"),
    pytest.param("60Z-SS5-ol6g", "60Z-SS5-ol6g", id="KNOWN-MISS more letters than digits"),
    pytest.param("sofa for sale, 521 2345", "521 2345", id="KNOWN-MISS seven digits without a cue"),
]


@pytest.mark.parametrize(("text", "missed"), KNOWN_MISSES)
def test_known_misses(text: str, missed: str) -> None:
    assert not is_covered(RECOGNIZER, text, missed)
