"""Numbers that a government gave to a person: after a cue, or of a form that its check or its letters prove.

Forms and checks are Presidio's where it has them. Others: Mexico's CURP (DOF 18 October 2021) and RFC, Brazil's CPF
(Receita Federal, modulus 11), France's NIR (INSEE, key modulus 97).
"""

import re
from collections.abc import Callable, Iterator

from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer import predefined_recognizers as presidio

from pipeline.normalize import shape
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues, capitals

# Where a number of a known form can stand; what is around it is then looked at closely.
_CANDIDATE = re.compile(
    r"[0-9]\d(?:\d[- .]\d\d[- .]\d{4}|\d{4}|\d\d[A-Za-z](?![A-Za-z])|\s\d\d\s\d\d\s|\d\d[- :]\d{4}[- :]\d{4}"
    r"|\d\.\d{3}\.\d{3}-|[A-Za-z]\d\d[A-Za-z]\d{3}[A-Za-z])|[0-9]\s\d\d\s\d\d\s\d\d\s\d{3}\s\d{3}"
)
_BEFORE, _AFTER = 16, 24

_CUES = Cues(
    "ssn,social,ss#,s.s.n.,itin,passport,passports,driver,drivers,driver's,driver’s,driving,license,"
    "licence,lic,dl,dl#,state id,id,id#,identity,identification,national,ni,nino,nhs,curp,rfc,ine,"
    "elector,dni,nie,nif,cpf,rg,cnh,sin,insurance,insee,securite,seguridad,identite,identidad,"
    "identidade,permis,passeport,pasaporte,passaporte,licencia,carnet,cedula,tfn,medicare,aadhaar,"
    "aadhar,pan,visa,case,alien,a-number,a#,consular,vin,green card,tax id,personalausweis,ausweis,bsn,pesel,"
    "personnummer,nss,nir,patente,fiscale,credencial,reisepass,fuhrerschein".split(",")
)
_NUMBERED = r"(?=\s?(?:\#|:|n[o°]\b|num|nr|id\b|card|is\b|es\b))"  # said of a word that has other uses
_CUED = re.compile(
    rf"""(?:s\.?s\.?n\.?|ss\#|itin|passports?|driv(?:er['’]?s?|ing)(?=\s(?:lic|id|permit|dl))|licen[cs]e|lic
    |dl(?=[\s:.]?\#|\sn|:)
    |state\sid|(?:id|national|visa|case|ni|insurance|alien|medicare|social){_NUMBERED}|(?:social|national)(?=\s(?:sec
    |ins|ident))
    |(?:rfc|pan|curp)(?=[\s:.\#=-]{{1,3}}(?:(?:number|no|es|is)[\s.:]{{1,2}})?[A-Z]{{3,5}}\d)|(?-i:SIN)|sin{_NUMBERED}
    |identity|identification|nino|nhs|ine|elector|dni|nie|nif|cpf|rg|cnh|insee|securite|seguridad|identite
    |identidade?|permis
    |passeport|pasaporte|passaporte|licencia|carnet|cedula|tfn|medicare(?=\s\d{{4}}\s?\d{{5}})|aadhaa?r|a-number|a\#|vin(?=[\s:.\#]|\sn)
    |consular(?=\sid)|green\scard
    |tax\sid|(?:personal)?ausweis|bsn|pesel|personnummer|nss|nir|patente|fiscale|credencial|reisepass|fuhrerschein)
    (?:(?<=\#)|(?![^\W_]))(?:['’]s)?
    (?:[\s.:\#=()/-]{{0,3}}(?:numbers?|numero|num|no|nr|nbr|n[o°]|id|card|code|codigo|licen[cs]e|licencia|conducir
    |conduire
    |permit|book|security|insurance|social[es]?|national|nacional|nationale|identity|identi(?:ty|dad|te|fication)|de
    |la|da|do
    |del|of|is|es|est|e|und|state|file|personal|permanent|resident|tax|ciudadania|extranjer(?:ia|o)|elector|vital
    |carte)(?![^\W_])){{0,5}}[\s.:\#=(-]{{0,4}}
    (?P<value>(?<!\$)(?:[A-Z]{{1,5}}[ .-]?)?\d[A-Z\d]{{0,20}}
    (?:[ ./-](?:[A-Z]{{0,3}}\d[A-Z\d]{{0,14}}|(?-i:[A-Z]{{1,2}})(?!\w))){{0,6}})(?!\w)""",
    re.I | re.X,
)
_MIN_DIGITS = 5
_OTHER_ID = re.compile(r"(?:job|req|requisition|posting|position|product|item|listing|ref|reference|order)\s$", re.I)

