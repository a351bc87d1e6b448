"""Payment tags: a $cashtag, the name after a payment service's, and the number of a bank account after a cue."""

import re
from collections.abc import Iterator

from pipeline.normalize import squash
from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.cues import Cues
from pipeline.recognizers.handle import name_before
from pipeline.recognizers.words import is_common, is_no_name

_SERVICE = (
    r"(?:c[a@][s$]h\s?(?:app|tag)|\$?cashapp|v[e3]nm[o0]|zelle|pay\s?pal|(?:apple|google|samsung)\s?(?:pay|cash)|gpay|chime|revolut"
    r"|bizum|(?:chave\s)?pix|western\s?union|money\s?gram|remitly|nequi|daviplata|mercado\s?pago|yape|twint|swish"
    r"|paylib|interac|monzo|skrill|neteller|wero|mb\s?way|picpay|rev\s?tag)"
)
_SERVICES = Cues(
    "cash cashapp $cashapp cashtag venmo zelle pay paypal apple applepay google gpay samsung chime revolut bizum chave "
    "pix western money moneygram remitly nequi daviplata mercado mercadopago yape twint swish paylib interac monzo "
    "skrill neteller wero mb mbway picpay revtag ca$h ca$happ c@shapp v3nmo venm0".split()
)
_BEFORE = Cues("cashapp,cash app,venmo,paypal,zelle,chime,revolut".split(","))  # "janedoe on venmo"
_WORD = r"[^\W_][\w.-]{1,38}(?<=\w)"
_FULL_NAME = r"(?-i:[A-Z][a-z]{1,20}\s[A-Z][a-z]{1,20})"
_TO = r"\s?-?\s?\(?(?:(?:me|to|at|a|al|para|via)\s){0,2}"
_SHAPE = r"(?=[a-z.-]{0,28}[\d_]|[a-z]{3,20}-[a-z]{3,20}|[a-z]{2,20}(?:\.[a-z]{1,20}){1,2}(?![\w.]))"  # of no word
_TAG = re.compile(
    rf"""{_SERVICE}\b
    (?:\s(?:id|tag|user\s?name|user|handle|name|account|acct|key|chave|clave|cuenta|usuario|alias)\b)?
    (?: (?:\s?[:=~>]{{1,2}}\s{{0,3}}|\s(?:is|es|est)\s:?)(?P<signed>[@$]?(?:{_FULL_NAME}|{_WORD}))
      | {_TO}(?P<marked>[@$]{_WORD})
      | {_TO}(?P<shaped>{_SHAPE}{_WORD})
      | \s(?:me\s)?(?:to|at|a|al|para)\s(?P<named>{_FULL_NAME})
      | \s?\((?P<full>{_FULL_NAME})
      | \s(?:me\s)?(?:(?:to|at|a|al|para)\s)?(?P<plain>(?-i:[a-z]{{2,20}}(?:\.[a-z]{{2,20}})?))(?![\w'])
    )""",
    re.I | re.X,
)
# What stands at a tag's place without being one ("PayPal: yes").
_NOT_TAGS = frozenset(
    "accepted accept accepts account accounts app apps bank business card cash cashapp check checks chime credit "
    "crypto debit direct euros first friends from google in it our pay paypal preferred question required send sent "
    "transfer transfers transactions usd venmo western zelle aceptamos acepto pago pagos efectivo tarjeta "
    "transferencia aceito aceita aceitamos aceptado aceptada aceptados acepta aceptan disponible disponivel apenas "
    "efectivo same-day real-time peer-to-peer built-in pre-paid post-paid".split()
)
# "$" and a name with a digit, a `_` or a small letter in it; "$USD" and "$k" are none.
_CASHTAG = re.compile(
    r"\$(?<![\w$]\$)(?:\s(?=[a-z]{2,19}[\d_]|[a-z]{2,19}\.[a-z]))?(?=[A-Z]{0,19}[a-z\d_])[A-Za-z](?:[\w.-]{1,19}(?<=\w))(?![\w$(])"
)

_BANKS = Cues("account acct a/c routing sort aba clabe cuenta cta compte conta cbu bsb swift bic ifsc".split())
_BANK = re.compile(
    r"""(?:account|acct|a/c|routing|sort\s?code|aba|clabe|cuenta|cta|compte|conta|cbu|bsb|swift|bic|ifsc)\b
    (?:[\s.:\#=/-]{0,3}(?:numbers?|numero|num|nro|no|nr|code|interbancaria|bancaria|bancaire|corrente|corriente|clabe
    |routing|is|es|est|n[o°]|bic)(?!\w)){0,4}
    [\s.:\#=-]{0,4}
    (?P<value>(?<![\d$])\d(?:[ ./-]?\d){5,25}(?!\d)
    |(?-i:[A-Z]{6}[A-Z\d]{2}(?:[A-Z\d]{3})?|[A-Z]{4}0[A-Z\d]{6})(?!\w))""",
    re.I | re.X,
)


class PaymentRecognizer(ViewRecognizer):
    """Finds payment tags and bank account numbers; the service's name and the cue stay."""

    ENTITY = "PAYMENT"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every candidate with its score; a span covers the `$` or `@` before a name."""
        if "$" in text:
            for match in _CASHTAG.finditer(text):
                yield *match.span(), 0.6
        for start, _, _ in _SERVICES.find(text):
            tag = _TAG.match(text, start)
            if tag and tag.lastgroup and not _is_no_tag(tag[tag.lastgroup].lower(), tag.lastgroup == "plain"):
                yield *tag.span(tag.lastgroup), 0.6
        for start, end, service in _BEFORE.find(text):
            yield from name_before(text, start, end, service)
        for start, _, _ in _BANKS.find(text):
            if number := _BANK.match(text, start):
                yield *number.span("value"), 0.6


def _is_no_tag(words: str, is_bare: bool) -> bool:
    """Whether the words at a tag's place are none; without a sign or a look of its own, a tag is no usual word."""
    if is_bare and (len(words) < 6 or all(map(is_common, words.split(".")))):
        return True
    return words in _NOT_TAGS or is_no_name(words.split()[0]) or not _NOT_TAGS.isdisjoint(words.split("."))


def normal_form(tag: str) -> str:
    """The letters and digits alone, in lower case: "$Jane-Doe22" is "janedoe22"."""
    return squash(tag)
