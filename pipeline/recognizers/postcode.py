"""Postal codes: of a form that is no other number's, after a cue, or beside a state or a town."""

import re
from collections.abc import Iterator

from presidio_analyzer.predefined_recognizers import CaPostalCodeRecognizer, UkPostcodeRecognizer

from pipeline.normalize import shape
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues, capitals

# The second half of a British and of a Canadian code, where the search starts, and the whole as Presidio writes it.
_INWARD = re.compile(r"[0-9][A-Za-z](?:[A-Za-z]|[ -]?\d[A-Za-z]\d)(?!\w)")
_BRITISH = re.compile(UkPostcodeRecognizer.PATTERNS[0].regex)
_CANADIAN = re.compile("|".join(pattern.regex for pattern in CaPostalCodeRecognizer.PATTERNS).replace(" ", "[ -]"))
_LONGEST = 8
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th|am|pm)", re.I)

_FIVE = re.compile(r"[0-9](?<![\w.,$€£#/-]\d)\d{4}(?P<more>-\d{3,4})?(?![\w/-]|[.,]\d)")
# The two letters of the USPS; the last ones in small letters too, the first being words.
_STATE = re.compile(
    r"""(?<!\w)(?:AL|CO|DE|HI|ID|IN|LA|MA|ME|OH|OK|OR|PA|(?i:AK|AZ|AR|CA|CT|FL|GA|IL|IA|KS|KY|MD|MI|MN|MS|MO|MT|NE|NV|NH
    |NJ|NM|NY|NC|ND|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR|A\.?P|Alabama|Alaska|Arizona|Arkansas|California|Colorado
    |Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland
    |Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New\s(?:Hampshire|Jersey|Mexico|York)
    |(?:North|South)\s(?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode\sIsland|Tennessee|Texas|Utah|Vermont
    |(?:West\s)?Virginia|Washington|Wisconsin|Wyoming|NYC|D\.C))[.,]{0,2}\s{1,2}$""",
    re.X,
)
_LINE_START = re.compile(r"(?:^|[\n,])\s{0,3}(?:[A-Z]{1,2}[ -])?$")
_TOWN = re.compile(r"\s(?!EUR|USD|GBP|CHF|Euro|Dollar|Users?|Employees|People|Customers)[A-Z][a-z]{2,}(?![\w+])")
_DUTCH = re.compile(r"[0-9]\d{3}(?<![\w.,-]\d{4})\s?[A-Z]{2}(?=\s[A-Z][a-z]{2,}|\s?[\n,]|\s?$)")

_CUES = Cues(
    "zip,zips,zipcode,postcode,postal,postcode:,c.p.,cp,cep,plz,postleitzahl,postnummer,postnr,"
    "pincode,pin code,eircode,〒".split(",")
)
_CUED = re.compile(
    r"""(?:zips?(?:\s?codes?)?|zipcode|post\s?code|postal(?:\scode)?|c\.?p\.?|cep|plz
    |postleitzahl|postn(?:umme)?r|pin\s?code|eircode|〒)(?![^\W_])(?:[\s:.\#=-]{0,3}(?:is|es|est|e|no|number|in
    |area)\b)?[\s:.\#=(-]{0,3}
    (?P<value>(?:[A-Z]{1,2}-?)?\d[A-Z\d]{2,7}(?:[ -](?:\d{2,4}|\d[A-Z]{2}|\d[A-Z]\d|(?-i:[A-Z]{2})))?
    |[A-Z]\d\d\s?[A-Z\d]{4})(?!\w)""",
    re.I | re.X,
)


class PostcodeRecognizer(ViewRecognizer):
    """Finds postal codes of the UK, Canada, the USA, Brazil, the Netherlands, and five digits before a town."""

    ENTITY = "POSTCODE"
    NEEDS_DIGIT = True

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        seen = shape(text)
        for match in _INWARD.finditer(text) if b"0a" in seen else ():
            if code := _lettered(text, match):
                yield *code, 0.6
        for match in _FIVE.finditer(text) if b"00000" in seen else ():
            before = text[max(0, match.start() - 20) : match.start()]
            if (
                match["more"]
                or _STATE.search(before)
                or (_LINE_START.search(before) and _TOWN.match(text, match.end()))
            ):
                yield *match.span(), 0.6
        for match in _DUTCH.finditer(text) if b"0000" in seen else ():
            if _LINE_START.search(text[max(0, match.start() - 6) : match.start()]):
                yield *match.span(), 0.5
        for start, _, _ in _CUES.find(text):
            if cued := _CUED.match(text, start):
                yield *cued.span("value"), 0.7


def _lettered(text: str, inward: re.Match[str]) -> tuple[int, int] | None:
    """The British or Canadian code that ends with `inward`; in small letters only in two parts."""
    from_ = max(0, inward.end() - _LONGEST)
    window = text[from_ : inward.end()]
    if _ORDINAL.fullmatch(inward[0]):
        return None
    for pattern in (_BRITISH, _CANADIAN):
        for match in pattern.finditer(capitals(window)):
            written = window[match.start() : match.end()]
            is_apart = " " in written and len(written) >= 7
            if match.end() == len(window) and (written.isupper() or (is_apart and written.islower())):
                return from_ + match.start(), inward.end()
    return None