Check = Callable[[str], bool]


class GovernmentIdRecognizer(ViewRecognizer):
    """Finds social security, tax and insurance numbers, passports, driving licences, visas and identity cards."""

    ENTITY = "ID"
    NEEDS_DIGIT = True

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score."""
        for start, _, _ in _CUES.find(text):
            match = _CUED.match(text, start)
            if match and _is_id(text, start, match["value"]):
                yield *match.span("value"), 0.7
        for candidate in _CANDIDATE.finditer(text) if b"00" in shape(text) else ():
            from_ = max(0, candidate.start() - _BEFORE)
            window = capitals(text[from_ : candidate.end() + _AFTER])
            for pattern, check in _FORMS:
                for found in pattern.finditer(window):
                    if _stands_alone(window, found) and check(found[0]):
                        yield from_ + found.start(), from_ + found.end(), 0.9


def _is_id(text: str, start: int, value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    return digits >= _MIN_DIGITS and not _OTHER_ID.search(text[max(0, start - 16) : start])


def _stands_alone(window: str, found: re.Match[str]) -> bool:
    """Whether the number is no part of a longer one."""
    before, after = window[max(0, found.start() - 2) : found.start()], window[found.end() : found.end() + 2]
    return not re.search(r"[\d+][ .:-]?$|\w$", before) and not re.match(r"[ .:-]?\d|\w", after)


def _checked(recognizer: PatternRecognizer, index: int) -> tuple[re.Pattern[str], Check]:
    """The form of that index of a recogniser of Presidio's, with its check."""

    def check(value: str) -> bool:
        return recognizer.validate_result(value) is not False and not recognizer.invalidate_result(value)

    forms: list[Pattern] = recognizer.patterns  # type: ignore[has-type]  # Presidio leaves it undeclared
    return re.compile(forms[index].regex), check


def _is_cpf(value: str) -> bool:
    digits = [int(c) for c in value if c.isdigit()]
    for size in (9, 10):
        remainder = sum(digit * weight for digit, weight in zip(digits, range(size + 1, 1, -1), strict=False)) * 10 % 11
        if remainder % 10 != digits[size]:
            return False
    return len(set(digits)) > 1


def _is_nir(value: str) -> bool:
    digits = value.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return int(digits[13:]) == 97 - int(digits[:13]) % 97


_DATE = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_FORMS: tuple[tuple[re.Pattern[str], Check], ...] = (
    _checked(presidio.UsSsnRecognizer(), 4),
    _checked(presidio.UsItinRecognizer(), 2),
    _checked(presidio.UkNinoRecognizer(), 0),
    _checked(presidio.UkDrivingLicenceRecognizer(), 0),
    _checked(presidio.EsNifRecognizer(), 0),
    _checked(presidio.EsNieRecognizer(), 0),
    _checked(presidio.ItFiscalCodeRecognizer(), 0),
    _checked(presidio.FiPersonalIdentityCodeRecognizer(), 0),
    _checked(presidio.DeSocialSecurityRecognizer(), 0),
    _checked(presidio.InPanRecognizer(), 0),
    _checked(presidio.InAadhaarRecognizer(), 1),
    _checked(presidio.SgFinRecognizer(), 1),
    _checked(presidio.KrRrnRecognizer(), 0),
    (re.compile(rf"\b[A-Z]{{4}}{_DATE}[HMX][A-Z]{{5}}[A-Z\d]\d\b"), lambda _: True),
    (re.compile(rf"\b[A-Z&]{{4}}{_DATE}[A-Z\d]{{3}}\b"), lambda _: True),
    (re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d\d\b"), _is_cpf),
    (re.compile(r"\b[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d\b"), _is_nir),
)
