"""Time grows with the length of a text, not faster, however hostile the text."""

import gc
import time
from collections.abc import Callable

import pytest

from pipeline import normalize
from pipeline.recognizers import card, crypto, digest, email, handle, iban, ip, phone, town, url
from pipeline.recognizers.base import ViewRecognizer

LENGTH = 12_000
FACTOR = 4
MAX_GROWTH = 2.5 * FACTOR  # linear time would be FACTOR; quadratic 16
FLOOR = 0.02  # seconds: shorter runs are noise
MAX_SECONDS = 20  # per million code points, twice what the worst takes

RECOGNIZERS = [
    phone.PhoneRecognizer(["US", "CA", "GB", "AU", "MX", "ES"]),
    email.EmailRecognizer(),
    url.UrlRecognizer(),
    handle.HandleRecognizer(),
    card.CardRecognizer(),
    iban.IbanRecognizer(),
    ip.IpRecognizer(),
    crypto.CryptoRecognizer(),
    digest.DigestRecognizer(),
    town.TownRecognizer(),
]
PIECES = [
    "1", "1 ", "12 ", "123-", "1,", "1\n", "1x", "+1", "(1)", "$1 ", "1/1/", "10:00 ", "213-555-0123 ", "8 0 0 ",
    "800-A", "a", "a ", "five", "five ", "double ", "twenty ", "f i v e ", "1a", "O1", "s3", "l1-", "OIS-",
    "2 1 for ", "二", "1 and the next ", "1\n\n", "fivee ", "quinientos ", "five hundred and ", "<!-- a -->",
    "a1 on snap ", "a1 (ig ", "snap, a1 ", "my snap is a dot ", "a_1 gmail ", "@a underscore ", "www point ", "a•",
    "@", "@a ", "a@", "a@b.", "a@b,", "at ", "a at ", "a (at) b (dot) ", "a[at]b[dot]", "janeATexampleDOTcom ",
    "dot ", "a dot ", "a.", "a . ", "www.", "http:", "http://", "://", "https://example.com/", "x-", "((", "_", "a_",
    "a dash ", "a seven ", "a🔵", "a#", "a..", "a, com ", "www ", "snap chat ", "ig_", "dm me ", "<- my snap ",
    "a-a-", "a  b  ", "snap ", "snap: ", "dm ", "#1234", "u/a ", "me on snap ", "live:", "::", "1:", "fe80:", "1.1.",
    "192.168.1.",
    "GB82 ", "DE89", "0x", "1LgqBu", "bc1q", "4111 ", "card 1 ", "&", "&#64;", "&amp;", "<b>", "<PHONE_1>",
    "in A, TX ", "A of ",
    "\u0301", "a\u0301", "\u200b", "🇯🇪", "5️⃣", "5💋", "é", "а", "саса ", "\x00", "\ud800", "\u202e",
]  # fmt: skip


def finder(recognizer: ViewRecognizer) -> Callable[[str], object]:
    return lambda text: list(recognizer.find(text))


STEPS: dict[str, Callable[[str], object]] = {
    "view": normalize.view.__wrapped__,
    "digit_view": normalize.digit_view.__wrapped__,
    **{type(one).__name__: finder(one) for one in RECOGNIZERS},
}


@pytest.mark.parametrize("step", STEPS)
def test_time_grows_with_the_length(step: str) -> None:
    gc.collect()
    gc.disable()
    try:
        for piece in PIECES:
            copies = LENGTH // len(piece)
            short, long = _seconds(STEPS[step], piece * copies), _seconds(STEPS[step], piece * copies * FACTOR)
            assert long <= MAX_GROWTH * max(short, FLOOR), piece
            assert long <= MAX_SECONDS * LENGTH * FACTOR / 1e6, piece
    finally:
        gc.enable()


@pytest.mark.parametrize("recognizer", RECOGNIZERS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "\u0301" * 50, "\u202e\u202e", "🏽"])
def test_odd_texts_hold_nothing(recognizer: ViewRecognizer, text: str) -> None:
    assert recognizer.analyze(text, []) == []


def _seconds(step: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    step(text)
    return time.process_time() - started
